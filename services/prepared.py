"""Statements on the way of a tap: compiled once, and run by the database's driver itself.

SQLAlchemy takes ten to thirty times as long for a statement as SQLite does, most of it for what is
the same each time. `Prepared` keeps that: the text, how values are written and how rows are read.
Rows of a whole table become the session's own objects, as with the ORM.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy import inspect as inspected
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.util import AliasedInsp
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from services.db import Session

Process = Callable[[Any], Any]


class Prepared:
    """Statement whose bind parameters are given each time; none of them is expanding."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._refreshes = bool(statement.get_execution_options().get("populate_existing"))
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: object) -> list[Any]:
        """Rows, as named tuples of columns and objects."""
        connection, compiled = self._ready(session)
        cursor = compiled.execute(connection, values)
        found = cursor.fetchall()
        if not found:
            return []
        read = compiled.reader(cursor)
        return [read(row, session, self._refreshes) for row in found]

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

    def run_many(self, session: Session, rows: Sequence[Mapping[str, object]]) -> int:
        """Make a change with the values of each row; return how many rows it met."""
        connection, compiled = self._ready(session)
        return int(compiled.execute_many(connection, rows).rowcount)

    def _ready(self, session: Session) -> "tuple[Connection, _Compiled]":
        session.flush()  # as SQLAlchemy does itself before it reads
        connection = session.connection()
        dialect = connection.dialect
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        return connection, compiled


class _Compiled:
    """Statement in the words of one kind of database."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        self._statement, self._dialect = statement, dialect
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
        self._text = str(compiled)
        self._order = compiled.positiontup
        writers = {
            name: _writer(bound.type, dialect) for bound, name in compiled.bind_names.items()
        }
        given = {name for bound, name in compiled.bind_names.items() if bound.required}
        self._writers = {name: writers[name] for name in given}
        self._fixed = {
            name: _written(writers[name], value)
            for name, value in compiled.params.items()
            if name not in given
        }
        self._read: _Read | None = None

    def execute(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """Execute it once; return the driver's cursor. Raises SQLAlchemy's errors."""
        return self._execute(connection, self._parameters(values), many=False)

    def execute_many(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> Any:
        """Execute it for each row; return the driver's cursor. Raises SQLAlchemy's errors."""
        if len(rows) == 1:
            return self.execute(connection, rows[0])
        return self._execute(connection, [self._parameters(row) for row in rows], many=True)

    def reader(self, cursor: Any) -> "_Read":
        """What reads a row, made when the first one is there: some types ask the driver for its.

        psycopg makes a description anew each time that it is asked for, an object for each column.
        """
        if self._read is None:
            self._read = _reader(self._statement, self._dialect, cursor.description)
        return self._read

    def _parameters(self, values: Mapping[str, object]) -> Any:
        """Values as the driver takes them. Raises KeyError where one is missing or unknown."""
        if values.keys() != self._writers.keys():
            raise KeyError(*(values.keys() ^ self._writers.keys()))
        named = dict(self._fixed)
        for name, value in values.items():
            named[name] = _written(self._writers[name], value)
        return named if self._order is None else tuple([named[name] for name in self._order])

    def _execute(self, connection: Connection, parameters: Any, *, many: bool) -> Any:
        driver = cast(Any, connection.connection.dbapi_connection)
        cursor, text = driver.cursor(), self._text
        for tell in connection.dispatch.before_cursor_execute:
            text, parameters = tell(connection, cursor, text, parameters, None, many)
        errors = cast(Any, self._dialect).loaded_dbapi.Error
        try:
            (cursor.executemany if many else cursor.execute)(text, parameters)
        except errors as error:
            is_lost = self._dialect.is_disconnect(error, driver, cursor)
            if is_lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                text,
                parameters,
                error,
                errors,
                hide_parameters=True,
                connection_invalidated=is_lost,
                dialect=self._dialect,
                ismulti=many,
            ) from error
        for tell in connection.dispatch.after_cursor_execute:
            tell(connection, cursor, text, parameters, None, many)
        return cursor


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _written(write: Process | None, value: object) -> object:
    return value if write is None else write(value)


# -------------------------------------------------------------------------------------- its rows

_Read = Callable[[Sequence[Any], Session, bool], Any]


class _Object(NamedTuple):
    """Columns of a row that make an object of a mapped class."""

    mapper: Mapper[Any]
    columns: slice
    names: list[str]
    key: list[int]
    """Places of the primary key among its columns."""

    def of(self, row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        """The session's object; None where an outer join found no row."""
        values = row[self.columns]
        primary_key = tuple([values[place] for place in self.key])
        if None in primary_key:
            return None
        key = self.mapper.identity_key_from_primary_key(primary_key)
        known = session.identity_map.get(key)
        if known is None:
            return self._loaded(dict(zip(self.names, values, strict=True)), key, session)
        if refreshes:
            for name, value in zip(self.names, values, strict=True):
                set_committed_value(known, name, value)
        return known

    def _loaded(self, columns: dict[str, Any], key: Any, session: Session) -> Any:
        """New object of the session, as the ORM makes it; it is pinned, and a test holds this."""
        made = self.mapper.class_manager.new_instance()
        vars(made).update(columns)
        state = instance_state(made)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return made


def _reader(statement: Any, dialect: Dialect, description: Sequence[Sequence[Any]]) -> _Read:
    """What makes a row of the driver's one of ours."""
    columns = list(statement.exported_columns)
    processors = [
        (place, process)
        for place, (column, told) in enumerate(zip(columns, description, strict=True))
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, told[1]))
    ]
    names = [str(column.key) for column in columns]
    parts = list(_parts(statement, names))
    titles = [names[part] if isinstance(part, int) else "" for part in parts]
    row_of: Any = namedtuple("Row", [*titles], rename=True)  # type: ignore[misc]  # noqa: PYI024
    has_objects = any(isinstance(part, _Object) for part in parts)

    def read(row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        values = list(row)
        for place, process in processors:
            values[place] = process(values[place])
        if has_objects:
            values = [
                values[part] if isinstance(part, int) else part.of(values, session, refreshes)
                for part in parts
            ]
        return row_of._make(values)

    return read


def _parts(statement: Any, names: list[str]) -> Iterator[int | _Object]:
    """What a row holds, in order: objects, and single columns by their place."""
    place = 0
    for part in getattr(statement, "column_descriptions", ()):
        found = inspected(part["expr"], raiseerr=False)
        if not isinstance(found, Mapper | AliasedInsp):
            yield place
            place += 1
            continue
        end = place + len(found.mapper.columns)
        own = names[place:end]
        key = [own.index(str(column.key)) for column in found.mapper.primary_key]
        yield _Object(found.mapper, slice(place, end), own, key)
        place = end
    yield from range(place, len(names))
