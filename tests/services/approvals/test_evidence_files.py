"""Photos and documents that a parent sends as evidence, as safe as the files of notes (SPEC 5)."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from models import EvidenceFile
from models.enums import DisputeReason, MessageKind, PartKind, Status
from services.approvals.disputes import dispute
from services.approvals.evidence_files import EvidenceCollector, SentFile, next_evidence
from services.lifecycle.actors import Source
from services.media.fetching import PAUSES
from services.media.reservations import ORPHANED, reserve, sweep_orphans
from services.ports import FileGoneError, FileUnavailableError
from services.queries.evidence import evidence_of_dispute
from services.queries.notes import notes_of
from tests.builders import AGENCY, NOW, acting
from tests.fakes import FixedClock, MemoryMedia
from tests.files.documents import pdf
from tests.files.hostile import executable
from tests.files.images import jpeg_photo
from tests.open_database import OpenDatabase
from tests.services.notes.test_note_files import Telegram
from tests.services.proofs import every_row, outbox_rows
from tests.services.scenes import Scene, carry_out, scene

PHOTO = SentFile(Source(4711, 1), PartKind.PHOTO, "photo", caption="The clock")
SHEET = SentFile(Source(4711, 2), PartKind.DOCUMENT, "sheet", "sheet.pdf", "application/pdf")


@dataclass(frozen=True)
class Disputed:
    """A session that is disputed with a photo and a document."""

    there: Scene
    telegram: Telegram
    store: MemoryMedia
    clock: FixedClock
    collector: EvidenceCollector


@pytest.fixture
def disputed(database: OpenDatabase) -> Disputed:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(
        database,
        dispute,
        there.id,
        acting(there.grace),
        DisputeReason.CONDUCT,
        None,
        [PHOTO, SHEET],
    )
    telegram, store, clock = Telegram(), MemoryMedia(), FixedClock()
    telegram.files = {"photo": jpeg_photo(), "sheet": pdf()}
    collector = EvidenceCollector(database, telegram, store, clock)
    return Disputed(there, telegram, store, clock, collector)


def rows(database: OpenDatabase) -> list[EvidenceFile]:
    with database.reading() as session:
        return list(session.exec(select(EvidenceFile).order_by(col(EvidenceFile.id))).all())


def test_files_are_kept_with_their_dispute_and_are_no_notes(
    database: OpenDatabase, disputed: Disputed
) -> None:
    with database.reading() as session:
        found = evidence_of_dispute(session, 1)
        assert [(one.kind, one.text, one.file_name) for one in found] == [
            (PartKind.PHOTO, "The clock", None),
            (PartKind.DOCUMENT, None, "sheet.pdf"),
        ]
        assert {one.report_id for one in found} == {None}
        assert notes_of(session, disputed.there.id) == []


async def test_they_are_stored_without_where_the_photo_was_taken(
    database: OpenDatabase, disputed: Disputed
) -> None:
    assert b"Exif" in jpeg_photo()

    assert await disputed.collector.collect_due() == 2

    photo, sheet = rows(database)
    assert photo.stored_at == sheet.stored_at == NOW
    assert b"Exif" not in disputed.store.contents[str(photo.media_key)]
    assert await disputed.collector.collect_due() == 0


async def test_what_is_not_safe_is_refused_and_the_parent_is_told(
    database: OpenDatabase, disputed: Disputed
) -> None:
    disputed.telegram.files["sheet"] = executable()
    disputed.telegram.files["photo"] = FileGoneError()

    assert await disputed.collector.collect_due() == 2

    assert all(row.removed_at == NOW and row.media_key is None for row in rows(database))
    told = outbox_rows(database, MessageKind.MEDIA_REFUSED)
    assert [one.person_id for one in told] == [disputed.there.grace.id] * 2
    with database.reading() as session:
        assert evidence_of_dispute(session, 1) == []


async def test_what_cannot_be_fetched_now_is_tried_again_and_holds_up_no_other(
    database: OpenDatabase, disputed: Disputed
) -> None:
    disputed.telegram.files["photo"] = FileUnavailableError("busy")

    assert await disputed.collector.collect_due() == 1

    photo, sheet = rows(database)
    assert sheet.stored_at is not None
    assert photo.next_try_at == NOW + PAUSES[0]
    with database.reading() as session:
        assert next_evidence(session, AGENCY, NOW) == NOW + PAUSES[0]
    disputed.telegram.files["photo"] = jpeg_photo()
    disputed.clock.at = NOW + PAUSES[0]
    assert await disputed.collector.collect_due() == 1


async def test_stored_evidence_is_no_orphan(database: OpenDatabase, disputed: Disputed) -> None:
    await disputed.collector.collect_due()
    key = str(rows(database)[0].media_key)
    carry_out(database, reserve, key, NOW)

    gone = await sweep_orphans(database, disputed.store, NOW + ORPHANED)

    assert gone == []
    assert key in disputed.store.contents


def test_a_dispute_that_is_repeated_keeps_its_files_once(
    database: OpenDatabase, disputed: Disputed
) -> None:
    before = every_row(database)
    there = disputed.there

    carry_out(
        database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None, [PHOTO]
    )

    assert every_row(database) == before
