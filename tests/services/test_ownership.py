"""One process of several is the active one, by a lease with a fencing number (SPEC 11)."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from services.database_lock import held
from services.db import Session
from services.ending import Ending
from services.messaging.lease import FencedError
from services.ownership import Ownership
from services.rules.lease import LeaseTimes
from tests import builders
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row

SHORT = LeaseTimes(lasts=0.6, look_every=0.1)
LONG = LeaseTimes(lasts=60.0, look_every=1.0)

Process = Callable[[LeaseTimes], Ownership]


@pytest.fixture
def url(postgresql: PostgresDatabases) -> Iterator[str]:
    with postgresql.fresh() as url:
        yield url


@pytest.fixture
async def process(url: str) -> AsyncIterator[Process]:
    """Another process on the same database; each has connections of its own."""
    async with AsyncExitStack() as stack:

        def start(times: LeaseTimes = SHORT) -> Ownership:
            ownership = Ownership(OpenDatabase(url), times)
            stack.push_async_callback(ownership.database.close)
            stack.push_async_callback(ownership.close)
            return ownership

        yield start


def named(session: Session, name: str) -> str:
    builders.tutor(session, name=name)
    return name


def names(database: OpenDatabase) -> list[str]:
    return sorted(row.name for row in every_row(database)["person"])


def opened(ownership: Ownership) -> OpenDatabase:
    assert isinstance(ownership.database, OpenDatabase)
    return ownership.database


async def reason(ending: Ending) -> str:
    with pytest.raises(FencedError) as told:
        async with asyncio.timeout(5):
            await ending.wait()
    return str(told.value)


async def fenced(work: Callable[[], Awaitable[object]]) -> None:
    """Try it until it is refused: the connections of a process that is replaced were ended."""
    refused: Exception | None = None
    while not isinstance(refused, FencedError):
        with pytest.raises((FencedError, OperationalError)) as raised:
            await work()
        refused = raised.value


async def test_of_many_at_once_one_takes_it(process: Process) -> None:
    others = [process(LONG) for _ in range(6)]

    took = await asyncio.gather(*(one.look() for one in others))

    assert sum(took) == 1
    owner = others[took.index(True)]
    assert [await one.look() for one in others] == took
    said = {one.owner() for one in others if one is not owner}
    assert (owner.owner(), said) == ("this process", {owner.database.process})


async def test_who_has_let_it_go_is_followed_at_once(process: Process) -> None:
    first, second = process(LONG), process(LONG)
    assert await first.look()
    assert not await second.look()
    assert second.in_words() == f"stands by for {first.database.process}"

    await first.let_go()

    assert await second.look()
    assert second.in_words() == "is at work"


async def test_it_is_kept_by_renewing_it_and_lost_by_not(process: Process) -> None:
    first, second = process(SHORT), process(SHORT)
    assert await first.look()
    for _ in range(10):
        await asyncio.sleep(0.1)
        assert await first.look()
        assert not await second.look()

    await asyncio.sleep(SHORT.lasts + 0.05)
    assert await second.look()


async def test_the_one_that_was_replaced_writes_nothing_and_hears_why(process: Process) -> None:
    first, second = process(SHORT), process(SHORT)
    await first.look()
    assert await first.database.write(named, "By the first") == "By the first"
    await asyncio.sleep(SHORT.lasts + 0.05)
    assert await second.look()
    before = every_row(opened(second))

    await fenced(lambda: first.database.write(named, "Too late"))

    assert every_row(opened(second)) == before
    assert "has taken over, so this one ends" in await reason(first.database.ending)
    await fenced(first.look)


async def test_who_never_had_it_cannot_write_as_its_owner(process: Process) -> None:
    first, second = process(LONG), process(LONG)
    await first.look()
    await second.look()

    with pytest.raises(FencedError):
        await second.database.write(named, "Not the owner")

    assert names(opened(first)) == []


async def test_a_unit_that_goes_on_all_the_same_writes_nothing(process: Process) -> None:
    first, second = process(LONG), process(LONG)
    await first.look()
    await second.look()

    def stubborn(session: Session) -> None:
        with suppress(Exception):
            session.connection().execute(text("SELECT 1"))
        named(session, "Not the owner")
        session.flush()

    with pytest.raises(FencedError):
        await second.database.write(stubborn)

    assert names(opened(first)) == []


async def test_writes_that_are_not_the_owners_need_no_lease(url: str, process: Process) -> None:
    """Pages, the webhook, and other verbs."""
    await process(LONG).look()
    beside = OpenDatabase(url)

    await beside.write(named, "By a page")

    assert names(beside) == ["By a page"]
    await beside.close()


async def test_a_write_that_is_frozen_in_its_midst_is_undone_when_another_takes_over(
    process: Process,
) -> None:
    first, second = process(SHORT), process(SHORT)
    await first.look()
    begun, woken = threading.Event(), threading.Event()

    def freeze(session: Session) -> None:
        named(session, "Frozen")
        session.flush()
        begun.set()
        woken.wait(30)
        session.connection().execute(text("SELECT 1"))

    frozen = asyncio.create_task(first.database.write(freeze))
    await asyncio.to_thread(begun.wait, 10)
    await asyncio.sleep(SHORT.lasts + 0.05)
    async with asyncio.timeout(3):
        await second.look()
        while not second.is_owner:
            await asyncio.sleep(SHORT.look_every)
            await second.look()
    woken.set()
    answers = await asyncio.gather(frozen, return_exceptions=True)

    assert isinstance(answers[0], Exception)
    await second.database.write(named, "By the second")
    assert names(opened(second)) == ["By the second"]


async def test_while_writes_go_on_it_can_be_renewed(process: Process) -> None:
    owner = process(SHORT)
    await owner.look()
    begun, over = threading.Event(), threading.Event()

    def last_long(session: Session) -> None:
        named(session, "Slow")
        begun.set()
        over.wait(10)

    writing = [asyncio.create_task(owner.database.write(last_long)) for _ in range(8)]
    await asyncio.to_thread(begun.wait, 10)
    async with asyncio.timeout(2):
        for _ in range(3):
            assert await owner.look()
    over.set()
    await asyncio.gather(*writing)


async def test_nothing_is_sent_to_telegram_while_another_may_have_taken_over(
    process: Process,
) -> None:
    owner, waiting = process(SHORT), process(SHORT)
    assert waiting.may_call(), "it has to learn its name"
    await owner.look()
    assert owner.may_call()

    await asyncio.sleep(SHORT.lasts + 0.05)
    assert not owner.may_call()
    await owner.look()
    assert owner.may_call()


async def test_a_transaction_that_is_idle_for_seconds_is_ended(url: str) -> None:
    database = OpenDatabase(url)

    def limit(session: Session) -> str:
        found = session.connection().execute(text("SHOW idle_in_transaction_session_timeout"))
        return str(found.scalar_one())

    assert await database.write(limit) == "5s"
    assert await database.read(limit) == "5s"
    await database.close()


async def test_on_sqlite_who_runs_is_the_owner(sqlite: SqliteDatabases) -> None:
    with sqlite.fresh() as url, held(url):
        database = OpenDatabase(url)
        ownership = Ownership(database)
        assert await ownership.look()
        assert ownership.may_call()
        assert ownership.database is database
        assert await ownership.database.write(named, "Somebody") == "Somebody"
        assert ownership.owner() == "this process"
        await ownership.let_go()
        await ownership.close()
        await database.close()
