"""Coordinators' dashboard: disputes, missing attendance, overdue answers (SPEC 3, 5)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, Dispute, Person
from models.enums import MissedKind
from services.db import Session
from services.prepared import Prepared
from services.queries.problems import count_open
from services.queries.questions import count_overdue
from services.queries.sessions import SessionView, views_of, views_where
from services.rules.agency import Agency
from services.rules.windows import CHECK_OUT_GRACE, NOT_OVER, end_of_day, start_of_day

_NOT_CANCELLED = text("appointment.status NOT IN ('cancelled_by_tutor', 'cancelled_by_parent')")
_LIVE = text("dispute.status IN ('open', 'claimed')")


@dataclass(frozen=True)
class Missed:
    """Session whose attendance can no longer be completed by the tutor."""

    view: SessionView
    kind: MissedKind


@dataclass(frozen=True)
class OpenDispute:
    """Dispute that no coordinator has settled."""

    dispute: Dispute
    view: SessionView
    claimed_by: str | None


@dataclass(frozen=True)
class Dashboard:
    """Agency's open matters at a glance."""

    today: int
    """Sessions of today that are not cancelled."""
    in_progress: int
    awaiting: int
    overdue: int
    """Sessions that have awaited a parent for more than 48 hours, as in the morning list."""
    disputes: int
    problems: int
    """Problem reports that nobody has closed."""
    missed: list[Missed]


def dashboard(session: Session, agency: Agency, now: datetime) -> Dashboard:
    """Counts of open matters, and the sessions with missing attendance."""
    awaiting = text("appointment.status = 'awaiting_approval_parent'")
    return Dashboard(
        today=_count(
            session,
            Appointment.starts_at >= start_of_day(now, agency.zone),
            Appointment.starts_at < end_of_day(now, agency.zone),
            _NOT_CANCELLED,
        ),
        in_progress=_count(session, text("appointment.status = 'checked_in'")),
        awaiting=_count(session, awaiting),
        overdue=count_overdue(session, now),
        disputes=session.exec(select(func.count()).select_from(Dispute).where(_LIVE)).one(),
        problems=count_open(session),
        missed=missed(session, agency, now),
    )


def missed(session: Session, agency: Agency, now: datetime, *conditions: object) -> list[Missed]:
    """Sessions still scheduled after their day, or checked in after their window, oldest first.

    All of them, or those that meet `conditions` (SQL expressions).
    """
    left = views_where(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at < start_of_day(now, agency.zone),
        *conditions,
        limit=None,
    )
    left += views_where(
        session,
        text("appointment.status = 'checked_in'"),
        Appointment.ends_at < now - CHECK_OUT_GRACE,
        *conditions,
        limit=None,
    )
    kinds = [(view, view.missed(agency, now)) for view in left]
    found = [Missed(view, kind) for view, kind in kinds if kind is not None]
    return sorted(found, key=lambda entry: entry.view.appointment.starts_at)


def not_checked_in(session: Session, agency: Agency, now: datetime) -> list[SessionView]:
    """Sessions that have begun, to which the tutor can still check in, the oldest first."""
    begun = views_where(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now - NOT_OVER,
        Appointment.starts_at <= now,
        limit=None,
    )
    return [view for view in begun if view.missed(agency, now) is None]


def open_disputes(session: Session) -> list[OpenDispute]:
    """Open and claimed disputes, oldest first."""
    found = session.exec(
        select(Dispute, Person.name)
        .outerjoin(Person, col(Person.id) == Dispute.claimed_by_id)
        .where(_LIVE)
        .order_by(col(Dispute.opened_at), col(Dispute.id))
    )
    rows = found.all()
    ids = [dispute.appointment_id for dispute, _ in rows]
    views = {view.id: view for view in views_of(session, ids)}
    return [OpenDispute(dispute, views[dispute.appointment_id], name) for dispute, name in rows]


def _count(session: Session, *conditions: object) -> int:
    counted = select(func.count()).select_from(Appointment)
    return session.exec(counted.where(*conditions)).one()  # type: ignore[arg-type]


def dispute_with_names(
    session: Session, dispute_id: int
) -> tuple[Dispute, str | None, str | None] | None:
    """Dispute with the names of the coordinators who claimed and settled it."""
    row = _DISPUTE.first(session, dispute_id=dispute_id)
    return None if row is None else (row[0], row[1], row[2])


_claimer, _settler = aliased(Person), aliased(Person)
_DISPUTE = Prepared(
    select(Dispute, _claimer.name, _settler.name)
    .outerjoin(_claimer, col(_claimer.id) == Dispute.claimed_by_id)
    .outerjoin(_settler, col(_settler.id) == Dispute.settled_by_id)
    .where(Dispute.id == bindparam("dispute_id"))
)
