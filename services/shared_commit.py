"""Units of work that share a transaction: the failure of one undoes only its own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

T = TypeVar("T")
Guard = Callable[[Session], None]
"""What a transaction begins with; it raises where nothing may be written."""

SOON_SECONDS = 0.03
"""How long a unit for which nobody waits lets others join its commit."""


@dataclass(frozen=True)
class Raised:
    """Exception that a unit raised."""

    error: Exception


@dataclass(frozen=True)
class Waiting:
    """Unit of work with a waiting caller. Make it in the event loop."""

    unit: Callable[[Session], object]
    answer: "asyncio.Future[Any]"
    guard: Guard | None = None

    @classmethod
    def of(cls, unit: Callable[[Session], object], guard: Guard | None = None) -> "Waiting":
        return cls(unit, asyncio.get_running_loop().create_future(), guard)

    def guarded(self, session: Session) -> object:
        """The unit, after its guard."""
        if self.guard is not None:
            self.guard(session)
        return self.unit(session)

    def settle(self, outcome: object) -> None:
        """Give the unit's result to the caller."""
        settle(self.answer, outcome)


def outcome_of(work: Callable[[], T]) -> T | Raised:
    """Do something whose error belongs to somebody else."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - it is told
        return Raised(error)


def settle(answer: "asyncio.Future[Any]", outcome: object) -> None:
    """Give a result, or the error that was raised instead, to those who wait for it."""
    if answer.cancelled():
        return
    if isinstance(outcome, Raised):
        answer.set_exception(outcome.error)
    else:
        answer.set_result(outcome)


def run(connection: Connection, unit: Callable[[Session], object]) -> object:
    """Run a unit in the connection's transaction, and return its result.

    A session that has begun no transaction of its own has nothing to let go of.
    """
    session = _session(connection)
    try:
        given = unit(session)
        session.flush()
        return given
    finally:
        if session.in_transaction():
            session.close()


def run_in_savepoint(connection: Connection, unit: Callable[[Session], object]) -> object:
    """Run a unit in a savepoint of the connection's transaction; return its result or exception."""

    def nested() -> object:
        with connection.begin_nested():
            return run(connection, unit)

    return outcome_of(nested)


def _session(connection: Connection) -> Session:
    """Session whose rollback ends the innermost savepoint or transaction, and nothing else does."""
    return Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only")
