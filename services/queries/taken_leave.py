"""What came of a tutor's leave when it was entered (SPEC 7)."""

from sqlmodel import select

from models import OutboxMessage, TutorLeave
from services.db import Session
from services.messaging.messages.base import read
from services.messaging.messages.matches import LeaveTaken


def taken_leave(
    session: Session, leave_id: int | None, tutor_id: int | None = None
) -> tuple[TutorLeave, LeaveTaken | None] | None:
    """Leave, and how many sessions it concerned, as the coordinators were told; None without one.

    `tutor_id`: only where it is this tutor's.
    """
    leave = None if leave_id is None else session.get(TutorLeave, leave_id)
    if leave is None or tutor_id not in (None, leave.tutor_id):
        return None
    told = session.exec(
        select(OutboxMessage.payload).where(OutboxMessage.dedupe_key == f"leave_taken:{leave_id}")
    ).first()
    return leave, None if told is None else read(LeaveTaken, dict(told))
