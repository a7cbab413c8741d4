"""Databases for the tests: each test gets a fresh one with the whole schema.

The schema is made once in a template; a test's database is a copy of it.
"""

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg
from sqlalchemy.engine import make_url

from services import schema
from tests.postgres_server import PostgresServer, running_postgres
from tests.used_database import UsedDatabase

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

TEMPLATE = "tutorline_template"


class Databases(Protocol):
    """A source of fresh databases."""

    def fresh(
        self, *, empty: bool = False, alone: bool = False
    ) -> contextlib.AbstractContextManager[str]:
        """The address of a new database, gone after the block; `empty`: without the schema;
        `alone`: to which nobody else is connected.
        """
        ...


def make_schema(url: str) -> None:
    """Bring an empty database to the newest schema."""
    _run(schema.upgrade(url))


@dataclass(frozen=True)
class SqliteDatabases:
    """Files, copied from one that has the schema."""

    template: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextlib.contextmanager
    def fresh(self, *, empty: bool = False, alone: bool = True) -> Iterator[str]:
        del alone  # it always is
        path = self.template.with_name(f"test_{next(self.numbers)}.sqlite")
        if not empty:
            shutil.copyfile(self.template, path)
        yield sqlite_url(path)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


@dataclass(frozen=True)
class PostgresDatabases:
    """Databases of one server, copied by it from one that has the schema, and emptied after use:
    to copy one takes six times as long.
    """

    server: PostgresServer
    administration: psycopg.Connection[Any]
    """A connection for all of them: opening one costs half as much as a copy."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    emptied: list[UsedDatabase] = field(default_factory=list)

    @contextlib.contextmanager
    def fresh(self, *, empty: bool = False, alone: bool = False) -> Iterator[str]:
        if empty or alone:
            name = self._copied("template0" if empty else TEMPLATE)
            try:
                yield self.server.url(name)
            finally:
                self._drop(name)
            return
        used = self.emptied.pop() if self.emptied else self._new()
        try:
            yield self.server.url(used.name)
        finally:
            if used.is_emptied():
                self.emptied.append(used)
            else:
                used.connection.close()
                self._drop(used.name)

    def _new(self) -> UsedDatabase:
        name = self._copied(TEMPLATE)
        return UsedDatabase(name, _connected(self.server, name))

    def _copied(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def _drop(self, name: str) -> None:
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        self.administration.execute(statement.encode())


def sqlite_url(path: Path) -> str:
    """The address of a database file, as the setting DATABASE_URL has it."""
    return f"sqlite+aiosqlite:///{path}"


def sqlite_databases(folder: Path) -> SqliteDatabases:
    """Make the template file in the folder."""
    template = folder / "template.sqlite"
    make_schema(sqlite_url(template))
    return SqliteDatabases(template)


@contextlib.contextmanager
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Start a server of our own and make the template database in it."""
    with running_postgres() as server, _connected(server, "postgres") as administration:
        administration.execute(f"CREATE DATABASE {TEMPLATE}".encode())
        make_schema(server.url(TEMPLATE))
        databases = PostgresDatabases(server, administration)
        yield databases
        for used in databases.emptied:
            used.connection.close()


def _connected(server: PostgresServer, name: str) -> psycopg.Connection[Any]:
    address = make_url(server.url(name)).set(drivername="postgresql").render_as_string()
    return psycopg.connect(address, autocommit=True)


def _run(work: Coroutine[object, object, None]) -> None:
    """Run in a thread with its own event loop, since a test's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
