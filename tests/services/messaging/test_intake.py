"""Intake: what arrives while other updates are being stored is stored after them, together."""

import asyncio
from typing import Any

import pytest

from services.db import Database
from services.messaging import inbox
from services.messaging.intake import Intake
from services.messaging.raw_updates import RawUpdate
from tests.builders import NOW
from tests.fakes import FixedClock
from tests.open_database import OpenDatabase

TOKEN = "4200000001:test-token"


class Counted(OpenDatabase):
    """Counts the units of work, and fails where it is told to."""

    writes = 0
    error: Exception | None = None

    async def write(self, *given: Any, **named: Any) -> Any:
        self.writes += 1
        if self.error is not None:
            raise self.error
        return await super().write(*given, **named)


def update(number: int) -> RawUpdate:
    return {"update_id": number, "message": {"chat": {"id": number}, "text": "hello"}}


async def test_updates_of_many_connections_share_a_unit_of_work(database_url: str) -> None:
    database, intake = Counted(database_url), Intake(TOKEN, FixedClock())

    first = asyncio.create_task(intake.take([update(1)], database))
    while not database.writes:
        await asyncio.sleep(0)
    later = [intake.take([update(number), update(number + 1)], database) for number in (2, 4, 6)]
    stored = [await first, *await asyncio.gather(*later)]

    numbers = [[row.update_id for row in rows] for rows in stored]
    assert numbers == [[1], [2, 3], [4, 5], [6, 7]]
    assert database.writes == 2
    with database.reading() as session:
        assert [key.update_id for key in inbox.pending(session)] == [1, 2, 3, 4, 5, 6, 7]
    await database.close()


async def test_who_shares_a_unit_of_work_with_an_update_stored_before_looks_into_the_inbox(
    database_url: str,
) -> None:
    database, intake = Counted(database_url), Intake(TOKEN, FixedClock())
    with database.unit_of_work() as session:
        inbox.store(session, intake.keys([update(1)])[0].bot_id, [update(1)], NOW)

    stored = await asyncio.gather(
        intake.take([update(1)], database), intake.take([update(2)], database)
    )

    assert list(stored) == [[], []]
    with database.reading() as session:
        assert [key.update_id for key in inbox.pending(session)] == [1, 2]
    await database.close()


async def test_each_is_told_that_nothing_could_be_stored_and_the_next_is_stored_again(
    database_url: str,
) -> None:
    database, intake = Counted(database_url), Intake(TOKEN, FixedClock())
    database.error = OSError("the disk is gone")

    told = await asyncio.gather(
        *(intake.take([update(number)], database) for number in (1, 2)), return_exceptions=True
    )
    assert [type(error) for error in told] == [OSError, OSError]

    database.error = None
    assert [row.update_id for row in await intake.take([update(3)], database)] == [3]
    await database.close()


async def test_each_database_gets_its_own(database_url: str) -> None:
    active, plain = Counted(database_url), Counted(database_url)
    intake = Intake(TOKEN, FixedClock())

    async def take(number: int, into: Database) -> None:
        await intake.take([update(number)], into)

    await asyncio.gather(take(1, active), take(2, plain), take(3, active))

    assert (active.writes, plain.writes) == (1, 1)
    await active.close()
    await plain.close()


@pytest.mark.parametrize("number", [1, 2])
async def test_a_caller_that_gives_up_keeps_nobody_waiting(database_url: str, number: int) -> None:
    database, intake = Counted(database_url), Intake(TOKEN, FixedClock())
    tasks = [asyncio.create_task(intake.take([update(one)], database)) for one in (1, 2)]
    await asyncio.sleep(0)

    tasks[number - 1].cancel()
    await asyncio.wait(tasks)

    assert [row.update_id for row in tasks[2 - number].result()] == [3 - number]
    await database.close()
