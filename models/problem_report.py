"""Problem reports by parents, and what is written about them on both sides (SPEC 5)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, prose, word
from models.enums import DisputeReason, ProblemStatus, Role


class ProblemReport(SQLModel, table=True):
    """Parent's report of a problem to the coordinators; changes no session's status (SPEC 5)."""

    __tablename__ = "problem_report"
    __table_args__ = (
        one_of("status", ProblemStatus),
        one_of("reason", DisputeReason),
        CheckConstraint("text IS NOT NULL OR reason IS NOT NULL", name="something_said"),
        UniqueConstraint("chat_id", "message_id"),
        index_where("status IN ('open', 'claimed', 'answered')", "ix_problem_report_live", "id"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    """Its author."""
    text: str | None = prose(default=None)
    reason: DisputeReason | None = word(DisputeReason, default=None)
    """Reason of the dispute that it was to be, where another parent had answered first."""
    at: datetime = instant()
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
    status: ProblemStatus = word(ProblemStatus, default=ProblemStatus.OPEN)
    claimed_by_id: int | None = Field(default=None, foreign_key="person.id")
    claimed_at: datetime | None = instant(default=None)
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = instant(default=None)


class ProblemReply(SQLModel, table=True):
    """What was written about a problem report after it was made: by a coordinator, whom its author
    reads in their chat, or by its author.
    """

    __tablename__ = "problem_reply"
    __table_args__ = (
        one_of("role", (Role.PARENT, Role.COORDINATOR)),
        UniqueConstraint("chat_id", "message_id"),
    )

    id: int = identity()
    report_id: int = Field(foreign_key="problem_report.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    role: Role = word(Role, default=Role.COORDINATOR)
    """PARENT: the author of the report wrote it."""
    text: str = prose()
    at: datetime = instant()
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
