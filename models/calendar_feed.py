"""Addresses at which calendars follow a person's sessions (SPEC 10)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import identity, instant


class CalendarFeed(SQLModel, table=True):
    """Secret address of a person's sessions. Deleting the row ends it."""

    __tablename__ = "calendar_feed"

    id: int = identity()
    person_id: int = Field(foreign_key="person.id", unique=True)
    token_hash: str = Field(unique=True, description="of the secret, under SECRET_KEY")
    created_at: datetime = instant()
