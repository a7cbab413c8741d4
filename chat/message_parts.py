"""The parts, in order, into which an outbox message is composed (DESIGN 2, idea 6)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from telegram import BotCommand

from chat.app_context import AppContext
from chat.screen import Screen
from models import OutboxMessage
from services.db import Session
from services.messaging.deliveries import MessagePlace
from services.messaging.lists import NewList


class CardOf(NamedTuple):
    """The subject of a card: a session, one of its disputes, or a problem report about it."""

    appointment_id: int
    dispute_id: int | None = None
    report_id: int | None = None


@dataclass(frozen=True)
class Send:
    """A new message."""

    screen: Screen
    card: CardOf | None = None
    """Keep it as a card: it is edited later, and older ones of the chat lose their buttons."""
    moves_down: bool = False
    """Whether the card only moves down: it comes silently, and the older ones are deleted."""
    rings: bool = False
    """Whether it rings in quiet hours, too (UX 11)."""
    reply_to: int | None = None
    """The message of the chat that it replies to; it is sent even if that one is deleted."""
    force_reply: str | None = None
    """A hint for the input field: asks for a reply, and takes the place of buttons."""
    says_too: tuple[int, ...] = ()
    """Ids of other due messages of the chat whose content is in this one; they count as sent."""
    about: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """For a message that stands: outbox messages that it says, with the sessions of each. It is
    composed anew, and edited, when one of these changes."""
    match_id: int | None = None
    """For the card of a match: it is edited when the match changes."""
    listed: Callable[[int, int], NewList] | None = None
    """For a list: gives its record for a chat and message. It is edited as its sessions change."""


class Edit(NamedTuple):
    """A card, and the screen that it is to show now."""

    card_id: int
    chat_id: int
    message_id: int
    screen: Screen


class EditStanding(NamedTuple):
    """A message that stands, and the screen that it is to show now."""

    chat_id: int
    message_id: int
    screen: Screen
    is_over: bool
    """Whether nothing of it holds any more: it is left as this screen."""


class EditList(NamedTuple):
    """A list that stands, and the screen that it is to show now."""

    list_id: int
    chat_id: int
    message_id: int
    screen: Screen
    new: NewList | None
    """What it is then; None where it is over: it is left as this screen."""


@dataclass(frozen=True)
class Refresh:
    """Messages of a chat to bring up to date: cards and lists that show the screen already are left
    alone.
    """

    edits: Sequence[Edit]
    standing: Sequence[EditStanding] = ()
    lists: Sequence[EditList] = ()
    gone: Sequence[MessagePlace] = ()
    """Questions to delete: who settled what they ask for stands on a card."""
    over: Collection[MessagePlace] = ()
    """Where questions stand that are over: any other stays, also in the place of a card or list."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.edits or self.standing or self.lists or self.gone)


class MediaKind(StrEnum):
    """The kind of media as which Telegram shows a file."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"


class StoredFile(NamedTuple):
    """A file of the media store, and the name that the reader sees."""

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
class SetMenu:
    """The commands in the person's client, which are no message."""

    commands: tuple[BotCommand, ...]


@dataclass(frozen=True)
class TakeButtons:
    """Messages of a chat that lose their buttons, as far as they are still there."""

    places: tuple[MessagePlace, ...]


@dataclass(frozen=True)
class Nothing:
    """A message that is not sent, since it is out of date; `why` is recorded with it."""

    why: str
    left: Screen | None = None
    """What is left of it where it was sent before and stands in the chat."""


Part = Send | Refresh | SendMedia | SetMenu | TakeButtons | Nothing
Delivery = Part | Sequence[Part]
Compose = Callable[[Session, Sequence[OutboxMessage], AppContext], list[Delivery | Exception]]
"""Composes messages for their readers, from the rows as they are when they are sent; gives an
exception for each message that cannot be composed."""


def parts_of(delivery: Delivery) -> tuple[Part, ...]:
    """The parts of a delivery, in order."""
    return (delivery,) if isinstance(delivery, Part) else tuple(delivery)
