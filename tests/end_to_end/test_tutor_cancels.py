"""A tutor cancels: parents are offered free times, coordinators the tutors who are free then."""

from datetime import date, timedelta

from sqlmodel import col, select

from models import Appointment, Holiday, Person, Student
from services.sessions.scheduling import Wanted, schedule
from tests import builders
from tests.builders import AGENCY, acting
from tests.end_to_end.scenes import all_text, card_of, look_at, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of

WHY = "Agreed by telephone."
SLOT = "Thu 26 Nov 21:00-22:30"


async def cancelled(stage: Stage, *, is_holiday: bool = False) -> Appointment:
    """Grace has cancelled tomorrow's session at 21:00; Ben is free then."""
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        builders.tutor(work, name="Ben Ong", telegram_user_id=None)
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    if is_holiday:
        with stage.database.unit_of_work() as work:
            work.add(Holiday(date=date(2026, 11, 26), name="Office move"))
    await write(stage, stage.grace, "/upcoming")
    for label in (labels(stage.grace.last())[0], "Cancel", "Unwell", "Cancel session"):
        await press(stage, stage.grace, label)
    return session


def sessions(stage: Stage) -> list[Appointment]:
    with stage.database.reading() as rows:
        return list(rows.exec(select(Appointment).order_by(col(Appointment.id))).all())


async def test_parents_are_offered_free_times_and_one_tap_asks_for_one(stage: Stage) -> None:
    await cancelled(stage)
    card = stage.mei.last()
    assert text_of(card).startswith("Cancelled by the tutor: you can ask for another time.")
    assert "These times are free." in text_of(card)
    *times, another = labels(card)
    assert (len(times), another) == (3, "Another time")

    toast = await press(stage, stage.mei, times[1])

    assert toast == "You asked for a replacement at 15:00"
    for phone in (stage.mei, stage.daniel):
        assert "the coordinators are looking for another time" in text_of(phone.last())
        assert f"Asked for: {times[1]}" in text_of(phone.last())
        assert labels(phone.last()) == []
    assert f"Asked for: {times[1]}" in text_of(stage.priya_in_group.last())


async def test_the_group_reads_who_is_free_then_and_a_coordinator_books_them(stage: Stage) -> None:
    session = await cancelled(stage)
    assert "Free then: Ben Ong (not linked)" in text_of(stage.priya_in_group.last())
    assert labels(stage.priya_in_group.last()) == ["Replace"]

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")
    await press(stage, stage.priya, "Ben Ong (not linked), same time")
    await write(stage, stage.priya, WHY)
    assert "New tutor: Ben Ong" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Book replacement")

    lost, new = sessions(stage)
    assert (new.replaces_id, new.starts_at) == (lost.id, lost.starts_at)
    assert new.tutor_id != lost.tutor_id
    assert f"replaced by {SLOT} with Ben Ong" in text_of(stage.priya_in_group.last())
    assert labels(stage.priya_in_group.last()) == []
    for phone in (stage.mei, stage.daniel):
        (new_card, old_card) = (card_of(phone, one) for one in ("Replaces the", "Replaced by"))
        assert f"Replaces the session of {SLOT} with Grace Tan" in text_of(new_card)
        assert f"Replaced by the session of {SLOT} with Ben Ong" in text_of(old_card)
    assert f"{SLOT}, with another tutor" in text_of(card_of(stage.grace, "Replaced by"))


async def test_on_a_holiday_nobody_is_free_and_the_group_reads_why(stage: Stage) -> None:
    session = await cancelled(stage, is_holiday=True)
    told = text_of(stage.priya_in_group.last())
    assert "The agency is closed that day." in told
    assert "Ben Ong" not in told

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")

    assert not [label for label in labels(stage.priya.last()) if "same time" in label]


async def test_the_time_that_was_asked_for_is_the_first_that_is_offered(stage: Stage) -> None:
    session = await cancelled(stage)
    wished = labels(stage.daniel.last())[0]
    await press(stage, stage.daniel, wished)

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")
    assert labels(stage.priya.last())[0] == f"Asked for: {wished}"
    assert wished not in labels(stage.priya.last())
    await write(stage, stage.priya, "ok")
    assert labels(stage.priya.last())[0] == f"Asked for: {wished}"
    await press(stage, stage.priya, f"Asked for: {wished}")
    await write(stage, stage.priya, WHY)
    await press(stage, stage.priya, "Book replacement")

    assert wished in all_text(stage.daniel)
    assert len(sessions(stage)) == 2


async def test_days_for_another_time_begin_with_the_cancelled_sessions_own(stage: Stage) -> None:
    session = await cancelled(stage)
    with stage.database.unit_of_work() as work:
        row = work.get_one(Appointment, session.id)
        row.starts_at += timedelta(days=6)
        row.ends_at += timedelta(days=6)

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Replace")
    offered = labels(stage.priya.last())
    await press(stage, stage.priya, "Other day")
    days = labels(stage.priya.last())

    assert days[0] == "Wed 2 Dec"
    assert "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}" not in days
    assert [one for one in offered if " Dec " in one]
    assert not [one for one in offered if " Nov " in one]


async def test_a_time_that_is_over_is_offered_no_more(stage: Stage) -> None:
    await cancelled(stage)
    first = labels(stage.mei.last())[0]
    assert first.startswith("Fri 27 Nov")

    await stage.forward(hours=54)

    assert first not in labels(stage.mei.last())
    assert len(labels(stage.mei.last())) == 5  # three times, a problem, another time


async def test_a_time_that_another_session_takes_goes_from_the_cards_at_once(stage: Stage) -> None:
    lost = await cancelled(stage)
    first, *others = labels(stage.mei.last())
    shown = stage.mei.last()["message_id"]
    with stage.database.unit_of_work() as work:
        priya = work.exec(select(Person).where(Person.name == "Priya Nair")).one()
        at = lost.starts_at + timedelta(days=1)
        wanted = Wanted(lost.tutor_id, lost.student_id, "Physics", at, 60)
        schedule(work, acting(priya, stage.now), wanted, AGENCY)

    await stage.forward(minutes=1)

    for phone in (stage.mei, stage.daniel):
        left = labels(card_of(phone, "These times are free."))
        assert first not in left
        assert left[:2] == others[:2]
        assert len(left) == 4
    assert labels(message_of(stage.mei, shown)) == labels(card_of(stage.mei, "These times"))


async def test_a_time_that_is_taken_meanwhile_is_refused_and_offered_no_more(stage: Stage) -> None:
    lost = await cancelled(stage)
    first = labels(stage.mei.last())[0]
    with stage.database.unit_of_work() as work:
        tutor, student = work.get_one(Person, lost.tutor_id), work.get_one(Student, lost.student_id)
        at = lost.starts_at + timedelta(days=1)
        builders.appointment(work, tutor=tutor, student=student, starts_at=at)

    toast = await press(stage, stage.mei, first)

    assert toast.startswith("Emily has another session then")
    assert first not in labels(stage.mei.last())
    assert len(labels(stage.mei.last())) == 4
