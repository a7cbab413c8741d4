"""A coordinator moves a session, or gives it to another tutor, in the chat (SPEC 2, 6, 9)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from chat.callbacks import ConfirmCoordinate, Coordinate, CoordinatorChange, GiveTo, encode
from models import Appointment, Holiday, Person, RescheduleProposal, RescheduleThread
from models.enums import Role, Status, ThreadStatus
from sandbox.phone import Phone
from tests import builders, files
from tests.end_to_end.scenes import (
    all_text,
    almost_asked,
    live_buttons,
    look_at,
    marcus,
    message_of,
    press,
    take,
    write,
)
from tests.end_to_end.stage import STRANGER, Stage, labels, text_of
from tests.services.proofs import as_it_stands

WHY = "Both have agreed by telephone."
BUTTONS = ["Cancel", "Move", "Other tutor"]


async def soon(stage: Stage, hours: float = 3) -> Appointment:
    """Grace teaches Emily in so many hours from Wednesday 15:00; Priya has the card."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=hours))
    await look_at(stage, stage.priya, session)
    return session


def start_of(stage: Stage, session: Appointment) -> str:
    starts_at = as_it_stands(stage.database, session.id).starts_at
    return f"{starts_at.astimezone(stage.agency.zone):%d %H:%M}"


async def nurul(stage: Stage) -> Person:
    """Another tutor, on the stranger's phone."""
    with stage.database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Nurul Huda", telegram_user_id=STRANGER)
    await write(stage, stage.stranger, "/start")
    return tutor


def more_tutors(stage: Stage, count: int) -> None:
    with stage.database.unit_of_work() as session:
        for number in range(count):
            builders.tutor(session, name=f"Tutor {number:02}")


# ---------------------------------------------------------------------------------------- moving


async def test_a_typed_time_is_echoed_and_both_sides_are_told(stage: Stage) -> None:
    session = await soon(stage)
    await look_at(stage, stage.priya, session)
    await write(stage, stage.mei, "/upcoming")

    await press(stage, stage.priya, "Move")
    assert "When instead?" in text_of(stage.priya.last())
    echoed = await write(stage, stage.priya, "fri 4pm")
    assert "New time: Fri 27 Nov 16:00-17:30" in echoed
    assert labels(stage.priya.last()) == ["Back", "Leave"]
    panel = await write(stage, stage.priya, WHY)
    assert "New time: Fri 27 Nov 16:00-17:30" in panel
    assert WHY in panel
    assert labels(stage.priya.last()) == ["Move session", "Back", "Leave"]
    assert start_of(stage, session) == "25 18:00"
    toast = await press(stage, stage.priya, "Move session")

    assert toast == "You moved this at 15:00"
    assert start_of(stage, session) == "27 16:00"
    for phone in (stage.grace, stage.mei, stage.daniel):
        card = text_of(phone.last())
        assert "Fri 27 Nov 16:00-17:30" in card
        assert f"Priya Nair moved this at 15:00\nReason:\n{WHY}" in card
        assert "First booked: Wed 25 Nov 18:00-19:30" in card
        assert labels(phone.last()) == ["Change time", "Cancel"]
    assert labels(stage.priya.last()) == BUTTONS
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]


async def test_a_time_that_is_offered_or_found_in_the_calendar(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Move")
    await press(stage, stage.priya, labels(stage.priya.last())[0])
    assert "New time: Thu 26 Nov 18:00-19:30" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Back")
    assert "When instead?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Other day")
    await press(stage, stage.priya, "Back")
    await press(stage, stage.priya, "Other day")
    await press(stage, stage.priya, "Sat 28 Nov")
    assert "Sat 28 Nov: at what time?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "10:00")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")

    assert start_of(stage, session) == "28 10:00"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("soon", "Please type a day and a time"),
        ("wed 25 nov 14:00", "That time has passed"),
        ("18:00", "That time is on the table already"),
        ("thu 9:30am", "Emily has another session then"),
    ],
)
async def test_a_time_that_will_not_do_is_refused_and_asked_again(
    stage: Stage, typed: str, answer: str
) -> None:
    session = await soon(stage)
    take(stage, session, timedelta(hours=18))
    await press(stage, stage.priya, "Move")

    assert answer in await write(stage, stage.priya, typed)

    await write(stage, stage.priya, "fri 4pm")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")
    assert start_of(stage, session) == "27 16:00"


