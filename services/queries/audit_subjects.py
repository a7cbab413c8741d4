"""What events of the audit trail are about, where that is no session, person or child (SPEC 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models import (
    AuditEvent,
    BillingAdjustment,
    BillingMonth,
    BillingStatement,
    Match,
    Package,
    Person,
    Student,
    TutorLeave,
)
from models.enums import Side
from services.db import Session


@dataclass(frozen=True)
class Statement:
    """A statement: of whom, and for which month."""

    side: Side
    party_id: int
    name: str
    month: date


@dataclass(frozen=True)
class Entered:
    """An amount in minor units, and whose statement it is on."""

    side: Side
    party_id: int
    name: str
    at: datetime
    amount: int


@dataclass(frozen=True)
class Subjects:
    """Matches, packages and the like that events name, by id."""

    matches: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    """Child, subject and tutor of each."""
    packages: dict[int, str] = field(default_factory=dict)
    """The child of each."""
    statements: dict[int, Statement] = field(default_factory=dict)
    amounts: dict[int, Entered] = field(default_factory=dict)
    leaves: dict[int, tuple[TutorLeave, str]] = field(default_factory=dict)
    """With the name of their tutor."""
    people: dict[int, str] = field(default_factory=dict)


def named_in(event: AuditEvent, name: str) -> int | None:
    """Id that an event names in its details; None where it names none."""
    found = (event.details or {}).get(name)
    return found if isinstance(found, int) else None


def subjects_of(session: Session, events: Iterable[AuditEvent]) -> Subjects:
    """What these events name, read with one statement for each kind that any of them names."""
    every = list(events)

    def rows(name: str, statement: Any, key: Any) -> list[Any]:
        ids = {found for event in every if (found := named_in(event, name)) is not None}
        return list(session.execute(statement.where(key.in_(sorted(ids))))) if ids else []

    return Subjects(
        matches={
            number: (child, subject, tutor)
            for number, child, subject, tutor in rows("match_id", _MATCHES, col(Match.id))
        },
        packages=dict(map(tuple, rows("package_id", _PACKAGES, col(Package.id)))),
        statements={
            number: Statement(*told)
            for number, *told in rows("statement_id", _STATEMENTS, col(BillingStatement.id))
        },
        amounts={
            row.id: Entered(row.side, child_id or tutor_id, child or tutor, row.at, row.amount)
            for row, child_id, child, tutor_id, tutor in rows(
                "billing_adjustment_id", _AMOUNTS, col(BillingAdjustment.id)
            )
        },
        leaves={row.id: (row, who) for row, who in rows("leave_id", _LEAVES, col(TutorLeave.id))},
        people=dict(map(tuple, rows("person_id", _PEOPLE, col(Person.id)))),
    )


_MATCHES = (
    select(col(Match.id), col(Student.name), col(Match.subject), col(Person.name))
    .join(Student, col(Student.id) == Match.student_id)
    .join(Person, col(Person.id) == Match.tutor_id)
)
_PACKAGES = select(col(Package.id), col(Student.name)).join(
    Student, col(Student.id) == Package.student_id
)
_STATEMENTS = select(
    col(BillingStatement.id),
    col(BillingStatement.side),
    col(BillingStatement.party_id),
    col(BillingStatement.name),
    col(BillingMonth.month),
).join(BillingMonth, col(BillingMonth.id) == BillingStatement.month_id)
_AMOUNTS = (
    select(BillingAdjustment, col(Student.id), col(Student.name), col(Person.id), col(Person.name))
    .outerjoin(Student, col(Student.id) == BillingAdjustment.student_id)
    .outerjoin(Person, col(Person.id) == BillingAdjustment.tutor_id)
)
_LEAVES = select(TutorLeave, col(Person.name)).join(Person, col(Person.id) == TutorLeave.tutor_id)
_PEOPLE = select(col(Person.id), col(Person.name))
