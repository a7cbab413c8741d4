"""The row of the lease: it is taken, renewed, let go, and asked for by each write (SPEC 11).

On PostgreSQL only. All times are the database's own, so that no process's clock matters.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text
from sqlmodel import col

from models import Lease
from services.db import Session
from services.ending import MustEndError
from services.prepared import Prepared

OWNER = "owner"

_IS_FREE = "(holder IS NULL OR renewed_at < clock_timestamp() - make_interval(secs => :lasts))"
_FIND = text(f"SELECT holder, {_IS_FREE} AS is_free FROM lease WHERE name = :name")  # noqa: S608
_MAKE = text(
    "INSERT INTO lease (name, fence, renewed_at) VALUES (:name, 0, clock_timestamp())"
    " ON CONFLICT DO NOTHING"
)
_END_CONNECTIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = :holder AND usename = current_user AND pid <> pg_backend_pid()"
)
_TAKE = text(
    "UPDATE lease SET fence = fence + 1, holder = :holder, renewed_at = clock_timestamp()"  # noqa: S608
    f" WHERE name = :name AND {_IS_FREE} RETURNING fence"
)
_RENEW = text(
    "UPDATE lease SET renewed_at = clock_timestamp() WHERE name = :name AND fence = :fence"
    " RETURNING fence"
)
_LET_GO = text("UPDATE lease SET holder = NULL WHERE name = :name AND fence = :fence")
_HOLD = Prepared(
    select(col(Lease.fence), col(Lease.holder))
    .where(col(Lease.name) == bindparam("name"))
    .with_for_update(read=True, key_share=True)
)
"""Each write of the active process begins with it."""


class FencedError(MustEndError):
    """Another process has taken the lease of this one, which therefore may not write any more."""

    def __init__(self, holder: str | None) -> None:
        super().__init__(f"{holder or 'Another process'} has taken over, so this one ends")


class Found(NamedTuple):
    """The lease as it is."""

    holder: str | None
    is_free: bool


def find(session: Session, lasts: float) -> Found | None:
    """The lease; None where there never was one. `lasts`: seconds."""
    row = session.connection().execute(_FIND, {"name": OWNER, "lasts": lasts}).first()
    return None if row is None else Found(row.holder, row.is_free)


def take(session: Session, holder: str, lasts: float) -> int | None:
    """Take the lease if it is free; return its fencing number, None where another holds it.

    The connections of the process that held it are ended first: one that is frozen in the midst of
    a transaction would keep its locks.
    """
    found = find(session, lasts)
    connection = session.connection()
    if found is None:
        connection.execute(_MAKE, {"name": OWNER})
    elif not found.is_free:
        return None
    elif found.holder is not None:
        connection.execute(_END_CONNECTIONS, {"holder": found.holder})
    taken: int | None = connection.execute(
        _TAKE, {"name": OWNER, "holder": holder, "lasts": lasts}
    ).scalar()
    return taken


def renew(session: Session, fence: int) -> None:
    """Renew the lease. Raises `FencedError` where another has taken it."""
    values = {"name": OWNER, "fence": fence}
    if session.connection().execute(_RENEW, values).first() is None:
        require(session, fence)


def let_go(session: Session, fence: int) -> None:
    """Let another process take the lease at once."""
    session.connection().execute(_LET_GO, {"name": OWNER, "fence": fence})


def require(session: Session, fence: int) -> None:
    """Hold the lease until the transaction ends: meanwhile nobody can take it.

    `FencedError` is raised unless it was taken with this number last: here, by the next statement
    or before the commit.
    """

    def look(rows: Sequence[Any]) -> None:
        if not rows or rows[0].fence != fence:
            raise FencedError(rows[0].holder if rows else None)

    _HOLD.look_later(session, look, name=OWNER)
