"""Files of an erasure, deleted from the media store (SPEC 11)."""

from collections.abc import Iterable

from services.db import Database
from services.media.reservations import release
from services.ports import MediaStore


async def delete_files(database: Database, media: MediaStore, keys: Iterable[str]) -> None:
    """Delete files, and the reservations by which the next sweep would.

    Raises `MediaUnavailableError`; that sweep deletes those that are left.
    """
    for key in keys:
        await media.delete(key)
        await database.write(release, key)
