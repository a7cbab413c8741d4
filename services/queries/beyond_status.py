"""What the status of a session does not tell, and everybody who sees it should know (SPEC 2, 7)."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, literal_column, text
from sqlmodel import col, select

from models import Appointment, Cancellation, Dispute
from models.enums import DisputeStatus
from services.queries.looked_up import is_found

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


_IS_UPHELD = _has("disputed", Dispute, col(Dispute.status) == DisputeStatus.UPHELD)
_IS_CLOSED = _has("cancelled_by_tutor", Cancellation, col(Cancellation.holiday).is_not(None))
BEYOND: ColumnElement[str | None] = case(
    (_IS_UPHELD, literal_column(f"'{Beyond.UPHELD}'")),
    (_IS_CLOSED, literal_column(f"'{Beyond.CLOSED}'")),
    else_=None,
)
"""Column; nothing is looked for where the status rules it out."""
