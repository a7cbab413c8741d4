"""What was put into the store for nobody is swept; what a part refers to never is (SPEC 4)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import MediaReservation, NotePart
from models.enums import PartKind, Status
from services.media.reservations import ORPHANED, release, reserve, sweep_orphans
from services.ports import MediaUnavailableError
from tests.builders import NOW
from tests.fakes import MemoryMedia
from tests.open_database import OpenDatabase
from tests.services.scenes import carry_out, scene

SECOND = timedelta(seconds=1)
KEY = "notes/ab/abc.jpg"


def reserved(database: OpenDatabase) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(MediaReservation.key)).all())


async def test_an_orphan_is_swept_after_six_hours_and_not_a_second_before(
    database: OpenDatabase,
) -> None:
    store = MemoryMedia({KEY: b"JPEG"})
    carry_out(database, reserve, KEY, NOW)

    assert await sweep_orphans(database, store, NOW + ORPHANED - SECOND) == []
    assert store.contents
    assert await sweep_orphans(database, store, NOW + ORPHANED) == [KEY]
    assert (store.contents, reserved(database)) == ({}, [])


async def test_what_is_reserved_again_is_not_swept(database: OpenDatabase) -> None:
    store = MemoryMedia({KEY: b"JPEG"})
    carry_out(database, reserve, KEY, NOW)
    carry_out(database, reserve, KEY, NOW + ORPHANED)

    assert await sweep_orphans(database, store, NOW + ORPHANED + SECOND) == []
    assert store.contents


async def test_what_a_part_refers_to_stays_though_it_was_never_released(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    store = MemoryMedia({KEY: b"JPEG"})
    with database.unit_of_work() as session:
        session.add(
            NotePart(
                appointment_id=there.id,
                author_id=there.tutor.id,
                kind=PartKind.PHOTO,
                created_at=NOW,
                removed_at=NOW,
                media_key=KEY,
            )
        )
    carry_out(database, reserve, KEY, NOW)

    assert await sweep_orphans(database, store, NOW + ORPHANED) == []
    assert (list(store.contents), reserved(database)) == ([KEY], [])


async def test_a_released_key_is_no_orphan(database: OpenDatabase) -> None:
    store = MemoryMedia({KEY: b"JPEG"})
    carry_out(database, reserve, KEY, NOW)
    carry_out(database, release, KEY)

    assert await sweep_orphans(database, store, NOW + 2 * ORPHANED) == []
    assert store.contents


async def test_a_store_out_of_reach_leaves_it_for_the_next_time(database: OpenDatabase) -> None:
    class Down(MemoryMedia):
        async def delete(self, key: str) -> None:
            raise MediaUnavailableError(key)

    carry_out(database, reserve, KEY, NOW)

    with pytest.raises(MediaUnavailableError):
        await sweep_orphans(database, Down({KEY: b"JPEG"}), NOW + ORPHANED)
    assert reserved(database) == [KEY]


async def test_a_file_that_cannot_be_deleted_keeps_no_other_back(database: OpenDatabase) -> None:
    class Stubborn(MemoryMedia):
        async def delete(self, key: str) -> None:
            if key == KEY:
                raise RuntimeError("for a test")
            await super().delete(key)

    later = "notes/cd/cde.jpg"
    store = Stubborn({KEY: b"JPEG", later: b"JPEG"})
    carry_out(database, reserve, KEY, NOW)
    carry_out(database, reserve, later, NOW + SECOND)

    assert await sweep_orphans(database, store, NOW + ORPHANED + SECOND) == [later]
    assert reserved(database) == [KEY]
