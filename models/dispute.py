"""Disputes (SPEC 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import document, identity, index_where, instant, one_of, prose, word
from models.enums import DisputeReason, DisputeStatus, PartKind


class Dispute(SQLModel, table=True):
    """Parent's objection to a session, with the evidence of that moment."""

    __tablename__ = "dispute"
    __table_args__ = (
        one_of("status", DisputeStatus),
        one_of("reason", DisputeReason),
        index_where(
            "status IN ('open', 'claimed')", "uq_dispute_live", "appointment_id", unique=True
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


class EvidenceFile(SQLModel, table=True):
    """Photo or document that a parent sent with a dispute, or with the report in its place."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        one_of("kind", PartKind),
        CheckConstraint("(dispute_id IS NULL) <> (report_id IS NULL)", name="one_subject"),
        CheckConstraint("telegram_file_id IS NOT NULL OR media_key IS NOT NULL", name="a_source"),
        UniqueConstraint("chat_id", "message_id"),
        index_where(
            "stored_at IS NULL AND removed_at IS NULL", "ix_evidence_file_unstored", "next_try_at"
        ),
        Index(None, "media_key"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id")
    dispute_id: int | None = Field(default=None, foreign_key="dispute.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="problem_report.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    kind: PartKind = word(PartKind)
    text: str | None = prose(default=None)
    """Its caption."""
    created_at: datetime = instant()
    removed_at: datetime | None = instant(default=None)
    """When it was refused: it is not safe, or Telegram has it no longer."""
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
    telegram_file_id: str | None = None
    """None for a file from a page, which is stored already."""
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    media_key: str | None = None
    """Key in the media store; None while the file is not stored yet."""
    stored_at: datetime | None = instant(default=None)
    store_attempts: int = 0
    next_try_at: datetime | None = instant(default=None)
