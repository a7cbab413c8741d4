"""A coordinator goes from one dispute to another and back: one question for each (SPEC 9)."""

from datetime import timedelta

from sqlmodel import col, select

from models import Appointment, Dialogue, Person, Student
from models.enums import Status
from sandbox.phone import Phone
from tests.end_to_end.scenes import (
    TEXT,
    WHY,
    all_text,
    answer_in_group,
    card_of,
    disputed,
    press,
    write,
)
from tests.end_to_end.stage import Stage, text_of

CARD = "⚠️ Dispute {number}"


async def two_disputes(stage: Stage) -> None:
    """Mei has disputed two sessions."""
    await disputed(stage)
    with stage.database.reading() as work:
        grace = work.exec(select(Person).where(Person.name == "Grace Tan")).one()
        emily = work.exec(select(Student)).one()
    await stage.session(
        grace,
        emily,
        starts_in=-timedelta(hours=6),
        status=Status.AWAITING_APPROVAL_PARENT,
        subject="Physics",
    )
    await write(stage, stage.mei, "/pending")
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Conduct")
    await write(stage, stage.mei, TEXT)
    await press(stage, stage.mei, "Dispute")


async def decide(stage: Stage, decision: str, number: int) -> None:
    card = card_of(stage.priya_in_group, CARD.format(number=number))
    await press(stage, stage.priya_in_group, decision, card["message_id"])


def kept(stage: Stage) -> list[str]:
    """Settlements that were put aside for another, by name."""
    with stage.database.reading() as session:
        names = session.exec(select(Dialogue.name).where(col(Dialogue.name).like("settlement/%")))
        return sorted(names.all())


async def test_another_decision_takes_up_the_same_dispute(stage: Stage) -> None:
    await two_disputes(stage)
    await decide(stage, "Verify", 1)
    await decide(stage, "Verify", 2)
    assert kept(stage) == ["settlement/dispute:1"]

    await decide(stage, "Uphold", 1)

    assert kept(stage) == ["settlement/dispute:2"]
    assert all_text(stage.priya_in_group).count("Why are you verifying") == 1
    assert all_text(stage.priya_in_group).count("Why are you upholding") == 1


async def test_a_reply_to_a_question_for_somebody_else_answers_no_other(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Uphold")
    hers = stage.priya_in_group.last()["message_id"]
    await decide_as(stage, stage.marcus_in_group, "Verify")

    await write(stage, stage.marcus_in_group, "I think so, too", reply_to=hers)

    told = text_of(stage.marcus_in_group.last())
    assert "You replied to a question for somebody else, so nothing was done." in told
    assert "Why are you verifying this session?" in told
    assert status_of(stage) is Status.DISPUTED
    await answer_in_group(stage, stage.marcus_in_group, WHY)
    assert status_of(stage) is Status.APPROVED


async def decide_as(stage: Stage, phone: Phone, decision: str) -> None:
    card = card_of(phone, CARD.format(number=1))
    await press(stage, phone, decision, card["message_id"])


def status_of(stage: Stage) -> Status:
    with stage.database.reading() as session:
        return session.exec(select(Appointment)).one().status
