"""Messages about notes and their files."""

from dataclasses import dataclass
from typing import Any

from models.enums import MessageKind
from services.messaging.messages.base import AboutSession, Message


@dataclass(frozen=True)
class AboutBatch(AboutSession):
    """Told of notes that were sent together."""

    note_batch_id: int


class NotesAdded(AboutBatch):
    """To a parent: notes have come."""

    kind = MessageKind.NOTES_ADDED


class NotesClosed(AboutBatch):
    """To the tutor: the notes ended by themselves after ten quiet minutes."""

    kind = MessageKind.NOTES_CLOSED


@dataclass(frozen=True)
class MediaRefused(AboutSession):
    """To the author of a file that cannot be kept."""

    kind = MessageKind.MEDIA_REFUSED
    file_name: str | None
    why: str
    """Word of a `services.media.refusals.FileRefusal`."""
    params: dict[str, Any]
    """Its figures."""
    message_id: int | None
    """Telegram's message with the file."""


@dataclass(frozen=True)
class MediaLate(Message):
    """To the group: files that could not be stored for hours."""

    kind = MessageKind.MEDIA_LATE
    note_part_ids: list[int]
