"""Packages of prepaid sessions, and the ledger of what was done with them (SPEC 7)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, prose, word
from models.enums import EntryKind


class Package(SQLModel, table=True):
    """Family's prepaid sessions for a child. What is left is the sum of its entries."""

    __tablename__ = "package"
    __table_args__ = (
        CheckConstraint("sessions_total > 0", name="some_sessions"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("expires_on >= starts_on", name="expires_after_start"),
        CheckConstraint(
            "(expires_on IS NULL) = (expires_at IS NULL)", name="expiry_of_day_and_instant"
        ),
        Index(None, "student_id"),
        Index(None, "bought_at"),
        index_where("expiry_told_at IS NULL", "ix_package_expiry_untold", "expires_at"),
    )

    id: int = identity()
    ref: str | None = Field(default=None, unique=True, description="the agency's own key")
    student_id: int = Field(foreign_key="student.id")
    sessions_total: int
    starts_on: date
    """First day; of several packages the one that starts first is used first."""
    expires_on: date | None = None
    """Last day whose sessions it covers, in the agency's zone; None: it never expires."""
    expires_at: datetime | None = instant(default=None)
    """Instant at which that day ends: a session that starts from then on is not covered."""
    price: int | None = Field(default=None, sa_type=BigInteger)
    """Minor units of the agency's currency; None where only sessions are counted."""
    bought_at: datetime = instant()
    bought_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Coordinator who recorded the purchase; None for an import from the command line."""
    low_told_at: datetime | None = instant(default=None)
    """When parents and coordinators were told, once, that less than a fifth is left."""
    expiry_told_at: datetime | None = instant(default=None)
    """When coordinators were told, once, that it is about to expire."""


class PackageEntry(SQLModel, table=True):
    """Entry of the ledger. The database refuses to change or delete it."""

    __tablename__ = "package_entry"
    __table_args__ = (
        one_of("kind", EntryKind),
        CheckConstraint("(kind = 'owed') = (package_id IS NULL)", name="owed_without_package"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of"),
        CheckConstraint(
            "kind NOT IN ('deduction', 'owed') OR appointment_id IS NOT NULL", name="its_session"
        ),
        CheckConstraint("kind <> 'deduction' OR sessions = -1", name="deduction_of_one"),
        CheckConstraint("(kind = 'owed') = (sessions = 0)", name="owed_is_no_credit"),
        CheckConstraint(
            "kind NOT IN ('reversal', 'adjustment') OR reason IS NOT NULL", name="its_reason"
        ),
        Index(None, "package_id", "id"),
        Index(None, "student_id", "id"),
        Index(None, "appointment_id"),
        index_where(
            "kind = 'deduction'", "uq_package_entry_deduction", "appointment_id", unique=True
        ),
        index_where("kind = 'owed'", "uq_package_entry_owed", "appointment_id", unique=True),
        index_where("kind = 'owed'", "ix_package_entry_owed", "student_id"),
    )

    id: int = identity()
    package_id: int | None = Field(default=None, foreign_key="package.id")
    """None only for a session that is owed."""
    student_id: int = Field(foreign_key="student.id")
    kind: EntryKind = word(EntryKind)
    sessions: int
    """Credits that it adds; negative where it takes some."""
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id")
    """Session that is paid for, or was; the corrections of it, too."""
    reverses_id: int | None = Field(default=None, foreign_key="package_entry.id", unique=True)
    """Entry that it undoes; each is undone once."""
    reason: str | None = prose(default=None)
    at: datetime = instant()
    actor_id: int | None = Field(default=None, foreign_key="person.id")
