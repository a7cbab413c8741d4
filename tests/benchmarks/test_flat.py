"""What a query or a sweep reads does not grow with the past.

The benchmark `queries` times them where the past is a hundred times as long. Here it is twice as
long, and SQLite's own steps are counted, which are the same on every machine.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from benchmarks.cases import case_of
from benchmarks.history import History
from benchmarks.history_rows import NOW
from benchmarks.registered_queries import QUERIES, SWEEPS
from benchmarks.sql import Filling
from services.db import Session
from tests.databases import SqliteDatabases

FEW, MANY = 20_000, 40_000
"""Sessions of a hundred days and of two hundred: at both, each person has more than a page."""
AT_ONCE = 10
"""Steps that are counted at once."""
A_FEW_STEPS = 100
"""By how many one page may differ from another, for the sessions that are on it."""


async def test_twice_as_long_a_past_is_not_read(sqlite: SqliteDatabases) -> None:
    few, many = [await _steps(sqlite, sessions) for sessions in (FEW, MANY)]

    grown = {
        name: (few[name], many[name]) for name in few if many[name] > few[name] * 1.05 + A_FEW_STEPS
    }
    assert grown == {}


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
