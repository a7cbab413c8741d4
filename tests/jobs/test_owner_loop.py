"""The work begins with the lease, and one that stands by does none of it (SPEC 11)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from jobs.owner_loop import BeginningFailedError, OwnerLoop
from services.messaging.lease import FencedError
from services.ownership import Ownership
from services.rules.lease import LeaseTimes
from tests.databases import PostgresDatabases
from tests.open_database import OpenDatabase
from tests.running import until

TIMES = LeaseTimes(lasts=1.0, look_every=0.1)


class Process:
    """A loop, and how often it began the work."""

    def __init__(self, url: str, fault: Exception | None = None) -> None:
        self.ownership = Ownership(OpenDatabase(url), TIMES)
        self.ending = self.ownership.database.ending
        self.loop = OwnerLoop(self.ownership)
        self.begun = 0
        self._fault = fault

    async def start(self) -> None:
        await self.loop.start(self._begin)

    async def stop(self) -> None:
        await self.loop.stop_beginning()
        await self.loop.let_go()

    async def close(self) -> None:
        await self.stop()
        await self.ownership.database.close()

    async def _begin(self) -> None:
        self.begun += 1
        if self._fault:
            raise self._fault


@pytest.fixture
def url(postgresql: PostgresDatabases) -> Iterator[str]:
    with postgresql.fresh() as url:
        yield url


@pytest.fixture
async def process(url: str) -> AsyncIterator[Callable[..., Process]]:
    async with contextlib.AsyncExitStack() as stack:

        def make(fault: Exception | None = None) -> Process:
            process = Process(url, fault)
            stack.push_async_callback(process.close)
            return process

        yield make


async def test_the_first_begins_at_once_and_the_second_when_the_first_lets_go(
    process: Callable[..., Process],
) -> None:
    first, second = process(), process()
    await first.start()
    await second.start()
    await asyncio.sleep(2 * TIMES.lasts)
    assert (first.begun, second.begun) == (1, 0)

    await first.stop()

    await until(lambda: second.begun == 1, 5)
    assert first.begun == 1


async def test_one_that_hears_nothing_of_its_database_for_a_while_goes_on_if_nobody_took_over(
    process: Callable[..., Process],
) -> None:
    first = process()
    await first.start()
    await first.loop._poll.stop()
    await asyncio.sleep(TIMES.lasts + 0.1)
    assert not first.ownership.may_call()

    first.loop._poll.start()

    await until(first.ownership.may_call, 5)
    assert not first.ending.is_near


async def test_one_that_was_replaced_has_to_end(process: Callable[..., Process]) -> None:
    first, second = process(), process()
    await first.start()
    await first.loop._poll.stop()
    await second.start()
    await until(lambda: second.begun == 1, 5)

    first.loop._poll.start()

    with pytest.raises(FencedError):
        async with asyncio.timeout(5):
            await first.ending.wait()


async def test_what_goes_wrong_at_a_takeover_ends_the_process(
    process: Callable[..., Process],
) -> None:
    first, second = process(), process(ValueError("no names in here"))
    await first.start()
    await second.start()
    await first.stop()

    with pytest.raises(BeginningFailedError) as told:
        async with asyncio.timeout(5):
            await second.ending.wait()
    assert "ValueError at tests/jobs/test_owner_loop.py" in str(told.value)
    assert "names" not in str(told.value)


async def test_one_that_ends_while_it_stands_by_leaves_the_lease_alone(
    process: Callable[..., Process],
) -> None:
    first, second = process(), process()
    await first.start()
    await second.start()

    await second.stop()

    await asyncio.sleep(2 * TIMES.look_every)
    assert await first.ownership.look()
    assert second.begun == 0
