"""A text of over 4,096 characters, which a phone sends as several messages (UX 19)."""

from datetime import timedelta

from sqlmodel import select

from models import AuditEvent, ProblemReport
from models.enums import Action
from sandbox.phone import Phone
from tests.end_to_end.scenes import all_text, disputed, just_over, press, write
from tests.end_to_end.stage import Stage, text_of

FIRST = "He came late and left early. " * 141
REST = "and that is the end of my story"
TOO_LONG = "That is longer than 1000 characters. Please shorten it and send it again."


async def send_split(stage: Stage, phone: Phone, *parts: str, reply_to: int | None = None) -> None:
    """Send the parts of one text at once, as a phone does."""
    for part in parts:
        phone.send_text(part, reply_to)
    await stage.settled()


def reports(stage: Stage) -> list[str | None]:
    with stage.database.reading() as session:
        return [one.text for one in session.exec(select(ProblemReport)).all()]


def told(stage: Stage) -> int:
    """How often coordinators were told of a late change."""
    with stage.database.reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == Action.TELL_COORDINATORS)
        return len(session.exec(query).all())


async def test_the_rest_of_a_split_report_is_not_sent_as_the_report(stage: Stage) -> None:
    await just_over(stage)
    await press(stage, stage.mei, "Acknowledge")
    await press(stage, stage.mei, "Report a problem")

    await send_split(stage, stage.mei, FIRST, FIRST, REST)

    assert reports(stage) == []
    assert all_text(stage.mei).count(TOO_LONG) == 1
    await stage.forward(seconds=10)
    await write(stage, stage.mei, "He came late and left early.")
    assert reports(stage) == ["He came late and left early."]


async def test_the_rest_of_what_comes_late_is_not_told_to_the_coordinators(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=2))
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, "📣 Emily Lim · Today 17:00")
    await press(stage, stage.mei, "Other")

    await send_split(stage, stage.mei, FIRST, REST)

    assert told(stage) == 0
    assert REST not in all_text(stage.priya_in_group)
    await stage.restart()
    await stage.forward(seconds=10)
    await write(stage, stage.mei, "We are ill.")
    assert told(stage) == 1


async def test_the_rest_of_a_split_answer_in_the_group_settles_no_dispute(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    asked = stage.priya_in_group.last()["message_id"]

    await send_split(stage, stage.priya_in_group, FIRST, REST, reply_to=asked)

    assert REST not in text_of(stage.mei.last())
    assert stage.status(session) == "disputed"
    assert "You are not charged" not in all_text(stage.mei)
