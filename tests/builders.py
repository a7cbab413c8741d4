"""Builders of rows for tests: each writes one row into the session, and returns it with its id.

A test names the columns that it is about; all others get a sensible value.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from models import Appointment, Guardianship, NotePart, Person, Student
from models.enums import Channel, PartKind, Status
from services.db import Session
from services.lifecycle.actors import Actor
from services.people.sign_in import SignIn
from services.rules.agency import Agency

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""A Wednesday, 15:00 in the agency's zone."""

ZONE = ZoneInfo("Asia/Singapore")
AGENCY = Agency(name="Bright Minds", zone=ZONE)

SIGN_IN = SignIn("a secret key of at least 32 characters")

_numbers = count(1)

_ATTENDED = frozenset({Status.AWAITING_APPROVAL_PARENT, Status.APPROVED, Status.DISPUTED})


def acting(person: Person, now: datetime = NOW, channel: Channel = Channel.TELEGRAM) -> Actor:
    """The person as the actor of a use case, at `now`."""
    return Actor(person.id, channel, now)


def person(session: Session, **over: Any) -> Person:
    """Somebody without a role, linked to an account of their own that has pressed Start."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"Person {number}",
        "telegram_user_id": 7_000_000 + number,
        "started_at": NOW - timedelta(days=30),
    }
    row = Person(**(values | over))
    session.add(row)
    session.flush()
    return row


def tutor(session: Session, **over: Any) -> Person:
    return person(session, **({"name": "Tan Wei Ming", "is_tutor": True} | over))


def parent(session: Session, **over: Any) -> Person:
    return person(session, **({"name": "Grace Lim", "is_parent": True} | over))


def coordinator(session: Session, **over: Any) -> Person:
    return person(session, **({"name": "Priya Nair", "is_coordinator": True} | over))


def student(session: Session, guardians: Iterable[Person] = (), **over: Any) -> Student:
    """A child with these guardians."""
    row = Student(**({"name": "Emily Lim", "address": "12 Orchard Road"} | over))
    session.add(row)
    session.flush()
    session.add_all(
        Guardianship(person_id=guardian.id, student_id=row.id) for guardian in guardians
    )
    session.flush()
    return row


def appointment(
    session: Session,
    *,
    tutor: Person,
    student: Student,
    starts_at: datetime | None = None,
    minutes: int = 90,
    status: Status = Status.SCHEDULED,
    **over: Any,
) -> Appointment:
    """A session in `status`, with the attendance that goes with it.

    Without `starts_at`, a scheduled one starts at `NOW`, and any other one ended then.
    """
    length = timedelta(minutes=minutes)
    start = starts_at or (NOW if status is Status.SCHEDULED else NOW - length)
    checked_in = status is Status.CHECKED_IN or status in _ATTENDED
    values: dict[str, Any] = {
        "tutor_id": tutor.id,
        "student_id": student.id,
        "subject": "Mathematics",
        "starts_at": start,
        "ends_at": start + length,
        "status": status,
        "checked_in_at": start if checked_in else None,
        "checked_out_at": start + length if status in _ATTENDED else None,
        "created_at": start - timedelta(days=14),
    }
    row = Appointment(**(values | over))
    session.add(row)
    session.flush()
    return row


def note_part(session: Session, appointment: Appointment, **over: Any) -> NotePart:
    """A text that its tutor noted of a session."""
    values: dict[str, Any] = {
        "appointment_id": appointment.id,
        "author_id": appointment.tutor_id,
        "kind": PartKind.TEXT,
        "text": "Fractions.",
        "created_at": NOW,
    }
    row = NotePart(**(values | over))
    session.add(row)
    session.flush()
    return row
