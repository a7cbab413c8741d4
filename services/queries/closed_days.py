"""Days on which no new sessions are made: holidays, and a tutor's leave (SPEC 7)."""

from datetime import date, timedelta

from sqlmodel import col, select

from models import Holiday, TutorLeave
from models.enums import LeaveStatus
from services.db import Session
from services.rules.refusals.sessions import NotFound
from services.rules.weekly import Hindrance

DAY = timedelta(days=1)


def closed_days(session: Session, tutor_id: int, first: date, last: date) -> dict[date, Hindrance]:
    """Days from `first` to `last`, both included, on which this tutor gets no new sessions."""
    leave = leave_between(session, tutor_id, first, last)
    away = {
        day: Hindrance.LEAVE
        for one in leave
        for day in _days(max(first, one.starts_on), min(last, one.ends_on))
    }
    shut = {one.date: Hindrance.HOLIDAY for one in holidays_between(session, first, last)}
    return away | shut


def holidays_between(session: Session, first: date, last: date) -> list[Holiday]:
    """Holidays from `first` to `last`, both included, in order."""
    found = session.exec(
        select(Holiday)
        .where(Holiday.date >= first, Holiday.date <= last)
        .order_by(col(Holiday.date))
    )
    return list(found.all())


def leave_between(session: Session, tutor_id: int, first: date, last: date) -> list[TutorLeave]:
    """Tutor's leave that has a day from `first` to `last`, both included, in order."""
    found = session.exec(
        select(TutorLeave)
        .where(
            TutorLeave.tutor_id == tutor_id,
            TutorLeave.status == LeaveStatus.TAKEN,
            TutorLeave.starts_on <= last,
            TutorLeave.ends_on >= first,
        )
        .order_by(col(TutorLeave.starts_on), col(TutorLeave.id))
    )
    return list(found.all())


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]


def leave_with(session: Session, leave_id: int) -> TutorLeave:
    """Leave with this id. Refused: NotFound."""
    leave = session.get(TutorLeave, leave_id)
    if leave is None:
        raise NotFound
    return leave


def leave_to_come(session: Session, tutor_id: int, today: date) -> list[TutorLeave]:
    """Tutor's leave that is not over, in order."""
    return leave_between(session, tutor_id, today, date.max)
