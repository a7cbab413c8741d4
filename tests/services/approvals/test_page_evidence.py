"""Evidence that comes from a page, and who may see evidence (SPEC 5)."""

import pytest

from models import EvidenceFile
from models.enums import DisputeReason, PartKind, Status
from services.approvals.disputes import dispute, latest_dispute
from services.media.reservations import reserve, sweep_orphans
from services.media.storing import StoredFile
from services.queries.evidence import evidence_for, evidence_of_dispute
from services.rules.refusals.sessions import NotFound
from tests import builders
from tests.builders import NOW, acting
from tests.fakes import MemoryMedia
from tests.open_database import OpenDatabase
from tests.services.proofs import refused
from tests.services.scenes import Scene, carry_out, scene

PHOTO = StoredFile(PartKind.PHOTO, "notes/ab/abcdef.jpg", "image/jpeg", "door.jpg", 900)


def disputed(database: OpenDatabase) -> tuple[Scene, EvidenceFile]:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, reserve, PHOTO.key, NOW)
    why = DisputeReason.CONDUCT
    carry_out(database, dispute, there.id, acting(there.grace), why, None, [PHOTO])
    with database.reading() as session:
        opened = latest_dispute(session, there.id)
        assert opened is not None
        [file] = evidence_of_dispute(session, opened.id)
    return there, file


def test_they_belong_to_the_dispute_and_to_who_added_them(database: OpenDatabase) -> None:
    there, file = disputed(database)

    assert (file.file_name, file.media_key, file.author_id) == (
        "door.jpg",
        PHOTO.key,
        there.grace.id,
    )


def test_they_are_given_to_the_family_and_to_coordinators(database: OpenDatabase) -> None:
    there, file = disputed(database)
    with database.unit_of_work() as session:
        stranger = builders.parent(session)
    with database.reading() as session:
        for reader in (there.grace, there.daniel, there.coordinator):
            given = evidence_for(session, reader, file.id)
            assert (given.key, given.presentation.is_shown) == (PHOTO.key, True)
        for other in (there.tutor, stranger):
            with refused(NotFound):
                evidence_for(session, other, file.id)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_only_a_file_that_no_dispute_has_is_swept(
    database: OpenDatabase, is_kept: bool
) -> None:
    _, file = disputed(database)
    store = MemoryMedia({PHOTO.key: b"photograph"})
    carry_out(database, reserve, PHOTO.key, NOW.replace(hour=0))
    if not is_kept:
        with database.unit_of_work() as session:
            session.delete(session.merge(file))

    gone = await sweep_orphans(database, store, NOW)

    assert gone == ([] if is_kept else [PHOTO.key])
