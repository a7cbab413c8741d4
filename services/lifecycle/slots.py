"""Whether tutor and student are free for a session (SPEC 6)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Appointment, Guardianship, Person, Student
from models.enums import Role
from services.db import Session
from services.rules.refusals.requests import SlotTaken
from services.rules.windows import NOT_OVER


def lock_calendars(session: Session, tutor_id: int, student_id: int) -> None:
    """Lock the rows of tutor and student, in this order, after the session's own.

    When two sessions are moved at once, only one of them gets the slot.
    """
    session.exec(select(Person.id).where(Person.id == tutor_id).with_for_update(key_share=True))
    session.exec(select(Student.id).where(Student.id == student_id).with_for_update(key_share=True))


def require_free(
    session: Session,
    *,
    tutor_id: int,
    student_id: int,
    starts_at: datetime,
    ends_at: datetime,
    besides: int | None,
) -> None:
    """Check that tutor and student have no other live session in the slot, its end excluded.

    Siblings taught together do not clash: same tutor, exactly these times, a common guardian.
    `besides`: session that is being moved. A caller that takes the slot holds `lock_calendars`.
    Refused: SlotTaken.
    """
    taken = taken_by(
        session,
        tutor_id=tutor_id,
        student_id=student_id,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=() if besides is None else (besides,),
    )
    if taken is not None:
        student = session.exec(select(Student.name).where(Student.id == student_id)).one()
        raise SlotTaken(
            whose=Role.PARENT if taken.student_id == student_id else Role.TUTOR,
            tutor_id=tutor_id,
            student=student,
            starts_at=taken.starts_at,
            ends_at=taken.ends_at,
        )


def taken_by(
    session: Session,
    *,
    tutor_id: int,
    student_id: int,
    starts_at: datetime,
    ends_at: datetime,
    besides: Collection[int] = (),
) -> Appointment | None:
    """First other session in the slot, `besides` these; None if it is free.

    What clashes and what does not is said at `require_free`.
    """
    found = session.exec(
        select(Appointment)
        .where(
            or_(
                col(Appointment.tutor_id) == tutor_id,
                col(Appointment.student_id) == student_id,
            ),
            text("appointment.status IN ('scheduled', 'checked_in')"),
            col(Appointment.starts_at) > starts_at - NOT_OVER,
            col(Appointment.starts_at) < ends_at,
            col(Appointment.ends_at) > starts_at,
            col(Appointment.id).not_in(besides),
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )
    slot = (tutor_id, starts_at, ends_at)
    for other in found.all():
        together = (other.tutor_id, other.starts_at, other.ends_at) == slot
        if together and are_siblings(session, student_id, other.student_id):
            continue
        return other
    return None


def are_siblings(session: Session, one: int, other: int) -> bool:
    """Whether two children have a common guardian; a child is not its own sibling."""
    if one == other:
        return False
    first, second = aliased(Guardianship), aliased(Guardianship)
    found = session.exec(
        select(first.person_id)
        .join(second, col(second.person_id) == first.person_id)
        .where(first.student_id == one, second.student_id == other)
        .limit(1)
    )
    return found.first() is not None
