"""What is typed below the sessions of a leave does what a button there says (SPEC 7; UX 19)."""

from datetime import timedelta

import pytest

from tests.end_to_end.scenes import write
from tests.end_to_end.stage import Stage, labels, text_of


async def reviewing(stage: Stage, days: tuple[int, ...] = (7, 8, 9)) -> None:
    """Grace has entered days on which she has sessions, so many `days` ahead, and a reason."""
    grace, _, _, emily = stage.people()
    for ahead in days:
        await stage.session(grace, emily, starts_in=timedelta(days=ahead))
    for typed in ("/leave", "2-4 dec", "my wedding"):
        await write(stage, stage.grace, typed)


def ways(stage: Stage) -> list[str]:
    return labels(stage.grace.last())[:3]


async def test_the_words_of_a_button_for_all_sessions(stage: Stage) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, "cancel all")

    assert ways(stage) == ["1. Cancel", "2. Cancel", "3. Cancel"]
    assert "Reason:\nmy wedding\n\n" in shown


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("cancel 3", ["1. Ask to move", "2. Ask to move", "3. Cancel"]),
        ("Keep 1", ["1. Keep as it is", "2. Ask to move", "3. Ask to move"]),
        ("2 keep it", ["1. Ask to move", "2. Keep as it is", "3. Ask to move"]),
        ("1. cancel", ["1. Cancel", "2. Ask to move", "3. Ask to move"]),
        ("pls cancel 1 and 2", ["1. Cancel", "2. Cancel", "3. Ask to move"]),
        ("cancel everything", ["1. Cancel", "2. Cancel", "3. Cancel"]),
        ("keep all", ["1. Keep as it is", "2. Keep as it is", "3. Keep as it is"]),
    ],
)
async def test_a_number_and_what_becomes_of_it(
    stage: Stage, typed: str, becomes: list[str]
) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, typed)

    assert ways(stage) == becomes
    assert "Reason:\nmy wedding\n\n" in shown


@pytest.mark.parametrize("typed", ["move 2", "2", "ask to move 2"])
async def test_a_number_by_itself_asks_about_that_session(stage: Stage, typed: str) -> None:
    await reviewing(stage)

    asked = await write(stage, stage.grace, typed)

    assert "Thu 3 Dec 15:00-16:30" in asked
    assert "What happens to this session?" in asked
    await write(stage, stage.grace, "sun 20 dec 2pm")
    assert "2. Emily Lim" in text_of(stage.grace.last())
    assert "→ ask to move to Sun 20 Dec 14:00-15:30" in text_of(stage.grace.last())


async def test_a_time_beside_the_number_is_asked_for(stage: Stage) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, "move 1 to sun 20 dec 2pm")

    assert "→ ask to move to Sun 20 Dec 14:00-15:30" in shown


async def test_a_number_that_is_not_in_the_list_is_said_to_be_none(stage: Stage) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, "cancel 9")

    assert shown.startswith("There is no session with that number in the list.")
    assert "Reason:\nmy wedding\n\n" in shown


@pytest.mark.parametrize("typed", ["ask to move", "Keep", "move"])
async def test_a_way_without_a_number_asks_for_it_and_is_no_reason(
    stage: Stage, typed: str
) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, typed)

    assert shown.startswith("Which session? Please write its number as well, or “all”.")
    assert "Reason:\nmy wedding\n\n" in shown
    assert ways(stage) == ["1. Ask to move", "2. Ask to move", "3. Ask to move"]


async def test_of_an_only_session_it_needs_no_number(stage: Stage) -> None:
    await reviewing(stage, days=(7,))

    shown = await write(stage, stage.grace, "keep as it is")

    assert labels(stage.grace.last())[0] == "1. Keep as it is"
    assert "Reason:\nmy wedding\n\n" in shown


@pytest.mark.parametrize("typed", ["and honeymoon", "we cancel the wedding of 3 people"])
async def test_other_words_are_added_to_the_reason(stage: Stage, typed: str) -> None:
    await reviewing(stage)

    shown = await write(stage, stage.grace, typed)

    assert f"Reason:\nmy wedding\n{typed}" in shown
    assert ways(stage) == ["1. Ask to move", "2. Ask to move", "3. Ask to move"]
