"""Statements on the way of a tap or a page: compiled once, and run by the database's driver itself.

SQLAlchemy takes ten to thirty times as long for a statement as SQLite does, most of it for what is
the same each time. `Prepared` keeps that: the text, how values are written and how rows are read.
Rows of a whole table become the session's own objects, as with the ORM.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from services.db import Session
from services.prepared_rows import Read, reader_of

Process = Callable[[Any], Any]
Tell = Callable[[Any], None]


class Prepared:
    """Statement whose bind parameters are given each time; for an expanding one, a collection."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._refreshes = bool(statement.get_execution_options().get("populate_existing"))
        self._by_style: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: object) -> list[Any]:
        """Rows, as named tuples of columns and objects."""
        connection, compiled = self._ready(session)
        cursor = compiled.execute(connection, values)
        found = cursor.fetchall()
        if not found:
            return []
        read = compiled.reader(cursor)
        return [read(row, session, self._refreshes) for row in found]

    def some_of(self, session: Session, values: Mapping[str, object]) -> list[Any]:
        """As `rows`, with those of these values that the statement takes."""
        _connection, compiled = self._ready(session)
        return self.rows(session, **{name: values[name] for name in compiled.takes})

    def first(self, session: Session, **values: object) -> Any:
        """First row; None where there is none."""
        found = self.rows(session, **values)
        return found[0] if found else None

    def one(self, session: Session, **values: object) -> Any:
        """What is first in the first row; None where there is none."""
        found = self.rows(session, **values)
        return found[0][0] if found else None

    def firsts(self, session: Session, **values: object) -> list[Any]:
        """What is first in each row."""
        return [row[0] for row in self.rows(session, **values)]

    def run(self, session: Session, **values: object) -> int:
        """Make a change; return how many rows it met."""
        connection, compiled = self._ready(session)
        return int(compiled.execute(connection, values).rowcount)

    def run_later(self, session: Session, **values: object) -> None:
        """Make a change, on PostgreSQL together with the next statement or the commit, which then
        raises its errors.
        """
        connection, compiled = self._ready(session)
        compiled.execute_later(connection, values, None)

    def look_later(
        self, session: Session, look: Callable[[list[Any]], None], **values: object
    ) -> None:
        """Give `look` the rows, on PostgreSQL as late as `run_later`. Where it raises, nothing of
        the transaction is committed.
        """
        connection, compiled = self._ready(session)

        def tell(cursor: Any) -> None:
            read = compiled.reader(cursor)
            look([read(row, session, self._refreshes) for row in cursor.fetchall()])

        compiled.execute_later(connection, values, tell)

    def run_many(self, session: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """Make a change with the values of each row; return how many rows it met."""
        connection, compiled = self._ready(session)
        return int(compiled.execute_many(connection, rows).rowcount)

    def run_many_later(self, session: Session, rows: Sequence[Mapping[str, object]]) -> None:
        """Make a change with the values of each row, as `run_later` does."""
        connection, compiled = self._ready(session)
        compiled.execute_many_later(connection, rows)

    def _ready(self, session: Session) -> "tuple[Connection, _Compiled]":
        """The session's connection, in a transaction, and the statement in its database's words.

        The session is asked to write only what has changed, and for its connection only where that
        has to begin something: each takes it as long as SQLite for a statement.
        """
        if session.identity_map._modified or session._new or session._deleted:  # noqa: SLF001 - as its own
            session.flush()
        connection = session.bind
        if (
            not isinstance(connection, Connection)
            or session.in_nested_transaction()
            or not connection.in_transaction()
        ):
            connection = session.connection()
        dialect = connection.dialect
        compiled = self._by_style.get(dialect.paramstyle)
        if compiled is None:
            compiled = self._by_style[dialect.paramstyle] = _Compiled(self._statement, dialect)
        return connection, compiled


class _Text(NamedTuple):
    """Text of a statement whose lists have some lengths."""

    text: str
    parameters: Sequence[tuple[str, Process | None]]
    """Name of each parameter, in order, and what writes its value for the driver."""
    lists: Mapping[str, Sequence[str]]
    """Names of the parameters of each list that is given."""


class _ConstantsWritten(SQLCompiler):
    """Compiler that writes constants into the text, and leaves only what is given each time.

    SQLite plans a statement anew each time that it is given a value for a column on which an index
    has a condition, such as a status. For the queue, that took six times as long as to run it.
    """

    def visit_bindparam(  # type: ignore[override]
        self, bindparam: BindParameter[Any], literal_binds: bool = False, **how: Any
    ) -> Any:
        is_constant = literal_binds or not bindparam.required
        return super().visit_bindparam(bindparam, literal_binds=is_constant, **how)  # type: ignore[no-untyped-call]


@cache
def _with_constants(compiler: type[SQLCompiler]) -> type[SQLCompiler]:
    """The compiler of a database, with constants written into the text."""
    return type(compiler.__name__, (_ConstantsWritten, compiler), {})


class _Compiled:
    """Statement in the words of one kind of database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        self._statement, self._dialect = statement, dialect
        compiler = _with_constants(cast(Any, dialect).statement_compiler)
        self._compiled = compiled = compiler(dialect, statement)
        self._lists = sorted(compiled.bind_names[bound] for bound in compiled.post_compile_params)
        self._writers = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for bound, name in compiled.bind_names.items()
        }
        self._kept_of: Process | None = getattr(dialect, "kept_cursor", None)
        """What gives the cursor that a connection of the driver's keeps."""
        self._texts: dict[tuple[int, ...], _Text] = {}
        if not self._lists:
            self._texts[()] = self._text(())
        self._errors: Any = cast(Any, dialect).loaded_dbapi.Error
        self._read: Read | None = None

    @property
    def takes(self) -> Collection[str]:
        """Names of the values that are given each time."""
        return self._writers.keys()

    def execute(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """Execute it once; return the driver's cursor. Raises SQLAlchemy's errors."""
        text = self._text_for(values) if self._lists else self._texts[()]
        return self._execute(connection, text.text, self._parameters(values, text))

    def execute_later(
        self, connection: Connection, values: Mapping[str, object], tell: Tell | None
    ) -> None:
        """Execute it once, perhaps not yet; `tell` is given the driver's cursor then."""
        text = self._text_for(values) if self._lists else self._texts[()]
        parameters = self._parameters(values, text)
        if self._kept_of is None:
            cursor = self._execute(connection, text.text, parameters)
            if tell is not None:
                tell(cursor)
            return
        kept = self._kept_of(connection.connection.dbapi_connection)
        told = None if tell is None else partial(tell, kept)
        run = partial(kept.execute_later, tell=told)
        self._execute(connection, text.text, parameters, cursor=kept, run=run)

    def execute_many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> Any:
        """Execute it for each row; return the driver's cursor. Raises SQLAlchemy's errors."""
        if len(rows) == 1:
            return self.execute(connection, rows[0])
        text = self._text_for({})
        parameters = [self._parameters(row, text) for row in rows]
        return self._execute(connection, text.text, parameters, many=True)

    def execute_many_later(
        self, connection: Connection, rows: Sequence[Mapping[str, object]]
    ) -> None:
        """Execute it for each row, perhaps not yet. Raises SQLAlchemy's errors."""
        if self._kept_of is None:
            self.execute_many(connection, rows)
            return
        kept, text = self._kept_of(connection.connection.dbapi_connection), self._text_for({})
        parameters = [self._parameters(row, text) for row in rows]
        run = kept.execute_many_later
        self._execute(connection, text.text, parameters, many=True, cursor=kept, run=run)

    def reader(self, cursor: Any) -> "Read":
        """What reads a row, made when the first one is there: some types ask the driver for its.

        psycopg makes a description anew each time that it is asked for, an object for each column.
        """
        if self._read is None:
            self._read = reader_of(self._statement, self._dialect, cursor.description)
        return self._read

    def _text_for(self, values: Mapping[str, Any]) -> _Text:
        """Its text; it is kept for lists of about the same lengths."""
        lengths = tuple([_rounded(len(values.get(name, ()))) for name in self._lists])
        text = self._texts.get(lengths)
        if text is None:
            text = self._texts[lengths] = self._text(lengths)
        return text

    def _text(self, lengths: Sequence[int]) -> _Text:
        compiled = self._compiled
        if not lengths:
            return self._written(str(compiled), compiled.positiontup, {})
        given: dict[str, object] = dict.fromkeys(self._writers)
        for name, length in zip(self._lists, lengths, strict=True):
            given[name] = [None] * length
        expanded = compiled.construct_expanded_state(given)
        lists = {name: expanded.parameter_expansion[name] for name in self._lists}
        return self._written(expanded.statement, expanded.positiontup, lists)

    def _written(
        self, text: str, order: Sequence[str] | None, lists: Mapping[str, Sequence[str]]
    ) -> _Text:
        if order is None:
            raise TypeError("the parameters of a prepared statement have places, not names")
        writers = dict(self._writers)
        for name, own in lists.items():
            writers |= dict.fromkeys(own, self._writers[name])
        return _Text(text, [(name, writers[name]) for name in order], lists)

    def _parameters(self, values: Mapping[str, Any], text: _Text) -> tuple[object, ...]:
        """Values as the driver takes them. Raises KeyError where one is missing or unknown."""
        if values.keys() != self._writers.keys():
            raise KeyError(*(values.keys() ^ self._writers.keys()))
        if text.lists:
            values = _with_lists(values, text.lists)
        return tuple(
            [
                values[name] if write is None else write(values[name])
                for name, write in text.parameters
            ]
        )

    def _execute(
        self,
        connection: Connection,
        text: str,
        parameters: Any,
        *,
        many: bool = False,
        cursor: Any = None,
        run: Callable[[str, Any], object] | None = None,
    ) -> Any:
        """Execute it, as SQLAlchemy would: those who listen are told, and errors are its own.

        `cursor`, `run`: on which cursor, and what runs it there, if that is not the usual.
        """
        driver: Any = connection.connection.dbapi_connection
        if cursor is None:
            cursor = driver.cursor() if self._kept_of is None else self._kept_or_new(driver, many)
        if run is None:
            run = cursor.executemany if many else cursor.execute
        is_heard = connection._has_events or connection.engine._has_events  # noqa: SLF001 - as its own
        if is_heard:
            for tell in connection.dispatch.before_cursor_execute:
                text, parameters = tell(connection, cursor, text, parameters, None, many)
        try:
            run(text, parameters)
        except self._errors as error:
            is_lost = self._dialect.is_disconnect(error, driver, cursor)
            if is_lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                text,
                parameters,
                error,
                self._errors,
                hide_parameters=True,
                connection_invalidated=is_lost,
                dialect=self._dialect,
                ismulti=many,
            ) from error
        if is_heard:
            for tell in connection.dispatch.after_cursor_execute:
                tell(connection, cursor, text, parameters, None, many)
        return cursor

    def _kept_or_new(self, driver: Any, many: bool) -> Any:
        """The cursor that a connection keeps; a new one for many rows, after what waits there."""
        kept = cast(Process, self._kept_of)(driver)
        if not many:
            return kept
        kept.settle()
        return driver.cursor()


def _with_lists(
    values: Mapping[str, Any], lists: Mapping[str, Sequence[str]]
) -> Mapping[str, object]:
    """Values with those of each list by themselves, the last of them as often as there is room."""
    named = dict(values)
    for name, own in lists.items():
        each = list(values[name])
        named.update(zip(own, each + each[-1:] * (len(own) - len(each)), strict=True))
    return named


def _rounded(length: int) -> int:
    """Length for which a text is kept: a list is filled up with its last value."""
    return 1 << (length - 1).bit_length() if length else 0
