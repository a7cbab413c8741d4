"""Rows of prepared statements: named tuples of columns, and of the session's own objects."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect
from sqlalchemy import inspect as inspected
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.orm.util import AliasedInsp

from services.db import Session

Read = Callable[[Sequence[Any], Session, bool], Any]
Process = Callable[[Any], Any]


class _Column(NamedTuple):
    """Single column of a row."""

    place: int
    process: Process | None

    def of(self, row: Sequence[Any], _session: Session, _refreshes: bool) -> Any:
        value = row[self.place]
        return value if self.process is None else self.process(value)


class _Object(NamedTuple):
    """Columns of a row that make an object of a mapped class."""

    mapper: Mapper[Any]
    kept_as: type
    """Class under which the session knows its objects, with their primary key."""
    columns: slice
    names: list[str]
    key: list[int]
    """Places of the primary key in the row; a key needs no processing."""
    processed: list[tuple[str, Process]]

    def of(self, row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        """The session's object; None where an outer join found no row."""
        primary_key = tuple([row[place] for place in self.key])
        if None in primary_key:
            return None
        key = (self.kept_as, primary_key, None)
        known = session.identity_map.get(key)
        if known is None:
            return self._loaded(self._values(row), key, session)
        if refreshes:
            set_values(known, self._values(row))
        return known

    def _values(self, row: Sequence[Any]) -> dict[str, Any]:
        values = dict(zip(self.names, row[self.columns], strict=True))
        for name, process in self.processed:
            if (value := values[name]) is not None:  # which every process leaves as it is
                values[name] = process(value)
        return values

    def _loaded(self, columns: dict[str, Any], key: Any, session: Session) -> Any:
        """New object of the session, as the ORM makes it; it is pinned, and a test holds this.

        Its state is put beside its values: to set it as an attribute takes SQLModel twice as long
        as all the rest.
        """
        manager = self.mapper.class_manager
        kind: Any = manager.class_
        made = kind.__new__(kind)
        state = InstanceState(made, manager)
        vars(made).update(columns)
        vars(made)[manager.STATE_ATTR] = state
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return made


def set_values(known: object, values: dict[str, Any]) -> None:
    """Set columns of a session's object to what the database holds, as if they had been read."""
    columns = vars(known)
    columns.update(values)
    instance_state(known)._commit(columns, values)  # noqa: SLF001 - as SQLAlchemy itself, for each


def reader_of(statement: Any, dialect: Dialect, description: Sequence[Sequence[Any]]) -> Read:
    """What makes a row of the driver's one of ours."""
    columns = list(statement.exported_columns)
    processors: list[Process | None] = [
        column.type.dialect_impl(dialect).result_processor(dialect, told[1])
        for column, told in zip(columns, description, strict=True)
    ]
    names = [str(column.key) for column in columns]
    parts = list(_parts(statement, names, processors))
    titles = [names[part.place] if isinstance(part, _Column) else "" for part in parts]
    row_of: Any = namedtuple("Row", [*titles], rename=True)  # type: ignore[misc]  # noqa: PYI024

    def read(row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        return row_of._make([part.of(row, session, refreshes) for part in parts])

    def read_columns(row: Sequence[Any], _session: Session, _refreshes: bool) -> Any:
        values = list(row)
        for place, process in processed:
            values[place] = process(values[place])
        return row_of._make(values)

    processed = [(place, process) for place, process in enumerate(processors) if process]
    return read_columns if all(isinstance(part, _Column) for part in parts) else read


def _parts(
    statement: Any, names: list[str], processors: list[Process | None]
) -> Iterator[_Column | _Object]:
    """What a row holds, in order: objects, and single columns."""
    place = 0
    for part in getattr(statement, "column_descriptions", ()):
        found = inspected(part["expr"], raiseerr=False)
        if not isinstance(found, Mapper | AliasedInsp):
            yield _Column(place, processors[place])
            place += 1
            continue
        end = place + len(found.mapper.columns)
        own = names[place:end]
        key = [place + own.index(str(column.key)) for column in found.mapper.primary_key]
        processed = [
            (name, process)
            for name, process in zip(own, processors[place:end], strict=True)
            if process is not None
        ]
        yield _Object(found.mapper, found.mapper.class_, slice(place, end), own, key, processed)
        place = end
    for rest in range(place, len(names)):
        yield _Column(rest, processors[rest])
