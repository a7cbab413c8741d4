"""A session cancelled since the agency is closed is not said to be its tutor's doing (SPEC 7)."""

from datetime import date, timedelta

from sqlmodel import select

from chat.callbacks import ShowSession
from chat.callbacks.codec import encode
from models import Appointment, Person
from models.enums import Status
from services.closures.holidays import Day, add, sessions_on
from services.rules.closures import Choice, Way, digest_of
from tests.builders import AGENCY, acting
from tests.end_to_end.scenes import look_at, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_days_open_again import away_on_thursday


async def closed(stage: Stage) -> Appointment:
    """Priya closes the agency on the day of a session of Emily's, which she cancels."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await close(stage)
    assert stage.status(session) is Status.CANCELLED_BY_TUTOR
    return session


async def close(stage: Stage) -> None:
    """Priya closes the agency on 3 December, and cancels what is booked then."""
    with stage.database.unit_of_work() as work:
        actor = acting(work.exec(select(Person).where(Person.name == "Priya Nair")).one())
        days = (Day(date(2026, 12, 3), "Founders' day"),)
        found = sessions_on(work, actor, days, AGENCY)
        choices = {one.view.id: Choice(Way.CANCEL) for one in found}
        digest = digest_of(one.booked for one in found)
        add(work, actor, days, choices, AGENCY, digest=digest)
    await stage.forward(minutes=1)


async def test_the_card_says_that_the_agency_is_closed_and_why(stage: Stage) -> None:
    session = await closed(stage)
    means = {
        stage.mei: "Cancelled, as we are closed that day: you can ask for another time.",
        stage.grace: "Cancelled, as we are closed that day: the family has been told.",
    }
    for phone, meaning in means.items():
        shown, details = phone.last()["message_id"], encode(ShowSession(session.id))
        await press(stage, phone, details, shown)

        told = text_of(phone.last())
        assert told.startswith(f"{meaning}\nEmily Lim")
        assert "Priya Nair cancelled this at 15:00\nReason:\nFounders' day" in told
        assert "the tutor" not in told

    await look_at(stage, stage.priya, session)
    told = text_of(stage.priya.last())
    assert "\nCancelled: the agency is closed\n" in told
    assert "You cancelled this at 15:00\nReason:\nFounders' day" in told


async def test_asked_for_another_time_the_parent_reads_that_one_is_looked_for(stage: Stage) -> None:
    await closed(stage)
    await press(stage, stage.mei, labels(stage.mei.last())[0])

    await press(stage, stage.mei, "Fri 4 Dec 15:00")

    told = text_of(stage.mei.last())
    assert told.startswith(
        "Cancelled, as we are closed that day: the coordinators are looking for another time."
    )


async def test_lists_say_it_too(stage: Stage) -> None:
    await closed(stage)

    await write(stage, stage.priya, "/find Emily")

    assert "Cancelled: the agency is closed" in text_of(stage.priya.last())


async def test_a_message_about_leave_says_it_of_the_session_that_it_asked_about(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session)
    asked = stage.mei.last()["message_id"]

    await close(stage)

    assert "→ Priya Nair cancelled this on" in text_of(message_of(stage.mei, asked))
