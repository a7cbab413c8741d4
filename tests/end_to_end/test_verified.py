"""What a coordinator verifies comes as a message to those who pay and teach (SPEC 5; UX 21)."""

from datetime import timedelta

from sqlmodel import select

from models import Appointment, Person
from models.enums import Status
from services.approvals.approvals import verify
from tests.builders import acting
from tests.end_to_end.scenes import press
from tests.end_to_end.stage import Stage, labels, text_of

WHY = "Nobody answered for days."


def verified(stage: Stage, *sessions: Appointment) -> None:
    """Priya verifies these at once."""
    told_at = stage.now + timedelta(seconds=30)
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        for one in sessions:
            verify(session, one.id, acting(priya, stage.now), WHY, told_at=told_at)
    stage.running.app.wake_relay()


async def attended(stage: Stage, *days_ago: int) -> list[Appointment]:
    """Sessions of so many days ago that no parent has answered."""
    grace, _, _, emily = stage.people()
    return [
        await stage.session(
            grace,
            emily,
            starts_in=-timedelta(days=days),
            status=Status.AWAITING_APPROVAL_PARENT,
        )
        for days in days_ago
    ]


async def test_one_session_comes_as_its_card(stage: Stage) -> None:
    (session,) = await attended(stage, 3)
    verified(stage, session)
    await stage.forward(minutes=1)

    for phone in (stage.mei, stage.daniel, stage.grace):
        (told,) = phone.messages()
        assert text_of(told).startswith("Verified: the session counts as held.\nEmily Lim")
        assert text_of(told).endswith(f"Priya Nair verified this at 15:00\nReason:\n{WHY}")


async def test_several_at_once_come_in_one_message_with_a_way_to_each(stage: Stage) -> None:
    sessions = await attended(stage, 5, 4)
    verified(stage, *sessions)
    await stage.forward(minutes=1)

    for phone in (stage.mei, stage.daniel):
        (told,) = phone.messages()
        assert text_of(told).split("\n") == [
            "✅ Verified: these sessions count as held.",
            "Reason:",
            WHY,
            "",
            "1. Emily Lim · Mathematics",
            "Fri 20 Nov 15:00-16:30",
            "with Grace Tan",
            "",
            "2. Emily Lim · Mathematics",
            "Sat 21 Nov 15:00-16:30",
            "with Grace Tan",
        ]
        assert labels(told) == ["Details 1", "Details 2"]
    (told,) = stage.grace.messages()
    assert "📍 18 Bishan Street" in text_of(told)

    await press(stage, stage.mei, "Details 2")
    assert "Sat 21 Nov 15:00-16:30" in text_of(stage.mei.last())
    assert "Verified: the session counts as held." in text_of(stage.mei.last())


async def test_verified_again_nobody_is_told_again(stage: Stage) -> None:
    (session,) = await attended(stage, 3)
    verified(stage, session)
    await stage.forward(minutes=1)
    verified(stage, session)
    await stage.forward(minutes=1)

    assert len(stage.mei.messages()) == len(stage.grace.messages()) == 1
