"""Fixtures for all tests, and the rules of a run in CI."""

import asyncio
import os
from collections.abc import Generator, Iterator

import pytest

from tests.databases import (
    KINDS,
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    postgres_databases,
    sqlite_databases,
)
from tests.folders import fastest_folder, folder_of_its_own
from tests.open_database import OpenDatabase
from tests.shared_dialects import share
from tests.shared_work import dealt, import_tests, leave_alone, load_undisturbed, place

pytest_plugins = ["tests.browser"]


def pytest_configure() -> None:
    """Let engines share what is compiled, and load the tests."""
    share()
    load_undisturbed()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped where nothing may be missing, as in CI."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI allows no skips: {report.longrepr}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import the tests, by turns with the other processes."""
    import_tests(session.config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests, and deal them to the processes."""
    items[:] = dealt(items, place(config)[1])


def pytest_collection_finish() -> None:
    """Begin with what is loaded out of the way."""
    leave_alone()


IN_FRONT = frozenset({"admin", "chat", "conversations", "end_to_end", "web"})
"""Folders of tests that run on one kind of database: those of the core test both."""
ON_BOTH = frozenset(
    {
        *("test_kill_points", "test_main_job", "test_reading_never_writes"),
        *("test_redelivery", "test_restart"),
    }
)
"""Their files that run on both kinds of database all the same."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests on both kinds of database, or those in `IN_FRONT` on one, with exceptions."""
    if "databases" not in metafunc.fixturenames:
        return
    folder, module = metafunc.module.__name__.split(".")[-2:]
    is_on_one = folder in IN_FRONT and module not in ON_BOTH
    metafunc.parametrize("databases", KINDS[:1] if is_on_one else KINDS, indirect=True)


@pytest.fixture(scope="session")
def sqlite() -> Iterator[SqliteDatabases]:
    """Fresh SQLite files."""
    with folder_of_its_own("tutorline-sqlite-", fastest_folder()) as folder:
        yield sqlite_databases(folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresDatabases]:
    """Fresh databases on a PostgreSQL server of this test process."""
    with postgres_databases() as databases:
        yield databases


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    """Each kind of database in turn: the test runs once with each."""
    databases: Databases = request.getfixturevalue(request.param)
    return databases


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The address of a fresh database with the newest schema; the test runs once on each kind."""
    with databases.fresh() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """The address of a database without a single table; the test runs once on each kind."""
    with databases.fresh(empty=True) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[OpenDatabase]:
    """A fresh database with the newest schema, as the use cases have it."""
    opened = OpenDatabase(database_url)
    yield opened
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(opened.close())
