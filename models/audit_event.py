"""Audit trail: who did what, when, through which channel, and why. Append-only (SPEC 2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import document, identity, index_where, instant, one_of, prose, word
from models.enums import Action, Channel, Role, Status


class AuditEvent(SQLModel, table=True):
    """Action that was done. The database refuses to change or delete it."""

    __tablename__ = "audit_event"
    __table_args__ = (
        one_of("role", Role),
        one_of("channel", Channel),
        Index(None, "appointment_id", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "action", "id"),
        Index(None, "at", "id"),
        index_where("person_id IS NOT NULL", "ix_audit_event_of_person", "person_id", "id"),
        index_where("student_id IS NOT NULL", "ix_audit_event_of_student", "student_id", "id"),
        index_where("action = 'edit_note'", "ix_audit_event_edit", "id"),
        index_where("action = 'tell_coordinators'", "ix_audit_event_told", "action", "at"),
    )

    id: int = identity()
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Person whom it was done to, where it is about no session: who was invited, say."""
    student_id: int | None = Field(default=None, foreign_key="student.id")
    """Child whom it was done to, likewise."""
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    role: Role = word(Role)
    channel: Channel = word(Channel)
    at: datetime = instant()
    action: Action = word(Action)
    from_status: Status | None = word(Status, default=None)
    to_status: Status | None = word(Status, default=None)
    reason: str | None = prose(default=None)
    details: dict[str, Any] | None = document(default=None)
    """Other values that the action changed: former times, a removed note's text."""
