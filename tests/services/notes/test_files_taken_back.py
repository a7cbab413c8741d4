"""A file that is taken back leaves the store, whatever happens in between (SPEC 4)."""

import asyncio
import contextlib
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import MediaReservation, NotePart
from models.enums import DisputeReason, PartKind, Status
from services.approvals.disputes import dispute
from services.db import Database
from services.lifecycle.actors import Source
from services.media.reservations import sweep_orphans
from services.notes.batches import IncomingFile, add_file, open_batch, remove_part
from services.notes.edits import edit_part
from services.notes.files import Collector
from services.ports import MediaStore, MediaUnavailableError
from services.settings import ROOT
from tests.builders import NOW, acting
from tests.fakes import FixedClock, MemoryMedia
from tests.files.documents import pdf
from tests.open_database import OpenDatabase
from tests.s3_server import BUCKET, S3Server, running_s3
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711
WORKSHEET, HOMEWORK = pdf(), pdf() + b"\n% homework"


@dataclass
class Notes:
    """A batch of a tutor's, and what fetches and stores its files."""

    database: OpenDatabase
    store: MediaStore
    there: Scene
    batch_id: int
    files: dict[str, bytes] = field(default_factory=dict)
    clock: FixedClock = field(default_factory=FixedClock)

    async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        yield self.files[telegram_file_id]

    def sent(self, content: bytes = WORKSHEET) -> int:
        """A file is sent; the id of its part."""
        number = len(self.files)
        self.files[f"file-{number}"] = content
        file = IncomingFile(PartKind.DOCUMENT, f"file-{number}", file_name="worksheet.pdf")
        source, tutor = Source(CHAT, number), acting(self.there.tutor)
        counted = carry_out(self.database, add_file, self.batch_id, tutor, file, None, source)
        assert counted.last_part_id is not None
        return counted.last_part_id

    async def stored(self, content: bytes = WORKSHEET) -> int:
        """A file is sent and stored; the id of its part."""
        part_id = self.sent(content)
        await self.collect()
        return part_id

    async def collect(self) -> None:
        await Collector(self.database, self, self.store, self.clock).collect_due()

    def taken_back(self, part_id: int) -> None:
        carry_out(self.database, remove_part, part_id, acting(self.there.tutor))

    async def swept(self) -> list[str]:
        return await sweep_orphans(self.database, self.store, self.clock.now())

    def part(self, part_id: int) -> NotePart:
        with self.database.reading() as session:
            found = session.get(NotePart, part_id)
        assert found is not None
        return found

    def referred_to(self) -> set[str | None]:
        with self.database.reading() as session:
            return set(
                session.exec(
                    select(NotePart.media_key).where(col(NotePart.media_key).is_not(None))
                ).all()
            )

    def reserved(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.exec(select(MediaReservation.key)).all())


def notes_with(database: OpenDatabase, store: MediaStore) -> Notes:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch = carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    return Notes(database, store, there, batch.id)


@pytest.fixture
async def s3(tmp_path: Path) -> AsyncIterator[S3Server]:
    async with running_s3(tmp_path / "s3") as server:
        yield server


@pytest.fixture
async def notes(database: OpenDatabase, s3: S3Server) -> AsyncIterator[Notes]:
    store = s3.store()
    yield notes_with(database, store)
    await store.close()


def objects(s3: S3Server) -> set[str]:
    """Keys of all that is in the bucket."""
    bucket = s3.folder / BUCKET
    return {str(one.relative_to(bucket)) for one in bucket.rglob("*") if one.is_file()}


async def test_the_object_goes_and_the_row_no_longer_names_it(s3: S3Server, notes: Notes) -> None:
    part_id = await notes.stored()
    assert objects(s3) == {notes.part(part_id).media_key}

    notes.taken_back(part_id)
    gone = await notes.swept()

    assert len(gone) == 1
    assert objects(s3) == set()
    assert (notes.part(part_id).media_key, notes.part(part_id).removed_at) == (None, NOW)
    assert notes.reserved() == []


async def test_equal_files_are_one_object_that_goes_with_the_last(
    s3: S3Server, notes: Notes
) -> None:
    first, second = await notes.stored(), await notes.stored()
    [key] = objects(s3)

    notes.taken_back(first)
    assert await notes.swept() == []
    assert objects(s3) == {key} == {notes.part(second).media_key}

    notes.taken_back(second)
    assert await notes.swept() == [key]
    assert objects(s3) == set()


async def test_what_is_taken_back_and_sent_again_stays(s3: S3Server, notes: Notes) -> None:
    notes.taken_back(await notes.stored())
    again = await notes.stored()

    assert await notes.swept() == []
    assert objects(s3) == {notes.part(again).media_key}


