"""What the use cases need of the outside, as Protocols; the adapters are in `services.adapters`."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable
from urllib.parse import quote

from models.enums import PartKind, SummarySource
from services.rules.summaries import Summary


@runtime_checkable
class Closing(Protocol):
    """An adapter that holds connections open."""

    async def close(self) -> None:
        """Let go of them; to be called when no call is under way."""
        ...


class Clock(Protocol):
    """The one source of the present time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class MediaMissingError(Exception):
    """The store has nothing under this key."""


class MediaUnavailableError(Exception):
    """The store cannot be reached or refused; to be tried again later."""


@dataclass(frozen=True)
class Presentation:
    """As what a browser is given a file."""

    file_name: str
    media_type: str
    is_shown: bool
    """Whether it may open in the page; else it is saved, whatever the browser thinks of it."""

    @property
    def disposition(self) -> str:
        """The header `Content-Disposition`; the name is written so that every character may be."""
        way = "inline" if self.is_shown else "attachment"
        return f"{way}; filename*=UTF-8''{quote(self.file_name, safe='')}"


@dataclass(frozen=True)
class SignedLink:
    """An address at which the store itself gives a file away, to whoever has it, for a while."""

    url: str


@dataclass(frozen=True)
class LocalFile:
    """A file on this machine, to be streamed from here."""

    path: Path


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

    async def give(
        self, key: str, presentation: Presentation, lasts: timedelta
    ) -> SignedLink | LocalFile:
        """How a browser gets at it; raises `MediaMissingError`.

        The right to read it is the caller's to check, before: a link is good for whoever has it
        until it `lasts` no longer.
        """
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


class ModelUnavailableError(Exception):
    """The model cannot be asked now: out of reach, busy, too slow; to be tried again later.

    The text names the reason; `retry_after` is how long the server asks to be left alone, if it
    says so.
    """

    def __init__(self, reason: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ModelUnusableError(Exception):
    """The model answered with nothing that can be used: it refused, or broke off, or made no sense.

    To be tried again, a few times at most. The text names the reason, never what was written.
    """


@dataclass(frozen=True)
class NoteItem:
    """One part of a note as a model is given it; names are taken out of its text already."""

    part_id: int
    appointment_id: int
    kind: PartKind
    text: str
    """The text or caption; of a voice memo its transcript. Empty where there is none."""
    media_type: str | None = None
    content: bytes | None = None
    """A photo or PDF, to be looked at."""


@dataclass(frozen=True)
class SummaryRequest:
    """The notes of one session, and of earlier ones of the same child to find patterns in."""

    appointment_id: int
    subject: str
    language: str
    """In which the statements are to be, as a tag like `en` or `zh-Hans`."""
    items: tuple[NoteItem, ...]


@dataclass(frozen=True)
class SummaryReply:
    """What the model wrote, unchecked, and what it cost."""

    draft: Summary
    readings: Mapping[int, str]
    """What it read in photos and PDFs, by part."""
    model: str
    prompt_version: str
    input_tokens: int = 0
    output_tokens: int = 0


class Summariser(Protocol):
    """Sums up notes (SPEC 4)."""

    source: SummarySource

    async def summarise(self, request: SummaryRequest) -> SummaryReply:
        """A draft; raises `ModelUnavailableError` or `ModelUnusableError`."""
        ...


@dataclass(frozen=True)
class Recording:
    """A voice memo or audio file, to be written down."""

    content: bytes
    file_name: str
    media_type: str


@dataclass(frozen=True)
class Transcript:
    """What was said, and which model wrote it down."""

    text: str
    model: str


class Transcriber(Protocol):
    """Writes down what is said in a recording (SPEC 4)."""

    async def transcribe(self, recording: Recording) -> Transcript:
        """Its words; raises `ModelUnavailableError` or `ModelUnusableError`."""
        ...
