"""Ten quiet minutes count as *Done* (SPEC 4)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import InboxUpdate, NoteBatch
from models.enums import Channel, MessageKind, Role, Status
from services.db import Session
from services.lifecycle.actors import Actor, Source
from services.notes import quiet_batches
from services.notes.batches import Tally, add_text, close_batch, open_batch, tally
from services.notes.quiet_batches import close_quiet_batches
from services.rules.refusals.notes import NotesClosed
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711
SECOND = timedelta(seconds=1)
IN_TIME = NOW + timedelta(minutes=9, seconds=59)
TEN_MINUTES_ON = NOW + timedelta(minutes=10)


def begun_batch(database: OpenDatabase, *, with_a_part: bool = True) -> tuple[Scene, NoteBatch]:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch = carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    if with_a_part:
        carry_out(database, add_text, batch.id, acting(there.tutor), "Fractions", Source(CHAT, 1))
    return there, batch


def is_open(database: OpenDatabase, batch: NoteBatch) -> bool:
    with database.reading() as session:
        return tally(session, batch.id).batch.closed_at is None


def receive(database: OpenDatabase, update_id: int, chat_id: int, **over: Any) -> None:
    """An update that waits to be handled."""
    with database.unit_of_work() as session:
        values: dict[str, Any] = {"payload": {}, "received_at": IN_TIME} | over
        session.add(InboxUpdate(bot_id=1, update_id=update_id, chat_id=chat_id, **values))


def test_a_batch_that_cannot_be_closed_keeps_no_other_open(
    database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = [begun_batch(database, with_a_part=False)[1] for _ in range(3)]

    def close(session: Session, batch_id: int, actor: Actor) -> Tally:
        closed = close_batch(session, batch_id, actor)
        if batch_id == batches[1].id:
            raise RuntimeError("for a test")
        return closed

    monkeypatch.setattr(quiet_batches, "close_batch", close)
    due = carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert [counted.batch.id for counted in due] == [batches[0].id, batches[2].id]
    assert [is_open(database, each) for each in batches] == [False, True, False]


def test_the_sweep_closes_a_batch_at_ten_quiet_minutes_and_not_a_second_before(
    database: OpenDatabase,
) -> None:
    there, batch = begun_batch(database)

    early = carry_out(database, close_quiet_batches, TEN_MINUTES_ON - SECOND)
    still_open = is_open(database, batch)
    due = carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert (early, still_open) == ([], True)
    assert [counted.batch.id for counted in due] == [batch.id]
    assert not is_open(database, batch)
    assert recipients(database, MessageKind.NOTES_ADDED) == [there.grace.id, there.daniel.id]


def test_the_tutor_is_told_that_the_batch_is_over(database: OpenDatabase) -> None:
    there, batch = begun_batch(database)

    carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    told = outbox_rows(database, MessageKind.NOTES_CLOSED)[0]
    event = trail(database, there.id)[-1]
    assert told.person_id == there.tutor.id
    assert told.payload == {"appointment_id": there.id, "note_batch_id": batch.id}
    assert (event.actor_id, event.role, event.channel) == (
        there.tutor.id,
        Role.TUTOR,
        Channel.SYSTEM,
    )


def test_a_second_sweep_changes_nothing(database: OpenDatabase) -> None:
    begun_batch(database)
    carry_out(database, close_quiet_batches, TEN_MINUTES_ON)
    after_once = every_row(database)

    again = carry_out(database, close_quiet_batches, TEN_MINUTES_ON + SECOND)

    assert again == []
    assert every_row(database) == after_once


def test_a_batch_without_parts_ends_and_tells_only_the_tutor(database: OpenDatabase) -> None:
    there, batch = begun_batch(database, with_a_part=False)

    carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert not is_open(database, batch)
    assert recipients(database, MessageKind.NOTES_ADDED) == []
    assert recipients(database, MessageKind.NOTES_CLOSED) == [there.tutor.id]


def test_a_part_received_in_time_is_taken_though_it_is_handled_late(
    database: OpenDatabase,
) -> None:
    there, batch = begun_batch(database)
    receive(database, 1, CHAT)

    swept = carry_out(database, close_quiet_batches, TEN_MINUTES_ON + SECOND)
    counted = carry_out(
        database, add_text, batch.id, acting(there.tutor, IN_TIME), "In time", Source(CHAT, 2)
    )

    assert swept == []
    assert counted.total == 2


async def test_a_part_that_is_being_written_keeps_its_batch_open(database: OpenDatabase) -> None:
    there, batch = begun_batch(database)

    with database.unit_of_work() as session:
        add_text(session, batch.id, acting(there.tutor, IN_TIME), "In time", Source(CHAT, 2))
        sweep = asyncio.create_task(database.write(close_quiet_batches, TEN_MINUTES_ON))
        await asyncio.wait([sweep], timeout=0.3)

    assert await sweep == []
    assert is_open(database, batch)


@pytest.mark.parametrize(
    ("chat_id", "over"),
    [
        pytest.param(CHAT + 1, {}, id="of another chat"),
        pytest.param(CHAT, {"done_at": NOW}, id="handled"),
        pytest.param(CHAT, {"set_aside_at": NOW}, id="set aside"),
    ],
)
def test_updates_that_cannot_hold_a_part_do_not_keep_a_batch_open(
    database: OpenDatabase, chat_id: int, over: dict[str, Any]
) -> None:
    _, batch = begun_batch(database)
    receive(database, 1, chat_id, **over)

    carry_out(database, close_quiet_batches, TEN_MINUTES_ON)

    assert not is_open(database, batch)


def test_what_is_sent_later_is_never_a_note_of_that_session(database: OpenDatabase) -> None:
    there, batch = begun_batch(database)

    before_the_sweep = acting(there.tutor, TEN_MINUTES_ON)
    with refused(NotesClosed):
        carry_out(database, add_text, batch.id, before_the_sweep, "Hi", Source(CHAT, 2))
    carry_out(database, close_quiet_batches, TEN_MINUTES_ON)
    after_the_sweep = acting(there.tutor, TEN_MINUTES_ON + SECOND)
    with refused(NotesClosed):
        carry_out(database, add_text, batch.id, after_the_sweep, "Hi", Source(CHAT, 3))
