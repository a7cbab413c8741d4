"""What coordinators type of a session that they schedule, and mean otherwise (SPEC 2; UX 19)."""

import pytest

from tests.builders import student
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_scheduling import cast, sessions


async def siblings(stage: Stage) -> None:
    """Emily has a brother."""
    await cast(stage)
    with stage.database.unit_of_work() as rows:
        student(rows, name="Ryan Lim")
    await write(stage, stage.priya, "/schedule")


async def tap(stage: Stage, label: str) -> str:
    """Tap a button; what the newest message says then."""
    await press(stage, stage.priya, label)
    return text_of(stage.priya.last())


@pytest.mark.parametrize("names", ["ryan and emily", "Ryan & Emily", "ryan, emily", "emily n ryan"])
@pytest.mark.parametrize("is_typed", [False, True])
async def test_of_two_children_it_is_asked_whose_session_it_is(
    stage: Stage, names: str, is_typed: bool
) -> None:
    await siblings(stage)

    asked = await write(stage, stage.priya, f"{names} maths sat 4pm 45 min")

    assert asked == "New session\n\nA session is of one child. Whose is it?"
    assert sorted(labels(stage.priya.last())[:2]) == ["Emily Lim", "Ryan Lim"]
    shown = await write(stage, stage.priya, "emily") if is_typed else await tap(stage, "Emily Lim")
    assert "Emily Lim · maths" in shown
    assert "Sat 28 Nov 16:00-16:45" in shown
    await press(stage, stage.priya, "Schedule")
    assert sessions(stage)[-1].subject == "maths"


async def test_one_child_and_a_tutor_are_read_as_before(stage: Stage) -> None:
    await siblings(stage)

    shown = await write(stage, stage.priya, "emily arts and crafts with grace sat 4pm")

    assert "Emily Lim · arts and crafts\nwith Grace Tan\nSat 28 Nov 16:00" in shown


async def test_the_time_that_was_chosen_is_among_the_readings(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule")
    assert "Sat 28 Nov 16:00" in await write(stage, stage.priya, "emily sat 4pm")

    asked = await write(stage, stage.priya, "same time as ryan")

    assert "Do you mean" in asked
    assert labels(stage.priya.last())[0] == "Sat 28 Nov 16:00"
    await press(stage, stage.priya, "Sat 28 Nov 16:00")
    assert labels(stage.priya.last())[0] == "Schedule"


@pytest.mark.parametrize("name", ["emly", "Emly Lim"])
async def test_behind_a_misspelt_name_the_rest_is_kept(stage: Stage, name: str) -> None:
    await cast(stage)

    asked = await write(stage, stage.priya, f"/schedule {name} with grace sat 4pm 45 min")

    assert f"No child is called “{name}”. Do you mean one of these?" in asked
    shown = await tap(stage, "Emily Lim")
    assert "Emily Lim · Mathematics\nwith Grace Tan\nSat 28 Nov 16:00-16:45" in shown


async def test_of_another_day_the_same_hour_comes_first(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule emily sat 4pm")

    asked = await write(stage, stage.priya, "no sunday")

    assert "Sun 29 Nov: at what time?" in asked
    assert labels(stage.priya.last())[:2] == ["Sun 29 Nov 16:00", "Sat 28 Nov 16:00"]
    assert "Sun 29 Nov 16:00" in await tap(stage, "Sun 29 Nov 16:00")
    assert labels(stage.priya.last())[0] == "Schedule"
