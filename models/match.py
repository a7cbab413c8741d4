"""Matches: a tutor, a child and weekly slots, from which sessions are made (SPEC 7)."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Time
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, prose, word
from models.enums import Kind, MatchStatus, PriceUnit

OFFERED = "status = 'offered'"
ACCEPTED = "status = 'accepted'"


class Match(SQLModel, table=True):
    """Agreement on weekly sessions, offered to the parents and accepted by one of them."""

    __tablename__ = "match"
    __table_args__ = (
        one_of("status", MatchStatus),
        one_of("kind", (Kind.REGULAR, Kind.TRIAL)),
        one_of("price_unit", PriceUnit),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("price >= 0 AND pay >= 0", name="no_negative_money"),
        CheckConstraint(
            "price_unit IS NOT NULL OR (price IS NULL AND pay IS NULL)", name="price_has_unit"
        ),
        index_where(OFFERED, "ix_match_offered", "student_id"),
        index_where(ACCEPTED, "ix_match_accepted", "booked_until"),
    )

    id: int = identity()
    ref: str | None = Field(default=None, unique=True)
    tutor_id: int = Field(foreign_key="person.id", index=True)
    student_id: int = Field(foreign_key="student.id", index=True)
    subject: str
    starts_on: date
    ends_on: date | None = None
    """Last day of a session, in the agency's zone; None where it goes on."""
    kind: Kind = word(Kind, default=Kind.REGULAR)
    price: int | None = None
    """What the family pays for one unit, in minor units of the agency's currency."""
    pay: int | None = None
    """What the tutor gets for one unit, in minor units."""
    price_unit: PriceUnit | None = word(PriceUnit, default=None)
    is_tutor_held_back: bool = False
    """Whether the parents read the tutor's name only once they have accepted."""
    status: MatchStatus = word(MatchStatus, default=MatchStatus.OFFERED)
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Coordinator; None where it was imported from the command line."""
    created_at: datetime = instant()
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Parent who accepted or declined; None where the family had agreed before."""
    answered_at: datetime | None = instant(default=None)
    decline_reason: str | None = prose(default=None)
    """Words of the parent who declined; None where they gave no reason."""
    ended_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = instant(default=None)
    booked_until: date | None = None
    """Last day up to which sessions were made; None as long as it is not accepted."""


class MatchSlot(SQLModel, table=True):
    """Weekly time of a match: a weekday and a wall time in the agency's zone."""

    __tablename__ = "match_slot"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="iso_weekday"),
        CheckConstraint("duration_minutes > 0", name="some_duration"),
    )

    id: int = identity()
    match_id: int = Field(foreign_key="match.id", index=True)
    weekday: int
    """1 is Monday, 7 is Sunday."""
    start_time: time = Field(sa_type=Time)
    """What clocks show in the agency's zone."""
    duration_minutes: int
    valid_from: date
    valid_until: date | None = None
    """Last day on which it counts; None where it goes on as long as its match."""
