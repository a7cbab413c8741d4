"""A day's messages are few: what comes within the hour of a card goes onto it (SPEC 8; UX 21)."""

from datetime import date, time, timedelta

from sqlmodel import col, select

from models import Appointment, OutboxMessage, Person
from models.enums import MessageKind, Status
from sandbox.phone import Phone
from services.packages.purchases import Purchase, buy
from services.rules.weekly import WeeklyTime
from tests.builders import AGENCY, acting
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import card_of, just_over, press, write
from tests.end_to_end.stage import GRACE, Stage, labels, text_of, texts

HOUR = timedelta(hours=1)
NOTES = "📝 Notes: "


def rung(stage: Stage, phone: Phone) -> int:
    """How many messages were sent to a chat with a sound."""
    return sum(
        not call["fields"].get("disable_notification")
        for call in stage.world.calls.all("sendMessage")
        if call["status"] == 200 and int(call["fields"]["chat_id"]) == phone.chat_id
    )


def sent_unasked(stage: Stage, chat_id: int) -> list[MessageKind]:
    """What was sent to a chat by the outbox: all that is no answer to its own person."""
    with stage.database.reading() as session:
        found = session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.chat_id == chat_id, col(OutboxMessage.message_id).is_not(None))
            .order_by(col(OutboxMessage.sent_at), col(OutboxMessage.id))
        )
        return [one.kind for one in found.all()]


async def taught(stage: Stage, session: Appointment, minutes: int) -> None:
    """Check in as it opens, check out at its end, and write a note at once."""
    await stage.forward(minutes=minutes - 30)
    await press(stage, stage.grace, "Check in")
    await stage.forward(minutes=119)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "Fractions went well.")
    await press(stage, stage.grace, "Done")
    await press(stage, stage.mei, "Acknowledge")
    assert stage.status(session) is Status.APPROVED


async def test_a_day_with_two_sessions_is_three_messages_for_a_parent_and_four_for_a_tutor(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    first = await stage.session(grace, emily, starts_in=24 * HOUR)
    second = await stage.session(grace, emily, starts_in=27 * HOUR, subject="English")

    await taught(stage, first, 24 * 60)  # the evening's list and the morning's digest on the way
    await taught(stage, second, 3 * 60 - 89)

    for parent in (stage.mei, stage.daniel):
        assert rung(stage, parent) == 3
        assert [text.split("\n")[0] for text in texts(parent)] == [
            "Today's sessions",
            "Emily Lim · Mathematics",
            "Emily Lim · English",
        ]
        assert all(NOTES in text for text in texts(parent)[1:])
    told = sent_unasked(stage, GRACE)
    assert told == [MessageKind.TUTOR_DIGEST, MessageKind.CHECK_IN_OPEN, MessageKind.CHECK_IN_OPEN]
    assert len(told) <= 4


async def test_with_a_match_a_package_and_leave_it_is_no_more(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    thursday, first_day = 4, date(2026, 11, 26)
    for start, subject in ((time(15), "Mathematics"), (time(18), "English")):
        times = (WeeklyTime(thursday, start, 90),)
        offer(stage, grace, emily, "00:00", times=times, subject=subject, starts_on=first_day)
        await stage.settled()
        await press(stage, stage.mei, "Accept")
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        purchase = Purchase(emily.id, 20, date(2026, 11, 1), date(2027, 6, 30))
        buy(session, purchase, AGENCY, acting(priya, stage.now))
    for typed in ("/leave", "7-9 dec", "Wedding"):
        await write(stage, stage.grace, typed)
    await press(stage, stage.grace, "Enter leave")
    with stage.database.reading() as session:
        booked = session.exec(select(Appointment).order_by(col(Appointment.starts_at))).all()
    first, second = booked[:2]
    phones = (stage.mei, stage.daniel)
    before = [rung(stage, phone) for phone in phones]
    told = len(sent_unasked(stage, GRACE))

    await taught(stage, first, 24 * 60)
    await taught(stage, second, 3 * 60 - 89)

    after = [rung(stage, phone) for phone in phones]
    assert [now - then for now, then in zip(after, before, strict=True)] == [3, 3]
    assert sent_unasked(stage, GRACE)[told:] == [
        MessageKind.TUTOR_DIGEST,
        MessageKind.CHECK_IN_OPEN,
        MessageKind.CHECK_IN_OPEN,
    ]


async def test_within_the_hour_the_card_moves_down_with_the_notes_and_its_buttons(
    stage: Stage,
) -> None:
    await just_over(stage)
    card = stage.mei.last()["message_id"]
    await write(stage, stage.mei, "/help")
    await stage.forward(minutes=59)

    await note(stage)

    assert card not in [one["message_id"] for one in stage.mei.messages()]
    assert NOTES in text_of(stage.mei.last())
    assert labels(stage.mei.last())[:2] == ["Acknowledge", "Dispute"]


async def test_later_notes_have_a_message_of_their_own(stage: Stage) -> None:
    await just_over(stage)
    await stage.forward(minutes=61)

    await note(stage)

    assert text_of(stage.mei.last()).startswith("📝 Grace Tan added notes on Emily Lim")
    assert labels(card_of(stage.mei, "Awaiting Your"))[:2] == ["Acknowledge", "Dispute"]


async def note(stage: Stage) -> None:
    """Grace writes a note on the session that was just over."""
    await write(stage, stage.grace, "/notes")
    await write(stage, stage.grace, "Fractions went well.")
    await press(stage, stage.grace, "Done")
