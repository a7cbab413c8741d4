"""A child's sessions on the pages, in four tabs (SPEC 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, text
from sqlmodel import col, func, select

from models import Appointment, Person, Student
from services.db import Session
from services.queries.sessions import SessionView, children_of, views_where
from services.rules.windows import NOT_OVER

UPCOMING = timedelta(days=7)
A_PAGE = 20
"""How many sessions a page of a tab shows."""


class Tab(StrEnum):
    """Tabs of a child's sessions, as they are named in addresses."""

    AWAITING = "awaiting"
    UPCOMING = "upcoming"
    FUTURE = "future"
    PAST = "past"


@dataclass(frozen=True)
class Counts:
    """Numbers of sessions in the tabs that are finite."""

    awaiting: int
    upcoming: int
    future: int


_AWAITING = text("appointment.status = 'awaiting_approval_parent'")
_LIVE = text("appointment.status IN ('scheduled', 'checked_in')")
_SCHEDULED = text("appointment.status = 'scheduled'")
_CLOSED = text("appointment.status NOT IN ('scheduled', 'checked_in', 'awaiting_approval_parent')")


def children(session: Session, parent: Person) -> list[Student]:
    """Parent's children by name, without those whom they teach (SPEC 9)."""
    ids = sorted(children_of(session, parent))
    if not ids:
        return []
    found = session.exec(
        select(Student).where(col(Student.id).in_(ids)).order_by(Student.name, col(Student.id))
    )
    return list(found.all())


def counts(session: Session, child_id: int, now: datetime) -> Counts:
    """Numbers of the child's sessions by tab."""
    numbers = (
        select(func.count())
        .select_from(Appointment)
        .where(Appointment.student_id == child_id, _in(tab, now))
        .scalar_subquery()
        for tab in (Tab.AWAITING, Tab.UPCOMING, Tab.FUTURE)
    )
    return Counts(*session.exec(select(*numbers)).one())


def sessions_in(
    session: Session, child_id: int, tab: Tab, now: datetime, page: int
) -> tuple[list[SessionView], bool]:
    """Page of a tab of the child's sessions, and whether more follow.

    Past ones come newest first, all others soonest first.
    """
    found = views_where(
        session,
        Appointment.student_id == child_id,
        _in(tab, now),
        newest_first=tab is Tab.PAST,
        limit=A_PAGE + 1,
        offset=(page - 1) * A_PAGE,
    )
    return found[:A_PAGE], len(found) > A_PAGE


def next_of(session: Session, child_id: int, now: datetime) -> SessionView | None:
    """Child's next scheduled session, however far away."""
    found = views_where(
        session,
        Appointment.student_id == child_id,
        _SCHEDULED,
        Appointment.starts_at > now,
        limit=1,
    )
    return next(iter(found), None)


def _in(tab: Tab, now: datetime) -> ColumnElement[bool]:
    """Condition of a tab: each session is in exactly one."""
    starts_at, ends_at = col(Appointment.starts_at), col(Appointment.ends_at)
    long_ago, soon = now - NOT_OVER, now + UPCOMING
    match tab:
        case Tab.AWAITING:
            return and_(_AWAITING)
        case Tab.UPCOMING:
            return and_(_LIVE, starts_at > long_ago, ends_at > now, starts_at < soon)
        case Tab.FUTURE:
            return and_(_SCHEDULED, starts_at >= soon)
        case Tab.PAST:
            return or_(_CLOSED, and_(_LIVE, or_(starts_at <= long_ago, ends_at <= now)))
