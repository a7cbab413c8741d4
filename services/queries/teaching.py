"""A tutor's sessions on the pages: today, upcoming, past (SPEC 10)."""

from datetime import datetime

from sqlalchemy import or_, text
from sqlmodel import col, func, select

from models import Appointment, Person
from services.db import Session
from services.queries.sessions import SessionView, views_where
from services.rules.agency import Agency
from services.rules.windows import CHECK_IN_LEAD, NOT_OVER, end_of_day, start_of_day

A_PAGE = 20
"""How many sessions a page of a list shows."""

_SCHEDULED = text("appointment.status = 'scheduled'")
_CALLED_OFF = text(
    "appointment.status IN ('cancelled_by_tutor', 'cancelled_by_parent', 'not_completed')"
)


def taught_today(
    session: Session, tutor: Person, agency: Agency, now: datetime
) -> list[SessionView]:
    """Sessions of today in the agency's zone, by start, and those that are still in progress.

    One soon after midnight is included as soon as its check-in is open.
    """
    begins_at, ends_at = start_of_day(now, agency.zone), end_of_day(now, agency.zone)
    return views_where(
        session,
        Appointment.tutor_id == tutor.id,
        or_(
            col(Appointment.ends_at) > begins_at,
            text("appointment.status = 'checked_in'"),
        ),
        Appointment.starts_at > begins_at - NOT_OVER,
        Appointment.starts_at < max(ends_at, now + CHECK_IN_LEAD),
    )


def taught_later(
    session: Session, tutor: Person, agency: Agency, now: datetime, page: int
) -> tuple[list[SessionView], bool]:
    """Page of the scheduled sessions after today, soonest first, and whether more follow."""
    return _page(
        session,
        page,
        Appointment.tutor_id == tutor.id,
        _SCHEDULED,
        Appointment.starts_at >= end_of_day(now, agency.zone),
    )


def taught_before(
    session: Session, tutor: Person, agency: Agency, now: datetime, page: int
) -> tuple[list[SessionView], bool]:
    """Page of the sessions before today and of those called off, newest first."""
    return _page(
        session,
        page,
        Appointment.tutor_id == tutor.id,
        or_(col(Appointment.starts_at) < start_of_day(now, agency.zone), _CALLED_OFF),
        newest_first=True,
    )


def count_later(session: Session, tutor: Person, agency: Agency, now: datetime) -> int:
    """Number of scheduled sessions after today."""
    found = session.exec(
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.tutor_id == tutor.id,
            _SCHEDULED,
            Appointment.starts_at >= end_of_day(now, agency.zone),
        )
    )
    return found.one()


def _page(
    session: Session, page: int, *conditions: object, newest_first: bool = False
) -> tuple[list[SessionView], bool]:
    found = views_where(
        session,
        *conditions,
        newest_first=newest_first,
        limit=A_PAGE + 1,
        offset=(page - 1) * A_PAGE,
    )
    return found[:A_PAGE], len(found) > A_PAGE
