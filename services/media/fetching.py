"""Files that Telegram holds: fetched and inspected, and tried again after a pause (SPEC 4, 5)."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from models.enums import PartKind
from services.db import Session
from services.media.inspection import InspectedFile, inspect_file
from services.media.limits import collect, limit_for
from services.messaging import outbox
from services.messaging.messages.notes import MediaRefused
from services.ports import FileSource, FileUnavailableError

WITHIN_SECONDS = 120.0
"""Seconds within which a file has to come, however slowly its bytes do."""
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
)
"""Pauses after failed tries; the last one repeats."""


async def fetch(
    source: FileSource, telegram_file_id: str | None, kind: PartKind, file_name: str | None
) -> InspectedFile:
    """Fetch a file and inspect it.

    Raises FileRefused, FileGoneError, and FileUnavailableError if it does not come for now.
    """
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            content = await collect(source.open(telegram_file_id or ""), limit_for(kind))
            return await asyncio.to_thread(inspect_file, kind, content, file_name)
    except TimeoutError as error:
        raise FileUnavailableError("it did not come in time") from error


class AuthorsFile(Protocol):
    """File as its row has it: a part of notes, or evidence."""

    appointment_id: int
    author_id: int
    kind: PartKind
    file_name: str | None
    message_id: int | None


def tell_refused(
    session: Session,
    file: AuthorsFile,
    why: str,
    params: Mapping[str, object],
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell the author that their file cannot be kept, and why: the word of a `FileRefusal`."""
    outbox.tell_person(
        session,
        file.author_id,
        MediaRefused(
            file.appointment_id, file.file_name, why, dict(params), message_id=file.message_id
        ),
        key=key,
        now=now,
    )


def next_try(failed_tries: int, now: datetime) -> datetime:
    """When to try again after one more failure, `failed_tries` having failed before."""
    return now + PAUSES[min(failed_tries, len(PAUSES) - 1)]
