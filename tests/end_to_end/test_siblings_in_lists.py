"""Siblings taught together in the lists of a tutor: one tap for both (SPEC 3, 8; UX 1, 12).

It is 15:00 to begin with.
"""

from datetime import timedelta

import pytest

from models.enums import Role, Status
from tests.end_to_end.scenes import all_text, ask_to_move, card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels
from tests.end_to_end.test_siblings import both, in_progress, sibling, statuses

IN, OUT = "Check in · Emily and Ryan", "Check out · Emily and Ryan"


@pytest.mark.parametrize("command", ["/sessions", "/upcoming"])
async def test_a_list_has_one_tap_for_both_and_the_card_of_each(stage: Stage, command: str) -> None:
    sessions = await both(stage, timedelta(minutes=10))

    await write(stage, stage.grace, command)

    listed = stage.grace.last()
    assert labels(listed) == [IN, "Emily Lim · Today 15:10", "Ryan Lim · Today 15:10"]
    assert await press(stage, stage.grace, IN) == "You checked in at 15:00"
    assert statuses(stage, sessions) == [Status.CHECKED_IN] * 2
    left = message_of(stage.grace, listed["message_id"])
    assert labels(left) == ["Emily Lim · Today 15:10", "Ryan Lim · Today 15:10"]


async def test_only_one_of_them_is_checked_in_by_their_card(stage: Stage) -> None:
    sessions = await both(stage, timedelta(minutes=10))
    await write(stage, stage.grace, "/sessions")
    listed = stage.grace.last()["message_id"]

    await press(stage, stage.grace, "Ryan Lim · Today 15:10")
    await press(stage, stage.grace, "Check in")

    assert statuses(stage, sessions) == [Status.SCHEDULED, Status.CHECKED_IN]
    assert labels(message_of(stage.grace, listed))[0] == "Check in · Emily Lim"


@pytest.mark.parametrize("command", ["/sessions", "/todos"])
async def test_check_out_of_both_asks_for_the_notes_of_both(stage: Stage, command: str) -> None:
    sessions = await in_progress(stage, timedelta(minutes=-5))
    await write(stage, stage.grace, command)
    assert labels(stage.grace.last())[0] == OUT

    assert await press(stage, stage.grace, OUT) == "You checked out at 15:00"

    assert statuses(stage, sessions) == [Status.AWAITING_APPROVAL_PARENT] * 2
    await press(stage, stage.grace, "No notes")
    assert "📝 Notes for Ryan Lim" in all_text(stage.grace)


async def test_the_digest_leads_with_one_tap_for_both(stage: Stage) -> None:
    sessions = await in_progress(stage, timedelta(hours=5, minutes=30))

    await stage.forward(hours=16, minutes=1)

    digest = card_of(stage.grace, "Not checked out yet")
    assert labels(digest)[0] == OUT
    await press(stage, stage.grace, OUT, digest["message_id"])
    assert statuses(stage, sessions) == [Status.AWAITING_APPROVAL_PARENT] * 2


async def test_one_whom_somebody_asks_to_move_has_the_button_alone(stage: Stage) -> None:
    emily, _ = await both(stage, timedelta(minutes=10))
    ask_to_move(stage, emily, Role.PARENT)

    await write(stage, stage.grace, "/sessions")

    assert labels(stage.grace.last()) == ["Check in · Emily Lim", "Check in · Ryan Lim"]


async def test_long_names_leave_the_button_in_one_line(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    for one in (emily, sibling(stage, mei, "Bartholomew-Alexander Lim")):
        await stage.session(grace, one, starts_in=timedelta(minutes=10))

    await write(stage, stage.grace, "/sessions")

    assert labels(stage.grace.last())[0] == "Check in · both"
