"""Evidence that parents send with a dispute: photos and documents, as safe as notes (SPEC 4, 5).

The rows are written with the dispute; the bytes are then copied from Telegram to the media store,
checked and re-encoded as the files of notes are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models import Appointment, EvidenceFile
from models.columns import UtcDateTime
from models.enums import PartKind
from services.approvals import report_steps
from services.db import Database, Session
from services.inserts import insert_once
from services.lifecycle.actors import Actor, Source
from services.media.fetching import fetch, next_try, tell_refused
from services.media.inspection import InspectedFile
from services.media.names import media_key
from services.media.refusals import FileRefusal, FileRefused
from services.media.reservations import release
from services.media.storing import StoredFile, put_reserved, take
from services.messaging import outbox
from services.notifications.announcements import refresh_cards
from services.ports import (
    Clock,
    FileGoneError,
    FileSource,
    FileUnavailableError,
    MediaStore,
    MediaUnavailableError,
)
from services.prepared import Prepared
from services.rules.agency import Agency

logger = structlog.get_logger(__name__)

BATCH = 20
"""How many files are tried in one round."""


@dataclass(frozen=True)
class SentFile:
    """File that a parent sent, by Telegram's reference, and the message that brought it."""

    source: Source
    kind: PartKind
    telegram_file_id: str
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    caption: str | None = None


def keep_evidence(
    session: Session,
    appointment_id: int,
    actor: Actor,
    files: Sequence[SentFile | StoredFile],
    *,
    dispute_id: int | None = None,
    report_id: int | None = None,
) -> None:
    """Write the files of a dispute, or of a report; those of messages are still to be fetched.

    A message's file is one row. Files of a page are stored already: their key is released.
    """
    about: dict[str, Any] = {
        "appointment_id": appointment_id,
        "dispute_id": dispute_id,
        "report_id": report_id,
        "author_id": actor.identified,
        "created_at": actor.now,
        "store_attempts": 0,
    }
    sent = [about | _to_fetch(one, actor.now) for one in files if isinstance(one, SentFile)]
    if sent:
        insert_once(session, EvidenceFile, sent, "chat_id", "message_id")
    for one in files:
        if isinstance(one, StoredFile):
            session.add(EvidenceFile(**about, **_stored(one, actor.now)))
            take(session, one)


def _to_fetch(sent: SentFile, now: datetime) -> dict[str, Any]:
    """Columns of a file that Telegram has."""
    return {
        "kind": sent.kind,
        "text": sent.caption,
        "chat_id": sent.source.chat_id,
        "message_id": sent.source.message_id,
        "telegram_file_id": sent.telegram_file_id,
        "file_name": sent.file_name,
        "media_type": sent.media_type,
        "size_bytes": sent.size_bytes,
        "next_try_at": now,
    }


def _stored(file: StoredFile, now: datetime) -> dict[str, Any]:
    """Columns of a file that is in the store."""
    return {
        "kind": file.kind,
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "media_key": file.key,
        "stored_at": now,
    }


@dataclass(frozen=True)
class EvidenceCollector:
    """Fetches and stores the files of evidence, one at a time."""

    database: Database
    source: FileSource
    store: MediaStore
    clock: Clock

    async def collect_due(self) -> int:
        """Try every due file once; return how many were stored or refused."""
        due = await self.database.read(_due, self.clock.now())
        return sum([await self._collect(row) for row in due])

    async def _collect(self, row: EvidenceFile) -> bool:
        try:
            file = await fetch(self.source, row.telegram_file_id, row.kind, row.file_name)
            await self._store(row, file)
        except FileRefused as refused:
            await self._refuse(row, refused.code.value, refused.params)
        except FileGoneError:
            await self._refuse(row, FileRefusal.GONE.value, {})
        except Exception as error:  # noqa: BLE001 - one file must not hold up the others
            is_known = isinstance(error, FileUnavailableError | MediaUnavailableError)
            if not is_known:
                logger.warning("evidence_failed", file_id=row.id, error=type(error).__name__)
            await self._try_later(row)
            return False
        return True

    async def _store(self, row: EvidenceFile, file: InspectedFile) -> None:
        """Reserve the key, store the file under it, and let the row refer to it."""
        key, now = media_key(file.sha256, file.extension), self.clock.now()
        await put_reserved(self.database, self.store, key, file, now)

        def transaction(session: Session) -> None:
            _set(
                session,
                row,
                media_key=key,
                media_type=file.media_type,
                file_name=file.file_name,
                size_bytes=len(file.content),
                stored_at=now,
                next_try_at=None,
            )
            release(session, key)

        await self.database.write(transaction)

    async def _refuse(self, row: EvidenceFile, why: str, params: Mapping[str, object]) -> None:
        now = self.clock.now()

        def transaction(session: Session) -> None:
            key = f"evidence_refused:{row.id}"
            _set(session, row, removed_at=now, next_try_at=None)
            tell_refused(session, row, why, params, key=key, now=now)
            _refresh(session, row, key, now)

        await self.database.write(transaction)

    async def _try_later(self, row: EvidenceFile) -> None:
        await self.database.write(
            _set,
            row,
            store_attempts=row.store_attempts + 1,
            next_try_at=next_try(row.store_attempts, self.clock.now()),
        )


def _refresh(session: Session, file: EvidenceFile, key: str, now: datetime) -> None:
    """Bring the cards up to date that count the file."""
    appointment = session.get_one(Appointment, file.appointment_id)
    refresh_cards(session, appointment, Actor.system(now), because=key)
    if file.report_id is not None:
        report = report_steps.read_report(session, file.report_id)
        outbox.write_once(session, report_steps.refreshes(session, report, key, now))


_IS_UNSTORED = (col(EvidenceFile.stored_at).is_(None), col(EvidenceFile.removed_at).is_(None))


def _due(session: Session, now: datetime) -> list[EvidenceFile]:
    return _DUE.firsts(session, now=now)


_DUE = Prepared(
    select(EvidenceFile)
    .where(*_IS_UNSTORED, col(EvidenceFile.next_try_at) <= bindparam("now", type_=UtcDateTime))
    .order_by(col(EvidenceFile.next_try_at), col(EvidenceFile.id))
    .limit(BATCH)
)


def next_evidence(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next file that could not be fetched or stored is tried again."""
    found = session.exec(
        select(EvidenceFile.next_try_at)
        .where(*_IS_UNSTORED, col(EvidenceFile.next_try_at) > now)
        .order_by(col(EvidenceFile.next_try_at))
        .limit(1)
    )
    return found.first()


def _set(session: Session, /, row: EvidenceFile, **values: object) -> None:
    session.exec(
        update(EvidenceFile)
        .where(col(EvidenceFile.id) == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
