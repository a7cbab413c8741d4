"""A digest in the morning, a list the evening before (SPEC 8; UX 12). It is 15:00 to begin with."""

import pytest

from models.enums import Role, Status
from services.queries.sessions import LIMIT
from tests import builders
from tests.end_to_end.reminded import HOUR, booked, change, count, is_silent
from tests.end_to_end.scenes import ask_to_move, just_over, message_of, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of, texts


async def test_a_tutor_gets_one_digest_at_seven_with_all_that_the_day_asks(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    today = await stage.session(grace, emily, starts_in=24 * HOUR)
    asked = await stage.session(grace, emily, starts_in=72 * HOUR, subject="English")
    ask_to_move(stage, asked, Role.PARENT)
    await stage.session(grace, emily, starts_in=26 * HOUR, status=Status.CANCELLED_BY_TUTOR)
    owed = await stage.session(
        grace, emily, starts_in=-2 * HOUR, status=Status.APPROVED, subject="Science"
    )

    await stage.forward(hours=16, seconds=-1)
    assert texts(stage.grace) == []
    await stage.forward(seconds=1)

    (told,) = texts(stage.grace)
    assert told == (
        "Today's sessions\n\nEmily Lim · Mathematics\n15:00-16:30\n📍 18 Bishan Street\n"
        "Scheduled\n\nRequests waiting for your answer\n\nEmily Lim · English\nSat 28 Nov "
        "15:00-16:30\n📍 18 Bishan Street\nScheduled\n⏳ Move to Sat 28 Nov 17:00-18:30? Please "
        "answer by Sat 28 Nov 15:00.\n\nNotes still to write\n\nEmily Lim · Science\nYesterday "
        "13:00-14:30\n📍 18 Bishan Street"
    )
    rows = buttons(stage.grace.last())
    assert [button["callback_data"] for row in rows for button in row] == [
        f"se.1:{today.id}",
        f"se.1:{asked.id}",
        f"wn.1:{owed.id}",
    ]
    assert is_silent(stage, "Today's sessions")
    await press(stage, stage.grace, f"se.1:{today.id}")
    assert labels(stage.grace.last()) == ["Change time", "Cancel"]
    await stage.forward(hours=4, minutes=59)
    assert count(stage.grace, "Today's sessions") == 1


async def test_the_digest_tells_of_a_session_with_a_request_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    first = await stage.session(grace, emily, starts_in=20 * HOUR)
    await stage.session(grace, emily, starts_in=24 * HOUR, subject="English")
    ask_to_move(stage, first, Role.PARENT)

    await stage.forward(hours=16)

    assert text_of(stage.grace.last()) == (
        "Today's sessions\n\n"
        "Emily Lim · Mathematics\n11:00-12:30\n📍 18 Bishan Street\nScheduled\n"
        "⏳ Move to Thu 26 Nov 13:00-14:30? Please answer by Thu 26 Nov 11:00.\n\n"
        "Emily Lim · English\n15:00-16:30\n📍 18 Bishan Street\nScheduled"
    )


async def test_the_digest_begins_with_what_can_still_be_checked_out_of(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    evening = await stage.session(grace, emily, starts_in=4 * HOUR)
    await stage.forward(hours=4)
    await press(stage, stage.grace, "Check in")

    await stage.forward(hours=12)

    assert text_of(stage.grace.last()).startswith(
        "Not checked out yet\n\nEmily Lim · Mathematics\nYesterday 19:00-20:30"
    )
    assert labels(stage.grace.last()) == ["Check out · Emily Lim"]
    await press(stage, stage.grace, "Check out · Emily Lim")
    assert stage.status(evening) is Status.AWAITING_APPROVAL_PARENT


async def test_a_tutor_with_nothing_and_one_whose_only_session_fell_through_hear_nothing(
    stage: Stage,
) -> None:
    await booked(stage, 24 * HOUR, status=Status.CANCELLED_BY_PARENT)

    await stage.forward(hours=20)

    assert texts(stage.grace) == []


async def test_a_digest_that_could_not_be_sent_in_the_morning_is_not_sent_at_all(
    stage: Stage,
) -> None:
    await booked(stage, 24 * HOUR)
    await stage.stop()
    stage.world.clock.move_to(stage.now + 21 * HOUR)

    await stage.start()
    await stage.settled()

    assert texts(stage.grace) == []


async def test_parents_read_of_tomorrow_in_one_message_for_all_children(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
    first = await stage.session(grace, emily, starts_in=23 * HOUR)
    second = await stage.session(grace, ryan, starts_in=25 * HOUR, subject="Science")
    await stage.session(grace, ryan, starts_in=49 * HOUR)
    await stage.session(grace, ryan, starts_in=27 * HOUR, status=Status.CANCELLED_BY_PARENT)

    await stage.forward(hours=3, seconds=-1)
    assert texts(stage.mei) == []
    await stage.forward(seconds=1)

    (told,) = texts(stage.mei)
    assert told == (
        "Tomorrow's sessions\n\n"
        "Emily Lim · Mathematics\n14:00-15:30\nwith Grace Tan\nScheduled\n\n"
        "Ryan Lim · Science\n16:00-17:30\nwith Grace Tan\nScheduled"
    )
    assert labels(stage.mei.last()) == [
        "Emily Lim · Tomorrow 14:00",
        "Ryan Lim · Tomorrow 16:00",
    ]
    (of_daniel,) = texts(stage.daniel)
    assert "Ryan" not in of_daniel
    await press(stage, stage.mei, f"se.1:{second.id}")
    assert labels(stage.mei.last()) == ["Change time", "Cancel"]
    await stage.session(grace, emily, starts_in=23 * HOUR)
    await stage.forward(hours=3)
    assert count(stage.mei, "Tomorrow's sessions") == 1
    assert stage.status(first) is Status.SCHEDULED


async def test_what_was_cancelled_just_now_is_not_announced_for_tomorrow(stage: Stage) -> None:
    session = await booked(stage, 24 * HOUR)
    for parent in (stage.mei, stage.daniel):
        parent.block()
    stage.expect_refusal("blocked by the user")
    await stage.forward(hours=3)
    change(stage, session, status=Status.CANCELLED_BY_TUTOR)

    stage.mei.start()
    await stage.settled()

    assert count(stage.mei, "Tomorrow's sessions") == 0
    stage.daniel.start()
    await stage.settled()


async def test_the_evenings_list_names_open_requests_and_until_when_they_can_be_answered(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    tomorrow = await stage.session(grace, emily, starts_in=23 * HOUR)
    later = await stage.session(grace, emily, starts_in=72 * HOUR, subject="English")
    ask_to_move(stage, tomorrow, Role.PARENT)
    ask_to_move(stage, later, Role.TUTOR)

    await stage.forward(hours=3)

    (told,) = texts(stage.mei)
    assert told == (
        "Tomorrow's sessions\n\nEmily Lim · Mathematics\n14:00-15:30\nwith Grace Tan\n"
        "Scheduled\n⏳ Asked to move to Thu 26 Nov 16:00-17:30. An answer counts until Thu 26 Nov "
        "14:00.\n\nRequests waiting for your answer\n\nEmily Lim · English\nSat 28 Nov "
        "15:00-16:30\nwith Grace Tan\nScheduled\n⏳ Move to Sat 28 Nov 17:00-18:30? Please answer "
        "by Sat 28 Nov 15:00."
    )


async def test_the_evenings_list_stays_while_a_request_in_it_waits(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=23 * HOUR)
    later = await stage.session(grace, emily, starts_in=72 * HOUR, subject="English")
    ask_to_move(stage, later, Role.TUTOR)
    await stage.forward(hours=3)
    (listed,) = [one["message_id"] for one in stage.mei.messages() if "Tomorrow" in text_of(one)]

    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    for label in ("Cancel", "School event", "Cancel session"):
        await press(stage, stage.mei, label)

    left = message_of(stage.mei, listed)
    assert text_of(left) == (
        "Requests waiting for your answer\n\nEmily Lim · English\nSat 28 Nov 15:00-16:30\n"
        "with Grace Tan\nScheduled\n⏳ Move to Sat 28 Nov 17:00-18:30? Please answer by Sat 28 "
        "Nov 15:00."
    )
    assert labels(left) == ["Emily Lim · Sat 28 Nov 15:00"]
    await press(stage, stage.mei, labels(left)[0], listed)
    await press(stage, stage.mei, "Accept")
    left = message_of(stage.mei, listed)
    assert text_of(left) == "Nothing is left on this list. /upcoming gives you a new one."
    assert labels(left) == []


async def test_missing_notes_are_asked_for_on_two_mornings(stage: Stage) -> None:
    await just_over(stage)

    for asked in (True, True, False):
        await stage.forward(hours=24)
        assert count(stage.grace, "Notes still to write") == asked  # yesterday's list is over


@pytest.mark.parametrize("older", [2, LIMIT + 1])
async def test_the_digest_says_how_many_older_sessions_have_no_notes(
    stage: Stage, older: int
) -> None:
    grace, _, _, emily = stage.people()
    yesterday, last_week = -2 * HOUR, -8 * 24 * HOUR
    for starts_in in (yesterday, *(last_week + number * HOUR for number in range(older))):
        await stage.session(grace, emily, starts_in=starts_in, status=Status.APPROVED)

    await stage.forward(hours=16)

    (told,) = texts(stage.grace)
    assert told.count("Emily Lim") == 1
    assert told.endswith(f"\n\n{older} older sessions have no notes: see /todos")


async def test_no_notes_ends_the_asking(stage: Stage) -> None:
    await just_over(stage)
    assert labels(stage.grace.last()) == ["Add notes", "No notes"]

    await press(stage, stage.grace, "No notes")

    assert "No notes. You won't be asked for them again." in texts(stage.grace)[-1]
    assert labels(stage.grace.last()) == ["Add notes"]
    await stage.forward(hours=24)
    assert count(stage.grace, "Notes still to write") == 0
    assert "Nothing left to do" in await write(stage, stage.grace, "/todos")


async def test_no_notes_is_not_offered_where_the_session_has_some(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.grace, "Add notes")
    await write(stage, stage.grace, "Fractions went well.")
    await press(stage, stage.grace, "Done")
    old = stage.grace.last()["message_id"]

    await press(stage, stage.grace, "Add notes", old)
    assert labels(stage.grace.last()) == ["Skip for now"]
    asked = stage.grace.last()["message_id"]
    batch = buttons(stage.grace.last())[0][0]["callback_data"]
    await press(stage, stage.grace, batch.replace("ns.", "nn."), asked)

    assert text_of(stage.grace.last()).endswith("Nothing was added. The notes from before stay.")
    assert labels(stage.grace.last()) == ["Add notes"]