async def test_what_is_taken_back_while_it_is_stored_goes(s3: S3Server, notes: Notes) -> None:
    part_id = notes.sent()

    class Interrupted(Notes):
        async def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
            notes.taken_back(part_id)
            yield self.files[telegram_file_id]

    source = Interrupted(notes.database, notes.store, notes.there, notes.batch_id, notes.files)
    await Collector(notes.database, source, notes.store, notes.clock).collect_due()
    assert len(objects(s3)) == 1

    await notes.swept()

    assert (objects(s3), notes.reserved()) == (set(), [])


async def test_a_store_out_of_reach_only_puts_it_off(database: OpenDatabase) -> None:
    class Down(MemoryMedia):
        async def delete(self, key: str) -> None:
            if self.is_down:
                raise MediaUnavailableError("down")
            await super().delete(key)

    store = Down()
    notes = notes_with(database, store)
    part_id = await notes.stored()
    notes.taken_back(part_id)

    store.is_down = True
    with pytest.raises(MediaUnavailableError):
        await notes.swept()
    store.is_down = False
    await notes.swept()

    assert (store.contents, notes.reserved()) == ({}, [])


async def test_the_evidence_of_a_dispute_keeps_its_file(s3: S3Server, notes: Notes) -> None:
    part_id = await notes.stored()
    grace = acting(notes.there.grace)
    carry_out(notes.database, dispute, notes.there.id, grace, DisputeReason.CONDUCT, None)

    notes.taken_back(part_id)

    assert await notes.swept() == []
    assert len(objects(s3)) == 1


async def test_the_trail_of_an_edited_part_keeps_its_former_file(
    s3: S3Server, notes: Notes
) -> None:
    await notes.stored()
    notes.files["another"] = HOMEWORK
    file = IncomingFile(PartKind.DOCUMENT, "another")
    tutor = acting(notes.there.tutor)
    edited = carry_out(notes.database, edit_part, Source(CHAT, 0), tutor, None, file)
    assert edited is not None
    twin = await notes.stored(WORKSHEET)
    assert len(objects(s3)) == 2

    notes.taken_back(edited.id)
    notes.taken_back(twin)

    assert len(await notes.swept()) == 1
    assert len(objects(s3)) == 1


SWEEPS_AND_DIES = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from services.adapters.disk_media import DiskMediaStore
from services.db import Database
from services.media.reservations import sweep_orphans

class Dying(DiskMediaStore):
    async def delete(self, key):
        if sys.argv[3] == "before":
            os._exit(9)
        await super().delete(key)
        os._exit(9)

now = datetime.fromisoformat(sys.argv[4])
asyncio.run(sweep_orphans(Database(sys.argv[1]), Dying(Path(sys.argv[2])), now))
"""


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_crash_around_the_deletion_leaves_no_file_behind(
    database_url: str, tmp_path: Path, when: str
) -> None:
    from services.adapters.disk_media import DiskMediaStore  # noqa: PLC0415

    folder = tmp_path / "media"
    database = OpenDatabase(database_url)
    notes = notes_with(database, DiskMediaStore(folder))
    kept, part_id = await notes.stored(HOMEWORK), await notes.stored()
    notes.taken_back(part_id)

    command = [sys.executable, "-c", SWEEPS_AND_DIES, database_url, str(folder), when]
    died = await asyncio.create_subprocess_exec(*command, NOW.isoformat(), cwd=ROOT)
    assert await died.wait() == 9

    again = Database(database_url)
    await sweep_orphans(again, notes.store, NOW)
    await again.close()
    left = list(folder.rglob("*.pdf"))
    assert [str(one.relative_to(folder)) for one in left] == [notes.part(kept).media_key]
    assert notes.reserved() == []
    await database.close()


class Unsteady(MemoryMedia):
    """A store whose deletions fail now and then, or seem to."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self.dice = dice

    async def delete(self, key: str) -> None:
        if self.dice.random() < 0.3:
            raise MediaUnavailableError("for a test")
        await super().delete(key)
        if self.dice.random() < 0.3:
            raise MediaUnavailableError("deleted, but the answer is lost")


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_is_sent_and_taken_back_store_and_rows_agree(
    database: OpenDatabase, seed: int
) -> None:
    store = Unsteady(random.Random(seed))
    notes = notes_with(database, store)
    parts = [notes.sent()]
    for _ in range(40):
        match store.dice.choice(["send", "send", "collect", "take back", "sweep"]):
            case "send":
                parts.append(notes.sent(store.dice.choice([WORKSHEET, HOMEWORK])))
            case "collect":
                await notes.collect()
            case "take back":
                notes.taken_back(store.dice.choice(parts))
            case "sweep":
                with contextlib.suppress(MediaUnavailableError):
                    await notes.swept()
        assert notes.referred_to() <= set(store.contents)

    await notes.collect()
    while notes.reserved():
        with contextlib.suppress(MediaUnavailableError):
            await notes.swept()
    assert notes.referred_to() == set(store.contents)
