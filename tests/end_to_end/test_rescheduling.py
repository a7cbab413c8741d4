"""A tutor and the parents find another time in their chats (SPEC 6; UX 2, 10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from chat.callbacks import (
    AcceptSlot,
    ChooseDay,
    ConfirmMove,
    DeclineSlot,
    OfSession,
    ShowDays,
    StartMove,
    encode,
)
from models import Appointment, Person, RescheduleProposal
from models.enums import Status
from sandbox.phone import Phone
from tests import builders, files
from tests.end_to_end.scenes import all_text, card_of, live_buttons, message_of, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of
from tests.services.proofs import as_it_stands

SLOT = "Thu 26 Nov 21:00-22:30"
OTHER = "Fri 27 Nov 21:00"


async def tomorrow(stage: Stage, hours: float = 30) -> Appointment:
    """Grace teaches Emily at 21:00 tomorrow, or so many hours from Wednesday 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(hours=hours))


async def open_card(stage: Stage, phone: Phone) -> None:
    """Its card, by way of /change."""
    await write(stage, phone, "/change")
    await press(stage, phone, labels(phone.last())[0])


async def ask(stage: Stage, phone: Phone, when: str, reason: str = "Schedule conflict") -> None:
    """A whole request; `when` is typed."""
    await open_card(stage, phone)
    await press(stage, phone, "Change time")
    await write(stage, phone, when)
    await press(stage, phone, reason)
    await press(stage, phone, "Send")


async def suggest(stage: Stage, phone: Phone, when: str) -> None:
    """Another time in answer to the request on the newest card; `when` is typed."""
    await press(stage, phone, "Suggest another")
    await write(stage, phone, when)
    await press(stage, phone, "Send")


def versions(stage: Stage) -> list[RescheduleProposal]:
    with stage.database.reading() as session:
        found = session.exec(select(RescheduleProposal).order_by(col(RescheduleProposal.id)))
        return list(found.all())


# ----------------------------------------------------------------------------- the whole of it


async def test_a_tutor_and_a_parent_come_to_an_agreement_through_three_versions(
    stage: Stage,
) -> None:
    session = await tomorrow(stage)

    await ask(stage, stage.mei, "fri 9pm", "School event")
    asked = text_of(stage.grace.last())
    assert "Mei Lim asked to move this to:\nFri 27 Nov 21:00-22:30\nReason: School event" in asked
    assert "Please answer by Thu 26 Nov 21:00." in asked
    assert labels(stage.grace.last()) == ["Accept", "Suggest another", "Decline", "Cancel session"]

    await suggest(stage, stage.grace, "28/11 10:00")
    assert "You suggested another time:\nSat 28 Nov 10:00-11:30" in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["Withdraw", "Cancel session"]
    assert "Grace Tan suggested another time:\nSat 28 Nov 10:00-11:30" in text_of(stage.mei.last())

    await suggest(stage, stage.daniel, "sat 2pm")
    assert "Daniel Lim suggested another time:\nSat 28 Nov 14:00-15:30" in text_of(
        stage.grace.last()
    )
    toast = await press(stage, stage.grace, "Accept")

    assert toast == "You accepted the new time at 15:00"
    moved = as_it_stands(stage.database, session.id)
    assert moved.status is Status.SCHEDULED
    assert moved.starts_at == stage.now + timedelta(hours=71)
    assert moved.first_starts_at == session.starts_at
    for phone in (stage.grace, stage.mei, stage.daniel):
        card = text_of(phone.last())
        assert card.startswith("Moved to Sat 28 Nov 14:00-15:30\n")
        assert f"First booked: {SLOT}" in card
        assert labels(phone.last()) == ["Change time", "Cancel"]
    assert "Grace Tan accepted the new time at 15:00" in text_of(stage.mei.last())
    assert [version.version for version in versions(stage)] == [1, 2, 3]


async def test_a_request_that_nobody_answers_expires_with_its_session(stage: Stage) -> None:
    session = await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm")
    version = versions(stage)[0].id

    await stage.forward(hours=30)

    assert stage.status(session) is Status.NOT_COMPLETED
    for phone in (stage.grace, stage.mei, stage.daniel):
        card = text_of(phone.last())
        result = (
            "Not Completed: you need not go, and nothing is billed.\n"
            if phone is stage.grace
            else "Not Completed: the tutor will not come, and you are not charged.\n"
        )
        assert card.startswith(result)
        assert "This expired at 21:00: the request to move it was never settled" in card
        assert "Accept" not in labels(phone.last())
    group = text_of(stage.priya_in_group.last())
    assert "Not Completed\nEmily · Mathematics" in group
    assert "The request to move it was not settled before its start." in group
    late = await press(stage, stage.grace, encode(AcceptSlot(version)), stale(stage.grace))
    assert "ran out at its start" in late


