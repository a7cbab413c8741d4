"""A message of a note is edited: the part follows, the trail keeps what was (SPEC 4)."""

import pytest
from sqlmodel import col, select

from models import NotePart, NoteSummary
from models.enums import Action, PartKind, Status, SummaryStatus
from services.lifecycle.actors import Source
from services.notes.batches import (
    IncomingFile,
    add_file,
    add_text,
    close_batch,
    open_batch,
    remove_part,
)
from services.notes.edits import edit_part
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, trail
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711
SOURCE = Source(CHAT, 1)


def begun_batch(database: OpenDatabase, status: Status = Status.CHECKED_IN) -> tuple[Scene, int]:
    there = scene(database, status)
    batch = carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)
    carry_out(database, add_text, batch.id, acting(there.tutor), "Fractons.", SOURCE)
    return there, batch.id


def the_part(database: OpenDatabase) -> NotePart:
    with database.reading() as session:
        return session.exec(select(NotePart).order_by(col(NotePart.id))).one()


@pytest.mark.parametrize("status", [Status.CHECKED_IN, Status.APPROVED, Status.DISPUTED])
def test_the_part_has_the_new_text_and_the_trail_the_old(
    database: OpenDatabase, status: Status
) -> None:
    there, _ = begun_batch(database, status)

    carry_out(database, edit_part, SOURCE, acting(there.tutor), "Fractions.", None)

    assert (the_part(database).text, the_part(database).edited_at) == ("Fractions.", None)
    event = trail(database, there.id)[-1]
    assert (event.action, event.at) == (Action.EDIT_NOTE, NOW)
    assert event.details == {
        "note_part_id": the_part(database).id,
        "text": "Fractons.",
        "media_key": None,
    }


def test_notes_that_were_done_are_summed_up_anew(database: OpenDatabase) -> None:
    there, batch_id = begun_batch(database)
    carry_out(database, close_batch, batch_id, acting(there.tutor))
    with database.unit_of_work() as session:
        row = session.exec(select(NoteSummary)).one()
        row.status = SummaryStatus.MADE

    carry_out(database, edit_part, SOURCE, acting(there.tutor), "Fractions.", None)

    with database.reading() as session:
        rows = session.exec(select(NoteSummary).order_by(col(NoteSummary.id))).all()
    assert [(row.version, row.status) for row in rows] == [
        (1, SummaryStatus.MADE),
        (2, SummaryStatus.PENDING),
    ]
    assert the_part(database).edited_at == NOW


def test_the_same_text_once_more_changes_nothing(database: OpenDatabase) -> None:
    there, _ = begun_batch(database)
    before = every_row(database)

    assert carry_out(database, edit_part, SOURCE, acting(there.tutor), "Fractons.", None) is None
    assert every_row(database) == before


def test_what_is_no_part_of_theirs_or_was_taken_back_is_left_alone(
    database: OpenDatabase,
) -> None:
    there, _ = begun_batch(database)
    part = the_part(database)
    for source, who in ((Source(CHAT, 2), there.tutor), (SOURCE, there.grace)):
        assert carry_out(database, edit_part, source, acting(who), "Other.", None) is None
    carry_out(database, remove_part, part.id, acting(there.tutor))

    assert carry_out(database, edit_part, SOURCE, acting(there.tutor), "Back.", None) is None
    assert the_part(database).text == "Fractons."


def test_a_replaced_file_is_fetched_anew(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    actor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, actor, CHAT)
    first = IncomingFile(PartKind.PHOTO, "file-1", size_bytes=10)
    carry_out(database, add_file, batch.id, actor, first, "Page 1", SOURCE)
    with database.unit_of_work() as session:
        part = session.exec(select(NotePart)).one()
        part.media_key, part.stored_at, part.next_try_at = "notes/a.jpg", NOW, None

    second = IncomingFile(PartKind.PHOTO, "file-2", size_bytes=20)
    carry_out(database, edit_part, SOURCE, actor, "Page 1", second)

    part = the_part(database)
    assert (part.telegram_file_id, part.size_bytes, part.text) == ("file-2", 20, "Page 1")
    assert (part.media_key, part.stored_at, part.next_try_at) == (None, None, NOW)
    event = trail(database, there.id)[-1]
    assert event.details is not None
    assert event.details["media_key"] == "notes/a.jpg"
