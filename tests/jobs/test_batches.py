"""Batches: what waits together is run together, and fails alone."""

import asyncio
from collections.abc import Sequence

import pytest

from jobs.batches import MOST, Batches


async def test_items_of_one_turn_are_run_together_in_their_order() -> None:
    seen: list[list[int]] = []

    async def run(items: Sequence[int]) -> list[int]:
        seen.append(list(items))
        return [item * 10 for item in items]

    batches = Batches(run, at_once=1)

    assert await asyncio.gather(*(batches.add(number) for number in range(3))) == [0, 10, 20]
    assert seen == [[0, 1, 2]]


async def test_items_that_come_while_a_batch_runs_share_the_next() -> None:
    seen: list[list[int]] = []
    gate = asyncio.Event()

    async def run(items: Sequence[int]) -> Sequence[int]:
        seen.append(list(items))
        await gate.wait()
        return items

    batches = Batches(run, at_once=1)
    adding = [asyncio.create_task(batches.add(0))]
    await asyncio.sleep(0.01)
    for number in (1, 2):
        adding.append(asyncio.create_task(batches.add(number)))
        await asyncio.sleep(0.01)
    assert seen == [[0]]

    gate.set()

    assert await asyncio.gather(*adding) == [0, 1, 2]
    assert seen == [[0], [1, 2]]


async def test_a_batch_has_an_end_and_as_many_run_at_once_as_may() -> None:
    running = most = 0

    async def run(items: Sequence[int]) -> Sequence[int]:
        nonlocal running, most
        assert len(items) <= MOST
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return items

    batches = Batches(run, at_once=2)
    numbers = range(MOST * 3)

    assert await asyncio.gather(*(batches.add(number) for number in numbers)) == [*numbers]
    assert most == 2


async def test_an_item_that_makes_a_batch_fail_fails_alone() -> None:
    async def run(items: Sequence[int]) -> Sequence[int]:
        if 1 in items:
            raise ValueError("one")
        return items

    batches = Batches(run, at_once=1)
    results = await asyncio.gather(
        *(batches.add(number) for number in range(3)), return_exceptions=True
    )

    assert results[::2] == [0, 2]
    assert isinstance(results[1], ValueError)


async def test_a_database_that_is_away_is_not_asked_again_for_each() -> None:
    calls = 0

    async def run(_items: Sequence[int]) -> Sequence[int]:
        nonlocal calls
        calls += 1
        raise OSError("away")

    batches = Batches(run, at_once=1)
    results = await asyncio.gather(
        *(batches.add(number) for number in range(3)), return_exceptions=True
    )

    assert [type(result) for result in results] == [OSError] * 3
    assert calls == 1


async def test_an_item_that_is_no_longer_waited_for_holds_nothing_up() -> None:
    async def run(items: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.02)
        return items

    batches = Batches(run, at_once=1)
    adding = [asyncio.create_task(batches.add(number)) for number in range(2)]
    await asyncio.sleep(0.01)
    adding[0].cancel()

    with pytest.raises(asyncio.CancelledError):
        await adding[0]
    assert await adding[1] == 1
    assert await batches.add(2) == 2
