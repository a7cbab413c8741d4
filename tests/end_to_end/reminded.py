"""What tests of reminders share: a session booked, what changes at the last moment, what came."""

from datetime import timedelta

from sqlmodel import col, update

from models import Appointment, RescheduleThread
from models.enums import ThreadStatus
from sandbox.phone import Phone
from tests.end_to_end.stage import Stage, texts

HOUR = timedelta(hours=1)
OPENS = "⏰ Check-in is open"


async def booked(stage: Stage, starts_in: timedelta, **over: object) -> Appointment:
    """Grace is to teach Emily, so long after 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=starts_in, **over)  # type: ignore[arg-type]


def change(stage: Stage, session: Appointment, **values: object) -> None:
    """The session is otherwise now."""
    with stage.database.unit_of_work() as work:
        work.exec(update(Appointment).where(col(Appointment.id) == session.id).values(**values))


def settle(stage: Stage) -> None:
    """The request is withdrawn."""
    with stage.database.unit_of_work() as work:
        work.exec(update(RescheduleThread).values(status=ThreadStatus.WITHDRAWN))


def count(phone: Phone, words: str) -> int:
    """How many messages of the bot say this now."""
    return sum(words in text for text in texts(phone))


def sent(stage: Stage, phone: Phone, words: str) -> int:
    """How many messages with these words were sent to the chat, whatever they say now."""
    return sum(
        words in call["fields"]["text"]
        for call in stage.world.calls.all("sendMessage")
        if call["status"] == 200 and int(call["fields"]["chat_id"]) == phone.chat_id
    )


def is_silent(stage: Stage, words: str) -> bool:
    """Whether the message with these words came without a sound."""
    sent = [one for one in stage.world.calls.all("sendMessage") if words in one["fields"]["text"]]
    return bool(sent[-1]["fields"].get("disable_notification"))
