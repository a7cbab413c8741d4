"""Lost sessions for which a replacement is still wanted (SPEC 6, 10)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class WantedReplacement(SQLModel, table=True):
    """Lost session whose tutor or family has asked for another one; gone once it is dealt with."""

    __tablename__ = "wanted_replacement"

    appointment_id: int = Field(
        primary_key=True, foreign_key="appointment.id", sa_column_kwargs={"autoincrement": False}
    )
    asked_at: datetime = instant(index=True)
