"""Sessions for lists and cards (SPEC 8: reading changes nothing)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, Integer, bindparam, text
from sqlalchemy.orm import Mapped, aliased
from sqlalchemy.sql.selectable import GenerativeSelect
from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from models import (
    Appointment,
    AuditEvent,
    Cancellation,
    Dispute,
    Guardianship,
    NotePart,
    NoteSummary,
    Person,
    RescheduleThread,
    Student,
)
from models.enums import Action, MissedKind, PartKind, Role, Status
from services.db import Session
from services.lifecycle.beyond_status import BEYOND, Beyond
from services.lifecycle.looked_up import is_found
from services.lifecycle.open_requests import OpenRequest, open_request
from services.prepared import Prepared
from services.queries.card_events import CHANGES, TOLD_EVENTS, LastMove
from services.queries.evidence_counts import evidence_counts
from services.queries.late_changes import LateChange, told_still
from services.queries.notes import NoteView, notes_of
from services.queries.reach import Unreached, unreached
from services.queries.replacements import Replacement, replacement
from services.queries.settled_requests import SettledRequest, ungranted_by
from services.queries.summaries import summary_for
from services.rules import attendance
from services.rules.agency import Agency
from services.rules.attendance_flags import Sources, sources

LIMIT = 50
"""Most sessions in one list."""
Statement = TypeVar("Statement", bound=GenerativeSelect)
Order = ColumnElement[Any] | Mapped[Any]
"""A column, or what sorts by it."""


_PRECEDENCE = (Role.TUTOR, Role.PARENT, Role.COORDINATOR)

NOT_SETTLED = text(
    "appointment.status IN ('scheduled', 'checked_in', 'awaiting_approval_parent', 'disputed')"
)
"""Condition that something can still become of a session."""


@dataclass(frozen=True)
class SessionView:
    """Session with its names."""

    appointment: Appointment
    tutor: Person
    student: Student
    beyond: str | None = None
    """What its status does not tell: a value of `Beyond`."""

    @property
    def id(self) -> int:
        return self.appointment.id

    @property
    def status(self) -> Status:
        return self.appointment.status

    @property
    def is_upheld(self) -> bool:
        """Whether it is disputed for good: a coordinator has upheld the dispute (SPEC 2)."""
        return self.beyond == Beyond.UPHELD

    @property
    def is_closed(self) -> bool:
        """Whether the agency cancelled it since it is closed that day (SPEC 7)."""
        return self.beyond == Beyond.CLOSED

    def missed(self, agency: Agency, now: datetime) -> MissedKind | None:
        """Tap that is missing and can no longer come (SPEC 3)."""
        row = self.appointment
        return attendance.missed(row.status, row.starts_at, row.ends_at, agency.zone, now)

    def is_without_check_in(self, now: datetime) -> bool:
        """Whether it is over and nobody has checked in (SPEC 3)."""
        return attendance.is_without_check_in(self.status, self.appointment.ends_at, now)


@dataclass(frozen=True)
class SessionDetail:
    """Session with everything that its card shows."""

    view: SessionView
    last_move: LastMove | None
    request: OpenRequest | None
    """Open request to move it."""
    last_change: LastMove | None
    """Last settled request, or other change of its time."""
    cancellation: Cancellation | None
    waived_by: str | None
    """Coordinator who waived the cancellation's penalty."""
    replacement: Replacement
    dispute: Dispute | None
    claimed_by: str | None
    settled_by: str | None
    notes: list[NoteView]
    summary: NoteSummary | None
    """Newest summary of its notes, in the viewer's language if possible."""
    roles: frozenset[Role]
    """Roles in which the viewer may act on it."""
    evidence: Mapping[PartKind, int] = field(default_factory=dict)
    """Number of files of the dispute, by kind."""
    sources: Sources = field(default_factory=Sources)
    """Where its times of attendance come from."""
    ungranted: SettledRequest | None = None
    """Request that the last change settled otherwise than was asked."""
    unreached: Unreached | None = None
    """Side that is asked to move it, if nobody of it can answer."""
    told: tuple[LateChange, ...] = ()
    """What the coordinators were told of it as it still is: the newest of each person."""

    @property
    def role(self) -> Role | None:
        """Role in which the viewer sees it: the first of `roles`; None where there is none."""
        return role_in(self.roles)

    @classmethod
    def of_rows(
        cls,
        session: Session,
        row: Sequence[Any],
        events: Sequence[Any],
        viewer: Person | None,
        roles: frozenset[Role],
    ) -> Self:
        """Detail of a session from its row of `RECORDS` and its rows of `TOLD_EVENTS`."""
        view = SessionView(*row[:4])
        cancellation, waived_by, dispute, claimed_by, settled_by = row[4:9]
        is_asked_to_move, has_notes, has_summary = row[9:]
        beyond = view.beyond
        moves = (LastMove.of(one, beyond) for one in events if one.to_status is not None)
        change = next((LastMove.of(one, beyond) for one in events if one.action in CHANGES), None)
        is_told = any(event.action is Action.TELL_COORDINATORS for event in events)
        request = open_request(session, view.id) if is_asked_to_move else None
        return cls(
            view=view,
            last_move=next(moves, None),
            request=request,
            last_change=change,
            cancellation=cancellation,
            waived_by=waived_by,
            replacement=replacement(session, view.appointment),
            dispute=dispute,
            claimed_by=claimed_by,
            settled_by=settled_by,
            evidence=evidence_counts(session, dispute.id) if dispute is not None else {},
            notes=notes_of(session, view.id) if has_notes else [],
            summary=(
                summary_for(session, view.id, viewer.language if viewer else None)
                if has_summary
                else None
            ),
            roles=roles,
            sources=sources((event.action, event.channel) for event in events),
            ungranted=ungranted_by(session, view.id, change) if change else None,
            unreached=unreached(session, view.appointment, request.owed_by) if request else None,
            told=told_still(session, view.id) if is_told and view.status in _UNSETTLED else (),
        )


