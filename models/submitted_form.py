"""Forms of pages that have counted (SPEC 10)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class SubmittedForm(SQLModel, table=True):
    """Form that was sent and has had its effect: sent again, it has none."""

    __tablename__ = "submitted_form"

    key: str = Field(primary_key=True)
    """Random value of the page with the form."""
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = instant(index=True)
