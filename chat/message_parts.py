"""What an outbox message comes to when it is sent: a few parts, in order (DESIGN 2, idea 6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from chat.app_context import AppContext
from chat.screen import Screen
from models import OutboxMessage
from services.db import Session


class CardOf(NamedTuple):
    """What a card shows: a session, or a dispute of it."""

    appointment_id: int
    dispute_id: int | None = None


@dataclass(frozen=True)
class Send:
    """A new message."""

    screen: Screen
    card: CardOf | None = None
    """Keep it as a card: it is edited later, and older ones of the chat lose their buttons."""
    rings: bool = False
    """Also in quiet hours (UX 11)."""
    reply_to: int | None = None
    """The message of the chat that it answers; sent all the same where that is gone."""
    force_reply: str | None = None
    """Ask for a reply, with this hint in the field; instead of the screen's buttons."""
    says_too: tuple[int, ...] = ()
    """Other messages of the chat whose turn had come: this one says them, and they count as sent
    with it."""


class Edit(NamedTuple):
    """A card, and what it is to show now."""

    card_id: int
    chat_id: int
    message_id: int
    screen: Screen


@dataclass(frozen=True)
class Refresh:
    """Cards edited in place. One that shows this already is left alone."""

    edits: Sequence[Edit]


class MediaKind(StrEnum):
    """How Telegram shows a file."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"


class StoredFile(NamedTuple):
    """A file of the media store, under the name that the reader sees."""

    key: str
    file_name: str


@dataclass(frozen=True)
class MediaItem:
    """One file."""

    kind: MediaKind
    file: StoredFile | str
    """A `str` is Telegram's own file id."""
    caption: str | None = None
    """HTML."""


ALBUM_LIMIT = 10


@dataclass(frozen=True)
class SendMedia:
    """A file, or an album: two to ten photos, or documents, or audio files."""

    items: tuple[MediaItem, ...]
    rings: bool = False
    reply_to: int | None = None

    def __post_init__(self) -> None:
        kinds = {item.kind for item in self.items}
        if not 1 <= len(self.items) <= ALBUM_LIMIT or len(kinds) != 1:
            raise ValueError("an album has one to ten files of one kind")
        if len(self.items) > 1 and kinds == {MediaKind.VOICE}:
            raise ValueError("voice memos are sent one by one")


@dataclass(frozen=True)
class Nothing:
    """There is nothing to say any more; `why` is recorded with the message."""

    why: str


Part = Send | Refresh | SendMedia | Nothing
Delivery = Part | Sequence[Part]
Compose = Callable[[Session, OutboxMessage, AppContext], Delivery]
"""Puts a message into its reader's words, from the rows as they are when it is sent."""


def parts_of(delivery: Delivery) -> tuple[Part, ...]:
    """The parts in order, of a delivery of one or of several."""
    if isinstance(delivery, Sequence):
        return tuple(delivery)
    return (delivery,)