def session_detail(
    session: Session, appointment_id: int, viewer: Person | None
) -> SessionDetail | None:
    """Everything about one session, for `viewer` (None for the coordinators' group)."""
    row = _WITH_RECORDS.first(session, appointment_id=appointment_id)
    if row is None:
        return None
    events = _TOLD_EVENTS.rows(session, appointment_id=appointment_id)
    roles = roles_in(session, row[0], viewer)
    return SessionDetail.of_rows(session, row, events, viewer, roles)


def session_view(session: Session, appointment_id: int) -> SessionView | None:
    """Session with its names; None where there is none."""
    row = _ONE.first(session, appointment_id=appointment_id)
    return None if row is None else SessionView(*row)


def views_of(session: Session, appointment_ids: list[int]) -> list[SessionView]:
    """Sessions with these ids and their names, by start."""
    return views_with(_THESE, session, appointment_ids=appointment_ids)


def roles_in(session: Session, appointment: Appointment, viewer: Person | None) -> frozenset[Role]:
    """Roles in which a person may act on a session; a child's tutor is not its parent."""
    if viewer is None:
        return frozenset({Role.COORDINATOR})
    is_tutor = appointment.tutor_id == viewer.id
    return roles_with(appointment, viewer, set() if is_tutor else children_of(session, viewer))


def roles_in_each(
    session: Session, views: list[SessionView], viewer: Person
) -> dict[int, frozenset[Role]]:
    """Roles in which a person may act on each of these sessions, by session id."""
    children = children_of(session, viewer)
    return {view.id: roles_with(view.appointment, viewer, children) for view in views}


def role_in(roles: frozenset[Role]) -> Role | None:
    """Role in which a person with these roles sees a session."""
    for role in _PRECEDENCE:
        if role in roles:
            return role
    return None


def views_where(
    session: Session,
    *conditions: object,
    newest_first: bool = False,
    limit: int | None = LIMIT,
    offset: int = 0,
) -> list[SessionView]:
    """Sessions that meet all `conditions` (SQL expressions), by start; `limit` None for all."""
    statement = views_by(*conditions, newest_first=newest_first, limit=limit, offset=offset)
    return [SessionView(*row) for row in session.exec(statement).all()]


def views_by(
    *conditions: object,
    newest_first: bool = False,
    limit: int | ColumnElement[int] | None = LIMIT,
    offset: int | ColumnElement[int] | None = None,
) -> Select[Appointment, Person, Student, str | None]:
    """Statement for `SessionView`s that meet all `conditions`, by start.

    Build it once, with bind parameters, for `views_with`.
    """
    found = _VIEWS.where(*conditions)  # type: ignore[arg-type]  # comparisons are no booleans
    return in_order(found, newest_first).limit(limit).offset(offset)


