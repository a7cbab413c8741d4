"""Free times that are offered as buttons when a session is moved (UX 10).

A time may be taken before it is chosen: `services.lifecycle.slots` decides then.
"""

from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment
from services.db import Session
from services.rules.offered_slots import (
    DAYS,
    SUGGESTIONS,
    hours_of,
    overlaps,
    same_time_on_other_days,
    usual_times,
)
from services.rules.reschedule import new_end
from services.rules.windows import NOT_OVER

HABIT = timedelta(days=28)
"""How far back and ahead a tutor's usual times are looked for."""


def suggested_starts(
    session: Session, appointment: Appointment, now: datetime, zone: ZoneInfo
) -> list[datetime]:
    """First free times, in order: the same time on other days, the tutor's usual times."""
    known = session.exec(
        select(Appointment.starts_at).where(
            Appointment.tutor_id == appointment.tutor_id,
            col(Appointment.starts_at) > now - HABIT,
            col(Appointment.starts_at) < now + HABIT,
        )
    )
    same = list(same_time_on_other_days(appointment.starts_at, now, zone))
    usual = [start for start in usual_times(known.all(), now, zone) if start not in same]
    until = now + timedelta(days=DAYS + 2)
    taken = _taken(session, appointment, now, until)
    free = [
        start
        for start in chain(same, usual)
        if _is_possible(appointment, start, now) and not _clashes(appointment, start, taken)
    ]
    return sorted(free[:SUGGESTIONS])


def starts_of_day(
    session: Session, appointment: Appointment, day: date, now: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Free hours of one day, in order."""
    hours = [
        start
        for start in hours_of(day, appointment.starts_at, zone)
        if _is_possible(appointment, start, now)
    ]
    if not hours:
        return []
    length = appointment.ends_at - appointment.starts_at
    taken = _taken(session, appointment, hours[0], hours[-1] + length)
    return [start for start in hours if not _clashes(appointment, start, taken)]


def _taken(
    session: Session, appointment: Appointment, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """Times of the tutor's and the student's other live sessions."""
    found = session.exec(
        select(Appointment.starts_at, Appointment.ends_at).where(
            or_(
                col(Appointment.tutor_id) == appointment.tutor_id,
                col(Appointment.student_id) == appointment.student_id,
            ),
            text("appointment.status IN ('scheduled', 'checked_in')"),
            col(Appointment.id) != appointment.id,
            col(Appointment.starts_at) > start - NOT_OVER,
            col(Appointment.starts_at) < end,
            col(Appointment.ends_at) > start,
        )
    )
    return list(found.all())


def _is_possible(appointment: Appointment, start: datetime, now: datetime) -> bool:
    return start > now and start != appointment.starts_at


def _clashes(
    appointment: Appointment, start: datetime, taken: list[tuple[datetime, datetime]]
) -> bool:
    end = new_end(appointment.starts_at, appointment.ends_at, start)
    return overlaps(start, end, taken)
