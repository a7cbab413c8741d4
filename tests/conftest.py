"""What every test can ask for, and what a run in CI doesn't allow."""

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

pytest_plugins = ["tests.browser"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be missing, a test that is skipped has failed."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI allows no skips: {report.longrepr}"
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Parameters taken from a set come in any order; parallel processes must agree on one."""
    items.sort(key=lambda item: item.nodeid)


IN_FRONT = frozenset({"chat", "conversations", "end_to_end", "web"})
"""Folders of tests that go through chat or pages: what the database does is tested below them."""
ON_BOTH = frozenset(
    {
        *("test_kill_points", "test_main_job", "test_reading_never_writes"),
        *("test_redelivery", "test_restart"),
    }
)
"""Their files that run on both kinds of database all the same."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests in front run on one kind of database, but for those that a database could fail."""
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