async def test_a_holiday_is_no_day_to_move_to_and_is_not_offered(stage: Stage) -> None:
    session = await soon(stage)
    with stage.database.unit_of_work() as unit:
        unit.add(Holiday(date=date(2026, 11, 27), name="Founders' day"))
    await press(stage, stage.priya, "Move")
    assert not [one for one in labels(stage.priya.last()) if "27 Nov" in one]

    assert "Fri 27 Nov is a holiday." in await write(stage, stage.priya, "fri 4pm")

    await write(stage, stage.priya, "sat 4pm")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")
    assert start_of(stage, session) == "28 16:00"


async def test_a_slot_taken_before_the_confirmation_leads_back_to_the_times(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "fri 4pm")
    await write(stage, stage.priya, WHY)
    take(stage, session, timedelta(hours=49))

    told = await press(stage, stage.priya, "Move session")
    assert "has another session then" in told
    assert f"\n{told}\nWhen instead?" in text_of(stage.priya.last())
    assert WHY in await write(stage, stage.priya, "sat 4pm")
    await press(stage, stage.priya, "Move session")

    assert start_of(stage, session) == "28 16:00"


@pytest.mark.parametrize("reason_first", [True, False])
async def test_a_slot_taken_before_the_reason_leads_back_to_the_times(
    stage: Stage, reason_first: bool
) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "fri 4pm")
    take(stage, session, timedelta(hours=49))

    if reason_first:
        told = await write(stage, stage.priya, WHY)
        assert "has another session then" in told
        assert "\nWhen instead?" in told
        assert WHY in await write(stage, stage.priya, "sat 4pm")
    else:
        assert "Sat 28 Nov 16:00" in await write(stage, stage.priya, "sat 4pm")
        await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")

    assert start_of(stage, session) == "28 16:00"


async def test_a_time_that_comes_twice_is_asked_about(stage: Stage) -> None:
    session = await soon(stage)
    with stage.database.unit_of_work() as work:
        of_priya = update(Person).where(col(Person.name) == "Priya Nair")
        work.exec(of_priya.values(time_zone="Europe/Berlin"))
    await press(stage, stage.priya, "Move")
    assert "skip this time" in await write(stage, stage.priya, "28/3/2027 02:30")
    assert "comes twice" in await write(stage, stage.priya, "31/10/2027 02:30")
    await press(stage, stage.priya, "The second, after it")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")

    moved = as_it_stands(stage.database, session.id).starts_at
    assert moved == datetime(2027, 10, 31, 1, 30, tzinfo=ZoneInfo("UTC"))


async def test_an_open_request_ends_with_it(stage: Stage) -> None:
    session = await soon(stage, hours=30)
    await almost_asked(stage, stage.mei, "fri 9pm", "School event")
    await press(stage, stage.mei, "Send")
    request = stage.grace.last()["message_id"]
    await look_at(stage, stage.priya, session)
    assert "Mei Lim asked to move this to" in text_of(stage.priya.last())

    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "sat 10am")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Move session")

    with stage.database.reading() as reading:
        thread = reading.exec(select(RescheduleThread)).one()
    assert thread.status is ThreadStatus.CLOSED
    assert "asked to move" not in text_of(stage.grace.last())
    late = await press(stage, stage.grace, "ra.1:1", request)
    assert late == "Priya Nair moved this at 15:00"
    assert start_of(stage, session) == "28 10:00"


async def test_leave_back_and_a_photo_change_nothing(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Move")
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "When instead?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "fri 4pm")
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Why?" in text_of(stage.priya.last())
    await stage.restart()
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Back")
    assert "Why?" in text_of(stage.priya.last())

    assert await press(stage, stage.priya, "Leave") == "Nothing was changed."

    assert labels(stage.priya.last()) == BUTTONS
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]
    assert start_of(stage, session) == "25 18:00"


