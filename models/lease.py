"""The lease by which one process of several is the active one (SPEC 11)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class Lease(SQLModel, table=True):
    """What one process holds at a time, on PostgreSQL; there is one row.

    `fence` is unique so that PostgreSQL takes it for a key: to change it waits for the transactions
    that hold the row with FOR KEY SHARE, and to renew the lease does not.
    """

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    fence: int = Field(unique=True, description="one more each time that it is taken")
    holder: str | None = Field(default=None, description="the process; none: it was let go")
    renewed_at: datetime = instant()
