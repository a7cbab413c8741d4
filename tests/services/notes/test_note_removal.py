"""*Remove last*: a part is taken back once, and hidden (SPEC 4)."""

import pytest
from sqlmodel import select

from models import NoteBatch, NotePart
from models.enums import Action, PartKind, Status
from services.lifecycle.actors import Source
from services.notes.batches import (
    IncomingFile,
    add_file,
    add_text,
    close_batch,
    open_batch,
    remove_part,
)
from services.rules.refusals.notes import NoNotesToRemove, NotesClosed
from tests import builders
from tests.builders import acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, refused, trail
from tests.services.scenes import Scene, carry_out, scene

CHAT = 4711


def batch_with_two_parts(database: OpenDatabase) -> tuple[Scene, NoteBatch, list[int]]:
    there = scene(database, Status.CHECKED_IN)
    tutor = acting(there.tutor)
    photo = IncomingFile(PartKind.PHOTO, "photo-1")
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)
    carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    carry_out(database, add_file, batch.id, tutor, photo, None, Source(CHAT, 2))
    with database.reading() as session:
        found = session.exec(select(NotePart.id).order_by(NotePart.id))  # type: ignore[arg-type]
        return there, batch, list(found.all())


def test_a_removed_part_is_hidden_and_the_tally_names_the_one_before(
    database: OpenDatabase,
) -> None:
    there, _, (first, last) = batch_with_two_parts(database)

    counted = carry_out(database, remove_part, last, acting(there.tutor))

    event = trail(database, there.id)[-1]
    assert (counted.counts, counted.last_part_id) == ({PartKind.TEXT: 1}, first)
    assert counted.on_its_way == 0
    assert (event.action, event.details) == (
        Action.REMOVE_NOTE,
        {"note_part_id": last, "kind": "photo"},
    )
    with database.reading() as session:
        kept = session.get(NotePart, last)
    assert kept is not None
    assert kept.telegram_file_id == "photo-1"


def test_the_same_tap_again_removes_nothing_more(database: OpenDatabase) -> None:
    there, _, (_, last) = batch_with_two_parts(database)
    carry_out(database, remove_part, last, acting(there.tutor))
    after_once = every_row(database)

    again = carry_out(database, remove_part, last, acting(there.tutor))

    assert again.total == 1
    assert every_row(database) == after_once


def test_a_removed_message_that_is_redelivered_stays_removed(database: OpenDatabase) -> None:
    there, batch, (first, last) = batch_with_two_parts(database)
    carry_out(database, remove_part, first, acting(there.tutor))

    counted = carry_out(
        database, add_text, batch.id, acting(there.tutor), "Fractions", Source(CHAT, 1)
    )

    assert (counted.total, counted.last_part_id) == (1, last)


def test_nobody_removes_what_another_wrote(database: OpenDatabase) -> None:
    there, _, (first, _) = batch_with_two_parts(database)
    with database.unit_of_work() as session:
        colleague = builders.tutor(session, name="Siti Rahman")

    for somebody in (colleague, there.grace, there.coordinator):
        with refused(NoNotesToRemove):
            carry_out(database, remove_part, first, acting(somebody))


def test_there_is_nothing_to_remove_where_no_part_is(database: OpenDatabase) -> None:
    there, _, (_, last) = batch_with_two_parts(database)

    with refused(NoNotesToRemove):
        carry_out(database, remove_part, last + 1000, acting(there.tutor))


@pytest.mark.parametrize("taken_back_before", [False, True])
def test_after_done_nothing_is_taken_back(database: OpenDatabase, taken_back_before: bool) -> None:
    there, batch, (_, last) = batch_with_two_parts(database)
    if taken_back_before:
        carry_out(database, remove_part, last, acting(there.tutor))
    carry_out(database, close_batch, batch.id, acting(there.tutor))

    with refused(NotesClosed):
        carry_out(database, remove_part, last, acting(there.tutor))
