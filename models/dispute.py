"""Disputes and problem reports (SPEC 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
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


class ProblemReport(SQLModel, table=True):
    """Parent's report of a problem to the coordinators; changes no status (SPEC 5)."""

    __tablename__ = "problem_report"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = prose()
    at: datetime = instant()
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None


class EvidenceFile(SQLModel, table=True):
    """File that a parent adds to a dispute as evidence: checked like the files of notes."""

    __tablename__ = "evidence_file"

    id: int = identity()
    dispute_id: int = Field(foreign_key="dispute.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    file_name: str
    media_type: str
    size_bytes: int
    media_key: str = Field(index=True)
    added_at: datetime = instant()