def stale(phone: Phone) -> int:
    return int(phone.last()["message_id"])


# --------------------------------------------------------------------------- choosing the time


async def test_times_are_offered_as_buttons_and_then_in_a_calendar(stage: Stage) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")

    assert SLOT in text_of(stage.mei.last())
    offered = labels(stage.mei.last())
    assert offered[:2] == ["Wed 25 Nov 21:00", OTHER]
    assert offered[-2:] == ["Other day", "Leave"]

    await press(stage, stage.mei, "Other day")
    assert "On which day?" in text_of(stage.mei.last())
    shown = labels(stage.mei.last())
    assert shown[:3] == ["Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov"]
    assert shown[13:] == ["Tue 8 Dec", "›", "Back", "Leave"]
    await press(stage, stage.mei, "›")
    shown = labels(stage.mei.last())
    assert (shown[0], shown[13:]) == ("Wed 9 Dec", ["Tue 22 Dec", "‹", "›", "Back", "Leave"])
    await press(stage, stage.mei, "‹")
    await press(stage, stage.mei, "Thu 3 Dec")
    assert "Thu 3 Dec: at what time?" in text_of(stage.mei.last())
    rows = buttons(stage.mei.last())
    assert max(len(row) for row in rows) == 2
    await press(stage, stage.mei, "16:00")
    assert "New time: Thu 3 Dec 16:00-17:30" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Family matter")
    panel = text_of(stage.mei.last())
    assert "Ask the tutor?\nReason: Family matter" in panel
    lapses = "by then, the session will not take place."
    assert f"They can answer until Thu 26 Nov 21:00. Without an answer {lapses}" in panel
    assert versions(stage) == []
    toast = await press(stage, stage.mei, "Send")

    assert toast == "Sent. You will hear as soon as they answer."
    asked = text_of(stage.mei.last())
    assert "You asked to move this to:\nThu 3 Dec 16:00-17:30" in asked
    assert "Without one by Thu 26 Nov 21:00, the session will not take place." in asked
    assert as_it_stands(stage.database, session.id).starts_at == session.starts_at


@pytest.mark.parametrize("data", [ShowDays(1, 0), ShowDays(1, 2**31 - 1), ChooseDay(1, 2**31 - 1)])
async def test_a_forged_button_shows_a_day_that_can_be(stage: Stage, data: OfSession) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    forged = encode(replace(data, appointment_id=session.id))

    await press(stage, stage.mei, forged, stale(stage.mei))

    assert "Leave" in labels(stage.mei.last())


async def test_an_offered_time_is_two_taps_away_from_the_question(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, "Change time")
    await press(stage, stage.grace, OTHER)
    assert "Why do you want to move it?" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Unwell")
    assert "Ask the parents?" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Send")

    assert "Grace Tan asked to move this to:\nFri 27 Nov 21:00-22:30" in text_of(stage.mei.last())


async def test_times_that_are_taken_are_not_offered(stage: Stage) -> None:
    session = await tomorrow(stage)
    with stage.database.unit_of_work() as rows:
        again = rows.get(Appointment, session.id)
        assert again is not None
        rows.add(
            Appointment(
                tutor_id=again.tutor_id,
                student_id=again.student_id,
                subject="Physics",
                starts_at=session.starts_at + timedelta(hours=25),
                ends_at=session.starts_at + timedelta(hours=26),
                status=Status.SCHEDULED,
                created_at=stage.now,
            )
        )
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")

    assert OTHER not in labels(stage.mei.last())
    refused = await write(stage, stage.mei, "fri 9pm")
    assert "already" in refused or "another session" in refused


