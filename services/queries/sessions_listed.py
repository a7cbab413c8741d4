"""All sessions as coordinators list them: by person, child, status, day and flag (SPEC 10)."""

import re
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
_OTHERWISE = {status for status in Status if f"'{status.value}'" in OTHERWISE}
_PLACE = re.compile(r"(\d{8}T\d{6})\.(\d{1,9})", re.ASCII)
_INSTANT = "%Y%m%dT%H%M%S"


class Place(NamedTuple):
    """Place in the list: a session's start, and its id."""

    starts_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.starts_at.astimezone(UTC):{_INSTANT}}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Place that an address names; None where it is none."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        try:
            at = datetime.strptime(found[1], _INSTANT).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(at, int(found[2]))


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
    """A page of sessions, newest first, and the place after which the next one begins."""
    children = _children(session, wanted)
    asks = Asks(
        wanted.student_id is not None,
        None if children is None else len(children),
        bool(wanted.words),
        wanted.status,
        wanted.missed,
        wanted.since is not None,
        wanted.until is not None,
        wanted.flag,
        after is not None,
    )
    values = _values(wanted, agency, now, after)
    values |= {_name(number): child for number, child in enumerate(children or ())}
    rows = _listed(asks, length + 1).some_of(session, values)
    noted = _with_notes(session, [row.id for row in rows])
    found = [ListedAttendance._make((*row, row.id in noted)) for row in rows[:length]]
    last = found[-1] if len(rows) > length else None
    return found, Place(last.starts_at, last.id) if last else None


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
    after: bool


def _values(
    wanted: SessionFilter, agency: Agency, now: datetime, after: Place | None
) -> dict[str, object]:
    shared = QueueFilter(
        None, wanted.person_id, wanted.student_id, wanted.words, wanted.since, wanted.until
    )
    return values_of(shared, agency, now) | {
        "flagged_since": now - FLAGGED_SINCE,
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
    if asks.children is not None:
        children = [_number(_name(child)) for child in range(asks.children)]
        ids = first_ids(PERSON, children, *conditions, order=_NEWEST_FIRST, reach=length)
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
        .order_by(*_NEWEST_FIRST)
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
        (asks.after, place < after),
    )
    found: list[Any] = [condition for is_made, condition in every if is_made]
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
