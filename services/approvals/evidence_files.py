"""Photos and documents that a parent adds to a dispute (SPEC 5)."""

from collections.abc import Sequence

from models import Dispute, EvidenceFile
from services.db import Session
from services.lifecycle.actors import Actor
from services.media.storing import StoredFile, take


def attach(session: Session, dispute: Dispute, files: Sequence[StoredFile], actor: Actor) -> None:
    """Add stored files to a dispute that is being opened."""
    for file in files:
        session.add(
            EvidenceFile(
                dispute_id=dispute.id,
                author_id=actor.identified,
                file_name=file.file_name,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                media_key=file.key,
                added_at=actor.now,
            )
        )
        take(session, file)
