"""Ports: what the use cases need from outside, as Protocols; see `services.adapters`."""

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
    """Adapter that keeps connections open."""

    async def close(self) -> None:
        """Close the connections; call it when no call is under way."""
        ...


class Clock(Protocol):
    """Only source of the present time."""

    def now(self) -> datetime:
        """Present instant, aware, in UTC."""
        ...


class MediaMissingError(Exception):
    """The store has nothing under this key."""


class MediaUnavailableError(Exception):
    """The store cannot be reached, or has refused; try again later."""


@dataclass(frozen=True)
class Presentation:
    """How a browser receives a file."""

    file_name: str
    media_type: str
    is_shown: bool
    """Whether it may open in the page; otherwise it is saved, whatever the browser would do."""

    @property
    def disposition(self) -> str:
        """Header `Content-Disposition`, with a name that can have any character."""
        way = "inline" if self.is_shown else "attachment"
        return f"{way}; filename*=UTF-8''{quote(self.file_name, safe='')}"


@dataclass(frozen=True)
class SignedLink:
    """Address at which the store gives a file to anybody who has the address, for a while."""

    url: str


@dataclass(frozen=True)
class LocalFile:
    """File on this machine, to be streamed."""

    path: Path


class MediaStore(Protocol):
    """Store of the files of notes (SPEC 4). Keys look like `notes/ab/abcdef.jpg`."""

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store `content`; it is durable on return. Can be repeated."""
        ...

    async def get(self, key: str) -> bytes:
        """Content under `key`. Raises `MediaMissingError`."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether there is content under `key`."""
        ...

    async def delete(self, key: str) -> None:
        """Delete the content under `key`, if there is any."""
        ...

    async def give(
        self, key: str, presentation: Presentation, lasts: timedelta
    ) -> SignedLink | LocalFile:
        """How a browser can get the file. Raises `MediaMissingError`.

        The caller checks the right to read it first: a link works for anybody who has it, for as
        long as `lasts`.
        """
        ...


class SheetUnavailableError(Exception):
    """The penalty sheet cannot be read now; the text says why."""


class SheetSource(Protocol):
    """Place of the agency's penalty sheet (SPEC 6)."""

    async def read(self) -> str:
        """Present text of the CSV. Raises `SheetUnavailableError`."""
        ...


class FileGoneError(Exception):
    """Telegram no longer has the file, or does not give it to bots."""


class FileUnavailableError(Exception):
    """The file cannot be fetched now; try again later."""


class FileSource(Protocol):
    """Source of the files to which messages refer: Telegram."""

    def open(self, telegram_file_id: str) -> AsyncIterator[bytes]:
        """File's bytes as they arrive. Raises `FileGoneError` or `FileUnavailableError`."""
        ...


class ModelUnavailableError(Exception):
    """The model cannot be asked now: out of reach, busy or too slow; try again later.

    The text names the reason; `retry_after` is how long the server asks to wait, if it says so.
    """

    def __init__(self, reason: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ModelRefusesError(ModelUnavailableError):
    """The server refuses key, account, address or model's name, until a person mends that."""


class ModelUnusableError(Exception):
    """The model's answer cannot be used: it refused, stopped early or made no sense.

    Try again a few times at most. The text names the reason, never what the model wrote.
    """


@dataclass(frozen=True)
class NoteItem:
    """Part of a note for a model, with the names already removed from its text."""

    part_id: int
    appointment_id: int
    kind: PartKind
    text: str
    """Text or caption; for a voice memo its transcript. Empty where there is none."""
    media_type: str | None = None
    content: bytes | None = None
    """Bytes of a photo or PDF for the model to read."""


@dataclass(frozen=True)
class SummaryRequest:
    """Notes of one session, and earlier ones of the same child in which to find patterns."""

    appointment_id: int
    subject: str
    language: str
    """Language of the statements, a tag such as `en` or `zh-Hans`."""
    items: tuple[NoteItem, ...]


@dataclass(frozen=True)
class SummaryReply:
    """What the model wrote, unchecked, and its cost."""

    draft: Summary
    readings: Mapping[int, str]
    """What the model read in photos and PDFs, by part."""
    model: str
    prompt_version: str
    input_tokens: int = 0
    output_tokens: int = 0


class Summariser(Protocol):
    """Summariser of notes (SPEC 4)."""

    source: SummarySource

    async def summarise(self, request: SummaryRequest) -> SummaryReply:
        """Draft of a summary. Raises `ModelUnavailableError` or `ModelUnusableError`."""
        ...


@dataclass(frozen=True)
class Recording:
    """Voice memo or audio file to transcribe."""

    content: bytes
    file_name: str
    media_type: str


@dataclass(frozen=True)
class Transcript:
    """Words of a recording, and the model that transcribed it."""

    text: str
    model: str


class Transcriber(Protocol):
    """Transcriber of recordings (SPEC 4)."""

    async def transcribe(self, recording: Recording) -> Transcript:
        """Words of the recording. Raises `ModelUnavailableError` or `ModelUnusableError`."""
        ...
