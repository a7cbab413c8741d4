"""A note batch takes parts of a note until *Done* (SPEC 4)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import NoteBatch, NotePart, Person
from models.enums import Action, MessageKind, PartKind, Status
from services.approvals.approvals import acknowledge
from services.lifecycle.actors import Source
from services.media.limits import MEBIBYTE
from services.notes.batches import (
    IncomingFile,
    Tally,
    add_file,
    add_text,
    close_batch,
    open_batch,
    remember_tally_message,
    tally,
)
from services.rules.notes import WITH_NOTES
from services.rules.refusals.notes import FileTooLarge, NotesClosed
from services.rules.refusals.sessions import WrongStatus
from services.rules.refusals.standing import NotYourSession
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene

CHAT = 4711
QUIET = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
PHOTO = IncomingFile(PartKind.PHOTO, "photo-1", media_group_id="album")


def begun_batch(database: OpenDatabase, there: Scene) -> NoteBatch:
    """The tutor's open note batch for the scene's session."""
    return carry_out(database, open_batch, there.id, acting(there.tutor), CHAT)


def parts(database: OpenDatabase, there: Scene) -> list[NotePart]:
    with database.reading() as session:
        found = session.exec(
            select(NotePart).where(NotePart.appointment_id == there.id).order_by(col(NotePart.id))
        )
        return list(found.all())


def batch_now(database: OpenDatabase, batch: NoteBatch) -> NoteBatch:
    with database.reading() as session:
        return tally(session, batch.id).batch


@pytest.mark.parametrize("status", WITH_NOTES)
def test_a_session_takes_notes_from_check_in_on(database: OpenDatabase, status: Status) -> None:
    there = scene(database, status)

    batch = begun_batch(database, there)

    assert (batch.appointment_id, batch.tutor_id, batch.closed_at) == (
        there.id,
        there.tutor.id,
        None,
    )


@pytest.mark.parametrize("status", [status for status in Status if status not in WITH_NOTES])
def test_a_session_that_did_not_take_place_takes_none(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)

    with refused(WrongStatus, action=Action.ADD_NOTE, status=status):
        begun_batch(database, there)


def test_only_its_tutor_writes_notes(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    with database.unit_of_work() as session:
        colleague = builders.tutor(session, name="Siti Rahman")
    batch = begun_batch(database, there)

    with refused(NotYourSession):
        carry_out(database, open_batch, there.id, acting(colleague), CHAT)
    with refused(NotYourSession):
        carry_out(database, add_text, batch.id, acting(colleague), "?", Source(CHAT, 1))


def test_every_part_is_there_as_soon_as_it_came(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch, tutor = begun_batch(database, there), acting(there.tutor)
    voice = IncomingFile(PartKind.VOICE, "voice-1", duration_seconds=12)

    carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    carry_out(database, add_file, batch.id, tutor, PHOTO, "page 3", Source(CHAT, 2))
    counted = carry_out(database, add_file, batch.id, tutor, voice, None, Source(CHAT, 3))

    kept = parts(database, there)
    assert [(part.kind, part.text) for part in kept] == [
        (PartKind.TEXT, "Fractions"),
        (PartKind.PHOTO, "page 3"),
        (PartKind.VOICE, None),
    ]
    assert all((part.created_at, part.author_id) == (NOW, there.tutor.id) for part in kept)
    assert counted.counts == {PartKind.TEXT: 1, PartKind.PHOTO: 1, PartKind.VOICE: 1}
    assert (counted.total, counted.on_its_way, counted.last_part_id) == (3, 2, kept[-1].id)


def test_a_redelivered_message_is_one_part(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch, tutor = begun_batch(database, there), acting(there.tutor)
    carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    carry_out(database, add_file, batch.id, tutor, PHOTO, None, Source(CHAT, 2))
    after_once = every_row(database)

    again = carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    carry_out(database, add_file, batch.id, tutor, PHOTO, None, Source(CHAT, 2))

    assert again.total == 2
    assert every_row(database) == after_once


def test_messages_of_different_chats_may_have_the_same_number(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch, tutor = begun_batch(database, there), acting(there.tutor)

    carry_out(database, add_text, batch.id, tutor, "One", Source(CHAT, 1))
    counted = carry_out(database, add_text, batch.id, tutor, "Two", Source(CHAT + 1, 1))

    assert counted.total == 2


@pytest.mark.parametrize(
    ("kind", "limit_mb"),
    [
        (PartKind.DOCUMENT, 10),
        (PartKind.AUDIO, 10),
        (PartKind.VOICE, 20),
        (PartKind.PHOTO, 20),
    ],
)
def test_a_file_whose_told_size_is_over_the_limit_is_refused_before_download(
    database: OpenDatabase, kind: PartKind, limit_mb: int
) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch, tutor = begun_batch(database, there), acting(there.tutor)
    limit = limit_mb * MEBIBYTE
    fits = IncomingFile(kind, "fits", file_name="fits.bin", size_bytes=limit)
    over = IncomingFile(kind, "over", file_name="over.bin", size_bytes=limit + 1)

    carry_out(database, add_file, batch.id, tutor, fits, None, Source(CHAT, 1))
    with refused(FileTooLarge, limit_mb=limit_mb, file_name="over.bin"):
        carry_out(database, add_file, batch.id, tutor, over, None, Source(CHAT, 2))

    assert [part.telegram_file_id for part in parts(database, there)] == ["fits"]


def test_a_part_counts_while_fewer_than_ten_quiet_minutes_have_passed(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch = begun_batch(database, there)
    in_time = acting(there.tutor, NOW + QUIET - SECOND)
    too_late = acting(there.tutor, NOW + 2 * QUIET - SECOND)

    carry_out(database, add_text, batch.id, in_time, "In time", Source(CHAT, 1))
    with refused(NotesClosed):
        carry_out(database, add_text, batch.id, too_late, "Too late", Source(CHAT, 2))

    assert [part.text for part in parts(database, there)] == ["In time"]


def test_the_quiet_minutes_count_from_the_newest_part_though_older_ones_come_after_it(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch = begun_batch(database, there)
    newest = NOW + timedelta(minutes=5)

    for number, at in enumerate((newest, NOW + SECOND)):
        tap = acting(there.tutor, at)
        carry_out(database, add_text, batch.id, tap, "Part", Source(CHAT, number))

    assert batch_now(database, batch).last_part_at == newest


def test_going_on_with_the_same_session_is_the_same_batch(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch = begun_batch(database, there)
    carry_out(database, remember_tally_message, batch.id, 99)

    again = begun_batch(database, there)

    assert (again.id, again.tally_message_id) == (batch.id, 99)


def test_after_ten_quiet_minutes_a_new_batch_begins(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch = begun_batch(database, there)
    later = acting(there.tutor, NOW + QUIET)

    again = carry_out(database, open_batch, there.id, later, CHAT)

    assert again.id != batch.id
    assert batch_now(database, batch).closed_at == NOW + QUIET


def test_notes_for_another_session_close_the_batch_before_as_done(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    other = another_session(database, there, status=Status.CHECKED_IN)
    batch = begun_batch(database, there)
    carry_out(database, add_text, batch.id, acting(there.tutor), "One", Source(CHAT, 1))

    begun_batch(database, other)

    assert batch_now(database, batch).closed_at == NOW
    assert recipients(database, MessageKind.NOTES_ADDED) == [there.grace.id, there.daniel.id]
    with refused(NotesClosed):
        carry_out(database, add_text, batch.id, acting(there.tutor), "?", Source(CHAT, 2))


def closed(database: OpenDatabase, there: Scene, batch: NoteBatch) -> Tally:
    return carry_out(database, close_batch, batch.id, acting(there.tutor))


def test_done_tells_each_parent_once_a_batch(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch, tutor = begun_batch(database, there), acting(there.tutor)
    for number in (1, 2, 3):
        carry_out(database, add_text, batch.id, tutor, "Part", Source(CHAT, number))

    closed(database, there, batch)
    after_once = every_row(database)
    again = closed(database, there, batch)

    event = trail(database, there.id)[-1]
    assert recipients(database, MessageKind.NOTES_ADDED) == [there.grace.id, there.daniel.id]
    assert (event.action, event.actor_id) == (Action.ADD_NOTE, there.tutor.id)
    assert event.details == {"note_batch_id": batch.id, "parts": 3, "is_late": False}
    assert again.total == 3
    assert every_row(database) == after_once


def test_before_check_out_nobody_is_told_the_card_that_comes_then_has_the_notes(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    batch = begun_batch(database, there)
    carry_out(database, add_text, batch.id, acting(there.tutor), "Part", Source(CHAT, 1))

    closed(database, there, batch)

    assert recipients(database, MessageKind.NOTES_ADDED) == []
    assert trail(database, there.id)[-1].action is Action.ADD_NOTE


def test_a_batch_without_parts_tells_nobody(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    closed(database, there, begun_batch(database, there))

    assert recipients(database, MessageKind.NOTES_ADDED) == []
    assert trail(database, there.id) == []


def test_notes_after_approval_are_stamped_as_late_and_the_status_stays(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    batch, tutor = begun_batch(database, there), acting(there.tutor)
    carry_out(database, add_text, batch.id, tutor, "Before", Source(CHAT, 1))
    carry_out(database, acknowledge, there.id, acting(there.grace))

    carry_out(database, add_text, batch.id, tutor, "After", Source(CHAT, 2))

    kept = parts(database, there)
    assert [(part.text, part.is_late) for part in kept] == [("Before", False), ("After", True)]
    assert as_it_stands(database, there.id).status is Status.APPROVED


def test_a_parent_who_is_not_linked_is_not_told_of_notes_long_after(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.APPROVED)
    with database.unit_of_work() as session:
        grace = session.get_one(Person, there.grace.id)
        grace.telegram_user_id = None
    tutor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)
    carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))

    carry_out(database, close_batch, batch.id, tutor)

    assert recipients(database, MessageKind.NOTES_ADDED) == [there.daniel.id]
