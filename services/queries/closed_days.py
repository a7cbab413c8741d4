"""Days on which no new sessions are made: holidays, and a tutor's leave (SPEC 7)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models import Appointment, Holiday, Person, TutorLeave
from models.enums import LeaveStatus, Status
from services.db import Session
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.sessions import NotFound
from services.rules.weekly import Hindrance

DAY = timedelta(days=1)


def closed_days(
    session: Session, tutor_id: int, first: date, last: date, *, away: Collection[date] = ()
) -> dict[date, Hindrance]:
    """Days from `first` to `last`, both included, on which this tutor gets no new sessions.

    `away`: days of leave that is still to be entered.
    """
    leave = leave_between(session, tutor_id, first, last)
    entered = {
        day: Hindrance.LEAVE
        for one in leave
        for day in _days(max(first, one.starts_on), min(last, one.ends_on))
    }
    wanted = {day: Hindrance.LEAVE for day in away if first <= day <= last}
    shut = {one.date: Hindrance.HOLIDAY for one in holidays_between(session, first, last)}
    return entered | wanted | shut


def require_open_day(
    session: Session,
    tutor_id: int,
    starts_at: datetime,
    zone: ZoneInfo,
    *,
    now_at: datetime | None = None,
    away: Collection[date] = (),
) -> None:
    """Check that a tutor can have a session on the day of this start, in the agency's `zone`.

    `now_at`: start of a session that is moved; on its own day it may stay. `away`: as
    `closed_days` has it. Refused: ClosedDay.
    """
    day = starts_at.astimezone(zone).date()
    if now_at is not None and now_at.astimezone(zone).date() == day:
        return
    if (why := closed_on(session, tutor_id, day, away=away)) is not None:
        raise why


def closed_on(
    session: Session, tutor_id: int, day: date, *, away: Collection[date] = ()
) -> ClosedDay | None:
    """Why a tutor gets no new sessions on a day; None where they do."""
    hindrance = closed_days(session, tutor_id, day, day, away=away).get(day)
    if hindrance is None:
        return None
    return ClosedDay(day=day, is_leave=hindrance is Hindrance.LEAVE, tutor_id=tutor_id)


def on_open_days(
    session: Session,
    appointment: Appointment,
    starts: Iterable[datetime],
    zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> list[datetime]:
    """Those of the starts to which a session can be moved as far as closed days go, in order."""
    days = {start: start.astimezone(zone).date() for start in starts}
    if not days:
        return []
    first, last = min(days.values()), max(days.values())
    closed = closed_days(session, appointment.tutor_id, first, last, away=away)
    own = appointment.starts_at.astimezone(zone).date()
    is_booked = appointment.id > 0 and appointment.status is Status.SCHEDULED
    may_stay = {own} - {*away} if is_booked else set()
    return [start for start, day in days.items() if day not in closed or day in may_stay]


LOOKED_AHEAD = 60
"""Days among which open ones are looked for."""


def next_open_days(
    session: Session, tutor_id: int, first: date, count: int, *, away: Collection[date] = ()
) -> list[date]:
    """The first days from `first` on, so many, on which this tutor can get sessions."""
    days = _days(first, first + DAY * LOOKED_AHEAD)
    closed = closed_days(session, tutor_id, days[0], days[-1], away=away)
    return [day for day in days if day not in closed][:count]


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


def everybodys_leave(session: Session, today: date) -> list[tuple[TutorLeave, str]]:
    """Leave of all tutors that is not over, in order, with the tutor's name."""
    found = session.exec(
        select(TutorLeave, Person.name)
        .join(Person, col(Person.id) == TutorLeave.tutor_id)
        .where(TutorLeave.status == LeaveStatus.TAKEN, TutorLeave.ends_on >= today)
        .order_by(col(TutorLeave.starts_on), col(TutorLeave.id))
    )
    return [(leave, name) for leave, name in found.all()]
