"""Messages about days and lists, about people out of reach, and about what has to be mended."""

from dataclasses import dataclass
from datetime import date

from models.enums import MessageKind, Trouble
from services.messaging.messages.base import Message


@dataclass(frozen=True)
class OfDay(Message):
    """A person's list of the sessions of one day."""

    day: date


class TutorDigest(OfDay):
    """To a tutor in the morning."""

    kind = MessageKind.TUTOR_DIGEST


class DayBefore(OfDay):
    """To a parent the evening before."""

    kind = MessageKind.DAY_BEFORE


@dataclass(frozen=True)
class ListRefresh(Message):
    """An edit of a list that stands in a chat."""

    kind = MessageKind.LIST_REFRESH
    list_id: int


@dataclass(frozen=True)
class AttendanceMissed(Message):
    """To the group: sessions whose check-in or check-out is missing."""

    kind = MessageKind.ATTENDANCE_MISSED
    appointment_ids: list[int]


@dataclass(frozen=True)
class PersonUnreachable(Message):
    """To the group: somebody has blocked the bot."""

    kind = MessageKind.PERSON_UNREACHABLE
    person_id: int


@dataclass(frozen=True)
class PersonReachable(Message):
    """To the group: an edit of the message that somebody had blocked the bot."""

    kind = MessageKind.PERSON_REACHABLE
    person_id: int
    told_id: int
    """Outbox message that said so."""


@dataclass(frozen=True)
class MenuChanged(Message):
    """To a person's client: their commands are others now."""

    kind = MessageKind.MENU_CHANGED


@dataclass(frozen=True)
class ChatLeft(Message):
    """To a person's old private chat: what stands there loses its buttons."""

    kind = MessageKind.CHAT_LEFT
    chat_id: int
    message_ids: list[int]
    """The newest first."""


@dataclass(frozen=True)
class ZoneAsked(Message):
    """To the group: where somebody is, whose time zone the bot does not know."""

    kind = MessageKind.ZONE_ASKED
    person_id: int
    place: str
    """As they typed it."""


@dataclass(frozen=True)
class UpdateSetAside(Message):
    """To the group: something that was sent to the bot could not be handled."""

    kind = MessageKind.UPDATE_SET_ASIDE
    update_id: int


@dataclass(frozen=True)
class MessageGivenUp(Message):
    """To the group: a message could not be delivered."""

    kind = MessageKind.MESSAGE_GIVEN_UP
    message_id: int
    """Its row in the outbox."""
    tries: int | None = None
    """How often it failed; None where Telegram refused it at once."""


@dataclass(frozen=True)
class GroupRefuses(Message):
    """To each coordinator: the group cannot be written to."""

    kind = MessageKind.GROUP_REFUSES
    reason: str
    """Telegram's words."""


@dataclass(frozen=True)
class MendingNeeded(Message):
    """To the group: something that only a person can mend."""

    kind = MessageKind.MENDING_NEEDED
    trouble: Trouble
