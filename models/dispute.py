"""Disputes (SPEC 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.columns import document, identity, index_where, instant, one_of, prose, word
from models.enums import DisputeReason, DisputeStatus


class Dispute(SQLModel, table=True):
    """Parent's objection to a session, with the evidence of that moment."""

    __tablename__ = "dispute"
    __table_args__ = (
        one_of("status", DisputeStatus),
        one_of("reason", DisputeReason),
        Index(
            "uq_dispute_live",
            "appointment_id",
            unique=True,
            sqlite_where=text("status IN ('open', 'claimed')"),
            postgresql_where=text("status IN ('open', 'claimed')"),
        ),
        index_where("status IN ('open', 'claimed')", "ix_dispute_live", "opened_at", "id"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    opened_by_id: int = Field(foreign_key="person.id")
    opened_at: datetime = instant()
    reason: DisputeReason = word(DisputeReason)
    text: str | None = prose(default=None)
    evidence: dict[str, Any] = document()
    status: DisputeStatus = word(DisputeStatus, default=DisputeStatus.OPEN)
    claimed_by_id: int | None = Field(default=None, foreign_key="person.id")
    claimed_at: datetime | None = instant(default=None)
    settled_by_id: int | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = instant(default=None)
    settlement_reason: str | None = prose(default=None)
