"""Reserved keys of the media store, and files that belong to no row (SPEC 4).

A key is reserved before a file is stored under it, and released when a note part, or a dispute,
refers to it. A key that stays reserved and belongs to neither is an orphan: the process was killed
in between, or the part was removed.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select, update

from models import EvidenceFile, MediaReservation, NotePart
from services.db import Database, Session
from services.inserts import insert_once
from services.ports import MediaStore

ORPHANED = timedelta(hours=6)
"""Age after which a reserved key is an orphan: nothing takes so long."""


def reserve(session: Session, key: str, now: datetime) -> None:
    """Reserve `key` for a file that is about to be stored."""
    insert_once(session, MediaReservation, [{"key": key, "reserved_at": now}], "key")
    session.exec(
        update(MediaReservation).where(col(MediaReservation.key) == key).values(reserved_at=now)
    )


def release(session: Session, key: str) -> None:
    """Release a key: a part refers to it now, or no file is there."""
    session.exec(delete(MediaReservation).where(col(MediaReservation.key) == key))


async def sweep_orphans(database: Database, store: MediaStore, now: datetime) -> list[str]:
    """Delete files that belong to no part; return their keys. Not to be run beside the collector.

    Raises `MediaUnavailableError`; the rest is left for the next run.
    """

    def query(session: Session) -> tuple[list[str], set[str | None]]:
        found = session.exec(
            select(MediaReservation.key)
            .where(col(MediaReservation.reserved_at) <= now - ORPHANED)
            .order_by(col(MediaReservation.key))
        )
        old = list(found.all())
        parts = select(NotePart.media_key).where(col(NotePart.media_key).in_(old))
        evidence = select(EvidenceFile.media_key).where(col(EvidenceFile.media_key).in_(old))
        return old, {*session.exec(parts).all(), *session.exec(evidence).all()}

    old, used = await database.read(query)
    orphans = [key for key in old if key not in used]
    for key in old:
        if key not in used:
            await store.delete(key)
        await database.write(release, key)
    return orphans
