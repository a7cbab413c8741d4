"""Rows of the database as rows of import files, which an export writes and an import compares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from models import Match, MatchSlot, Package, Person, Student
from models.enums import Kind, MatchStatus, Origin, Status
from services.imports.own_refs import Stands, own_ref, session_ref
from services.imports.record_rows import MatchRow, PackageRow
from services.rules.weekly import WeeklyTime

SessionDocument = dict[str, Any]
"""Content of a session's row, as its audit event keeps it."""


class Refs(NamedTuple):
    """Refs of everybody by id; those without one of the agency's have their own."""

    people: Mapping[int, str]
    students: Mapping[int, str]


@dataclass(frozen=True)
class StoredSession:
    """Columns of a session that a row tells."""

    id: int
    ref: str | None
    tutor_id: int
    student_id: int
    subject: str
    starts_at: datetime
    ends_at: datetime
    kind: Kind
    origin: Origin
    status: Status
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    created_at: datetime
    match_id: int | None = None
    match_slot_id: int | None = None
    match_day: date | None = None


def person_ref(person: Person) -> str:
    """Ref of a person."""
    return person.ref or own_ref("people", person.id, person.name)


def student_ref(student: Student) -> str:
    """Ref of a child."""
    return student.ref or own_ref("students", student.id, student.name)


def match_ref(match: Match) -> str:
    """Ref of a match."""
    return match.ref or own_ref("matches", match.id, match.created_at)


def package_ref(package: Package) -> str:
    """Ref of a package."""
    return package.ref or own_ref("packages", package.id, package.bought_at)


def plain_session_ref(session_id: int, created_at: datetime) -> str:
    """Ref of a session without one, whatever match it is of."""
    return own_ref("sessions", session_id, created_at)


def ref_of_session(stored: StoredSession, stands: Stands | None) -> str:
    """Ref of a session."""
    own = plain_session_ref(stored.id, stored.created_at)
    return stored.ref or session_ref(own, stands)


def session_document(stored: StoredSession, ref: str, refs: Refs) -> SessionDocument:
    """Content of a session's row.

    An approved session is told as imported: a native one may not come in as approved (SPEC 7).
    """
    is_approved = stored.status is Status.APPROVED
    return {
        "ref": ref,
        "tutor_ref": refs.people[stored.tutor_id],
        "student_ref": refs.students[stored.student_id],
        "subject": " ".join(stored.subject.split()),
        "starts_at": stored.starts_at.isoformat(),
        "duration_minutes": int((stored.ends_at - stored.starts_at).total_seconds()) // 60,
        "kind": stored.kind,
        "origin": Origin.IMPORTED if is_approved else stored.origin,
        "status": stored.status,
        "checked_in_at": stored.checked_in_at and stored.checked_in_at.isoformat(),
        "checked_out_at": stored.checked_out_at and stored.checked_out_at.isoformat(),
    }


def current_slots(slots: Iterable[MatchSlot], today: date) -> list[MatchSlot]:
    """Weekly slots that count today or later, in the order of a row's values."""
    there = (one for one in slots if one.valid_until is None or one.valid_until >= today)
    return sorted(there, key=lambda one: (one.weekday, one.start_time, one.duration_minutes))


def match_row(match: Match, slots: Iterable[MatchSlot], refs: Refs) -> MatchRow:
    """Row of a match; `slots` are its current ones."""
    return MatchRow(
        ref=match_ref(match),
        tutor_ref=refs.people[match.tutor_id],
        student_ref=refs.students[match.student_id],
        subject=match.subject,
        times=tuple(WeeklyTime(one.weekday, one.start_time, one.duration_minutes) for one in slots),
        starts_on=match.starts_on,
        ends_on=match.ends_on,
        kind=match.kind,
        price=match.price,
        pay=match.pay,
        price_unit=match.price_unit,
        is_accepted=match.status is MatchStatus.ACCEPTED,
    )


def package_row(package: Package, refs: Refs) -> PackageRow:
    """Row of a package."""
    return PackageRow(
        ref=package_ref(package),
        student_ref=refs.students[package.student_id],
        sessions_total=package.sessions_total,
        starts_on=package.starts_on,
        expires_on=package.expires_on,
        price=package.price,
    )
