"""What the use cases need of the outside, as Protocols; the adapters are in `services.adapters`."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of the present time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class MediaMissingError(Exception):
    """The store has nothing under this key."""


class MediaUnavailableError(Exception):
    """The store cannot be reached or refused; to be tried again later."""


class MediaStore(Protocol):
    """Where the files of notes are kept (SPEC 4). Keys look like `notes/ab/abcdef.jpg`."""

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep `content`; durable on return, harmless when repeated."""
        ...

    async def get(self, key: str) -> bytes:
        """What is kept under `key`; raises `MediaMissingError`."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""
        ...

    async def delete(self, key: str) -> None:
        """Forget what is kept under `key`, if anything is."""
        ...


class SheetUnavailableError(Exception):
    """The penalty sheet cannot be read now; the text says why."""


class SheetSource(Protocol):
    """Where the agency keeps its penalty sheet (SPEC 6)."""

    async def read(self) -> str:
        """The CSV as it is now; raises `SheetUnavailableError`."""
        ...


class FileGoneError(Exception):
    """Telegram no longer has the file, or never lets a bot have it."""


class FileUnavailableError(Exception):
    """The file cannot be fetched now; to be tried again later."""


class FileSource(Protocol):
    """Where a file that a message refers to can be fetched: Telegram."""

    def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        """Its bytes as they come; raises `FileGoneError` or `FileUnavailableError`."""
        ...
