"""Files of notes in a backup: copied out of the media store, and back into one."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import closing
from mimetypes import guess_type
from pathlib import Path
from typing import TypeVar

from services.backups.errors import BackupError
from services.backups.manifest import StoredFile, described, path_of
from services.media.names import keys_in
from services.ports import MediaMissingError, MediaStore, MediaUnavailableError

AT_ONCE = 8
"""Files under way at once: their bytes are in memory."""
TABLES_WITH_FILES = """
SELECT one.name FROM sqlite_master AS one, pragma_table_info(one.name) AS its
WHERE one.type = 'table' AND its.name = 'media_key'
"""
UNKNOWN_TYPE = "application/octet-stream"

T = TypeVar("T")


def keys_named(database: Path) -> list[str]:
    """Keys in the media store that a database names: in every table that has files, whatever the
    version of its schema, in evidence and in the audit trail.
    """
    with closing(sqlite3.connect(database)) as connection:
        found: set[str] = set()
        for (table,) in connection.execute(TABLES_WITH_FILES).fetchall():
            keys = f'SELECT media_key FROM "{table}" WHERE media_key IS NOT NULL'  # noqa: S608
            found.update(key for (key,) in connection.execute(keys))
        documents = connection.execute(
            "SELECT evidence FROM dispute WHERE evidence LIKE '%media_key%'"
            " UNION ALL SELECT details FROM audit_event WHERE details LIKE '%media_key%'"
        )
        for (document,) in documents:
            found.update(keys_in(json.loads(document)))
    return sorted(found)


async def copy_out(
    store: MediaStore, keys: Iterable[str], folder: Path
) -> tuple[dict[str, StoredFile], tuple[str, ...]]:
    """Copy files into the folder of a backup; what was written, and keys that the store lacks.

    Raises `BackupError` where the store is out of reach.
    """

    async def one(key: str) -> StoredFile | None:
        try:
            content = await store.get(key)
        except MediaMissingError:
            return None
        return await asyncio.to_thread(_write, path_of(folder, key), content)

    found = {key: written async for key, written in _each(keys, one)}
    files = {key: written for key, written in sorted(found.items()) if written is not None}
    return files, tuple(sorted(found.keys() - files.keys()))


async def copy_in(store: MediaStore, keys: Iterable[str], folder: Path) -> int:
    """Store files of a backup that the store lacks; return how many these were.

    A key never gets another content, so that one that is there is left alone.
    """

    async def one(key: str) -> bool:
        if await store.exists(key):
            return False
        content = await asyncio.to_thread(path_of(folder, key).read_bytes)
        await store.put(key, content, guess_type(key)[0] or UNKNOWN_TYPE)
        return True

    return sum([was_put async for _, was_put in _each(keys, one)])


async def _each(
    keys: Iterable[str], work: Callable[[str], Awaitable[T]]
) -> AsyncIterator[tuple[str, T]]:
    """Work on a few keys at once."""
    waiting = iter(keys)
    while few := [key for key, _ in zip(waiting, range(AT_ONCE), strict=False)]:
        try:
            done = await asyncio.gather(*map(work, few))
        except MediaUnavailableError as error:
            raise BackupError(f"the media store: {error}") from None
        for key, result in zip(few, done, strict=True):
            yield key, result


def _write(path: Path, content: bytes) -> StoredFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return described(path)
