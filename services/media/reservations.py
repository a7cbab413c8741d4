"""Reserved keys of the media store, and files that nothing refers to (SPEC 4).

A key is reserved before a file is stored under it, and released when a note part refers to it. It
is let go when the part is taken back. Either is a row, committed before the store is touched, so
that no crash leaves a file behind; and a file is deleted only when nothing refers to it.
"""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import String, bindparam, cast, delete, literal_column, or_
from sqlmodel import col, select, update

from models import AuditEvent, Dispute, EvidenceFile, MediaReservation, NotePart
from models.columns import UtcDateTime
from services.db import Database, Session
from services.error_place import place_of
from services.inserts import insert_once
from services.ports import MediaStore, MediaUnavailableError
from services.prepared import Prepared

logger = structlog.get_logger(__name__)

ORPHANED = timedelta(hours=6)
"""Age after which a reserved key is an orphan: nothing takes so long."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a key counts as reserved that was let go."""
SWEPT_AT_ONCE = 50


def reserve(session: Session, key: str, now: datetime) -> None:
    """Reserve `key` for a file that is about to be stored."""
    insert_once(session, MediaReservation, [{"key": key, "reserved_at": now}], "key")
    session.exec(
        update(MediaReservation).where(col(MediaReservation.key) == key).values(reserved_at=now)
    )


def release(session: Session, key: str) -> None:
    """Release a key: a part refers to it now, or no file is there."""
    session.exec(delete(MediaReservation).where(col(MediaReservation.key) == key))


def let_go(session: Session, key: str) -> None:
    """Let the next sweep delete the file under `key`, unless something else refers to it."""
    reserve(session, key, LONG_AGO)


async def sweep_orphans(database: Database, store: MediaStore, now: datetime) -> list[str]:
    """Delete files that nothing refers to; return their keys. Not to be run beside the collector.

    Raises `MediaUnavailableError`; the rest is left for the next run, as is a file that cannot be
    deleted for another reason.
    """
    gone = []
    for key in await database.read(_orphans, now):
        if not await database.read(_is_referred_to, key):
            try:
                await store.delete(key)
            except MediaUnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - one file keeps no other back
                logger.warning("orphan_not_deleted", error=place_of(error))
                continue
            gone.append(key)
        await database.write(_release_orphan, key, now)
    return gone


def _orphans(session: Session, now: datetime) -> list[str]:
    return _ORPHANS.firsts(session, before=now - ORPHANED)


_ORPHANS = Prepared(
    select(MediaReservation.key)
    .where(col(MediaReservation.reserved_at) <= bindparam("before", type_=UtcDateTime))
    .order_by(col(MediaReservation.reserved_at), col(MediaReservation.key))
    .limit(SWEPT_AT_ONCE)
)


def _release_orphan(session: Session, key: str, now: datetime) -> None:
    """Release a key, unless it was reserved again meanwhile."""
    session.exec(
        delete(MediaReservation).where(
            col(MediaReservation.key) == key, col(MediaReservation.reserved_at) <= now - ORPHANED
        )
    )


def _is_referred_to(session: Session, key: str) -> bool:
    """Whether a part has this file, the evidence of a dispute, or the trail of an edited part."""
    return bool(session.execute(_REFERRED_TO, {"key": key, "quoted": f'"{key}"'}).scalar_one())


_OF_PART = select(NotePart.id).where(NotePart.media_key == bindparam("key"))
_OF_EVIDENCE = select(Dispute.id).where(
    cast(Dispute.evidence, String).contains(bindparam("quoted", type_=String))
)
_OF_EDIT = select(AuditEvent.id).where(
    literal_column("action = 'edit_note'"),  # written out, so that its index is used
    col(AuditEvent.details)["media_key"].as_string() == bindparam("key"),
)
_SENT_AS_EVIDENCE = select(EvidenceFile.id).where(EvidenceFile.media_key == bindparam("key"))
_REFERRED_TO = select(
    or_(_OF_PART.exists(), _OF_EVIDENCE.exists(), _SENT_AS_EVIDENCE.exists(), _OF_EDIT.exists())
)
