"""Reschedule threads and the versions proposed in them (SPEC 6)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, prose, word
from models.enums import ChangeReason, ProposalStatus, Role, ThreadStatus


class RescheduleThread(SQLModel, table=True):
    """Request to move a session; the database allows one open request for each."""

    __tablename__ = "reschedule_thread"
    __table_args__ = (
        one_of("status", ThreadStatus),
        index_where("status = 'open'", "uq_reschedule_thread_open", "appointment_id", unique=True),
        index_where("status = 'open'", "ix_reschedule_thread_open", "expires_at"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    status: ThreadStatus = word(ThreadStatus, default=ThreadStatus.OPEN)
    opened_at: datetime = instant()
    expires_at: datetime = instant()
    """Start of the session when the thread was opened; answers do not count from then on."""
    closed_at: datetime | None = instant(default=None)


class RescheduleProposal(SQLModel, table=True):
    """Version of a proposed slot; the database allows one open version for each thread."""

    __tablename__ = "reschedule_proposal"
    __table_args__ = (
        one_of("status", ProposalStatus),
        one_of("side", (Role.TUTOR, Role.PARENT)),
        one_of("reason", ChangeReason),
        UniqueConstraint("thread_id", "version"),
        index_where("status = 'open'", "uq_reschedule_proposal_open", "thread_id", unique=True),
    )

    id: int = identity()
    thread_id: int = Field(foreign_key="reschedule_thread.id")
    version: int = 1
    status: ProposalStatus = word(ProposalStatus, default=ProposalStatus.OPEN)
    side: Role = word(Role)
    proposed_by_id: int = Field(foreign_key="person.id")
    new_starts_at: datetime = instant()
    new_ends_at: datetime = instant()
    reason: ChangeReason | None = word(ChangeReason, default=None)
    """Why the session should move; a counter-proposal needs none."""
    text: str | None = prose(default=None)
    proposed_at: datetime = instant()
    closed_at: datetime | None = instant(default=None)
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who answered it, withdrew it or cancelled the session; None if it was never answered."""