async def test_a_tutor_with_another_session_then_is_told_so_as_you(stage: Stage) -> None:
    session = await tomorrow(stage)
    with stage.database.unit_of_work() as rows:
        builders.appointment(
            rows,
            tutor=rows.get_one(Person, session.tutor_id),
            student=builders.student(rows, name="Ben Ong"),
            starts_at=session.starts_at + timedelta(hours=24),
        )
    told = {}
    for phone in (stage.grace, stage.mei):
        await open_card(stage, phone)
        await press(stage, phone, "Change time")
        told[phone.user_id] = await write(stage, phone, "fri 9pm")

    assert "You have another session then (Fri 27 Nov 21:00" in told[stage.grace.user_id]
    assert "The tutor has another session then (Fri 27 Nov 21:00" in told[stage.mei.user_id]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("soon", "Please type a day and a time"),
        ("thu 25:00", "Thu 26 Nov: at what time?"),
        ("thu 9pm", "That time is on the table already"),
        ("25/11 15:00", "That time has passed"),
    ],
)
async def test_a_time_that_cannot_be_is_told_and_the_question_stands(
    stage: Stage, typed: str, said: str
) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")

    assert said in await write(stage, stage.mei, typed)

    await write(stage, stage.mei, "fri 4pm")
    assert "New time: Fri 27 Nov 16:00-17:30" in text_of(stage.mei.last())


