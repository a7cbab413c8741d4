"""A tutor's sessions on the pages: today, upcoming, past (SPEC 10)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, or_, text
from sqlmodel import col, func, select

from models import Appointment, Person
from models.enums import Status
from services.db import Session
from services.prepared import Prepared
from services.queries.listed_rows import ListedRow, Pages, rows_by, rows_with
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.windows import CHECK_IN_LEAD, NOT_OVER, end_of_day, start_of_day

A_PAGE = 20
"""How many sessions a page of a list shows."""

_SCHEDULED = text("appointment.status = 'scheduled'")
_CALLED_OFF = text(
    "appointment.status IN ('cancelled_by_tutor', 'cancelled_by_parent', 'not_completed')"
)


class TeachingTab(StrEnum):
    """Tabs of a tutor's sessions, as they are named in addresses."""

    TODAY = "today"
    UPCOMING = "upcoming"
    PAST = "past"


def tab_of(view: SessionView, agency: Agency, now: datetime) -> TeachingTab:
    """The tab in which a session is."""
    row, begins_at = view.appointment, start_of_day(now, agency.zone)
    before = max(end_of_day(now, agency.zone), now + CHECK_IN_LEAD)
    is_on = row.ends_at > begins_at or row.status is Status.CHECKED_IN
    if is_on and begins_at - NOT_OVER < row.starts_at < before:
        return TeachingTab.TODAY
    is_later = row.status is Status.SCHEDULED and row.starts_at >= before
    return TeachingTab.UPCOMING if is_later else TeachingTab.PAST


def taught_today(session: Session, tutor: Person, agency: Agency, now: datetime) -> list[ListedRow]:
    """Sessions of today in the agency's zone, by start, and those that are still in progress.

    One soon after midnight is included as soon as its check-in is open.
    """
    begins_at, ends_at = start_of_day(now, agency.zone), end_of_day(now, agency.zone)
    return rows_with(
        _TODAY,
        session,
        tutor_id=tutor.id,
        begins_at=begins_at,
        after=begins_at - NOT_OVER,
        before=max(ends_at, now + CHECK_IN_LEAD),
    )


def taught_later(
    session: Session, tutor: Person, agency: Agency, now: datetime, page: int
) -> tuple[list[ListedRow], bool]:
    """Page of the scheduled sessions after today, soonest first, and whether more follow."""
    since = end_of_day(now, agency.zone)
    return _LATER.read(session, page, {"tutor_id": tutor.id, "since": since})


def taught_before(
    session: Session, tutor: Person, agency: Agency, now: datetime, page: int
) -> tuple[list[ListedRow], bool]:
    """Page of the sessions before today and of those called off, newest first."""
    until = start_of_day(now, agency.zone)
    return _BEFORE.read(session, page, {"tutor_id": tutor.id, "until": until})


def count_later(session: Session, tutor: Person, agency: Agency, now: datetime) -> int:
    """Number of scheduled sessions after today."""
    since = end_of_day(now, agency.zone)
    return int(_HOW_MANY_LATER.one(session, tutor_id=tutor.id, since=since))


_OWN = Appointment.tutor_id == bindparam("tutor_id")
_IS_LATER = (_OWN, _SCHEDULED, col(Appointment.starts_at) >= bindparam("since"))
_TODAY = Prepared(
    rows_by(
        _OWN,
        or_(
            col(Appointment.ends_at) > bindparam("begins_at"),
            text("appointment.status = 'checked_in'"),
        ),
        col(Appointment.starts_at) > bindparam("after"),
        col(Appointment.starts_at) < bindparam("before"),
    )
)
_LATER = Pages(*_IS_LATER, length=A_PAGE)
_BEFORE = Pages(
    _OWN,
    or_(col(Appointment.starts_at) < bindparam("until"), _CALLED_OFF),
    newest_first=True,
    length=A_PAGE,
)
_HOW_MANY_LATER = Prepared(select(func.count()).select_from(Appointment).where(*_IS_LATER))
