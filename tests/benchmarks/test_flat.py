"""What a query or a sweep reads does not grow with the past.

The benchmark `queries` times them where the past is a hundred times as long. Here it is twice as
long, and SQLite's own steps are counted, which are the same on every machine.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.cases import case_of
from benchmarks.history import History
from benchmarks.history_rows import NOW
from benchmarks.page_queries import PAGE_QUERIES
from benchmarks.registered_queries import QUERIES, SWEEPS
from benchmarks.sql import Filling
from services.db import Database, Session
from tests.databases import PostgresDatabases, SqliteDatabases

FEW, MANY = 20_000, 40_000
"""Sessions of a hundred days and of two hundred: at both, each person has more than a page."""
AT_ONCE = 10
"""Steps that are counted at once."""
OF_MONTHS = {"flagged", "analytics: facts_between", "billing_months: lines_of"}
"""Queries that take far longer than their planning."""
OF_FEW = {"sessions_listed (missed)"}
"""Lists of a few of many: how few, only a plan for the day at hand knows."""
A_FEW_STEPS = 100
"""By how many one page may differ from another, for the sessions that are on it."""


async def test_twice_as_long_a_past_is_not_read(sqlite: SqliteDatabases) -> None:
    few, many = [await _steps(sqlite, sessions) for sessions in (FEW, MANY)]

    grown = {
        name: (few[name], many[name]) for name in few if many[name] > few[name] * 1.05 + A_FEW_STEPS
    }
    assert grown == {}


async def test_postgresql_does_not_plan_a_page_anew_each_time(
    postgresql: PostgresDatabases,
) -> None:
    with postgresql.fresh() as url:
        filling = Filling(url, NOW)
        await filling.run(History(filling, FEW).statements())
        await filling.administer("VACUUM ANALYZE")
        database = Database(url)
        planned_anew = await database.read(_planned_anew)
        await database.close()

    assert planned_anew == set()


def _planned_anew(session: Session) -> set[str]:
    """Queries of pages with a statement of which no plan is kept, however often it is executed."""
    case = case_of(session, FEW)
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE custom_plans > 5"
    found, before = set(), 0
    for name, call in PAGE_QUERIES.items():
        if name in OF_MONTHS | OF_FEW:
            continue
        for _ in range(8):  # PostgreSQL decides after five
            call(session, case)
        now = session.connection().execute(text(kept)).scalar_one()
        if now > before:
            found.add(name)
        before = now
    return found


async def _steps(sqlite: SqliteDatabases, sessions: int) -> Mapping[str, int]:
    """SQLite's steps for each query and sweep, with a past of this many sessions."""
    with sqlite.fresh() as url:
        filling = Filling(url, NOW)
        await filling.run(History(filling, sessions).statements())
        with _counted(url) as (session, steps):
            case = case_of(session, sessions)
            return {
                name: steps(partial(call, session, case))
                for name, call in {**QUERIES, **SWEEPS}.items()
            }


@contextmanager
def _counted(url: str) -> Iterator[tuple[Session, Callable[[Callable[[], object]], int]]]:
    """A session, and a function that counts the steps of a call."""
    engine = create_engine(make_url(url).set(drivername="sqlite"))
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += AT_ONCE
        return 0

    def steps(call: Callable[[], object]) -> int:
        call()  # a sweep writes what it has to do, and finds it done the next time
        before = counted
        call()
        return counted - before

    with Session(engine, expire_on_commit=False) as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_progress_handler(tick, AT_ONCE)
        yield session, steps
    engine.dispose()