async def test_other_has_to_be_written_and_a_photo_is_no_reason(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "When instead?" in text_of(stage.mei.last())
    await write(stage, stage.mei, "fri 4pm")
    await press(stage, stage.mei, "Other")
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Please write in a few words" in text_of(stage.mei.last())
    await write(stage, stage.mei, "Our lift is <broken>.")
    assert "Our lift is <broken>." in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send")

    assert "Our lift is <broken>." in text_of(stage.grace.last())


async def test_back_and_leave_at_every_step(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await press(stage, stage.mei, "Other day")
    await press(stage, stage.mei, "Back")
    assert "When instead?" in text_of(stage.mei.last())
    await press(stage, stage.mei, OTHER)
    await press(stage, stage.mei, "Back")
    assert "When instead?" in text_of(stage.mei.last())
    await press(stage, stage.mei, OTHER)
    await press(stage, stage.mei, "Other")
    await press(stage, stage.mei, "Back")
    await press(stage, stage.mei, "Family matter")
    await press(stage, stage.mei, "Back")
    assert "Why do you want to move it?" in text_of(stage.mei.last())

    assert await press(stage, stage.mei, "Leave") == "Nothing was changed."

    assert labels(stage.mei.last()) == ["Change time", "Cancel"]
    assert versions(stage) == []


# ----------------------------------------------------------------------------------- answering


async def test_declined_it_stays_as_it_was_and_the_asker_hears_who_declined(stage: Stage) -> None:
    session = await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm", "Unwell")

    toast = await press(stage, stage.daniel, "Decline")

    assert toast == "You declined the new time at 15:00"
    for phone, asked in (
        (stage.grace, "You asked for Fri 27 Nov 21:00-22:30"),
        (stage.mei, "Grace Tan asked for Fri 27 Nov 21:00-22:30"),
    ):
        card = text_of(phone.last())
        assert card.startswith(f"Declined: it stays {SLOT}\n")
        assert f"{asked}\nDaniel Lim declined the new time at 15:00" in card
    assert as_it_stands(stage.database, session.id).starts_at == session.starts_at
    assert labels(stage.mei.last()) == ["Change time", "Cancel"]


async def test_withdrawn_by_the_other_parent_nobody_has_to_answer(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm")
    await open_card(stage, stage.daniel)

    toast = await press(stage, stage.daniel, "Withdraw")

    assert toast == "You withdrew the request at 15:00"
    card = text_of(stage.grace.last())
    assert card.startswith(f"Withdrawn: it stays {SLOT}\n")
    assert "Mei Lim asked for Fri 27 Nov 21:00-22:30\nDaniel Lim withdrew the request" in card
    assert labels(stage.grace.last()) == ["Change time", "Cancel"]


async def test_the_second_parent_is_told_who_answered_first(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm", "Unwell")
    version = versions(stage)[0].id
    await press(stage, stage.mei, "Accept")

    late = encode(DeclineSlot(version))
    toast = await press(stage, stage.daniel, late, stale(stage.daniel))

    assert toast == "Mei Lim accepted the new time at 15:00"
    assert "Fri 27 Nov 21:00-22:30" in text_of(stage.daniel.last())


async def test_an_answer_to_an_older_version_shows_the_current_one(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.grace, "fri 9pm", "Unwell")
    first = versions(stage)[0].id
    await suggest(stage, stage.mei, "sat 10am")

    late = encode(AcceptSlot(first))
    toast = await press(stage, stage.daniel, late, stale(stage.daniel))

    assert "Mei Lim has suggested another time for you both since: Sat 28 Nov 10:00-11:30" in toast
    assert "Mei Lim suggested another time:\nSat 28 Nov 10:00-11:30" in text_of(stage.daniel.last())


async def test_a_slot_that_has_passed_is_suggested_anew(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "today 6pm")
    assert "Accept" in labels(stage.grace.last())
    await stage.forward(hours=3)

    assert "suggest another or decline" in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["Suggest another", "Decline", "Cancel session"]
    late = encode(AcceptSlot(versions(stage)[0].id))
    card = stage.grace.last()["message_id"]
    assert "That time has passed" in await press(stage, stage.grace, late, card)
    await suggest(stage, stage.grace, "fri 9pm")
    assert "Grace Tan suggested another time" in text_of(stage.mei.last())


async def test_a_time_before_the_sessions_own_can_be_accepted_until_it_begins(
    stage: Stage,
) -> None:
    await tomorrow(stage)
    otherwise = "Without an answer by Thu 26 Nov 21:00, the session will not take place."
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "today 6pm")
    await press(stage, stage.mei, "Schedule conflict")
    assert f"They can accept until Wed 25 Nov 18:00. {otherwise}" in text_of(stage.mei.last())

    await press(stage, stage.mei, "Send")

    asked = card_of(stage.grace, "asked to move this")
    assert f"You can accept until Wed 25 Nov 18:00. {otherwise}" in text_of(asked)
    waits = f"Waiting for an answer: it can be accepted until Wed 25 Nov 18:00. {otherwise}"
    assert waits in text_of(stage.mei.last())
    assert "Please answer by Wed 25 Nov 18:00." in await write(stage, stage.grace, "/todos")
    listed = await write(stage, stage.mei, "/upcoming")
    assert (
        "⏳ Asked to move to Wed 25 Nov 18:00-19:30. It can be accepted until Wed 25 Nov 18:00."
    ) in listed


async def test_at_that_instant_cards_and_lists_say_so_by_themselves(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "today 6pm")
    await write(stage, stage.grace, "/todos")
    await write(stage, stage.mei, "/upcoming")

    await stage.forward(hours=3)

    passed = "That time has passed: please suggest another or decline by Thu 26 Nov 21:00."
    asked = card_of(stage.grace, "asked to move this")
    assert passed in text_of(asked)
    assert "Accept" not in labels(asked)
    assert "which has passed. Please suggest another time" in text_of(stage.grace.last())
    assert "That time has passed without an answer." in text_of(card_of(stage.mei, "You asked"))
    assert ("which has passed. Another time can be agreed by Thu 26 Nov 21:00.") in text_of(
        stage.mei.last()
    )


async def test_tapped_twice_it_is_asked_and_answered_once(stage: Stage) -> None:
    session = await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await press(stage, stage.mei, "Family matter")
    stage.mei.press("Send")
    stage.mei.press("Send")
    await stage.settled()
    again = await press(stage, stage.mei, encode(ConfirmMove(session.id)), stale(stage.mei))
    assert again == "Sent. You will hear as soon as they answer."

    stage.grace.press("Accept")
    stage.grace.press("Accept")
    await stage.settled()

    assert len(versions(stage)) == 1
    assert all_text(stage.mei).count("Grace Tan accepted the new time") == 1


async def test_an_answered_card_has_no_live_buttons_left_behind(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm")
    await suggest(stage, stage.grace, "sat 10am")
    await press(stage, stage.mei, "Accept")

    for phone in (stage.grace, stage.daniel):
        assert live_buttons(phone) == [phone.last()["message_id"]]
    the_list, card = live_buttons(stage.mei)
    assert (the_list, card) == (2, stage.mei.last()["message_id"])


# ------------------------------------------------------------------------------ beside all else


async def test_check_in_is_refused_and_offers_the_request(stage: Stage) -> None:
    await tomorrow(stage, hours=6)
    await ask(stage, stage.mei, "fri 9pm")
    await stage.forward(hours=5, minutes=45)

    refused = await write(stage, stage.grace, "/checkin")

    assert refused.startswith("Mei Lim has asked to move this session (Fri 27 Nov 21:00-22:30).")
    assert "Answer the request first." in refused
    assert labels(stage.grace.last()) == [
        *("Accept", "Suggest another", "Decline"),
        "Tell the coordinators",
    ]
    await press(stage, stage.grace, "Decline")
    assert "Check in" in labels(stage.grace.last())
    assert "Answer the request first." not in all_text(stage.grace)


async def test_that_a_request_waits_is_not_said_any_more_once_it_is_withdrawn(
    stage: Stage,
) -> None:
    await tomorrow(stage, hours=6)
    await ask(stage, stage.mei, "fri 9pm")
    await stage.forward(hours=5, minutes=45)
    assert "Answer the request first." in await write(stage, stage.grace, "/checkin")

    await press(stage, stage.mei, "Withdraw")

    assert "Answer the request first." not in all_text(stage.grace)


async def test_put_aside_it_goes_on_where_it_was_after_a_restart(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 9pm")
    await write(stage, stage.mei, "/pending")
    aside = card_of(stage.mei, "I have put the change of time aside")

    await stage.restart()
    await press(stage, stage.mei, "Go on", aside["message_id"])
    assert (
        card_of(stage.mei, "New time: Fri 27 Nov 21:00-22:30")["message_id"] == aside["message_id"]
    )
    await press(stage, stage.mei, "Family matter")
    await press(stage, stage.mei, "Send")

    assert "Mei Lim asked to move this to" in text_of(stage.grace.last())


async def test_an_answer_with_another_time_put_aside_is_still_that_answer(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm")
    await press(stage, stage.grace, "Suggest another")
    await write(stage, stage.grace, "/todos")

    aside = card_of(stage.grace, "I have put the change of time aside")
    await press(stage, stage.grace, "Go on", aside["message_id"])
    await write(stage, stage.grace, "fri 8pm")
    await press(stage, stage.grace, "Send")

    assert "Grace Tan suggested another time" in text_of(stage.mei.last())


async def test_a_time_that_passed_while_it_was_laid_aside_is_asked_for_again(
    stage: Stage,
) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "today 9pm")
    await write(stage, stage.mei, "/pending")
    await stage.forward(hours=7)

    aside = card_of(stage.mei, "I have put the change of time aside")
    toast = await press(stage, stage.mei, "Go on", aside["message_id"])

    assert toast == "That time has passed. Please choose another."
    assert "New time" not in text_of(card_of(stage.mei, "When instead?"))


async def test_laid_aside_until_it_is_too_late_it_says_so_and_whom_to_tell(stage: Stage) -> None:
    await tomorrow(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "/pending")
    aside = card_of(stage.mei, "I have put the change of time aside")
    go_on = encode(StartMove(1))
    await stage.forward(hours=27)

    left = message_of(stage.mei, aside["message_id"])
    assert "Emily Lim, Thu 26 Nov 21:00-22:30: " in text_of(left)
    assert "In the last four hours only a coordinator can change it" in text_of(left)
    assert labels(left) == ["Tell the coordinators"]
    toast = await press(stage, stage.mei, go_on, aside["message_id"])
    assert "In the last four hours only a coordinator can change it" in toast
    card = message_of(stage.mei, aside["message_id"])
    assert "Emily Lim · Mathematics" in text_of(card)
    assert "Go on" not in labels(card)


async def test_nothing_to_change_says_what_can_be_changed(stage: Stage) -> None:
    await tomorrow(stage, hours=3)

    told = await write(stage, stage.mei, "/change")

    assert "changes close four hours before the start" in told
    assert labels(stage.mei.last()) == ["📣 Emily Lim · Today 18:00", "Leave"]


@pytest.mark.parametrize(("hours", "rings"), [(20, True), (40, False)])
async def test_in_quiet_hours_only_a_change_of_a_near_session_rings(
    stage: Stage, hours: float, rings: bool
) -> None:
    await tomorrow(stage, hours=hours)
    await stage.forward(hours=8.5)

    await ask(stage, stage.mei, "sat 9pm")

    calls = stage.world.calls.all("sendMessage")
    sent = [call["fields"] for call in calls if "asked to move this" in call["fields"]["text"]]
    assert [not one.get("disable_notification") for one in sent] == [rings]


async def test_a_time_that_comes_twice_is_asked_about(stage: Stage) -> None:
    await tomorrow(stage)
    with stage.database.unit_of_work() as session:
        mei = session.exec(select(Person).where(Person.name == "Mei Lim")).one()
        mei.time_zone = "Europe/Berlin"
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")

    assert "skip this time" in await write(stage, stage.mei, "28/3/2027 02:30")
    await write(stage, stage.mei, "31/10/2027 02:30")
    assert "this time comes twice. Which one?" in text_of(stage.mei.last())
    await press(stage, stage.mei, "The second, after it")
    await press(stage, stage.mei, "Family matter")
    await press(stage, stage.mei, "Send")

    (version,) = versions(stage)
    assert version.new_starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert "31 Oct 2027 09:30-11:00" in text_of(stage.grace.last())
    assert "Berlin time" in text_of(stage.mei.last())
