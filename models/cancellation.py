"""Cancellations, with the penalty guidance that was shown before confirming (SPEC 6)."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, one_of, prose, word
from models.enums import ChangeReason, Role


class Cancellation(SQLModel, table=True):
    """Cancellation of a session: reason, side, and the penalty that was shown."""

    __tablename__ = "cancellation"
    __table_args__ = (
        one_of("side", (Role.TUTOR, Role.PARENT)),
        one_of("reason", ChangeReason),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", unique=True)
    cancelled_by_id: int = Field(foreign_key="person.id")
    side: Role = word(Role)
    """Side whose cancellation it is."""
    reason: ChangeReason = word(ChangeReason)
    text: str | None = prose(default=None)
    at: datetime = instant()
    penalty: str | None = prose(default=None)
    """Penalty as the sheet words it; None where the sheet has none for this notice."""
    guidance: str | None = prose(default=None)
    waived_at: datetime | None = instant(default=None)
    waived_by_id: int | None = Field(default=None, foreign_key="person.id")
    waiver_reason: str | None = prose(default=None)
    """Why a coordinator waived the penalty; None where it was not waived."""
    amount: int | None = Field(default=None, sa_type=BigInteger)
    """What the penalty costs in minor units; None where the sheet gives no amount."""
    holiday: str | None = prose(default=None)
    """Holiday for which the agency cancelled it; None where it was for a side."""
