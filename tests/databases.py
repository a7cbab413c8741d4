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

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

TEMPLATE = "tutorline_template"


class Databases(Protocol):
    """A source of fresh databases."""

    def fresh(self, *, empty: bool = False) -> contextlib.AbstractContextManager[str]:
        """The address of a new database, gone after the block; `empty`: without the schema."""
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
    def fresh(self, *, empty: bool = False) -> Iterator[str]:
        path = self.template.with_name(f"test_{next(self.numbers)}.sqlite")
        if not empty:
            shutil.copyfile(self.template, path)
        yield sqlite_url(path)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


@dataclass(frozen=True)
class PostgresDatabases:
    """Databases of one server, copied by it from one that has the schema."""

    server: PostgresServer
    administration: psycopg.Connection[Any]
    """A connection for all of them: opening one costs half as much as a copy."""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextlib.contextmanager
    def fresh(self, *, empty: bool = False) -> Iterator[str]:
        name = f"test_{next(self.numbers)}"
        template = "template0" if empty else TEMPLATE
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.server.url(name)
        finally:
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
    with running_postgres() as server:
        address = make_url(server.url("postgres")).set(drivername="postgresql").render_as_string()
        with psycopg.connect(address, autocommit=True) as administration:
            administration.execute(f"CREATE DATABASE {TEMPLATE}".encode())
            make_schema(server.url(TEMPLATE))
            yield PostgresDatabases(server, administration)


def _run(work: Coroutine[object, object, None]) -> None:
    """Run in a thread with its own event loop, since a test's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
