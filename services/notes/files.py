"""Fetching the files of note parts, checking and storing them (SPEC 4).

A part is in the database as soon as its message arrives; its bytes are then copied from Telegram to
the media store. If that fails for now it is tried again, after longer and longer pauses. A file
that must not be stored is refused with the reason, and the other parts stay.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models import NotePart
from models.columns import UtcDateTime
from services.db import Database, Session
from services.lifecycle.access import for_update
from services.media.fetching import fetch, next_try, tell_refused
from services.media.inspection import InspectedFile
from services.media.names import media_key
from services.media.refusals import FileRefusal, FileRefused
from services.media.reservations import let_go, release
from services.media.storing import put_reserved
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
from services.summaries.requests import hurry_summaries

logger = structlog.get_logger(__name__)

BATCH = 20
"""How many due parts are looked at in one go."""
LOOK_EVERY = 1.0
"""Seconds between looks for further parts while one is under way."""
AT_ONCE = 2
"""How many files are in memory at once: re-encoding a large photo takes half a gigabyte."""

Attempt = tuple[int, str | None]
"""A part and its file, which may be replaced."""


@dataclass(frozen=True)
class Collector:
    """Fetches and stores the files of note parts."""

    database: Database
    source: FileSource
    store: MediaStore
    clock: Clock

    async def collect_due(self, changed: Callable[[int], object] = lambda _: None) -> list[int]:
        """Try every due part once, a few at a time; return the ids of the batches that changed.

        `changed` is called with a batch's id as soon as one of its parts was tried. A part that
        comes meanwhile does not wait for a slow one.
        """
        moved: set[int] = set()
        tried: set[Attempt] = set()
        running: set[asyncio.Task[int | None]] = set()
        try:
            while True:
                for part in await self._next(tried, AT_ONCE - len(running)):
                    running.add(asyncio.create_task(self._collect(part)))
                if not running:
                    return sorted(moved)
                done, running = await asyncio.wait(
                    running, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED
                )
                for batch_id in [task.result() for task in done]:
                    if batch_id is not None:
                        moved.add(batch_id)
                        changed(batch_id)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _next(self, tried: set[Attempt], most: int) -> list[NotePart]:
        """At most so many due parts that were not tried yet; they count as tried now."""
        if not most:
            return []
        due = await self.database.read(_due, self.clock.now())
        fresh = [part for part in due if (part.id, part.telegram_file_id) not in tried][:most]
        tried.update((part.id, part.telegram_file_id) for part in fresh)
        return fresh

    async def _collect(self, part: NotePart) -> int | None:
        try:
            file = await fetch(self.source, part.telegram_file_id, part.kind, part.file_name)
            key = media_key(file.sha256, file.extension)
            await put_reserved(self.database, self.store, key, file, self.clock.now())
        except FileRefused as refused:
            await self._refuse(part, refused.code.value, refused.params)
        except FileGoneError:
            await self._refuse(part, FileRefusal.GONE.value, {})
        except (FileUnavailableError, MediaUnavailableError):
            await self._try_later(part)
        except Exception as error:  # noqa: BLE001 - one part must not hold up the others
            logger.warning("note_part_failed", part_id=part.id, error=type(error).__name__)
            await self._try_later(part)
        else:
            await self._keep(part, file, key)
        return part.batch_id

    async def _keep(self, part: NotePart, file: InspectedFile, key: str) -> None:
        def transaction(session: Session) -> None:
            for_update(session, part.appointment_id)
            kept = _set(
                session,
                part,
                media_key=key,
                media_type=file.media_type,
                file_name=file.file_name,
                size_bytes=len(file.content),
                stored_at=self.clock.now(),
                next_try_at=None,
            )
            if kept:
                release(session, key)
                hurry_summaries(session, part.appointment_id, self.clock.now())
            else:  # taken back or replaced meanwhile
                let_go(session, key)

        await self.database.write(transaction)

    async def _refuse(self, part: NotePart, why: str, params: Mapping[str, object]) -> None:
        now = self.clock.now()

        def transaction(session: Session) -> None:
            for_update(session, part.appointment_id)
            if not _set(session, part, removed_at=now, next_try_at=None):
                return  # taken back by its author meanwhile
            hurry_summaries(session, part.appointment_id, now)
            tell_refused(session, part, why, params, key=f"media_refused:{part.id}", now=now)

        return await self.database.write(transaction)

    async def _try_later(self, part: NotePart) -> None:
        await self.database.write(
            _set,
            part,
            store_attempts=part.store_attempts + 1,
            next_try_at=next_try(part.store_attempts, self.clock.now()),
        )


def _due(session: Session, now: datetime) -> list[NotePart]:
    return _DUE.firsts(session, now=now)


_DUE = Prepared(
    select(NotePart)
    .where(
        col(NotePart.telegram_file_id).is_not(None),
        col(NotePart.stored_at).is_(None),
        col(NotePart.removed_at).is_(None),
        col(NotePart.next_try_at) <= bindparam("now", type_=UtcDateTime),
    )
    .order_by(col(NotePart.next_try_at), col(NotePart.id))
    .limit(BATCH)
)


def next_file(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next file that could not be fetched or stored is tried again."""
    found = session.exec(
        select(NotePart.next_try_at)
        .where(
            col(NotePart.telegram_file_id).is_not(None),
            col(NotePart.stored_at).is_(None),
            col(NotePart.removed_at).is_(None),
            col(NotePart.next_try_at) > now,
        )
        .order_by(col(NotePart.next_try_at))
        .limit(1)
    )
    return found.first()


def _set(session: Session, /, part: NotePart, **values: object) -> bool:
    """Change a part unless it was removed or its file replaced; whether it was changed."""
    changed = session.exec(
        update(NotePart)
        .where(
            col(NotePart.id) == part.id,
            col(NotePart.telegram_file_id) == part.telegram_file_id,
            col(NotePart.removed_at).is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1
