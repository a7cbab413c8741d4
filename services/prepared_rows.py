"""Rows of prepared statements: named tuples of columns, and of the session's own objects."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy import inspect as inspected
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.orm.util import AliasedInsp

from services.db import Session

Read = Callable[[Sequence[Any], Session, bool], Any]
"""What makes something of a row of the driver's, for a session; whether it refreshes objects that
the session has already."""
Process = Callable[[Any], Any]


def reader_of(statement: Any, dialect: Dialect, description: Sequence[Sequence[Any]]) -> Read:
    """What makes a row of the driver's one of ours."""
    columns = list(statement.exported_columns)
    processors: list[Process | None] = [
        column.type.dialect_impl(dialect).result_processor(dialect, told[1])
        for column, told in zip(columns, description, strict=True)
    ]
    names = [str(column.key) for column in columns]
    parts = list(_parts(statement, names, processors))
    titles = [name for name, _ in parts]
    readers = [reader for _, reader in parts]
    row_of: Any = namedtuple("Row", titles, rename=True)  # type: ignore[misc]  # noqa: PYI024
    make = partial(tuple.__new__, row_of)  # what `_make` does, in one call

    def read(row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        return make([reader(row, session, refreshes) for reader in readers])

    def read_columns(row: Sequence[Any], _session: Session, _refreshes: bool) -> Any:
        values = list(row)
        for place, process in processed:
            values[place] = process(values[place])
        return make(values)

    processed = [(place, process) for place, process in enumerate(processors) if process]
    return read_columns if all(titles) else read


def _parts(
    statement: Any, names: list[str], processors: list[Process | None]
) -> Iterator[tuple[str, Read]]:
    """What a row holds, in order: objects, without a name, and single columns with theirs."""
    place = 0
    for part in getattr(statement, "column_descriptions", ()):
        found = inspected(part["expr"], raiseerr=False)
        if not isinstance(found, Mapper | AliasedInsp):
            yield names[place], _column(place, processors[place])
            place += 1
            continue
        end = place + len(found.mapper.columns)
        yield "", _object(found.mapper, place, names[place:end], processors[place:end])
        place = end
    for rest in range(place, len(names)):
        yield names[rest], _column(rest, processors[rest])


def _column(place: int, process: Process | None) -> Read:
    """What reads a single column."""

    def read(row: Sequence[Any], _session: Session, _refreshes: bool) -> Any:
        return row[place] if process is None else process(row[place])

    return read


def _object(
    mapper: Mapper[Any], place: int, names: list[str], processors: list[Process | None]
) -> Read:
    """What makes the session's object of the columns from `place` on.

    It gives None where an outer join found no row.
    """
    kind = mapper.class_
    """Class under which the session knows its objects, with their primary key."""
    columns = slice(place, place + len(names))
    primary_key_of = _several([place + names.index(str(one.key)) for one in mapper.primary_key])
    processed = [(name, one) for name, one in zip(names, processors, strict=True) if one]

    def read(row: Sequence[Any], session: Session, refreshes: bool) -> Any:
        primary_key = primary_key_of(row)  # which needs no processing
        if None in primary_key:
            return None
        identity = (kind, primary_key, None)
        known = session.identity_map.get(identity)
        if known is not None and not refreshes:
            return known
        values = dict(zip(names, row[columns], strict=True))
        for name, process in processed:
            if (value := values[name]) is not None:  # which every process leaves as it is
                values[name] = process(value)
        if known is None:
            return _loaded(mapper, values, identity, session)
        set_values(known, values)
        return known

    return read


def _several(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What gives the values at these places of a row, also where it is one place only."""
    first = places[0]
    return itemgetter(slice(first, first + 1)) if len(places) == 1 else itemgetter(*places)


def _loaded(mapper: Mapper[Any], columns: dict[str, Any], key: Any, session: Session) -> Any:
    """New object of the session, as the ORM makes it; it is pinned, and a test holds this.

    Its state is put beside its values: to set it as an attribute takes SQLModel twice as long as
    all the rest.
    """
    manager = mapper.class_manager
    kind: Any = manager.class_
    made = kind.__new__(kind)
    state = InstanceState(made, manager)
    columns[manager.STATE_ATTR] = state
    vars(made).update(columns)
    state.key, state.session_id = key, session.hash_key
    session.identity_map._add_unpresent(state, key)  # noqa: SLF001 - as SQLAlchemy itself
    return made


def set_values(known: object, values: dict[str, Any]) -> None:
    """Set columns of a session's object to what the database holds, as if they had been read."""
    columns = vars(known)
    columns.update(values)
    instance_state(known)._commit(columns, values)  # noqa: SLF001 - as SQLAlchemy itself, for each
