"""Days without new sessions: the agency's holidays, and tutors' leave (SPEC 7)."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, one_of, prose, word
from models.enums import LeaveStatus


class Holiday(SQLModel, table=True):
    """Date on which the agency is closed."""

    __tablename__ = "holiday"

    id: int = identity()
    date: dt.date = Field(unique=True)
    name: str


class TutorLeave(SQLModel, table=True):
    """Days on which a tutor does not teach."""

    __tablename__ = "tutor_leave"
    __table_args__ = (
        one_of("status", LeaveStatus),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index(None, "tutor_id", "ends_on"),
    )

    id: int = identity()
    tutor_id: int = Field(foreign_key="person.id")
    starts_on: dt.date
    ends_on: dt.date
    """Last day, in the agency's zone."""
    reason: str | None = prose(default=None)
    status: LeaveStatus = word(LeaveStatus, default=LeaveStatus.TAKEN)
    asked_by_id: int = Field(foreign_key="person.id")
    """The tutor, or a coordinator on their behalf."""
    asked_at: dt.datetime = instant()
    withdrawn_by_id: int | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: dt.datetime | None = instant(default=None)
