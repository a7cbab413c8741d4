"""Bringing the files of notes home: stored, refused with the reason, or tried again (SPEC 4)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from models import NotePart
from models.enums import MessageKind, PartKind, Status
from services.lifecycle.actors import Source
from services.media.fetching import PAUSES
from services.media.limits import MEBIBYTE
from services.notes.batches import IncomingFile, add_file, open_batch, remove_part
from services.notes.files import Collector
from services.ports import (
    FileGoneError,
    FileUnavailableError,
)
from tests.builders import NOW, acting
from tests.fakes import FixedClock, MemoryMedia
from tests.files.documents import pdf
from tests.files.hostile import executable
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711
CHUNK = 64 * 1024


@dataclass
class Telegram:
    """Files by their reference; an exception in the place of a file is raised."""

    files: dict[str, bytes | Exception] = field(default_factory=dict)
    chunks_read: int = 0
    opened: list[str] = field(default_factory=list)

    async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        self.opened.append(telegram_file_id)
        found = self.files[telegram_file_id]
        if isinstance(found, Exception):
            raise found
        for start in range(0, len(found), CHUNK):
            self.chunks_read += 1
            await asyncio.sleep(0)
            yield found[start : start + CHUNK]


@dataclass(frozen=True)
class Courier:
    """A session with a note batch, and everything that a collector needs."""

    there: Scene
    batch_id: int
    telegram: Telegram
    store: MemoryMedia
    clock: FixedClock
    collector: Collector

    def brings(
        self,
        database: OpenDatabase,
        content: bytes | Exception,
        file_name: str = "worksheet.pdf",
        kind: PartKind = PartKind.DOCUMENT,
    ) -> int:
        """A message with this file; the id of its part."""
        number = len(self.telegram.files)
        self.telegram.files[f"file-{number}"] = content
        file = IncomingFile(kind, f"file-{number}", file_name=file_name)
        counted = carry_out(
            database,
            add_file,
            self.batch_id,
            acting(self.there.tutor),
            file,
            None,
            Source(CHAT, number),
        )
        assert counted.last_part_id is not None
        return counted.last_part_id


@pytest.fixture
def courier(database: OpenDatabase) -> Courier:
    there = scene(database, Status.CHECKED_IN)
    batch = carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    telegram, store, clock = Telegram(), MemoryMedia(), FixedClock()
    collector = Collector(database, telegram, store, clock)
    return Courier(there, batch.id, telegram, store, clock, collector)


def part_now(database: OpenDatabase, part_id: int) -> NotePart:
    with database.reading() as session:
        part = session.get(NotePart, part_id)
    assert part is not None
    return part


async def test_a_file_is_stored_by_its_content_and_linked_to_the_session(
    database: OpenDatabase, courier: Courier
) -> None:
    content = pdf()
    part_id = courier.brings(database, content)

    moved = await courier.collector.collect_due()

    part = part_now(database, part_id)
    assert moved == [courier.batch_id]
    assert courier.store.contents == {part.media_key: content}
    assert (part.appointment_id, part.stored_at) == (courier.there.id, NOW)
    assert (part.media_type, part.file_name) == ("application/pdf", "worksheet.pdf")
    assert (part.size_bytes, part.next_try_at) == (len(content), None)


async def test_what_is_stored_is_not_fetched_again(
    database: OpenDatabase, courier: Courier
) -> None:
    courier.brings(database, pdf())
    await courier.collector.collect_due()
    after_once = every_row(database)

    again = await courier.collector.collect_due()

    assert (again, courier.telegram.opened) == ([], ["file-0"])
    assert every_row(database) == after_once


async def test_an_executable_is_refused_with_the_reason_and_the_other_parts_stay(
    database: OpenDatabase, courier: Courier
) -> None:
    bad = courier.brings(database, executable(), "homework.pdf")
    good = courier.brings(database, pdf())

    await courier.collector.collect_due()

    told = outbox_rows(database, MessageKind.MEDIA_REFUSED)[0]
    assert part_now(database, bad).removed_at == NOW
    assert part_now(database, good).stored_at == NOW
    assert told.person_id == courier.there.tutor.id
    assert told.payload["file_name"] == "homework.pdf"
    assert told.payload["why"] == "executable"


async def test_a_file_that_turns_out_too_large_is_given_up_while_streaming(
    database: OpenDatabase, courier: Courier
) -> None:
    lied_about = courier.brings(database, b"%PDF-1.7\n" + bytes(30 * MEBIBYTE))

    await courier.collector.collect_due()

    told = outbox_rows(database, MessageKind.MEDIA_REFUSED)[0]
    assert part_now(database, lied_about).removed_at == NOW
    assert (told.payload["why"], told.payload["params"]) == ("too_large", {"limit_mb": 10})
    assert courier.telegram.chunks_read == 10 * MEBIBYTE // CHUNK + 1


async def test_a_file_that_telegram_no_longer_has_is_told_to_its_author(
    database: OpenDatabase, courier: Courier
) -> None:
    gone = courier.brings(database, FileGoneError())

    await courier.collector.collect_due()

    assert part_now(database, gone).removed_at == NOW
    assert len(outbox_rows(database, MessageKind.MEDIA_REFUSED)) == 1


async def test_what_cannot_be_fetched_now_is_tried_again_after_growing_pauses(
    database: OpenDatabase, courier: Courier
) -> None:
    part_id = courier.brings(database, FileUnavailableError())
    due = NOW

    for attempt, pause in enumerate((*PAUSES, PAUSES[-1]), start=1):
        courier.clock.at = due - timedelta(seconds=1)
        await courier.collector.collect_due()
        tries_before_it_is_due = len(courier.telegram.opened)
        courier.clock.at = due
        await courier.collector.collect_due()

        part = part_now(database, part_id)
        due += pause
        assert tries_before_it_is_due == attempt - 1
        assert (part.store_attempts, part.next_try_at) == (attempt, due)
    assert list(PAUSES) == sorted(PAUSES)
    assert outbox_rows(database, MessageKind.MEDIA_REFUSED) == []


async def test_a_store_out_of_reach_loses_nothing(database: OpenDatabase, courier: Courier) -> None:
    part_id = courier.brings(database, pdf())
    courier.store.is_down = True
    await courier.collector.collect_due()
    waiting = part_now(database, part_id)

    courier.store.is_down = False
    courier.clock.forward(seconds=10)
    await courier.collector.collect_due()

    assert (waiting.stored_at, waiting.removed_at) == (None, None)
    assert part_now(database, part_id).stored_at == courier.clock.at


async def test_a_part_that_fails_unexpectedly_holds_up_no_other(
    database: OpenDatabase, courier: Courier
) -> None:
    broken = courier.brings(database, RuntimeError("a fault of ours"))
    sound = courier.brings(database, pdf())

    await courier.collector.collect_due()

    assert part_now(database, broken).next_try_at == NOW + PAUSES[0]
    assert part_now(database, sound).stored_at == NOW


async def test_a_part_taken_back_is_not_fetched(database: OpenDatabase, courier: Courier) -> None:
    part_id = courier.brings(database, pdf())
    carry_out(database, remove_part, part_id, acting(courier.there.tutor))

    await courier.collector.collect_due()

    assert courier.telegram.opened == []
    assert courier.store.contents == {}


async def test_of_a_part_taken_back_while_it_was_fetched_nothing_is_said(
    database: OpenDatabase, courier: Courier
) -> None:
    part_id = courier.brings(database, executable())
    taken_back = acting(courier.there.tutor, NOW + timedelta(seconds=1))

    class Interrupted(Telegram):
        async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
            carry_out(database, remove_part, part_id, taken_back)
            async for chunk in courier.telegram.open(telegram_file_id):
                yield chunk

    collector = Collector(database, Interrupted(), courier.store, courier.clock)
    await collector.collect_due()

    assert part_now(database, part_id).removed_at == taken_back.now
    assert outbox_rows(database, MessageKind.MEDIA_REFUSED) == []


async def test_two_collectors_at_once_keep_one_file_and_say_a_refusal_once(
    database: OpenDatabase, courier: Courier
) -> None:
    good = courier.brings(database, pdf())
    courier.brings(database, executable())

    await asyncio.gather(courier.collector.collect_due(), courier.collector.collect_due())

    assert list(courier.store.contents) == [part_now(database, good).media_key]
    assert len(outbox_rows(database, MessageKind.MEDIA_REFUSED)) == 1
