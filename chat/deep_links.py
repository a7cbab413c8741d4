"""Links that open the bot and tell it what to show: `https://t.me/BOT?start=PAYLOAD` (UX 13).

A link gives no rights: whoever opens one may see only what is theirs to see.
"""

from dataclasses import dataclass
from typing import ClassVar

from telegram import Update

from chat.callbacks import Button, Coordinate, CoordinatorChange, ListName, decode
from chat.callbacks.codec import MAX_ID

NO_ID = 0
"""An id that no row has: for a number that cannot be an id."""


@dataclass(frozen=True)
class NumberedLink:
    """A link to a row, written as `prefix` and its id."""

    prefix: ClassVar[str]
    number: int


class OpenDispute(NumberedLink):
    """A dispute, for coordinators."""

    prefix = "dispute_"


class OpenProblem(NumberedLink):
    """A problem that a parent reported, for coordinators."""

    prefix = "problem_"


class OpenSession(NumberedLink):
    """A session, for coordinators."""

    prefix = "replace_"


@dataclass(frozen=True)
class OpenChange:
    """The dialogue in which a coordinator changes a session; written as `change_move_12`."""

    prefix: ClassVar[str] = "change_"
    change: CoordinatorChange
    number: int
    """The session's id."""


@dataclass(frozen=True)
class OpenList:
    """A list of the coordinators'."""

    name: ListName


@dataclass(frozen=True)
class OpenInvitations:
    """The list of people who are not linked yet, for coordinators."""


@dataclass(frozen=True)
class OpenPages:
    """A request for a link that signs in to the pages."""


@dataclass(frozen=True)
class UseInvitation:
    """An invitation, by its token."""

    token: str


NamedLink = OpenList | OpenInvitations | OpenPages
DeepLink = NumberedLink | OpenChange | NamedLink | UseInvitation

_NUMBERED = (OpenDispute, OpenProblem, OpenSession)
_NAMED: dict[str, NamedLink] = {
    "invite": OpenInvitations(),
    "web": OpenPages(),
    **{name.value: OpenList(name) for name in ListName},
}
_NAMES = {link: name for name, link in _NAMED.items()}


def address(bot_username: str, link: DeepLink | None = None) -> str:
    """The address of a link; without one, of the private chat with the bot."""
    bot = f"https://t.me/{bot_username}"
    return bot if link is None else f"{bot}?start={payload_of(link)}"


def payload_of(link: DeepLink) -> str:
    """The payload of `/start` for a link: at most 64 letters, digits, `_` and `-`."""
    if isinstance(link, NumberedLink):
        return f"{link.prefix}{link.number}"
    if isinstance(link, OpenChange):
        return f"{link.prefix}{link.change}_{link.number}"
    return link.token if isinstance(link, UseInvitation) else _NAMES[link]


def read(payload: str) -> DeepLink | None:
    """The link that was opened; None where `/start` came without a payload.

    Any payload that is not one of ours is read as an invitation's token, valid or not.
    """
    for change in CoordinatorChange:
        begins = f"{OpenChange.prefix}{change}_"
        if payload.startswith(begins):
            return OpenChange(change, _id_in(payload.removeprefix(begins)))
    for kind in _NUMBERED:
        if payload.startswith(kind.prefix):
            return kind(_id_in(payload.removeprefix(kind.prefix)))
    return _NAMED.get(payload) or (UseInvitation(payload) if payload else None)


def opened(update: Update) -> DeepLink | None:
    """The link that an update opens; None for any other update."""
    command, _, payload = ((update.message.text if update.message else None) or "").partition(" ")
    return read(payload.strip()) if command == "/start" else None


def begun(update: Update) -> Button | None:
    """The button that an update taps, or for which it opens a link; None where it does neither."""
    if update.callback_query is not None:
        return decode(update.callback_query.data)
    link = opened(update)
    return Coordinate(link.number, link.change) if isinstance(link, OpenChange) else None


def _id_in(text: str) -> int:
    """The id that a link names, or `NO_ID`."""
    is_id = text.isascii() and text.isdecimal() and int(text) <= MAX_ID
    return int(text) if is_id else NO_ID
