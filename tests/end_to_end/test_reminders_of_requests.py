"""Open requests to move a session are reminded of (SPEC 6, 8). It is 15:00 to begin with."""

import pytest

from models.enums import Role, Status
from tests.end_to_end.reminded import HOUR, OPENS, booked, count, is_silent, settle
from tests.end_to_end.scenes import ask_to_move, card_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of, texts

ENDS = {
    Role.PARENT: (
        "⏰ Mei Lim has asked to move this session. Please answer before it starts at 21:00: "
        "otherwise it counts as not completed."
    ),
    Role.TUTOR: (
        "⏰ Your request to move this session has no answer yet. To teach it as planned, "
        "withdraw the request before it starts at 21:00: otherwise it counts as not completed."
    ),
}
"""What the tutor reads half an hour before the start, by whose request it is."""


async def test_a_tutor_who_owes_an_answer_is_reminded_in_the_evening_before_a_quiet_night(
    stage: Stage,
) -> None:
    session = await booked(stage, 20 * HOUR)
    ask_to_move(stage, session, Role.PARENT)

    await stage.forward(hours=5, minutes=30, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)
    await stage.forward(hours=1)

    (told,) = texts(stage.grace)
    assert told.startswith(
        "⏰ Mei Lim has asked to move this session. Please answer before it starts on "
        "Thu 26 Nov at 11:00.\n\nEmily Lim · Mathematics"
    )
    assert count(stage.mei, "has asked to move this session") == 0
    assert not is_silent(stage, "Mei Lim has asked")  # at 20:30, not at 23:00


async def test_parents_who_owe_it_are_both_reminded_half_way_where_it_is_near(
    stage: Stage,
) -> None:
    session = await booked(stage, 6 * HOUR)
    ask_to_move(stage, session, Role.TUTOR)

    await stage.forward(hours=3)

    for parent in (stage.mei, stage.daniel):
        assert text_of(card_of(parent, "⏰")).startswith("⏰ Grace Tan has asked")
    assert count(stage.grace, "has asked to move this session") == 0


async def test_who_suggested_another_time_is_not_said_to_have_asked(stage: Stage) -> None:
    session = await booked(stage, 6 * HOUR)
    ask_to_move(stage, session, Role.PARENT)
    await write(stage, stage.grace, "/sessions")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    await press(stage, stage.grace, "Suggest another")
    await write(stage, stage.grace, "sat 10am")
    await press(stage, stage.grace, "Send")

    await stage.forward(hours=3)

    for parent in (stage.mei, stage.daniel):
        assert text_of(card_of(parent, "⏰")).startswith("⏰ Grace Tan has suggested another time.")


async def test_the_last_warning_does_not_say_so_either(stage: Stage) -> None:
    session = await booked(stage, 6 * HOUR)
    ask_to_move(stage, session, Role.TUTOR)
    await write(stage, stage.mei, "/pending")
    await press(stage, stage.mei, "Suggest another")
    await write(stage, stage.mei, "sat 10am")
    await press(stage, stage.mei, "Send")

    await stage.forward(hours=5, minutes=30)

    assert text_of(card_of(stage.grace, "⏰")).startswith(
        "⏰ Mei Lim has suggested another time. Please answer before this session starts at 21:00: "
        "otherwise it counts as not completed."
    )


async def test_what_is_nearer_than_twelve_hours_rings_at_night_too(stage: Stage) -> None:
    session = await booked(stage, 16 * HOUR)
    await stage.forward(hours=8)
    ask_to_move(stage, session, Role.PARENT)

    await stage.forward(hours=4)
    assert not is_silent(stage, "Mei Lim has asked")  # at 03:00, for 07:00
    await stage.forward(hours=3, minutes=30)
    assert not is_silent(stage, "has asked to move this session")


async def test_what_was_settled_at_the_last_moment_is_not_reminded_of(stage: Stage) -> None:
    session = await booked(stage, 6 * HOUR)
    ask_to_move(stage, session, Role.PARENT)
    stage.grace.block()
    stage.expect_refusal("blocked by the user")
    await stage.forward(hours=3)
    settle(stage)

    stage.grace.start()
    await stage.settled()

    assert count(stage.grace, "has asked to move this session") == 0


@pytest.mark.parametrize("side", ENDS)
async def test_where_a_request_is_open_its_end_is_told_of_in_place_of_the_check_in(
    stage: Stage, side: Role
) -> None:
    words = ENDS[side]
    session = await booked(stage, 6 * HOUR)
    ask_to_move(stage, session, side)
    await stage.forward(hours=5, minutes=30, seconds=-1)
    assert count(stage.grace, words) == 0

    await stage.forward(seconds=1)
    await stage.forward(minutes=20)

    assert count(stage.grace, words) == 1
    assert count(stage.grace, OPENS) == 0
    settle(stage)
    await stage.forward(minutes=1)
    assert count(stage.grace, OPENS) == 1
    await press(stage, stage.grace, "Check in")
    assert stage.status(session) is Status.CHECKED_IN


async def test_a_reminder_asked_for_does_not_come_while_a_request_blocks_the_check_in(
    stage: Stage,
) -> None:
    session = await booked(stage, 6 * HOUR)
    await write(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, "Remind me")
    ask_to_move(stage, session, Role.PARENT)

    await stage.forward(hours=5, minutes=45)

    assert count(stage.grace, OPENS) == 0
    assert count(stage.grace, ENDS[Role.PARENT]) == 1


async def test_todos_show_the_requests_that_wait(stage: Stage) -> None:
    session = await booked(stage, 30 * HOUR)
    ask_to_move(stage, session, Role.PARENT)

    answer = await write(stage, stage.grace, "/todos")

    assert answer.startswith("Requests waiting for your answer\n\nEmily Lim · Mathematics")
    assert labels(stage.grace.last()) == ["Emily Lim · Tomorrow 21:00"]
    settle(stage)
    assert "Nothing left to do" in await write(stage, stage.grace, "/todos")