def in_order(statement: Statement, newest_first: bool) -> Statement:
    """Sessions by their start, and those of one start by their id."""
    return statement.order_by(*by_start(newest_first))


def by_start(newest_first: bool) -> tuple[Order, Order]:
    """Order of sessions by their start, and of those of one start by their id."""
    starts_at = col(Appointment.starts_at)
    return (starts_at.desc() if newest_first else starts_at), col(Appointment.id)


def views_with(prepared: Prepared, session: Session, **values: object) -> list[SessionView]:
    """Sessions that a statement made by `views_by` finds."""
    return [SessionView(*row) for row in prepared.rows(session, **values)]


def children_of(session: Session, person: Person) -> set[int]:
    """Ids of a person's children, without those whom they teach (SPEC 9)."""
    return set(_CHILDREN.firsts(session, person_id=person.id))


def of_children(children: set[int]) -> ColumnElement[bool]:
    """Condition for sessions of these children."""
    return col(Appointment.student_id).in_(sorted(children))


def roles_with(
    appointment: Appointment, viewer: Person, children: Collection[int]
) -> frozenset[Role]:
    """Roles in which a person with these children may act on a session."""
    roles = set()
    if appointment.tutor_id == viewer.id:
        roles.add(Role.TUTOR)
    elif appointment.student_id in children:
        roles.add(Role.PARENT)
    if viewer.is_coordinator:
        roles.add(Role.COORDINATOR)
    return frozenset(roles)


# Built once: cards and lists are read with these.

_THIS = bindparam("appointment_id", type_=Integer)
_tutor, _waiver, _claimer, _settler = (aliased(Person) for _ in range(4))
_UNSETTLED = (Status.SCHEDULED, Status.CHECKED_IN, Status.AWAITING_APPROVAL_PARENT)
_taught, _earlier = aliased(Appointment), aliased(Dispute)

_VIEWS = (
    select(Appointment, _tutor, Student, BEYOND)
    .join(_tutor, col(_tutor.id) == Appointment.tutor_id)
    .join(Student, col(Student.id) == Appointment.student_id)
)
_ONE = Prepared(_VIEWS.where(Appointment.id == _THIS))
_THESE = Prepared(
    views_by(
        col(Appointment.id).in_(bindparam("appointment_ids", type_=Integer, expanding=True)),
        limit=None,
    )
)
_NEWEST_DISPUTE = (
    select(func.max(_earlier.id))
    .where(col(_earlier.appointment_id) == col(Appointment.id))
    .correlate(Appointment)
    .scalar_subquery()
)
RECORDS = (
    _VIEWS.add_columns(
        *(Cancellation, col(_waiver.name), Dispute, col(_claimer.name), col(_settler.name)),
        select(RescheduleThread.id)
        .where(
            RescheduleThread.appointment_id == Appointment.id,
            text("reschedule_thread.status = 'open'"),
        )
        .exists(),
        select(NotePart.id).where(NotePart.appointment_id == Appointment.id).exists(),
        select(NoteSummary.id).where(NoteSummary.appointment_id == Appointment.id).exists(),
    )
    .outerjoin(Cancellation, col(Cancellation.appointment_id) == Appointment.id)
    .outerjoin(_waiver, col(_waiver.id) == Cancellation.waived_by_id)
    .outerjoin(Dispute, col(Dispute.id) == _NEWEST_DISPUTE)
    .outerjoin(_claimer, col(_claimer.id) == Dispute.claimed_by_id)
    .outerjoin(_settler, col(_settler.id) == Dispute.settled_by_id)
)
"""Sessions with everything that `SessionDetail.of_rows` needs."""
_WITH_RECORDS = Prepared(RECORDS.where(col(Appointment.id) == _THIS))
_TOLD_EVENTS = Prepared(TOLD_EVENTS.where(col(AuditEvent.appointment_id) == _THIS))
IS_PARENT_ONLY = ~is_found(
    select(_taught.id).where(
        _taught.tutor_id == Guardianship.person_id, _taught.student_id == Guardianship.student_id
    )
)
"""Condition that a guardian does not teach the child (SPEC 9)."""
_CHILDREN = Prepared(
    select(Guardianship.student_id).where(
        Guardianship.person_id == bindparam("person_id", type_=Integer), IS_PARENT_ONLY
    )
)