async def test_confirmed_twice_it_is_moved_once_and_a_colleague_is_told(stage: Stage) -> None:
    session = await soon(stage)
    other = marcus(stage)
    await look_at(stage, other, session)
    for phone, when in ((stage.priya, "fri 4pm"), (other, "sat 4pm")):
        await press(stage, phone, "Move")
        await write(stage, phone, when)
        await write(stage, phone, WHY)
    panel, question = stage.priya.last()["message_id"], other.last()["message_id"]
    move = encode(ConfirmCoordinate(session.id, CoordinatorChange.MOVE))

    await press(stage, stage.priya, "Move session")
    again = await press(stage, stage.priya, move, panel)
    assert "Priya Nair moved this at 15:00" in text_of(message_of(other, question))
    late = await press(stage, other, move, question)

    assert again == "You moved this at 15:00"
    assert late == "Priya Nair moved this at 15:00"
    assert start_of(stage, session) == "27 16:00"
    assert "Fri 27 Nov 16:00-17:30" in text_of(other.last())
    assert all_text(stage.mei).count("Priya Nair moved this") == 1


async def test_what_was_put_aside_begins_anew_where_the_session_has_moved(stage: Stage) -> None:
    session = await soon(stage)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "fri 4pm")
    await write(stage, stage.priya, "/disputes")
    other = marcus(stage)
    await look_at(stage, other, session)
    await press(stage, other, "Move")
    await write(stage, other, "sat 4pm")
    await write(stage, other, WHY)
    await press(stage, other, "Move session")

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Move")

    assert "When instead?" in text_of(stage.priya.last())


# ------------------------------------------------------------------------------- another tutor


async def test_a_free_tutor_takes_it_over_and_all_are_told(stage: Stage) -> None:
    session, new = await soon(stage, hours=30), await nurul(stage)
    await press(stage, stage.priya, "Other tutor")
    assert labels(stage.priya.last()) == ["Nurul Huda", "Leave"]
    await write(stage, stage.grace, "/upcoming")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    card, live = stage.grace.last()["message_id"], live_buttons(stage.grace)

    await press(stage, stage.priya, "Nurul Huda")
    assert "New tutor: Nurul Huda" in text_of(stage.priya.last())
    panel = await write(stage, stage.priya, "Grace is unwell.")
    assert "Grace is unwell." in panel
    assert labels(stage.priya.last()) == ["Hand over", "Back", "Leave"]
    toast = await press(stage, stage.priya, "Hand over")

    assert toast == "You gave this to another tutor at 15:00"
    assert as_it_stands(stage.database, session.id).tutor_id == new.id
    former = stage.grace.last()
    assert text_of(former).split("\n") == [
        "Another tutor takes this session: you need not go",
        "Emily Lim · Mathematics",
        "Thu 26 Nov 21:00-22:30",
        "Priya Nair gave this to another tutor at 15:00",
        "Reason:",
        "Grace is unwell.",
    ]
    assert card in live
    assert card not in live_buttons(stage.grace)
    told = text_of(stage.stranger.last())
    assert told.startswith("This session is yours now\nEmily Lim")
    assert "18 Bishan Street" in told
    assert "Priya Nair gave this to another tutor at 15:00\nReason:\nGrace is unwell." in told
    for parent in (stage.mei, stage.daniel):
        assert text_of(parent.last()).startswith("Nurul Huda takes this session\nEmily Lim")
        assert "with Nurul Huda" in text_of(parent.last())
        assert "Grace is unwell." in text_of(parent.last())
    await stage.forward(hours=30)
    await write(stage, stage.stranger, "/checkin")
    assert stage.status(session) is Status.CHECKED_IN


async def test_a_former_tutors_old_button_says_whose_it_is_now(stage: Stage) -> None:
    session = await soon(stage, hours=30)
    await nurul(stage)
    await write(stage, stage.grace, "/upcoming")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    card = stage.grace.last()["message_id"]
    await give(stage, "Nurul Huda")

    told = await press(stage, stage.grace, f"xs.1:{session.id}", card)

    assert told == "Priya Nair gave this to another tutor at 15:00"
    assert stage.status(session) is Status.SCHEDULED


async def give(stage: Stage, name: str) -> None:
    await press(stage, stage.priya, "Other tutor")
    await press(stage, stage.priya, name)
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Hand over")


async def test_a_guardian_who_teaches_becomes_its_tutor_only(stage: Stage) -> None:
    session = await soon(stage)
    with stage.database.unit_of_work() as work:
        of_daniel = update(Person).where(col(Person.name) == "Daniel Lim")
        work.exec(of_daniel.values(is_tutor=True))

    await give(stage, "Daniel Lim")

    assert "18 Bishan Street" in text_of(stage.daniel.last())
    assert "with Daniel Lim" in text_of(stage.mei.last())
    await stage.forward(hours=3)
    await write(stage, stage.daniel, "/checkin")
    assert stage.status(session) is Status.CHECKED_IN


