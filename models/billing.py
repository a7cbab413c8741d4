"""Billing months that are closed, with their statements and lines, frozen as rows (SPEC 7)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, one_of, prose, word
from models.enums import LineKind, PayMark, Side, Why


class BillingMonth(SQLModel, table=True):
    """Month that a coordinator has closed. The database refuses to change or delete it."""

    __tablename__ = "billing_month"

    id: int = identity()
    month: date = Field(unique=True)
    """Its first day; the month is one of the agency's zone."""
    closed_at: datetime = instant()
    closed_by_id: int = Field(foreign_key="person.id")
    agency: str
    """Agency's name, time zone and currency as they were: a closed statement prints the same."""
    time_zone: str
    currency: str | None = None
    currency_digits: int = 0
    last_event_id: int
    """Newest audit event and ledger entry then; what comes later may adjust the month."""
    last_entry_id: int


class BillingStatement(SQLModel, table=True):
    """Statement of a closed month. The database refuses to change or delete it."""

    __tablename__ = "billing_statement"
    __table_args__ = (
        one_of("side", Side),
        UniqueConstraint("month_id", "side", "party_id"),
        Index(None, "side", "party_id"),
    )

    id: int = identity()
    month_id: int = Field(foreign_key="billing_month.id")
    side: Side = word(Side)
    party_id: int
    """Tutor's id, or for a family the lowest id of its children then."""
    name: str


class BillingLine(SQLModel, table=True):
    """Line of a closed statement. The database refuses to change or delete it."""

    __tablename__ = "billing_line"
    __table_args__ = (
        one_of("side", Side),
        one_of("kind", LineKind),
        one_of("why", Why),
        CheckConstraint("(kind = 'adjustment') = (why IS NOT NULL)", name="adjustment_says_why"),
        Index(None, "statement_id", "position"),
        Index(None, "appointment_id"),
        Index(None, "package_id"),
        Index(None, "student_id"),
    )

    id: int = identity()
    statement_id: int = Field(foreign_key="billing_statement.id")
    side: Side = word(Side)
    position: int
    kind: LineKind = word(LineKind)
    why: Why | None = word(Why, default=None)
    student_id: int | None = Field(default=None, foreign_key="student.id")
    tutor_id: int | None = Field(default=None, foreign_key="person.id")
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id")
    package_id: int | None = Field(default=None, foreign_key="package.id")
    entry_id: int | None = Field(default=None, foreign_key="package_entry.id")
    adjustment_id: int | None = Field(default=None, foreign_key="billing_adjustment.id")
    is_penalty: bool = False
    """Whether it is about the penalty of the session's cancellation."""
    child: str
    tutor: str
    subject: str
    """Subject taught; for a package its number of sessions, for an adjusted one the credits."""
    at: datetime = instant()
    """Start of the session, or when the package was bought or the adjustment entered."""
    minutes: int
    sessions: int
    credits: int
    """Credits of packages that it took or, below zero, gave back."""
    amount: int | None = Field(default=None, sa_type=BigInteger)
    """Minor units; None where only sessions are counted, or no price was agreed."""
    reason: str | None = prose(default=None)


class BillingAdjustment(SQLModel, table=True):
    """Amount that a coordinator enters on a family's or a tutor's statement, with a reason."""

    __tablename__ = "billing_adjustment"
    __table_args__ = (
        one_of("side", Side),
        CheckConstraint(
            "(side = 'family') = (student_id IS NOT NULL) AND "
            "(side = 'tutor') = (tutor_id IS NOT NULL)",
            name="one_party",
        ),
        CheckConstraint("amount <> 0", name="some_amount"),
        Index(None, "at"),
    )

    id: int = identity()
    side: Side = word(Side)
    student_id: int | None = Field(default=None, foreign_key="student.id")
    tutor_id: int | None = Field(default=None, foreign_key="person.id")
    amount: int = Field(sa_type=BigInteger)
    reason: str = prose()
    at: datetime = instant()
    actor_id: int = Field(foreign_key="person.id")


class StatementMark(SQLModel, table=True):
    """Mark on a tutor's closed statement: held back, released, paid; the newest counts."""

    __tablename__ = "statement_mark"
    __table_args__ = (one_of("mark", PayMark), Index(None, "statement_id", "id"))

    id: int = identity()
    statement_id: int = Field(foreign_key="billing_statement.id")
    mark: PayMark = word(PayMark)
    reason: str | None = prose(default=None)
    at: datetime = instant()
    actor_id: int = Field(foreign_key="person.id")
