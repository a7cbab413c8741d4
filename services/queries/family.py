"""A child's sessions on the pages, in four tabs (SPEC 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, bindparam, or_, text
from sqlmodel import col, func, select

from models import Appointment, Guardianship, Person, Student
from models.columns import UtcDateTime
from models.enums import Status
from services.db import Session
from services.prepared import Prepared
from services.queries.listed_rows import ListedRow, Pages
from services.queries.sessions import IS_PARENT_ONLY, SessionView, views_by
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


@dataclass(frozen=True)
class Child:
    """A parent's child, with the number of its sessions that await the parents' answer."""

    student: Student
    awaiting: int


def children(session: Session, parent: Person) -> list[Student]:
    """Parent's children by name, without those whom they teach (SPEC 9)."""
    return _CHILDREN.firsts(session, person_id=parent.id)


def teaches_own(session: Session, parent: Person) -> bool:
    """Whether they are a guardian at all: somebody without `children` teaches all of their own."""
    found = session.exec(select(Guardianship.student_id).where(Guardianship.person_id == parent.id))
    return found.first() is not None


def children_awaiting(session: Session, parent: Person) -> list[Child]:
    """The same, with how much awaits an answer for each."""
    return [Child(*row) for row in _CHILDREN_AWAITING.rows(session, person_id=parent.id)]


def tab_of(view: SessionView, now: datetime) -> Tab:
    """The tab in which a session is."""
    row = view.appointment
    if row.status is Status.AWAITING_APPROVAL_PARENT:
        return Tab.AWAITING
    is_live = row.status in (Status.SCHEDULED, Status.CHECKED_IN)
    if not is_live or row.starts_at <= now - NOT_OVER or row.ends_at <= now:
        return Tab.PAST
    return Tab.UPCOMING if row.starts_at < now + UPCOMING else Tab.FUTURE


def counts(session: Session, child_id: int, now: datetime) -> Counts:
    """Numbers of the child's sessions by tab."""
    return Counts(*_COUNTS.first(session, child_id=child_id, **_times(now)))


def sessions_in(
    session: Session, child_id: int, tab: Tab, now: datetime, page: int
) -> tuple[list[ListedRow], bool]:
    """Page of a tab of the child's sessions, and whether more follow.

    Past ones come newest first, all others soonest first.
    """
    return _PAGES[tab].read(session, page, {"child_id": child_id, **_times(now)})


def next_of(session: Session, child_id: int, now: datetime) -> SessionView | None:
    """Child's next scheduled session, however far away."""
    found = _NEXT.first(session, child_id=child_id, now=now)
    return None if found is None else SessionView(*found)


def _times(now: datetime) -> dict[str, datetime]:
    return {"now": now, "long_ago": now - NOT_OVER, "soon": now + UPCOMING}


_THE_CHILDS = Appointment.student_id == bindparam("child_id")
_NOW, _LONG_AGO, _SOON = (
    bindparam(name, type_=UtcDateTime) for name in ("now", "long_ago", "soon")
)
_STARTS_AT, _ENDS_AT = col(Appointment.starts_at), col(Appointment.ends_at)
_IN: Mapping[Tab, ColumnElement[bool]] = MappingProxyType(
    {
        Tab.AWAITING: and_(_AWAITING),
        Tab.UPCOMING: and_(_LIVE, _STARTS_AT > _LONG_AGO, _ENDS_AT > _NOW, _STARTS_AT < _SOON),
        Tab.FUTURE: and_(_SCHEDULED, _STARTS_AT >= _SOON),
        Tab.PAST: or_(_CLOSED, and_(_LIVE, or_(_STARTS_AT <= _LONG_AGO, _ENDS_AT <= _NOW))),
    }
)
"""Condition of each tab: each session is in exactly one."""
_OF_PARENT = (
    select(Student)
    .join(Guardianship, col(Guardianship.student_id) == Student.id)
    .where(Guardianship.person_id == bindparam("person_id"), IS_PARENT_ONLY)
    .order_by(Student.name, col(Student.id))
)
_CHILDREN = Prepared(_OF_PARENT)
_CHILDREN_AWAITING = Prepared(
    _OF_PARENT.add_columns(
        select(func.count())
        .select_from(Appointment)
        .where(col(Appointment.student_id) == col(Student.id), _AWAITING)
        .correlate(Student)
        .scalar_subquery()
    )
)
_COUNTS = Prepared(
    select(
        *(
            select(func.count())
            .select_from(Appointment)
            .where(_THE_CHILDS, _IN[tab])
            .scalar_subquery()
            for tab in (Tab.AWAITING, Tab.UPCOMING, Tab.FUTURE)
        )
    )
)
_PAGES = {
    tab: Pages(_THE_CHILDS, _IN[tab], newest_first=tab is Tab.PAST, length=A_PAGE) for tab in Tab
}
_NEXT = Prepared(views_by(_THE_CHILDS, _SCHEDULED, _STARTS_AT > _NOW, limit=1))