async def test_the_list_leaves_out_who_is_busy_and_is_paged(stage: Stage) -> None:
    session, busy = await soon(stage), await nurul(stage)
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Ong")
    await stage.session(busy, ryan, starts_in=timedelta(hours=4))
    more_tutors(stage, 10)

    await press(stage, stage.priya, "Other tutor")
    first = [f"Tutor {number:02}" for number in range(8)]
    assert labels(stage.priya.last()) == [*first, "More", "Leave"]
    await press(stage, stage.priya, "More")
    assert labels(stage.priya.last()) == ["Tutor 08", "Tutor 09", "Back", "Leave"]
    await press(stage, stage.priya, "Back")
    await press(stage, stage.priya, "More")
    await press(stage, stage.priya, "Tutor 09")
    await press(stage, stage.priya, "Back")
    assert "Who takes it over?" in text_of(stage.priya.last())
    assert "Who takes it over?" in await write(stage, stage.priya, "Nurul")
    forged = encode(GiveTo(session.id, busy.id))
    message_id = stage.priya.last()["message_id"]
    taken = await press(stage, stage.priya, forged, message_id)
    assert taken == "Nurul Huda has another session then (Today 19:00-20:30)."
    assert await press(stage, stage.priya, "Leave") == "Nothing was changed."
    assert as_it_stands(stage.database, session.id).tutor_id == session.tutor_id


async def test_without_another_tutor_it_says_so(stage: Stage) -> None:
    await soon(stage)

    await press(stage, stage.priya, "Other tutor")

    assert "No other tutor is free then." in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == ["Move", "Cancel session", "Leave"]


async def test_a_colleague_gave_it_away_first(stage: Stage) -> None:
    session, _ = await soon(stage), await nurul(stage)
    more_tutors(stage, 1)
    other = marcus(stage)
    await look_at(stage, other, session)
    await press(stage, other, "Other tutor")
    await press(stage, other, "Tutor 00")
    await write(stage, other, WHY)
    panel, question = stage.priya.last()["message_id"], other.last()["message_id"]
    await give(stage, "Nurul Huda")
    left = message_of(other, question)
    assert "Priya Nair gave this to another tutor at 15:00" in text_of(left)
    assert WHY in text_of(left)
    assert labels(left) == []

    hand_over = encode(ConfirmCoordinate(session.id, CoordinatorChange.GIVE))
    late = await press(stage, other, hand_over, question)
    again = await press(stage, stage.priya, hand_over, panel)

    assert late == "Priya Nair gave this to another tutor at 15:00"
    assert again == "You gave this to another tutor at 15:00"
    assert all_text(stage.grace).count("Another tutor takes this session") == 1


@pytest.mark.parametrize(
    "change", [CoordinatorChange.MOVE, CoordinatorChange.GIVE, CoordinatorChange.CANCEL]
)
async def test_between_the_start_and_the_expiry_there_is_nothing_to_do(
    stage: Stage, change: CoordinatorChange
) -> None:
    session = await soon(stage, hours=30)
    expiring(stage, session)
    await look_at(stage, stage.priya, session)
    assert labels(stage.priya.last()) == []

    told = await tap(stage, stage.priya, Coordinate(session.id, change))

    assert "ran out at its start" in told


def expiring(stage: Stage, session: Appointment) -> None:
    """Mei's request has reached its end, and the sweep has not come by yet."""
    with stage.database.unit_of_work() as work:
        mei = work.exec(select(Person).where(Person.name == "Mei Lim")).one()
        thread = RescheduleThread(
            appointment_id=session.id, opened_at=stage.now, expires_at=stage.now
        )
        work.add(thread)
        work.flush()
        work.add(
            RescheduleProposal(
                thread_id=thread.id,
                side=Role.PARENT,
                proposed_by_id=mei.id,
                new_starts_at=session.starts_at + timedelta(days=1),
                new_ends_at=session.ends_at + timedelta(days=1),
                proposed_at=stage.now,
            )
        )


async def tap(stage: Stage, phone: Phone, button: Coordinate) -> str:
    return await press(stage, phone, encode(button), phone.last()["message_id"])
