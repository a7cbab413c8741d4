"""Sessions whose dispute was upheld: disputed for good (SPEC 2)."""

from sqlalchemy import and_, text
from sqlmodel import col, select

from models import Appointment, Dispute
from models.enums import DisputeStatus
from services.queries.looked_up import is_found

IS_UPHELD = and_(
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
"""Condition; no dispute is looked for where the session is not disputed."""
