"""Files that cannot be stored for six hours are told to the coordinators, once (SPEC 4)."""

import asyncio
from datetime import timedelta

from sqlmodel import select

from models import NotePart
from models.enums import MessageKind, PartKind, Status
from services.lifecycle.actors import Source
from services.notes.batches import IncomingFile, add_file, open_batch, remove_part
from services.notifications.late_media import LATE, alert_late_media
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, carry_out, scene

SECOND = timedelta(seconds=1)


def on_its_way(database: OpenDatabase) -> tuple[Scene, NotePart]:
    there = scene(database, Status.CHECKED_IN)
    actor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, actor, 4711)
    photo = IncomingFile(PartKind.PHOTO, "file-1")
    carry_out(database, add_file, batch.id, actor, photo, None, Source(4711, 1))
    with database.reading() as session:
        return there, session.exec(select(NotePart)).one()


def test_after_six_hours_and_not_a_second_before_once(database: OpenDatabase) -> None:
    _, part = on_its_way(database)

    assert carry_out(database, alert_late_media, NOW + LATE - SECOND) == []
    assert carry_out(database, alert_late_media, NOW + LATE) == [part.id]
    assert carry_out(database, alert_late_media, NOW + 2 * LATE) == []

    (told,) = outbox_rows(database, MessageKind.MEDIA_LATE)
    assert (told.person_id, told.payload) == (None, {"note_part_ids": [part.id]})


async def test_sweeps_at_once_tell_it_once(database: OpenDatabase) -> None:
    _, part = on_its_way(database)

    found = await asyncio.gather(*(database.write(alert_late_media, NOW + LATE) for _ in range(3)))

    assert sorted(found) == [[], [], [part.id]]
    assert len(outbox_rows(database, MessageKind.MEDIA_LATE)) == 1


def test_what_is_stored_or_taken_back_is_not_late(database: OpenDatabase) -> None:
    there, part = on_its_way(database)
    carry_out(database, remove_part, part.id, acting(there.tutor))

    assert carry_out(database, alert_late_media, NOW + LATE) == []
