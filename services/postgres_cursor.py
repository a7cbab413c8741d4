"""Cursor for prepared statements on PostgreSQL: half the work of psycopg's own.

psycopg's gives up the interpreter several times for each statement, and competes with the other
threads to get it back; libpq's own call for a prepared statement does so once.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

MOST_PREPARED = 100
"""Statements that a connection keeps prepared: each takes the server some memory."""

Statement = tuple[str, tuple[int, ...] | None]
"""Text of a statement, and the types of its values."""


class PostgresCursor:
    """Cursor that prepares each statement when it is first executed; parameters are `$1`, `$2` ...

    Keep it as long as the connection: it knows what is prepared there.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._values = Transformer(connection)
        self._names: dict[Statement, bytes] = {}
        self._made = 0
        self._answer: PGresult

    @property
    def rowcount(self) -> int:
        """How many rows the last statement met."""
        return self._answer.command_tuples or 0

    @property
    def description(self) -> list[tuple[str, int]]:
        """Name and type of each column of the last answer."""
        answer = self._answer
        names = [(answer.fname(place) or b"").decode() for place in range(answer.nfields)]
        return [(name, answer.ftype(place)) for place, name in enumerate(names)]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows of the last answer."""
        if not self._answer.ntuples:
            return []
        self._values.set_pgresult(self._answer)
        return self._values.load_rows(0, self._answer.ntuples, tuple)

    def execute(self, text: str, values: Sequence[object]) -> None:
        """Execute a statement; begin a transaction first where psycopg would. Raises its errors."""
        pq = self._connection.pgconn
        if pq.transaction_status == TransactionStatus.IDLE and not self._connection.autocommit:
            self._checked(pq.exec_(b"BEGIN"))
        given: Any = self._values.dump_sequence(values, [PyFormat.AUTO] * len(values))
        name = self._prepared(text)
        self._answer = self._checked(pq.exec_prepared(name, given, self._values.formats))

    def _prepared(self, text: str) -> bytes:
        """Name of a statement, for the types of the values that were written last."""
        key = text, self._values.types
        name = self._names.pop(key, None) or self._prepare(*key)
        self._names[key] = name  # at the end: the first is the one that was not used for longest
        return name

    def _prepare(self, text: str, types: tuple[int, ...] | None) -> bytes:
        pq = self._connection.pgconn
        if len(self._names) == MOST_PREPARED:
            oldest = next(iter(self._names))
            self._checked(pq.exec_(b"DEALLOCATE " + self._names[oldest]))
            del self._names[oldest]
        self._made += 1
        name = f"tutorline_{self._made}".encode()
        self._checked(pq.prepare(name, text.encode(), types))
        return name

    def _checked(self, answer: PGresult) -> PGresult:
        return checked(self._connection.pgconn, answer)


def end_transaction(connection: Connection[Any], how: bytes) -> None:
    """End the transaction, if there is one, by `COMMIT` or `ROLLBACK`. Raises psycopg's errors."""
    pq = connection.pgconn
    if pq.transaction_status != TransactionStatus.IDLE:
        checked(pq, pq.exec_(how))


def checked(pq: PGconn, answer: PGresult) -> PGresult:
    """The answer, unless it is an error, which is raised."""
    if answer.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return answer
    if pq.status == ConnStatus.BAD:
        raise OperationalError(answer.get_error_message())
    raise error_from_result(answer)
