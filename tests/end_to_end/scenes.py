"""Where the tests of parents and coordinators begin: a session just over, or disputed."""

import re
from datetime import timedelta

from sqlmodel import select

from models import Appointment, Person, RescheduleProposal, RescheduleThread
from models.enums import Role, Status
from sandbox.phone import Phone
from sandbox.wire import Json
from tests.end_to_end.stage import MARCUS, Stage, buttons, labels, text_of, texts

TEXT = "They left after half an hour."
"""What Mei writes when she disputes."""
WHY = "The tutor showed the app log."
"""What a coordinator writes when they settle."""
REPORT = "The tutor did not come."
"""What Mei writes when she reports a problem."""
LINK = re.compile(r"\?start=([\w-]+)")


async def under_way(stage: Stage) -> Appointment:
    """The usual cast; Grace has been with Emily since 13:40, and it is 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )


async def just_over(stage: Stage) -> Appointment:
    """Grace has checked out at 15:00: both parents have their card."""
    session = await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    return session


async def disputed(stage: Stage) -> Appointment:
    """Mei has disputed: the coordinators' group has its card."""
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Shorter than booked")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Dispute")
    return session


def ask_to_move(stage: Stage, session: Appointment, side: Role) -> None:
    """Grace, or Mei, has just asked to move a session by two hours."""
    starts_at, ends_at = session.starts_at, session.ends_at
    who = "Grace Tan" if side is Role.TUTOR else "Mei Lim"
    with stage.database.unit_of_work() as work:
        proposer = work.exec(select(Person).where(Person.name == who)).one()
        thread = RescheduleThread(
            appointment_id=session.id, opened_at=stage.now, expires_at=starts_at
        )
        work.add(thread)
        work.flush()
        work.add(
            RescheduleProposal(
                thread_id=thread.id,
                side=side,
                proposed_by_id=proposer.id,
                new_starts_at=starts_at + timedelta(hours=2),
                new_ends_at=ends_at + timedelta(hours=2),
                proposed_at=stage.now,
            )
        )


async def almost_asked(stage: Stage, phone: Phone, when: str, reason: str) -> int:
    """Somebody asks for another time of their next session, all but *Send*; the message that asks.

    `reason` is a button's label.
    """
    await write(stage, phone, "/change")
    await press(stage, phone, labels(phone.last())[0])
    await press(stage, phone, "Change time")
    await write(stage, phone, when)
    await press(stage, phone, reason)
    return int(phone.last()["message_id"])


def take(stage: Stage, session: Appointment, starts_in: timedelta, minutes: int = 90) -> None:
    """Tutor and child of a session have another one then."""
    with stage.database.unit_of_work() as work:
        start = stage.now + starts_in
        work.add(
            Appointment(
                tutor_id=session.tutor_id,
                student_id=session.student_id,
                subject="Physics",
                starts_at=start,
                ends_at=start + timedelta(minutes=minutes),
                status=Status.SCHEDULED,
                created_at=stage.now,
            )
        )


def marcus(stage: Stage) -> Phone:
    """The private chat of the second coordinator."""
    return Phone(stage.world, MARCUS)


async def follow(stage: Stage, phone: Phone, link: str) -> None:
    """Follow the link t.me/…?start=… that is in a text, or behind a button."""
    found = LINK.search(link)
    assert found is not None, link
    phone.start(found[1])
    await stage.settled()


async def look_at(stage: Stage, phone: Phone, session: Appointment) -> None:
    """A coordinator opens the card of a session, by a link as the group has it."""
    phone.start(f"replace_{session.id}")
    await stage.settled()


async def press(stage: Stage, phone: Phone, label: str, message_id: int | None = None) -> str:
    """Tap a button; what the toast says, empty where the tap was answered without one."""
    query_id = phone.press(label, message_id)
    await stage.settled()
    answers = stage.world.calls.all("answerCallbackQuery")
    told = [one["fields"] for one in answers if one["fields"]["callback_query_id"] == query_id]
    return str(told[0].get("text") or "")


async def write(stage: Stage, phone: Phone, text: str, reply_to: int | None = None) -> str:
    """Send a text; what the newest message of the chat says after that."""
    phone.send_text(text, reply_to)
    await stage.settled()
    return text_of(phone.last())


async def answer_in_group(stage: Stage, phone: Phone, text: str) -> str:
    """Reply to what the bot wrote last in the group."""
    bot_id = stage.world.bot.id
    asked = [one for one in phone.messages() if one["from"]["id"] == bot_id][-1]
    return await write(stage, phone, text, reply_to=asked["message_id"])


async def report(stage: Stage, phone: Phone, text: str) -> None:
    """A parent reports a problem, by the button of the newest card."""
    await press(stage, phone, "Report a problem")
    await write(stage, phone, text)


async def reported(stage: Stage) -> None:
    """Mei has acknowledged Emily's session, and reports a problem with it."""
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await report(stage, stage.mei, REPORT)


async def tell(stage: Stage, phone: Phone, reason: str) -> None:
    """Somebody tells the coordinators what comes late; `reason` is a button's label."""
    await press(stage, phone, "Tell the coordinators")
    await press(stage, phone, reason)


def asked_of(phone: Phone) -> int | None:
    """The message to which the phone opens a reply by itself."""
    keyboards = phone.world.keyboards
    forced = keyboards.forced.get(keyboards.key(phone.user_id, phone.chat_id))
    return forced["message_id"] if forced else None


def message_of(phone: Phone, message_id: int) -> Json:
    """A message of the chat, as it stands there now."""
    return next(one for one in phone.messages() if one["message_id"] == message_id)


def card_of(phone: Phone, needle: str) -> Json:
    """The newest message of the chat that says this."""
    return next(one for one in reversed(phone.messages()) if needle in text_of(one))


def all_text(phone: Phone) -> str:
    """Everything that the bot wrote in a chat, as it stands there now."""
    return "\n".join(texts(phone))


def live_buttons(phone: Phone) -> list[int]:
    """The ids of the messages that have buttons of ours to tap."""
    return [
        message["message_id"]
        for message in phone.messages()
        for row in buttons(message)[:1]
        if "callback_data" in row[0]
    ]
