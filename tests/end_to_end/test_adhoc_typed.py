"""What tutors type of extra sessions beside a line as it is asked for (SPEC 7; UX 19)."""

import pytest

from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_adhoc import NEXT, cast, with_ryan

ONE, TWO = "20/11 10:00 60 essay", "21/11 10:00 60 reading"
FIRST, SECOND = "1. Fri 20 Nov 10:00-11:00 · essay", "2. Sat 21 Nov 10:00-11:00 · reading"


async def two_lines(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    assert SECOND in await write(stage, stage.grace, f"{ONE}\n{TWO}")


@pytest.mark.parametrize("is_chosen", [True, False])
@pytest.mark.parametrize(
    "names", ["ryan and emily", "Ryan & Emily", "ryan, emily", "ryan + emily:"]
)
async def test_a_line_that_names_two_children_is_one_of_each(
    stage: Stage, names: str, is_chosen: bool
) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")
    if is_chosen:
        await press(stage, stage.grace, "Ryan Lim")

    panel = await write(stage, stage.grace, f"{names} sat 21 nov 3-4pm mock paper")

    first = "Extra sessions · Ryan Lim\n1. Sat 21 Nov 15:00-16:00 · mock paper"
    assert panel.startswith(f"{first}\n{NEXT}\nEmily Lim sat 21 nov 3-4pm mock paper\n\n")
    await press(stage, stage.grace, "Log 1 session")
    assert text_of(stage.grace.last()).startswith(
        "Extra sessions · Emily Lim\n1. Sat 21 Nov 15:00-16:00 · mock paper\n"
    )


async def test_both_are_the_two_children_of_the_tutor(stage: Stage) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")
    await press(stage, stage.grace, "Emily Lim")

    panel = await write(stage, stage.grace, "both last saturday 3-4pm mock paper")

    assert "1. Sat 21 Nov 15:00-16:00 · mock paper" in panel
    assert f"{NEXT}\nRyan Lim last saturday 3-4pm mock paper" in panel


@pytest.mark.parametrize("typed", ["delete 1", "remove line 1", "delete line 1.", "Remove #1"])
async def test_a_line_is_removed_by_its_number(stage: Stage, typed: str) -> None:
    await two_lines(stage)

    panel = await write(stage, stage.grace, typed)

    assert "1. Sat 21 Nov 10:00-11:00 · reading\n\nIs that right?" in panel


async def test_a_line_that_is_not_there_is_said_to_be_none(stage: Stage) -> None:
    await two_lines(stage)
    await write(stage, stage.grace, "delete line 1")

    panel = await write(stage, stage.grace, "remove 2")

    assert "reading\n\nThere is no line 2.\nIs that right?" in panel
    assert labels(stage.grace.last())[0] == "Log 1 session"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("and sun same time essay", "3. Sun 22 Nov 10:00-11:00 · essay\n\nIs"),
        ("Sun at the same time", "3. Sun 22 Nov 10:00-11:00 · –\n⚠️ What was it about?"),
        ("and sun 3-4pm essay", "3. Sun 22 Nov 15:00-16:00 · essay\n\nIs"),
        (
            "19/11 3-4pm essay\nsun same time too",
            "3. Thu 19 Nov 15:00-16:00 · essay\n4. Sun 22 Nov 15:00-16:00 · too\n\nIs",
        ),
    ],
)
async def test_the_same_time_is_that_of_the_line_before(
    stage: Stage, typed: str, read: str
) -> None:
    await two_lines(stage)

    assert read in await write(stage, stage.grace, typed)


@pytest.mark.parametrize("typed", ["delete", "remove it", "remove this line"])
async def test_the_line_that_is_being_changed_needs_none(stage: Stage, typed: str) -> None:
    await two_lines(stage)
    await press(stage, stage.grace, "Change line 2")

    panel = await write(stage, stage.grace, typed)

    assert f"{FIRST}\n\nIs that right?" in panel


@pytest.mark.parametrize("typed", ["delete", "what now", "ok done"])
async def test_a_text_without_a_day_and_a_time_is_no_line(stage: Stage, typed: str) -> None:
    await two_lines(stage)

    panel = await write(stage, stage.grace, typed)

    assert f"{SECOND}\n\nI found no day and no time in “{typed}”.\nIs that right?" in panel
    assert labels(stage.grace.last())[0] == "Log 2 sessions"


async def test_lines_that_cannot_be_read_are_removed_in_one_tap(stage: Stage) -> None:
    await two_lines(stage)
    await write(stage, stage.grace, "and sun like before")
    assert "Remove 2 lines" not in labels(stage.grace.last())
    await write(stage, stage.grace, "and mon like before")

    await press(stage, stage.grace, "Remove 2 lines")

    assert text_of(stage.grace.last()).count("⚠️") == 0
    assert labels(stage.grace.last())[0] == "Log 2 sessions"


@pytest.mark.parametrize(
    ("line", "rest", "read"),
    [
        ("20/11 10:00 60", "exam prep", "1. Fri 20 Nov 10:00-11:00 · exam prep"),
        ("20/11 10:00 essay", "60", "1. Fri 20 Nov 10:00-11:00 · essay"),
    ],
)
async def test_what_the_only_line_lacks_is_answered_by_the_next_words(
    stage: Stage, line: str, rest: str, read: str
) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    assert "⚠️" in await write(stage, stage.grace, f"{line}\n{TWO}")

    panel = await write(stage, stage.grace, rest)

    assert f"{read}\n{SECOND}\n\nIs that right?" in panel


async def test_what_is_written_behind_the_command_is_taken(stage: Stage) -> None:
    await with_ryan(stage)

    panel = await write(stage, stage.grace, "/adhoc ryan fri 20 nov 5pm 1h algebra")

    assert panel.startswith("Extra sessions · Ryan Lim\n1. Fri 20 Nov 17:00-18:00 · algebra\n")
    await press(stage, stage.grace, "Leave")
    assert "Which sessions?" in await write(stage, stage.grace, "/adhoc ryan")


async def test_so_it_is_of_a_tutor_with_one_child(stage: Stage) -> None:
    await cast(stage)

    assert f"{FIRST}\n{SECOND}" in await write(stage, stage.grace, f"/adhoc {ONE}\n{TWO}")
