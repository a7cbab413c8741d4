"""A holiday that is removed, leave that is taken back: what was asked because of it (UX 17)."""

from datetime import timedelta

from sqlmodel import select

from models import Appointment, Holiday, Person, TutorLeave
from services.closures.holidays import remove
from services.closures.leave import LeaveWanted, sessions_during, take, withdraw
from services.rules.closures import Choice, Way, digest_of
from services.sessions.replacements import Instead, replace
from tests.builders import AGENCY, acting
from tests.end_to_end.scenes import all_text, message_of, press, write
from tests.end_to_end.stage import PENALTIES, Stage, labels, text_of
from tests.end_to_end.test_leave import closed_on_thursday

STAYS = "Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30"


async def test_a_removed_holiday_lets_the_session_stay_and_the_messages_say_so(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    await closed_on_thursday(stage)
    told = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.daniel, stage.grace)}
    with stage.database.unit_of_work() as work:
        priya = work.exec(select(Person).where(Person.name == "Priya Nair")).one()
        remove(work, work.exec(select(Holiday)).one().id, acting(priya, stage.now), AGENCY)

    await stage.forward(minutes=1)

    for phone, number in told.items():
        left = message_of(phone, number)
        assert text_of(left).startswith("📅 The agency is open after all: Thu 3 Dec\n")
        assert f"• {STAYS}\n→ Priya Nair withdrew" in text_of(left)
        assert "Accept" not in labels(left)
        assert "Priya Nair withdrew" in text_of(phone.last()), "the newest card says it, too"


async def test_leave_that_is_taken_back_withdraws_what_it_asked(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session)
    asked = stage.mei.last()["message_id"]
    assert "Accept" in labels(stage.mei.last())
    await write(stage, stage.grace, "/leave")

    await press(stage, stage.grace, "Take back Thu 3 Dec")

    left = text_of(message_of(stage.mei, asked))
    assert left.startswith("🌴 Grace Tan is not away after all: Thu 3 Dec\n")
    assert f"• {STAYS}\n→ Grace Tan withdrew" in left
    assert "Accept" not in labels(message_of(stage.mei, asked))
    assert "withdrew" in all_text(stage.daniel)


async def test_what_a_later_leave_asks_is_not_told_in_the_message_of_an_earlier_one(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session)
    first = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.daniel)}
    await press(stage, stage.mei, "Accept")
    with stage.database.reading() as work:
        moved = work.get_one(Appointment, session.id)
    await away_on_thursday(stage, moved)
    second = stage.mei.last()["message_id"]
    asks = "• Emily Lim, Mathematics: Thu 10 Dec 15:00-16:30\n→ to Thu 17 Dec 15:00-16:30?"
    assert asks in text_of(message_of(stage.mei, second))

    for phone, who in ((stage.mei, "You"), (stage.daniel, "Mei Lim")):
        left = message_of(phone, first[phone])
        assert f"• {STAYS}\n→ moved to Thu 10 Dec 15:00-16:30\n→ {who} accept" in text_of(left)
        assert "Accept" not in labels(left)

    await write(stage, stage.grace, "/leave")
    await press(stage, stage.grace, "Take back Thu 10 Dec")

    assert "→ Grace Tan withdrew" in text_of(message_of(stage.mei, second))
    for phone, who in ((stage.mei, "You"), (stage.daniel, "Mei Lim")):
        still = text_of(message_of(phone, first[phone]))
        assert f"• {STAYS}\n→ moved to Thu 10 Dec 15:00-16:30\n→ {who} accept" in still
        assert "withdrew" not in still


async def test_a_cancellation_before_the_answer_is_what_became_of_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session)
    asked = stage.mei.last()["message_id"]
    await write(stage, stage.daniel, "/change")
    question = stage.daniel.last()
    await press(stage, stage.daniel, labels(question)[0], question["message_id"])
    await press(stage, stage.daniel, "Cancel session")
    await press(stage, stage.daniel, "Family matter")

    await press(stage, stage.daniel, "Cancel session")

    assert f"• {STAYS}\n→ Daniel Lim cancelled" in text_of(message_of(stage.mei, asked))


async def test_leave_that_the_agency_takes_back_is_told_to_all_at_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session, Way.CANCEL)
    told = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.daniel)}

    with stage.database.unit_of_work() as work:
        priya = work.exec(select(Person).where(Person.name == "Priya Nair")).one()
        withdraw(work, work.exec(select(TutorLeave)).one().id, acting(priya, stage.now), AGENCY)
    await stage.forward(minutes=1)

    for phone, number in told.items():
        left = text_of(message_of(phone, number))
        assert left.startswith("🌴 Grace Tan is not away after all: Thu 3 Dec\n")
    assert text_of(stage.grace.last()) == (
        "🌴 Priya Nair took your leave back: Thu 3 Dec\nSessions can be booked on these days again."
    )


async def test_a_removed_holiday_is_told_where_all_was_cancelled_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    await closed_on_thursday(stage, Way.CANCEL)
    told = stage.mei.last()["message_id"]
    with stage.database.unit_of_work() as work:
        priya = work.exec(select(Person).where(Person.name == "Priya Nair")).one()
        remove(work, work.exec(select(Holiday)).one().id, acting(priya, stage.now), AGENCY)

    await stage.forward(minutes=1)

    left = text_of(message_of(stage.mei, told))
    assert left.startswith("📅 The agency is open after all: Thu 3 Dec\n")


async def test_a_cancelled_session_says_what_comes_in_its_place(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await away_on_thursday(stage, session, Way.CANCEL)
    told = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.daniel)}
    assert labels(stage.mei.last()) == ["Emily Lim · Thu 3 Dec 15:00"]
    await press(stage, stage.mei, "Emily Lim · Thu 3 Dec 15:00")
    await press(stage, stage.mei, "Another time")
    await press(stage, stage.mei, "Any time")
    asked = "Cancelled:\n• " + STAYS + "\n→ {} asked for a replacement on Wed 25 Nov at 15:01"
    for phone, who in ((stage.mei, "You"), (stage.daniel, "Mei Lim")):
        left = message_of(phone, told[phone])
        assert asked.format(who) in text_of(left)
        assert labels(left) == []

    with stage.database.unit_of_work() as work:
        priya = work.exec(select(Person).where(Person.name == "Priya Nair")).one()
        when, actor = stage.now + timedelta(days=10), acting(priya, stage.now)
        replace(work, session.id, actor, Instead(when), "She is back.", zone=AGENCY.zone)
    await stage.forward(minutes=1)

    for phone, number in told.items():
        left = message_of(phone, number)
        assert text_of(left).endswith(
            f"Cancelled:\n• {STAYS}\n→ Replaced by the session of Sat 5 Dec 15:01-16:31"
        )
        assert labels(left) == []


async def away_on_thursday(stage: Stage, session: Appointment, way: Way = Way.ASK) -> None:
    """Grace is away on the day of a session, a Thursday, and asks the family to move."""
    with stage.database.unit_of_work() as work:
        actor = acting(work.get_one(Person, session.tutor_id), stage.now)
        day = session.starts_at.astimezone(AGENCY.zone).date()
        wanted = LeaveWanted(session.tutor_id, day, day, "A wedding")
        found = sessions_during(work, actor, wanted, AGENCY, PENALTIES)
        when = {one.view.id: one.booked.suggested if way is Way.ASK else None for one in found}
        choices = {about: Choice(way, start) for about, start in when.items()}
        digest = digest_of(one.booked for one in found)
        take(work, actor, wanted, choices, AGENCY, PENALTIES, digest=digest)
    await stage.forward(minutes=1)
