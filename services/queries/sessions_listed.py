"""All sessions as coordinators list them: by person, child, status, day and flag (SPEC 10)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, extract, text, tuple_
from sqlmodel import col, or_, select

from models import Appointment, Guardianship, NotePart, Person, Student
from models.appointment import OTHERWISE
from models.enums import MissedKind, Status
from services.db import Session
from services.queries.sessions import SessionView, views_where
from services.rules.agency import Agency
from services.rules.attendance_flags import Flag, Raised, flags
from services.rules.windows import CHECK_OUT_GRACE, bounds_of_day, start_of_day

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


@dataclass(frozen=True)
class ListedAttendance:
    """A session with what stands out in its attendance."""

    view: SessionView
    raised: tuple[Raised, ...]


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
    conditions = _conditions(wanted, agency, now)
    if after is not None:
        place = tuple_(col(Appointment.starts_at), col(Appointment.id))
        conditions.append(place < tuple_(*after))
    views = views_where(
        session, *conditions, newest_first=True, newest_id_first=True, limit=length + 1
    )
    shown = views[:length]
    noted = _with_notes(session, [view.id for view in shown])
    found = [ListedAttendance(view, _raised(view, noted)) for view in shown]
    last = shown[-1].appointment if len(views) > length else None
    return found, Place(last.starts_at, last.id) if last else None


def _raised(view: SessionView, noted: set[int]) -> tuple[Raised, ...]:
    row = view.appointment
    return flags(
        row.starts_at,
        row.ends_at,
        row.checked_in_at,
        row.checked_out_at,
        has_notes=view.id in noted,
    )


def _with_notes(session: Session, ids: list[int]) -> set[int]:
    """Those of these sessions that have notes."""
    found = session.exec(
        select(NotePart.appointment_id)
        .where(col(NotePart.appointment_id).in_(ids), col(NotePart.removed_at).is_(None))
        .distinct()
    )
    return set(found.all())


def _conditions(wanted: SessionFilter, agency: Agency, now: datetime) -> list[Any]:
    found: list[Any] = []
    if wanted.student_id is not None:
        found.append(col(Appointment.student_id) == wanted.student_id)
    if wanted.person_id is not None:
        found.append(_of_person(wanted.person_id))
    if wanted.words:
        found.append(_called(wanted.words))
    if wanted.status is not None:
        found += _with_status(wanted.status)
    if wanted.missed is not None:
        found += _missed(wanted.missed, agency, now)
    if wanted.since is not None:
        found.append(col(Appointment.starts_at) >= bounds_of_day(wanted.since, agency.zone)[0])
    if wanted.until is not None:
        found.append(col(Appointment.starts_at) < bounds_of_day(wanted.until, agency.zone)[1])
    if wanted.flag is not None:
        found.append(_FLAGGED[wanted.flag])
        if wanted.since is None:
            found.append(col(Appointment.starts_at) > now - FLAGGED_SINCE)
    return found


def _of_person(person_id: int) -> ColumnElement[bool]:
    children = select(Guardianship.student_id).where(Guardianship.person_id == person_id)
    return or_(col(Appointment.tutor_id) == person_id, col(Appointment.student_id).in_(children))


def _with_status(status: Status) -> list[Any]:
    """Conditions as the partial indexes have them, which know the order of the list.

    Approved sessions are most of all: the newest are found without an index of their own.
    """
    found: list[Any] = [text(f"appointment.status = '{status.value}'")]
    if status in _OTHERWISE:
        found.append(text(f"appointment.{OTHERWISE}"))
    return found


def _called(words: str) -> ColumnElement[bool]:
    tutors = select(Person.id).where(col(Person.name).icontains(words, autoescape=True))
    students = select(Student.id).where(col(Student.name).icontains(words, autoescape=True))
    return or_(
        col(Appointment.subject).icontains(words, autoescape=True),
        col(Appointment.tutor_id).in_(tutors),
        col(Appointment.student_id).in_(students),
    )


def _missed(kind: MissedKind, agency: Agency, now: datetime) -> list[ColumnElement[bool]]:
    if kind is MissedKind.CHECK_OUT:
        return [
            col(Appointment.status) == Status.CHECKED_IN,
            col(Appointment.ends_at) < now - CHECK_OUT_GRACE,
        ]
    return [
        col(Appointment.status) == Status.SCHEDULED,
        col(Appointment.starts_at) < start_of_day(now, agency.zone),
        col(Appointment.ends_at) <= now,
    ]


def _seconds(column: Any) -> ColumnElement[int]:
    return extract("epoch", column)


_CAME, _WENT = col(Appointment.checked_in_at), col(Appointment.checked_out_at)
_FLAGGED: dict[Flag, ColumnElement[bool]] = {
    Flag.LATE_START: col(Appointment.starts_at) < _CAME,
    Flag.EARLY_LEAVE: col(Appointment.ends_at) > _WENT,
    Flag.SHORT: (_seconds(_WENT) - _seconds(_CAME)) * 2
    < _seconds(col(Appointment.ends_at)) - _seconds(col(Appointment.starts_at)),
    Flag.NO_NOTES: _WENT.is_not(None)
    & ~select(NotePart.id)
    .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
    .exists(),
}
"""Sessions with each flag, as `services.rules.attendance_flags` raises it, to the second."""
