"""Ten quiet minutes count as *Done* (SPEC 4)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import InboxUpdate, NoteBatch
from models.enums import Channel, MessageKind, Role, Status
from services.actors import Source
from services.db import Database
from services.notes import add_text, open_batch, tally
from services.quiet_notes import close_quiet_batches
from services.rules.refusals import RefusalCode
from tests.builders import NOW, acting
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711
SECOND = timedelta(seconds=1)
IN_TIME = NOW + timedelta(minutes=9, seconds=59)
TEN_MINUTES_ON = NOW + timedelta(minutes=10)


async def sitting(database: Database, *, with_a_part: bool = True) -> tuple[Scene, NoteBatch]:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch = await carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    if with_a_part:
        await carry_out(
            database, add_text, batch.id, acting(there.tutor), "Fractions", Source(CHAT, 1)
        )
    return there, batch


async def is_open(database: Database, batch: NoteBatch) -> bool:
    async with database.reading() as session:
        return (await tally(session, batch.id)).batch.closed_at is None


async def receive(database: Database, update_id: int, chat_id: int, **over: Any) -> None:
    """An update that waits to be handled."""
    async with database.unit_of_work() as session:
        values: dict[str, Any] = {"payload": {}, "received_at": IN_TIME} | over
        session.add(InboxUpdate(update_id=update_id, chat_id=chat_id, **values))


async def test_the_sweep_closes_a_sitting_at_ten_quiet_minutes_and_not_a_second_before(
    database: Database,
) -> None:
    there, batch = await sitting(database)

    early = await carry_out(database, close_quiet_batches, TEN_MINUTES_ON - SECOND)
    still_open = await is_open(database, batch)
    due = await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert (early, still_open) == ([], True)
    assert [counted.batch.id for counted in due] == [batch.id]
    assert not await is_open(database, batch)
    assert await recipients(database, MessageKind.NOTES_ADDED) == [there.grace.id, there.daniel.id]


async def test_the_tutor_is_told_that_the_sitting_is_over(database: Database) -> None:
    there, batch = await sitting(database)

    await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    told = (await outbox_rows(database, MessageKind.NOTES_CLOSED))[0]
    event = (await trail(database, there.id))[-1]
    assert told.person_id == there.tutor.id
    assert told.payload == {"appointment_id": there.id, "note_batch_id": batch.id}
    assert (event.actor_id, event.role, event.channel) == (
        there.tutor.id,
        Role.TUTOR,
        Channel.SYSTEM,
    )


async def test_a_second_sweep_changes_nothing(database: Database) -> None:
    await sitting(database)
    await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)
    after_once = await every_row(database)

    again = await carry_out(database, close_quiet_batches, TEN_MINUTES_ON + SECOND)

    assert again == []
    assert await every_row(database) == after_once


async def test_a_sitting_without_parts_ends_and_tells_only_the_tutor(database: Database) -> None:
    there, batch = await sitting(database, with_a_part=False)

    await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert not await is_open(database, batch)
    assert await recipients(database, MessageKind.NOTES_ADDED) == []
    assert await recipients(database, MessageKind.NOTES_CLOSED) == [there.tutor.id]


async def test_a_part_received_in_time_is_taken_though_it_is_handled_late(
    database: Database,
) -> None:
    there, batch = await sitting(database)
    await receive(database, 1, CHAT)

    swept = await carry_out(database, close_quiet_batches, TEN_MINUTES_ON + SECOND)
    counted = await carry_out(
        database, add_text, batch.id, acting(there.tutor, IN_TIME), "In time", Source(CHAT, 2)
    )

    assert swept == []
    assert counted.total == 2


async def test_a_part_that_is_being_written_keeps_its_sitting_open(database: Database) -> None:
    there, batch = await sitting(database)

    async with database.unit_of_work() as session:
        await add_text(session, batch.id, acting(there.tutor, IN_TIME), "In time", Source(CHAT, 2))
        sweep = asyncio.create_task(carry_out(database, close_quiet_batches, TEN_MINUTES_ON))
        await asyncio.wait([sweep], timeout=0.3)

    assert await sweep == []
    assert await is_open(database, batch)


@pytest.mark.parametrize(
    ("chat_id", "over"),
    [
        pytest.param(CHAT + 1, {}, id="of another chat"),
        pytest.param(CHAT, {"done_at": NOW}, id="handled"),
        pytest.param(CHAT, {"set_aside_at": NOW}, id="set aside"),
    ],
)
async def test_updates_that_cannot_hold_a_part_do_not_keep_a_sitting_open(
    database: Database, chat_id: int, over: dict[str, Any]
) -> None:
    _, batch = await sitting(database)
    await receive(database, 1, chat_id, **over)

    await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert not await is_open(database, batch)


async def test_what_is_sent_later_is_never_a_note_of_that_session(database: Database) -> None:
    there, batch = await sitting(database)

    before_the_sweep = acting(there.tutor, TEN_MINUTES_ON)
    with refused(RefusalCode.NOTES_CLOSED):
        await carry_out(database, add_text, batch.id, before_the_sweep, "Hi", Source(CHAT, 2))
    await carry_out(database, close_quiet_batches, TEN_MINUTES_ON)
    after_the_sweep = acting(there.tutor, TEN_MINUTES_ON + SECOND)
    with refused(RefusalCode.NOTES_CLOSED):
        await carry_out(database, add_text, batch.id, after_the_sweep, "Hi", Source(CHAT, 3))
