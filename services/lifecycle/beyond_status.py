"""What the status of a session does not tell, and everybody who sees it should know (SPEC 2, 7)."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, literal_column, text
from sqlmodel import col, select

from models import Appointment, AuditEvent, Cancellation, Dispute
from models.enums import Action, DisputeStatus
from services.db import Session
from services.lifecycle.looked_up import is_found

Condition = ColumnElement[bool]


class Beyond(StrEnum):
    """What is true of a session beyond its status."""

    UPHELD = "upheld"
    """It is disputed for good: a coordinator has upheld the dispute."""
    CLOSED = "closed"
    """The agency is closed that day, and cancelled it: its tutor has nothing to do with it."""


def _has(status: str, table: type[Dispute] | type[Cancellation], which: Condition) -> Condition:
    """Condition that a session has this status, and such a row about it."""
    about = select(table.id).where(col(table.appointment_id) == col(Appointment.id), which)
    return and_(text(f"appointment.status = '{status}'"), is_found(about.correlate(Appointment)))


IS_UPHELD = _has("disputed", Dispute, col(Dispute.status) == DisputeStatus.UPHELD)
"""Condition that a session is disputed for good."""
_IS_CLOSED = _has("cancelled_by_tutor", Cancellation, col(Cancellation.holiday).is_not(None))
BEYOND: ColumnElement[str | None] = case(
    (IS_UPHELD, literal_column(f"'{Beyond.UPHELD}'")),
    (_IS_CLOSED, literal_column(f"'{Beyond.CLOSED}'")),
    else_=None,
)
"""Column; nothing is looked for where the status rules it out."""


def as_read(action: Action, beyond: str | None) -> Action:
    """What was done, as people read it: for a holiday the agency cancels, and not for the tutor.

    `beyond`: what the session's status does not tell.
    """
    is_closed = action is Action.CANCEL_FOR_TUTOR and beyond == Beyond.CLOSED
    return Action.CANCEL if is_closed else action


def action_of(session: Session, event: AuditEvent) -> Action:
    """What this event did, as people read it; the session is asked for only where it matters."""
    if event.action is not Action.CANCEL_FOR_TUTOR:
        return event.action
    found = session.exec(select(BEYOND).where(col(Appointment.id) == event.appointment_id))
    return as_read(event.action, found.one())
