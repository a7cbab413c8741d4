"""Scenes that tests of notes share, and the rows that they look at."""

from datetime import timedelta

from sqlmodel import col, select

from models import Appointment, NotePart
from models.enums import Status
from sandbox.wire import Json
from tests import builders
from tests.end_to_end.scenes import write
from tests.end_to_end.stage import Stage, labels

PROMPT = "Send text, photos, documents or voice memos"
TALLY = "So far:"
_OF_A_SITTING = {"Remove last", "Done", "Skip for now"}


def parts_of(stage: Stage, appointment: Appointment) -> list[NotePart]:
    """The parts that a session's notes have now, in the order of their messages."""
    with stage.database.reading() as session:
        found = session.exec(
            select(NotePart)
            .where(NotePart.appointment_id == appointment.id, col(NotePart.removed_at).is_(None))
            .order_by(col(NotePart.message_id))
        )
        return list(found.all())


def tallies(stage: Stage) -> list[Json]:
    """The messages in Grace's chat that have buttons of a note batch."""
    return [one for one in stage.grace.messages() if _OF_A_SITTING & set(labels(one))]


async def notes_begun(stage: Stage) -> Appointment:
    """Grace has checked out of Emily's session at 15:00 and is asked for notes."""
    grace, _, _, emily = stage.people()
    session = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    await write(stage, stage.grace, "/checkout")
    return session


async def second_session_over(stage: Stage) -> tuple[Appointment, Appointment]:
    """Two of Grace's sessions of today await their parents: Emily's and Ryan's."""
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        ryan = builders.student(session, name="Ryan Lim", guardians=[mei])
    over = Status.AWAITING_APPROVAL_PARENT
    first = await stage.session(grace, emily, starts_in=timedelta(hours=-2), status=over)
    second = await stage.session(grace, ryan, starts_in=timedelta(hours=-4), status=over)
    return first, second
