"""What the status of a session does not tell, and everybody who sees it should know (SPEC 2, 7)."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, literal_column, text
from sqlmodel import col, select

from models import Appointment, Cancellation, Dispute
from models.enums import DisputeStatus
from services.queries.looked_up import is_found


class Beyond(StrEnum):
    """What is true of a session beyond its status."""

    UPHELD = "upheld"
    """It is disputed for good: a coordinator has upheld the dispute."""
    CLOSED = "closed"
    """The agency is closed that day, and cancelled it: its tutor has nothing to do with it."""


_IS_UPHELD = and_(
    text("appointment.status = 'disputed'"),
    is_found(
        select(Dispute.id)
        .where(
            col(Dispute.appointment_id) == col(Appointment.id),
            Dispute.status == DisputeStatus.UPHELD,
        )
        .correlate(Appointment)
    ),
)
_IS_CLOSED = and_(
    text("appointment.status = 'cancelled_by_tutor'"),
    is_found(
        select(Cancellation.id)
        .where(
            col(Cancellation.appointment_id) == col(Appointment.id),
            col(Cancellation.holiday).is_not(None),
        )
        .correlate(Appointment)
    ),
)
BEYOND: ColumnElement[str | None] = case(
    (_IS_UPHELD, literal_column(f"'{Beyond.UPHELD}'")),
    (_IS_CLOSED, literal_column(f"'{Beyond.CLOSED}'")),
    else_=None,
)
"""Column; nothing is looked for where the status rules it out."""
