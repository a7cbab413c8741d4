"""Appointments: tutoring sessions (SPEC 1, 2, 3)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, word
from models.enums import Kind, Origin, PriceUnit, Status

SCHEDULED = "status = 'scheduled'"
CHECKED_IN = "status = 'checked_in'"
AWAITING = "status = 'awaiting_approval_parent'"
OTHERWISE = "status IN ('disputed', 'cancelled_by_tutor', 'cancelled_by_parent', 'not_completed')"
"""Sessions that did not end as planned, of which there are few."""


class Appointment(SQLModel, table=True):
    """Session on the calendar. Only `services.lifecycle.status` changes its status."""

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("status", Status),
        one_of("kind", Kind),
        one_of("origin", Origin),
        one_of("price_unit", PriceUnit),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "status <> 'approved' OR origin = 'imported'"
            " OR (checked_in_at IS NOT NULL AND checked_out_at IS NOT NULL)",
            name="attendance_on_approval",
        ),
        CheckConstraint(
            "status <> 'awaiting_approval_parent' OR origin = 'imported'"
            " OR (checked_in_at IS NOT NULL AND checked_out_at IS NOT NULL)",
            name="attendance_on_check_out",
        ),
        CheckConstraint(
            "status <> 'checked_in' OR checked_in_at IS NOT NULL", name="checked_in_at"
        ),
        UniqueConstraint("match_slot_id", "match_day"),
        Index(None, "starts_at"),
        Index(None, "tutor_id", "starts_at"),
        Index(None, "student_id", "starts_at"),
        Index(None, "tutor_id", "student_id"),
        index_where(SCHEDULED, "ix_appointment_scheduled", "starts_at"),
        index_where(SCHEDULED, "ix_appointment_scheduled_of_tutor", "tutor_id", "starts_at"),
        index_where(SCHEDULED, "ix_appointment_scheduled_of_student", "student_id", "starts_at"),
        index_where(CHECKED_IN, "ix_appointment_checked_in", "ends_at"),
        index_where(CHECKED_IN, "ix_appointment_in_progress", "starts_at", "id"),
        index_where(CHECKED_IN, "ix_appointment_in_progress_of_tutor", "tutor_id", "starts_at"),
        index_where(AWAITING, "ix_appointment_awaiting_by_start", "starts_at", "id"),
        index_where(AWAITING, "ix_appointment_awaiting_of_student", "student_id", "starts_at"),
        index_where(OTHERWISE, "ix_appointment_otherwise", "status", "starts_at", "id"),
    )

    id: int = identity()
    ref: str | None = Field(default=None, unique=True)
    tutor_id: int = Field(foreign_key="person.id")
    student_id: int = Field(foreign_key="student.id")
    subject: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    status: Status = word(Status)
    kind: Kind = word(Kind, default=Kind.REGULAR)
    origin: Origin = word(Origin, default=Origin.NATIVE)
    billed_as_addon: int = Field(default=0, description="1 for ad-hoc sessions (SPEC 7)")
    checked_in_at: datetime | None = instant(default=None)
    checked_out_at: datetime | None = instant(default=None)
    student_absent: bool = False
    missed_alerted_at: datetime | None = instant(default=None)
    """When coordinators were told that attendance is missing, once (SPEC 3)."""
    first_starts_at: datetime | None = instant(default=None)
    first_ends_at: datetime | None = instant(default=None)
    """Original times; None as long as the session was never moved (SPEC 6)."""
    replaces_id: int | None = Field(default=None, foreign_key="appointment.id", unique=True)
    """Lost session that this one replaces (SPEC 6)."""
    match_id: int | None = Field(default=None, foreign_key="match.id", index=True)
    """Match of which it is one session (SPEC 7)."""
    match_slot_id: int | None = Field(default=None, foreign_key="match_slot.id")
    """Weekly slot for which it stands."""
    match_day: date | None = None
    """Day of the slot for which it stands, in the agency's zone, wherever it was moved since."""
    price: int | None = None
    """What the family pays for one unit, in minor units, as agreed when it was made."""
    pay: int | None = None
    """What the tutor gets for one unit, in minor units, as agreed when it was made."""
    price_unit: PriceUnit | None = word(PriceUnit, default=None)
    created_at: datetime = instant()
