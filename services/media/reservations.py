"""Keys reserved in the media store, and what was put there for nobody (SPEC 4).

A key is reserved before a file is put under it, and released when a note part refers to it. What
is reserved for long and belongs to no part is an orphan: a kill came between, or the part was
taken back meanwhile.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select, update

from models import MediaReservation, NotePart
from services.db import Database, Session
from services.inserts import insert_once
from services.ports import MediaStore

ORPHANED = timedelta(hours=6)
"""After so long nobody is still at work on a reserved key."""


def reserve(session: Session, key: str, now: datetime) -> None:
    """Somebody is about to put a file under `key`."""
    insert_once(session, MediaReservation, [{"key": key, "reserved_at": now}], "key")
    session.exec(
        update(MediaReservation).where(col(MediaReservation.key) == key).values(reserved_at=now)
    )


def release(session: Session, key: str) -> None:
    """A part refers to it now, or nothing is there any more."""
    session.exec(delete(MediaReservation).where(col(MediaReservation.key) == key))


async def sweep_orphans(database: Database, store: MediaStore, now: datetime) -> list[str]:
    """Forget files that belong to no part; their keys. Not to be run beside the collector.

    Raises `MediaUnavailableError`; what is left is swept the next time.
    """

    def query(session: Session) -> tuple[list[str], set[str | None]]:
        found = session.exec(
            select(MediaReservation.key)
            .where(col(MediaReservation.reserved_at) <= now - ORPHANED)
            .order_by(col(MediaReservation.key))
        )
        old = list(found.all())
        used = set(
            session.exec(select(NotePart.media_key).where(col(NotePart.media_key).in_(old))).all()
        )
        return old, used

    old, used = await database.read(query)
    orphans = [key for key in old if key not in used]
    for key in old:
        if key not in used:
            await store.delete(key)
        await database.write(release, key)
    return orphans
