"""Databases for benchmarks: files, and a PostgreSQL server with production settings."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.places import ROOT, WORK
from benchmarks.processes import environment
from benchmarks.sql import Filling
from tests.postgres_server import PostgresServer, running_postgres

REAL_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
}
_numbers = count(1)


def migrate(url: str) -> None:
    """Upgrade a database to the newest schema, by the program's own command."""
    subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "migrate"],
        check=True,
        cwd=ROOT,
        env=environment(DATABASE_URL=url),
        stdout=subprocess.DEVNULL,
    )


def sqlite_url(path: Path) -> str:
    """Address of a database file, for the setting DATABASE_URL."""
    return f"sqlite+aiosqlite:///{path}"


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """Folder for one benchmark, removed afterwards."""
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """Address of a new file with the whole schema."""
    with work_folder() as folder:
        url = sqlite_url(folder / "agency.sqlite")
        migrate(url)
        yield url


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Server whose commits are durable."""
    WORK.mkdir(parents=True, exist_ok=True)
    with running_postgres(WORK, **REAL_SETTINGS) as server:
        yield server


@contextlib.asynccontextmanager
async def postgres_database(server: PostgresServer) -> AsyncIterator[str]:
    """Address of a new database with the whole schema."""
    name = f"benchmark_{next(_numbers)}"
    root = Filling(server.url("postgres"), datetime.now(UTC))
    await root.administer(f"CREATE DATABASE {name}")
    try:
        migrate(server.url(name))
        yield server.url(name)
    finally:
        await root.administer(f"DROP DATABASE {name} WITH (FORCE)")
