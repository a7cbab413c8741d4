"""Messages about matches, about days without sessions, and about packages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from pydantic import PlainSerializer

from models.enums import MessageKind
from services.messaging.messages.base import Message
from services.rules.weekly import Hindrance, Occurrence


def _minutes(at: time) -> str:
    return at.isoformat(timespec="minutes")


@dataclass(frozen=True)
class Unbooked:
    """Day on which a weekly session could not be booked, and why."""

    day: date
    start_time: Annotated[time, PlainSerializer(_minutes, when_used="json")]
    """By the agency's clock."""
    minutes: int
    hindrance: Hindrance


def unbooked(occurrences: Iterable[Occurrence]) -> list[Unbooked]:
    """Days as a message keeps them."""
    return [
        Unbooked(one.day, one.at.start_time, one.at.minutes, one.hindrance)
        for one in occurrences
        if one.hindrance is not None
    ]


@dataclass(frozen=True)
class AboutMatch(Message):
    """Told of one match."""

    match_id: int


class MatchOffered(AboutMatch):
    """To a parent, with the question."""

    kind = MessageKind.MATCH_OFFERED


class MatchCardRefresh(AboutMatch):
    """Edits of the cards of the match in a chat."""

    kind = MessageKind.MATCH_CARD_REFRESH


class MatchStarted(AboutMatch):
    """To the tutor: a new student."""

    kind = MessageKind.MATCH_STARTED


@dataclass(frozen=True)
class MatchAnswered(AboutMatch):
    """To the group: a parent's answer, and the days that somebody has to look at."""

    kind = MessageKind.MATCH_ANSWERED
    hindered: list[Unbooked]


@dataclass(frozen=True)
class MatchNotBooked(AboutMatch):
    """To the group: days that could not be booked as time went on."""

    kind = MessageKind.MATCH_NOT_BOOKED
    hindered: list[Unbooked]


class OffersOverdue(AboutMatch):
    """To the group, one for each match that no parent has answered for two days."""

    kind = MessageKind.OFFERS_OVERDUE


@dataclass(frozen=True)
class MatchChanged(AboutMatch):
    """To both sides: new weekly times, and how many sessions that concerns."""

    kind = MessageKind.MATCH_CHANGED
    moved: int
    added: int
    dropped: int


@dataclass(frozen=True)
class MatchEnded(AboutMatch):
    """To both sides: when the lessons end."""

    kind = MessageKind.MATCH_ENDED
    dropped: int = 0
    """How many sessions after the last day were cancelled with it."""


@dataclass(frozen=True)
class DaysSettled(Message):
    """To a family or a tutor: what became of their sessions on a holiday or during leave."""

    kind = MessageKind.DAYS_SETTLED
    cancelled: list[int]
    """Ids of sessions."""
    asked: list[int]
    """Ids of sessions that are asked to be moved."""
    leave_id: int | None = None
    """Leave of the tutor; None on a holiday."""
    holiday: str = ""
    """Name of the holiday."""
    days: tuple[date, ...] = ()
    """Days of the holiday on which the reader had sessions."""


@dataclass(frozen=True)
class LeaveTaken(Message):
    """To the group: who is away, and how many sessions that concerned."""

    kind = MessageKind.LEAVE_TAKEN
    leave_id: int
    cancelled: int
    asked: int
    left: int


@dataclass(frozen=True)
class LeaveWithdrawn(Message):
    """To the group, and to the tutor if somebody else did it: they are not away after all."""

    kind = MessageKind.LEAVE_WITHDRAWN
    leave_id: int


@dataclass(frozen=True)
class AboutPackage(Message):
    """Told of one package."""

    package_id: int


@dataclass(frozen=True)
class PackageLow(AboutPackage):
    """To the parents and the group: nearly used up."""

    kind = MessageKind.PACKAGE_LOW
    is_new: bool = False
    """Whether it was low as it was bought, since it paid at once for what was owed."""


class PackageExpires(AboutPackage):
    """To the group: credits that are about to expire."""

    kind = MessageKind.PACKAGE_EXPIRES


class PackageTold(AboutPackage):
    """Edits of what its reader was told of the package."""

    kind = MessageKind.PACKAGE_TOLD
