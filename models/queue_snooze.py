"""What coordinators have put off in their queue (SPEC 10)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant, one_of, word
from models.matters import Matter


class QueueSnooze(SQLModel, table=True):
    """Matter that is put off for all coordinators until some time; then it comes back by itself."""

    __tablename__ = "queue_snooze"
    __table_args__ = (one_of("matter", Matter),)

    matter: Matter = word(Matter, primary_key=True)
    subject_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Id of the request, dispute, report, session, message, person or file."""
    until: datetime = instant(index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = instant()
