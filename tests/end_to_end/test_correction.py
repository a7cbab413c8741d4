"""A coordinator corrects the attendance of what was missed (SPEC 2, 3)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, AuditEvent
from models.enums import Action, Status
from tests.end_to_end.scenes import card_of, live_buttons, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.services.proofs import as_it_stands

REASON = "The phone's battery was empty."


async def missed(stage: Stage) -> Appointment:
    """Yesterday's session, 15:00-16:30, that nobody checked into; Priya has its card."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-timedelta(days=1))
    await stage.forward(minutes=1)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Missed (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    assert labels(stage.priya.last())[0] == "Correct attendance"
    return session


def attendance(stage: Stage, session: Appointment) -> tuple[str, str]:
    row = as_it_stands(stage.database, session.id)
    assert row.checked_in_at is not None
    assert row.checked_out_at is not None
    zone = stage.agency.zone
    return (
        f"{row.checked_in_at.astimezone(zone):%d %H:%M}",
        f"{row.checked_out_at.astimezone(zone):%d %H:%M}",
    )


async def test_as_booked_with_a_reason_asks_the_parents_and_tells_the_tutor(stage: Stage) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    assert "Tue 24 Nov 15:00-16:30" in text_of(stage.priya.last())
    assert stage.status(session) is Status.SCHEDULED
    await write(stage, stage.priya, REASON)

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert attendance(stage, session) == ("24 15:00", "24 16:30")
    for parent in (stage.mei, stage.daniel):
        assert labels(parent.last()) == ["Acknowledge", "Dispute", "Report a problem"]
        assert "Priya Nair corrected the attendance" in text_of(parent.last())
        assert REASON in text_of(parent.last())
    assert "A coordinator corrected the attendance" in text_of(stage.grace.last())
    assert text_of(stage.grace.last()).count(REASON) == 1
    assert live_buttons(stage.priya)[-1:] == [stage.priya.last()["message_id"]]
    with stage.database.reading() as reading:
        events = reading.exec(
            select(AuditEvent).where(AuditEvent.action == Action.CORRECT_ATTENDANCE)
        )
        assert [event.reason for event in events.all()] == [REASON]


@pytest.mark.parametrize("typed", ["3.02pm - 4:31 pm", "3:02-4:31", "15.02 to 16.31"])
async def test_typed_times_are_echoed_before_they_count(stage: Stage, typed: str) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    echoed = await write(stage, stage.priya, typed)

    assert "Tue 24 Nov 15:02-16:31" in echoed
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:02", "24 16:31")


async def test_times_after_midnight_of_a_late_session_are_the_next_days(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-timedelta(hours=39, minutes=30))
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Missed (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    await press(stage, stage.priya, "Correct attendance")
    await write(stage, stage.priya, "00:05-01:00")
    await write(stage, stage.priya, REASON)

    assert attendance(stage, session) == ("24 00:05", "24 01:00")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("about three", "Please type two times"),
        ("25:00-26:00", "Please type two times"),
        ("16:30-15:00", "can't both be right"),
    ],
)
async def test_wrong_times_are_refused_and_the_question_stands(
    stage: Stage, typed: str, answer: str
) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    assert answer in await write(stage, stage.priya, typed)

    await write(stage, stage.priya, "15:00-16:00")
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:00", "24 16:00")


@pytest.mark.parametrize(
    "typed",
    ["3.10pm till 4", "from 15:10 to 4", "15h10-16h", "noon-1pm", "1510 til 1600"],
)
async def test_times_are_read_with_the_words_that_people_put_between_them(
    stage: Stage, typed: str
) -> None:
    await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    assert "Why are you correcting the attendance?" in await write(stage, stage.priya, typed)


@pytest.mark.parametrize(
    "typed", ["15:10 16:00", "she came at 3.10 and left at 4", "tue 15:10-16:00", "15h10, 16h00"]
)
async def test_two_times_among_other_words_are_offered_as_a_button(
    stage: Stage, typed: str
) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    asked = await write(stage, stage.priya, typed)

    assert "Emily Lim" in asked
    assert "Do you mean this? I am not sure I read it right." in asked
    assert labels(stage.priya.last()) == ["Tue 24 Nov 15:10-16:00", "As booked", "Leave"]
    await press(stage, stage.priya, "Tue 24 Nov 15:10-16:00")
    assert "It took place Tue 24 Nov 15:10-16:00." in text_of(stage.priya.last())
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:10", "24 16:00")


