"""Sessions as lists and cards show them (SPEC 8: reading never changes anything)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import (
    Appointment,
    AuditEvent,
    Cancellation,
    Dispute,
    Guardianship,
    NoteSummary,
    Person,
    Student,
)
from models.enums import Action, MissedKind, Role, Status
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.lifecycle.open_requests import OpenRequest, open_request
from services.queries.notes import NoteView, notes_of
from services.queries.replacements import Replacement, replacement
from services.rules import attendance
from services.rules.agency import Agency
from services.summaries.requests import summary_for

LIMIT = 50
"""The most sessions that one list shows."""


@dataclass(frozen=True)
class LastMove:
    """Who last changed the session, how and when."""

    action: Action
    role: Role
    at: datetime
    actor_id: int | None
    who: str
    reason: str | None


@dataclass(frozen=True)
class SessionView:
    """One session with the names that go with it."""

    appointment: Appointment
    tutor: Person
    student: Student

    @property
    def id(self) -> int:
        return self.appointment.id

    @property
    def status(self) -> Status:
        return self.appointment.status

    def missed(self, agency: Agency, now: datetime) -> MissedKind | None:
        """Which tap is missing for good (SPEC 3)."""
        row = self.appointment
        return attendance.missed(row.status, row.starts_at, row.ends_at, agency.zone, now)


@dataclass(frozen=True)
class SessionDetail:
    """A session with all that its card tells."""

    view: SessionView
    last_move: LastMove | None
    request: OpenRequest | None
    """The open request to move it."""
    last_change: LastMove | None
    """The last settled request or other change of its time."""
    cancellation: Cancellation | None
    waived_by: str | None
    """Who waived the cancellation's penalty."""
    replacement: Replacement
    dispute: Dispute | None
    claimed_by: str | None
    settled_by: str | None
    notes: list[NoteView]
    summary: NoteSummary | None
    """The newest summary of its notes, in the viewer's language if there is one."""
    roles: frozenset[Role]
    """In which roles the viewer may act on it."""

    @property
    def role(self) -> Role | None:
        """The first of the viewer's roles in it, in which they see it; None: none of theirs."""
        return role_in(self.roles)


_Rows = tuple[Appointment, Person, Student]


def session_detail(
    session: Session, appointment_id: int, viewer: Person | None
) -> SessionDetail | None:
    """Everything about one session, for `viewer` (None: the coordinators' group)."""
    view = session_view(session, appointment_id)
    if view is None:
        return None
    dispute = _dispute(session, appointment_id)
    cancellation = _cancellation(session, appointment_id)
    return SessionDetail(
        view=view,
        last_move=last_move_of(session, appointment_id),
        request=open_request(session, appointment_id),
        last_change=_last_event(session, appointment_id, _CHANGES),
        cancellation=cancellation,
        waived_by=_name(session, cancellation.waived_by_id) if cancellation else None,
        replacement=replacement(session, view.appointment),
        dispute=dispute,
        claimed_by=_name(session, dispute.claimed_by_id) if dispute else None,
        settled_by=_name(session, dispute.settled_by_id) if dispute else None,
        notes=notes_of(session, appointment_id),
        summary=summary_for(session, appointment_id, viewer.language if viewer else None),
        roles=roles_in(session, view.appointment, viewer),
    )


def session_view(session: Session, appointment_id: int) -> SessionView | None:
    """One session with its names."""
    return next(iter(views_where(session, Appointment.id == appointment_id)), None)


def views_of(session: Session, appointment_ids: list[int]) -> list[SessionView]:
    """These sessions with their names, by their start."""
    return views_where(session, col(Appointment.id).in_(appointment_ids), limit=None)


def roles_in(session: Session, appointment: Appointment, viewer: Person | None) -> frozenset[Role]:
    """In which roles somebody may act on a session; the tutor of a child is not its parent."""
    if viewer is None:
        return frozenset({Role.COORDINATOR})
    roles = set()
    if appointment.tutor_id == viewer.id:
        roles.add(Role.TUTOR)
    elif viewer.id in guardian_ids(session, appointment.student_id):
        roles.add(Role.PARENT)
    if viewer.is_coordinator:
        roles.add(Role.COORDINATOR)
    return frozenset(roles)


def role_in(roles: frozenset[Role]) -> Role | None:
    """The role in which somebody sees a session, of those that they have in it."""
    precedence = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)
    return next((role for role in precedence if role in roles), None)


def last_move_of(session: Session, appointment_id: int) -> LastMove | None:
    """The newest change of the session's status, with the name of who made it."""
    return _last_event(session, appointment_id, col(AuditEvent.to_status).is_not(None))


def views_where(
    session: Session,
    *conditions: object,
    newest_first: bool = False,
    limit: int | None = LIMIT,
    offset: int = 0,
) -> list[SessionView]:
    """Sessions that meet all `conditions` (SQL expressions), by their start; limit None: all."""
    tutor = aliased(Person)
    order = col(Appointment.starts_at).desc() if newest_first else col(Appointment.starts_at)
    found = session.exec(
        select(Appointment, tutor, Student)
        .join(tutor, col(tutor.id) == Appointment.tutor_id)
        .join(Student, col(Student.id) == Appointment.student_id)
        .where(*conditions)  # type: ignore[arg-type]  # comparisons of columns are no booleans
        .order_by(order, col(Appointment.id))
        .limit(limit)
        .offset(offset)
    )
    return [SessionView(*row) for row in found.all()]


def children_of(person: Person) -> ColumnElement[bool]:
    """Sessions of their children, those left out whom they teach (SPEC 9)."""
    lesson = aliased(Appointment)
    taught = select(lesson.student_id).where(lesson.tutor_id == person.id)
    children = select(Guardianship.student_id).where(
        Guardianship.person_id == person.id, col(Guardianship.student_id).not_in(taught)
    )
    return col(Appointment.student_id).in_(children)


def theirs(person: Person) -> ColumnElement[bool]:
    """Sessions that a person has as tutor or as parent."""
    return or_(col(Appointment.tutor_id) == person.id, children_of(person))


_CHANGES = col(AuditEvent.action).in_(
    (Action.ACCEPT, Action.REJECT, Action.WITHDRAW, Action.MOVE, Action.REASSIGN)
)


def _last_event(
    session: Session, appointment_id: int, which: ColumnElement[bool]
) -> LastMove | None:
    found = session.exec(
        select(AuditEvent, Person.name)
        .outerjoin(Person, col(Person.id) == AuditEvent.actor_id)
        .where(AuditEvent.appointment_id == appointment_id, which)
        .order_by(col(AuditEvent.id).desc())
        .limit(1)
    )
    row = found.first()
    if row is None:
        return None
    event, who = row
    return LastMove(event.action, event.role, event.at, event.actor_id, who or "", event.reason)


def _cancellation(session: Session, appointment_id: int) -> Cancellation | None:
    of_it = select(Cancellation).where(Cancellation.appointment_id == appointment_id)
    return session.exec(of_it).first()


def _dispute(session: Session, appointment_id: int) -> Dispute | None:
    found = session.exec(
        select(Dispute)
        .where(Dispute.appointment_id == appointment_id)
        .order_by(col(Dispute.id).desc())
        .limit(1)
    )
    return found.first()


def _name(session: Session, person_id: int | None) -> str | None:
    if person_id is None:
        return None
    return session.exec(select(Person.name).where(Person.id == person_id)).first()
