"""All sessions as coordinators list them: by person, child, status, day and flag (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    bindparam,
    extract,
    text,
    tuple_,
)
from sqlmodel import col, func, or_, select

from models import Appointment, Guardianship, NotePart, Person, Student
from models.appointment import OTHERWISE
from models.columns import UtcDateTime
from models.enums import Kind, MissedKind, Status
from services.db import Session
from services.lifecycle.beyond_status import BEYOND
from services.lifecycle.facts import flags_of_row
from services.prepared import Prepared
from services.queries.containing import contains
from services.queries.list_places import Place
from services.queries.own_sessions import first_ids
from services.queries.queue_filter import PERSON, SINCE, STUDENT, UNTIL, QueueFilter, values_of
from services.queries.queue_matters import MISSED
from services.rules import attendance
from services.rules.agency import Agency
from services.rules.attendance_flags import Flag, Raised

A_PAGE = 50
"""Most sessions on a page."""
FLAGGED_SINCE = timedelta(days=60)
"""How far back flags are looked for, where no first day is given: no index knows them."""
FURTHEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Instant before which every session begins."""
_OTHERWISE = {status for status in Status if f"'{status.value}'" in OTHERWISE}


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions are wanted; all of them where nothing is said."""

    person_id: int | None = None
    """Their tutor, or a parent of the child."""
    student_id: int | None = None
    words: str = ""
    """Part of the name of the child or the tutor, or of the subject."""
    status: Status | None = None
    missed: MissedKind | None = None
    since: date | None = None
    until: date | None = None
    flag: Flag | None = None


class ListedAttendance(NamedTuple):
    """A session of the list: not its whole row, since a page has fifty of them."""

    id: int
    subject: str
    status: Status
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    student_absent: bool
    tutor: str
    student: str
    beyond: str | None
    """What its status does not tell: a value of `Beyond`."""
    has_notes: bool

    @property
    def raised(self) -> tuple[Raised, ...]:
        """What stands out in its attendance."""
        return flags_of_row(self, has_notes=self.has_notes)

    def missed(self, agency: Agency, now: datetime) -> MissedKind | None:
        """Tap that is missing and can no longer come (SPEC 3)."""
        return attendance.missed(self.status, self.starts_at, self.ends_at, agency.zone, now)


def sessions_listed(
    session: Session,
    wanted: SessionFilter,
    agency: Agency,
    now: datetime,
    *,
    after: Place | None = None,
    length: int = A_PAGE,
) -> tuple[list[ListedAttendance], Place | None]:
    """A page of sessions, and the place after which the next one begins.

    What is to come, soonest first, and then the past, newest first.
    """
    seen_at = after.seen_at if after else now.replace(microsecond=0)
    children = _children(session, wanted)
    values = _values(wanted, agency, now, seen_at, after)
    values |= {_name(number): child for number, child in enumerate(children or ())}
    rows: list[Any] = []
    for is_ahead in (True, False):
        is_behind = after is not None and after.is_ahead < is_ahead
        if is_behind or len(rows) > length or (is_ahead and _is_of_the_past(wanted)):
            continue
        follows = after is not None and after.is_ahead is is_ahead
        asks = _asks(wanted, children, is_ahead=is_ahead, after=follows)
        rows += _listed(asks, length + 1).some_of(session, values)
    shown = rows[:length]
    noted = _with_notes(session, [row.id for row in shown])
    found = [ListedAttendance._make((*row, row.id in noted)) for row in shown]
    last = found[-1] if len(rows) > length else None
    return found, Place(last.starts_at, last.id, seen_at) if last else None


def _is_of_the_past(wanted: SessionFilter) -> bool:
    """Whether what is wanted has begun: nothing that is to come is looked through for it."""
    return wanted.missed is not None or wanted.flag is not None


def _children(session: Session, wanted: SessionFilter) -> Sequence[int] | None:
    """Ids of the children of the person that is wanted; None where none is."""
    if wanted.person_id is None:
        return None
    return _CHILDREN.firsts(session, person_id=wanted.person_id)


def _with_notes(session: Session, ids: list[int]) -> set[int]:
    """Those of these sessions that have notes."""
    return set(_NOTED.firsts(session, ids=ids))


# ---------------------------------------------------------- statements, built once for each shape


class Asks(NamedTuple):
    """Which conditions a filter makes."""

    student: bool
    children: int | None
    """Number of children of the person that is wanted; None where none is."""
    words: bool
    status: Status | None
    missed: MissedKind | None
    since: bool
    until: bool
    flag: Flag | None
    is_ahead: bool
    """Whether it asks for what is to come, soonest first; else for the past, newest first."""
    after: bool


def _asks(
    wanted: SessionFilter, children: Sequence[int] | None, *, is_ahead: bool, after: bool
) -> Asks:
    return Asks(
        wanted.student_id is not None,
        None if children is None else len(children),
        bool(wanted.words),
        wanted.status,
        wanted.missed,
        wanted.since is not None,
        wanted.until is not None,
        wanted.flag,
        is_ahead,
        after,
    )


def _values(
    wanted: SessionFilter,
    agency: Agency,
    now: datetime,
    seen_at: datetime,
    after: Place | None,
) -> dict[str, object]:
    shared = QueueFilter(
        None, wanted.person_id, wanted.student_id, wanted.words, wanted.since, wanted.until
    )
    return values_of(shared, agency, now) | {
        "flagged_since": now - FLAGGED_SINCE,
        "seen_at": seen_at,
        "furthest": FURTHEST,
        "after_start": after.starts_at if after else None,
        "after_id": after.id if after else None,
    }


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer)


def _instant(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime)


def _name(child: int) -> str:
    return f"child_{child}"


@cache
def _listed(asks: Asks, length: int) -> Prepared:
    """Statement for so many sessions. Were the number given each time, PostgreSQL would plan for a
    tenth of all sessions, or each page anew.
    """
    row, conditions = Appointment, _conditions(asks)
    order = _SOONEST_FIRST if asks.is_ahead else _NEWEST_FIRST
    if asks.children is not None:
        children = [_number(_name(child)) for child in range(asks.children)]
        ids = first_ids(PERSON, children, *conditions, order=order, reach=length)
        conditions = [col(row.id).in_(ids)]
    return Prepared(
        select(  # type: ignore[call-overload]
            *(row.id, row.subject, row.status, row.kind, row.starts_at, row.ends_at),
            *(row.checked_in_at, row.checked_out_at, row.student_absent),
            *(col(Person.name), col(Student.name), BEYOND),
        )
        .join(Person, col(Person.id) == row.tutor_id)
        .join(Student, col(Student.id) == row.student_id)
        .where(*conditions)
        .order_by(*order)
        .limit(length)
    )


def _conditions(asks: Asks) -> list[Any]:
    starts_at = col(Appointment.starts_at)
    place = tuple_(starts_at, col(Appointment.id))
    after = tuple_(_instant("after_start"), _number("after_id"))
    every = (
        (asks.student, col(Appointment.student_id) == STUDENT),
        (asks.words, _called()),
        (asks.since, starts_at >= SINCE),
        (asks.until, starts_at < UNTIL),
        (asks.flag and not asks.since, starts_at > _instant("flagged_since")),
        (asks.after, place > after if asks.is_ahead else place < after),
    )
    found: list[Any] = [condition for is_made, condition in every if is_made]
    found.append(starts_at >= _SEEN_AT if asks.is_ahead else starts_at < _SEEN_AT)
    if asks.is_ahead and asks.children is not None:
        # With an end PostgreSQL expects few sessions, as there are, and keeps its plan.
        found.append(starts_at < _instant("furthest"))
    if asks.status is not None:
        found += _with_status(asks.status)
    if asks.missed is not None:
        found += MISSED[asks.missed]
    if asks.flag is not None:
        found.append(_FLAGGED[asks.flag])
    return found


def _with_status(status: Status) -> list[Any]:
    """Conditions as the partial indexes have them, which know the order of the list.

    Approved sessions are most of all: the newest are found without an index of their own.
    """
    found: list[Any] = [text(f"appointment.status = '{status.value}'")]
    if status in _OTHERWISE:
        found.append(text(f"appointment.{OTHERWISE}"))
    return found


def _called() -> ColumnElement[bool]:
    tutors = select(Person.id).where(contains(Person.name, "words"))
    students = select(Student.id).where(contains(Student.name, "words"))
    return or_(
        contains(Appointment.subject, "words"),
        col(Appointment.tutor_id).in_(tutors),
        col(Appointment.student_id).in_(students),
    )


def _seconds(column: Any) -> ColumnElement[int]:
    return extract("epoch", column)


_SEEN_AT = _instant("seen_at")
_SOONEST_FIRST = col(Appointment.starts_at), col(Appointment.id)
_NEWEST_FIRST = col(Appointment.starts_at).desc(), col(Appointment.id).desc()
_CHILDREN = Prepared(
    select(Guardianship.student_id)
    .where(col(Guardianship.person_id) == PERSON)
    .order_by(col(Guardianship.student_id))
)
_CAME, _WENT = col(Appointment.checked_in_at), col(Appointment.checked_out_at)
_A_NOTE = (
    select(NotePart.id)
    .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
    .limit(1)
)
_FLAGGED: dict[Flag, ColumnElement[bool]] = {
    Flag.LATE_START: col(Appointment.starts_at) < _CAME,
    Flag.EARLY_LEAVE: col(Appointment.ends_at) > _WENT,
    Flag.SHORT: (_seconds(_WENT) - _seconds(_CAME)) * 2
    < _seconds(col(Appointment.ends_at)) - _seconds(col(Appointment.starts_at)),
    Flag.NO_NOTES: _WENT.is_not(None) & (func.coalesce(_A_NOTE.scalar_subquery(), 0) < 1),
}
"""Sessions with each flag, as `services.rules.attendance_flags` raises it, to the second.

Notes are looked for session by session, until a page is full: of a comparison PostgreSQL expects
that every third session is found, where it would join all notes for a NOT EXISTS.
"""
_NOTED = Prepared(
    select(NotePart.appointment_id)
    .where(
        col(NotePart.appointment_id).in_(bindparam("ids", type_=Integer, expanding=True)),
        col(NotePart.removed_at).is_(None),
    )
    .distinct()
)