async def test_several_readings_are_a_button_each(stage: Stage) -> None:
    await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    asked = await write(stage, stage.priya, "3-4 as they say, 15:10-16:20 in her diary")

    assert "Do you mean one of these?" in asked
    assert labels(stage.priya.last())[:2] == ["Tue 24 Nov 15:00-16:00", "Tue 24 Nov 15:10-16:20"]


async def test_as_booked_may_be_typed(stage: Stage) -> None:
    await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    asked = await write(stage, stage.priya, "as booked.")

    assert "It took place Tue 24 Nov 15:00-16:30." in asked


@pytest.mark.parametrize("typed", ["about three", "16:30-15:00", "5pm, 1 hour"])
async def test_what_gives_no_times_is_asked_again_with_the_session_and_its_buttons(
    stage: Stage, typed: str
) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")

    asked = await write(stage, stage.priya, typed)

    assert "Emily Lim" in asked
    assert labels(stage.priya.last()) == ["As booked", "Leave"]
    assert live_buttons(stage.priya)[-1:] == [stage.priya.last()["message_id"]]
    await press(stage, stage.priya, "As booked")
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:00", "24 16:30")


async def test_back_asks_for_the_times_again_and_leave_changes_nothing(stage: Stage) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    await press(stage, stage.priya, "Back")
    assert "When did it take place?" in text_of(stage.priya.last())

    assert await press(stage, stage.priya, "Leave") == "Nothing was changed."

    assert labels(stage.priya.last())[0] == "Correct attendance"
    assert stage.status(session) is Status.SCHEDULED
    assert "not sure what to do" in await write(stage, stage.priya, "15:00-16:00")


async def test_a_button_tapped_twice_leaves_the_next_question_standing(stage: Stage) -> None:
    session = await missed(stage)
    for label in ("Correct attendance", "As booked", "Back", "As booked"):
        stage.priya.press(label)
        stage.priya.press(label)
        await stage.settled()

    assert "Why are you correcting the attendance?" in text_of(stage.priya.last())
    assert [toast["text"] for toast in stage.priya.toasts() if toast["text"]] == []
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:00", "24 16:30")


async def test_a_sticker_is_no_time_and_no_reason(stage: Stage) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")
    stage.priya.send_sticker()
    await stage.settled()
    assert "When did it take place?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "15:00-16:00")
    stage.priya.send_sticker()
    await stage.settled()
    assert "Why are you correcting the attendance?" in text_of(stage.priya.last())
    assert "longer than 1000" in await write(stage, stage.priya, "x" * 1001)
    await stage.restart()
    await write(stage, stage.priya, REASON)

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT
    assert live_buttons(stage.priya)[1:] == [stage.priya.last()["message_id"]]


async def test_parked_it_goes_on_where_it_was(stage: Stage) -> None:
    session = await missed(stage)
    await press(stage, stage.priya, "Correct attendance")
    await write(stage, stage.priya, "15:00-16:00")

    await write(stage, stage.priya, "/disputes")
    aside = card_of(stage.priya, "put the correction aside; nothing is changed yet")
    await press(stage, stage.priya, "Go on", aside["message_id"])

    assert card_of(stage.priya, "Tue 24 Nov 15:00-16:00")["message_id"] == aside["message_id"]
    await write(stage, stage.priya, REASON)
    assert attendance(stage, session) == ("24 15:00", "24 16:00")


async def test_who_comes_second_is_told_who_was_first(stage: Stage) -> None:
    session = await missed(stage)
    card = stage.priya.last()["message_id"]
    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    await write(stage, stage.priya, REASON)
    await press(stage, stage.mei, "Acknowledge")

    late = await press(stage, stage.priya, f"ca.1:{session.id}", card)

    assert late == "Mei Lim acknowledged this at 15:01"
    assert "not sure what to do" in await write(stage, stage.priya, "15:00-16:00")
