"""Cursor for prepared statements on PostgreSQL: half the work of psycopg's own.

psycopg's gives up the interpreter several times for each statement, and competes with the other
threads to get it back; libpq's own call for a prepared statement does so once. What need not be
answered at once goes to the server together with the next statement (libpq's pipeline).
"""

import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from psycopg import Connection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

MOST_PREPARED = 100
"""Statements that a connection keeps prepared: each takes the server some memory."""

Statement = tuple[str, tuple[int, ...] | None]
"""Text of a statement, and the types of its values."""
Tell = Callable[[], None]


class _Sent(NamedTuple):
    """Something that was sent, and is not answered yet."""

    prepares: Statement | None = None
    """Statement that is prepared by it."""
    tell: Tell | None = None
    """What is called when it is answered."""


class PostgresCursor:
    """Cursor that prepares each statement when it is first executed; parameters are `$1`, `$2` ...

    Keep it as long as the connection: it knows what is prepared there.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._values = Transformer(connection)
        self._names: dict[Statement, bytes] = {}
        self._made = 0
        self._sent: list[_Sent] = []
        self._objection: Exception | None = None
        """Why this transaction may not be committed."""
        self._arrival = _poll(connection, select.POLLIN)
        self._passage = _poll(connection, select.POLLIN | select.POLLOUT)
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
        """Execute a statement, after those that wait to be sent with it; begin a transaction first
        where psycopg would. Raises its errors, and theirs.
        """
        given: Any = self._values.dump_sequence(values, [PyFormat.AUTO] * len(values))
        key = text, self._values.types
        name = self._names.get(key)
        pq = self._connection.pgconn
        if self._sent or name is None or self._has_to_begin():
            self._send(key, given)
            self.settle()
        else:
            self._used(key, name)
            self._answer = _checked(pq, pq.exec_prepared(name, given, self._values.formats))

    def execute_later(self, text: str, values: Sequence[object], tell: Tell | None = None) -> None:
        """Execute a statement together with the next one, or before the transaction ends. Its
        errors are raised there, and `tell` is called, which may look at what it gave, and raise.
        A transaction in which it did so cannot be committed.
        """
        given: Any = self._values.dump_sequence(values, [PyFormat.AUTO] * len(values))
        self._send((text, self._values.types), given, tell)

    def execute_many_later(self, text: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute a statement for each row, as `execute_later` does."""
        for values in rows:
            self.execute_later(text, values)

    def settle(self) -> None:
        """Wait for the answers to everything that was sent; the last one is kept."""
        if not self._sent:
            return
        sent, self._sent = self._sent, []
        unsure = [one.prepares for one in sent if one.prepares is not None]
        try:
            for one, answer in zip(sent, self._answers(len(sent)), strict=True):
                self._answer = _checked(self._connection.pgconn, answer)
                if one.prepares is not None:
                    unsure.remove(one.prepares)
                if one.tell is not None:
                    self._tell(one.tell)
        finally:
            for statement in unsure:
                self._names.pop(statement, None)

    def commit(self) -> None:
        """Commit the transaction, if there is one, with what waits to be sent; roll it back where
        that fails: SQLAlchemy takes it for over then.
        """
        try:
            self._commit()
        except Exception:
            with suppress(Exception):
                self.rollback()
            raise

    def _commit(self) -> None:
        if any(one.tell is not None for one in self._sent):
            self.settle()
        if self._objection is not None:
            raise self._objection
        if self._sent:
            self._connection.pgconn.send_query_params(b"COMMIT", None)
            self._sent.append(_Sent())
            self.settle()
        else:
            self._end(b"COMMIT")

    def rollback(self) -> None:
        """Roll the transaction back, if there is one."""
        with suppress(Exception):  # whatever it is, it is undone
            self.settle()
        self._objection = None
        self._end(b"ROLLBACK")

    def _tell(self, tell: Tell) -> None:
        try:
            tell()
        except Exception as error:
            self._objection = error
            raise

    def _end(self, how: bytes) -> None:
        pq = self._connection.pgconn
        if pq.transaction_status != TransactionStatus.IDLE:
            _checked(pq, pq.exec_(how))

    def _has_to_begin(self) -> bool:
        if self._sent or self._connection.autocommit:
            return False
        return self._connection.pgconn.transaction_status == TransactionStatus.IDLE

    def _send(self, key: Statement, given: Any, tell: Tell | None = None) -> None:
        pq, formats = self._connection.pgconn, self._values.formats
        has_to_begin = self._has_to_begin()
        if not self._sent:
            pq.enter_pipeline_mode()
        if has_to_begin:
            pq.send_query_params(b"BEGIN", None)
            self._sent.append(_Sent())
        name = self._names.get(key)
        if name is None:
            name = self._prepare(*key)
        self._used(key, name)
        pq.send_query_prepared(name, given, formats)
        self._sent.append(_Sent(tell=tell))

    def _used(self, key: Statement, name: bytes) -> None:
        """Put a statement at the end: the first is the one that was not used for longest."""
        self._names.pop(key, None)
        self._names[key] = name

    def _prepare(self, text: str, types: tuple[int, ...] | None) -> bytes:
        pq = self._connection.pgconn
        if len(self._names) == MOST_PREPARED:
            oldest = next(iter(self._names))
            pq.send_query_params(b"DEALLOCATE " + self._names.pop(oldest), None)
            self._sent.append(_Sent())
        self._made += 1
        name = f"tutorline_{self._made}".encode()
        pq.send_prepare(name, text.encode(), types)
        self._sent.append(_Sent(prepares=(text, types)))
        return name

    def _answers(self, count: int) -> list[PGresult | None]:
        """Answers to the last `count` things that were sent. Leaves libpq's pipeline."""
        pq = self._connection.pgconn
        pq.pipeline_sync()
        while pq.flush():
            self._passage.poll()
            pq.consume_input()
        answers = []
        for _ in range(count):
            answers.append(self._next())
            self._next()  # nothing, which ends each answer
        self._next()  # of the synchronization
        pq.exit_pipeline_mode()
        return answers

    def _next(self) -> PGresult | None:
        """Next answer, waited for without the interpreter."""
        pq = self._connection.pgconn
        while pq.is_busy():
            self._arrival.poll()
            pq.consume_input()
        return pq.get_result()


def _poll(connection: Connection[Any], events: int) -> "select.poll":
    poll = select.poll()
    poll.register(connection.fileno(), events)
    return poll


def _checked(pq: PGconn, answer: PGresult | None) -> PGresult:
    """The answer, unless it is an error, which is raised."""
    if answer is not None and answer.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return answer
    if answer is None or pq.status == ConnStatus.BAD:
        raise OperationalError((answer or pq).get_error_message())
    raise error_from_result(answer)
