"""Files that come whole, from a page: inspected and stored like those of the chat (SPEC 4)."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from models.enums import PartKind
from services.db import Database, Session
from services.media.inspection import InspectedFile, inspect_file
from services.media.names import media_key
from services.media.reservations import release, reserve
from services.ports import MediaStore, MediaUnavailableError


@dataclass(frozen=True)
class Upload:
    """File as a browser sent it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def kind(self) -> PartKind:
        """Kind of part that it is taken for, by what the browser says; its content decides."""
        return kind_of(self.media_type)


@dataclass(frozen=True)
class StoredFile:
    """File in the store, to which no row refers yet: its key is reserved."""

    kind: PartKind
    key: str
    media_type: str
    file_name: str
    size_bytes: int


def kind_of(media_type: str) -> PartKind:
    """Kind of part that a browser's media type stands for."""
    if media_type.startswith("image/"):
        return PartKind.PHOTO
    return PartKind.AUDIO if media_type.startswith("audio/") else PartKind.DOCUMENT


async def store_upload(
    database: Database, store: MediaStore, upload: Upload, now: datetime
) -> StoredFile:
    """Inspect and store a file. Raises FileRefused, and MediaUnavailableError for now."""
    file = await asyncio.to_thread(inspect_file, upload.kind, upload.content, upload.name)
    key = media_key(file.sha256, file.extension)
    await put_reserved(database, store, key, file, now)
    return StoredFile(upload.kind, key, file.media_type, file.file_name, len(file.content))


async def put_reserved(
    database: Database, store: MediaStore, key: str, file: InspectedFile, now: datetime
) -> None:
    """Reserve the key, store the file under it, and check that it is there.

    Raises MediaUnavailableError.
    """
    await database.write(reserve, key, now)
    await store.put(key, file.content, file.media_type)
    if not await store.exists(key):
        raise MediaUnavailableError("what was put is not there")


def take(session: Session, file: StoredFile) -> None:
    """Release the key of a file to which a row refers now."""
    release(session, file.key)
