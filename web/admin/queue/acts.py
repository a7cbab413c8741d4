"""What can be done about a matter of the queue, in the order of its buttons (SPEC 10)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, Self
from urllib.parse import quote

from locales.reader import Reader
from models.enums import Role, Status
from models.matters import Matter
from services.queries.queue_rows import QueueRow


class Act(StrEnum):
    """Acts, as they stand in addresses."""

    CLAIM = "claim"
    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"
    REPLY = "reply"
    CLOSE = "close"
    NUDGE = "nudge"
    SEND_AGAIN = "send-again"
    SET_ASIDE = "set-aside"
    SNOOZE = "snooze"
    WAKE = "wake"
    CORRECT = "correct"
    CLEAR = "clear"
    CANCEL_FOR_TUTOR = "cancel-for-tutor"
    CANCEL_FOR_PARENT = "cancel-for-parent"
    MOVE = "move"
    HAND_OVER = "hand-over"
    REPLACE = "replace"
    DONE = "done"


OF: Mapping[Matter, tuple[Act, ...]] = MappingProxyType(
    {
        Matter.REQUEST: (Act.NUDGE, Act.MOVE, Act.CANCEL_FOR_TUTOR, Act.CANCEL_FOR_PARENT),
        Matter.LATE_CHANGE: (
            *(Act.HAND_OVER, Act.MOVE, Act.CLEAR, Act.DONE),
            *(Act.CANCEL_FOR_TUTOR, Act.CANCEL_FOR_PARENT),
        ),
        Matter.DISPUTE: (Act.CLAIM, Act.VERIFY, Act.UPHOLD, Act.RETURN),
        Matter.PROBLEM: (Act.CLAIM, Act.REPLY, Act.CLOSE),
        Matter.ATTENDANCE: (
            Act.CORRECT,
            Act.CLEAR,
            Act.CANCEL_FOR_TUTOR,
            Act.CANCEL_FOR_PARENT,
        ),
        Matter.REPLACEMENT: (Act.REPLACE, Act.DONE),
        Matter.UNANSWERED: (Act.NUDGE, Act.VERIFY),
        Matter.MESSAGE: (Act.SEND_AGAIN, Act.SET_ASIDE),
        Matter.UNREACHABLE: (Act.SEND_AGAIN,),
        Matter.NOTE_FILE: (Act.SEND_AGAIN,),
        Matter.EVIDENCE_FILE: (Act.SEND_AGAIN,),
    }
)

WRITTEN = frozenset({Act.VERIFY, Act.UPHOLD, Act.RETURN, Act.REPLY})
"""Acts that ask for a text before they count."""

ELSEWHERE: Mapping[Act, str] = MappingProxyType(
    {
        Act.CORRECT: "correct-attendance",
        Act.CLEAR: "clear-check-in",
        Act.CANCEL_FOR_TUTOR: "cancel-for-tutor",
        Act.CANCEL_FOR_PARENT: "cancel-for-parent",
        Act.MOVE: "move",
        Act.HAND_OVER: "reassign",
        Act.REPLACE: "replace",
    }
)
"""Acts that have a page of the session's own."""

_WORDS: Mapping[Act, Callable[[Reader], str]] = MappingProxyType(
    {
        Act.CLAIM: lambda reader: reader.label("Claim"),
        Act.VERIFY: lambda reader: reader.label("Verify"),
        Act.UPHOLD: lambda reader: reader.label("Uphold"),
        Act.RETURN: lambda reader: reader.label("Return"),
        Act.REPLY: lambda reader: reader.label("Reply"),
        Act.CLOSE: lambda reader: reader.label("Close"),
        Act.NUDGE: lambda reader: reader.label("Nudge"),
        Act.SEND_AGAIN: lambda reader: reader.label("Try again"),
        Act.SET_ASIDE: lambda reader: reader.label("Leave unsent"),
        Act.WAKE: lambda reader: reader.label("Back into the queue"),
        Act.CORRECT: lambda reader: reader.label("Correct"),
        Act.CLEAR: lambda reader: reader.label("Clear check-in"),
        Act.CANCEL_FOR_TUTOR: lambda reader: reader.label("Tutor cancels"),
        Act.CANCEL_FOR_PARENT: lambda reader: reader.label("Family cancels"),
        Act.MOVE: lambda reader: reader.label("Move"),
        Act.HAND_OVER: lambda reader: reader.label("Other tutor"),
        Act.REPLACE: lambda reader: reader.label("Replace"),
        Act.DONE: lambda reader: reader.label("Dealt with"),
    }
)

TAKEN_KEYS = frozenset("jkus?")
"""Keys of the queue itself."""


class ListPlace(NamedTuple):
    """The list in which a matter stands, to which its addresses lead back."""

    path: str
    """Its address, to which a parameter can be added."""
    back: str
    """The same inside another address."""

    @classmethod
    def of(cls, query: str) -> Self:
        """The list with this filter."""
        return cls(f"/admin?{query}&" if query else "/admin?", quote(f"/admin?{query}", safe=""))


class ActOffer(NamedTuple):
    """One button of a matter."""

    words: str
    address: str
    spoken: str
    is_tap: bool = False
    """Whether its button acts at once, by POST; otherwise it leads to a page or a form."""
    is_elsewhere: bool = False
    """Whether its page is the session's own, and leads back to the list."""
    key: str = ""
    """Key of the keyboard that presses it."""


def acts_on(row: QueueRow) -> list[Act]:
    """What can be done about a matter now; those that are over for it are left out."""
    return list(_acts_on(row))


def first_acts_on(row: QueueRow, most: int) -> list[Act]:
    """The first of what can be done about a matter now."""
    return list(islice(_acts_on(row), most))


def _acts_on(row: QueueRow) -> Iterator[Act]:
    for act in OF[row.item.matter]:
        fits = _CONDITIONS.get(act)
        if fits is None or fits(row):
            yield act


def _is_scheduled(row: QueueRow) -> bool:
    return row.session is not None and row.session.status is Status.SCHEDULED


def _can_be_cancelled(row: QueueRow, side: Role) -> bool:
    """Whether a cancellation is on the side that told of a change; on either where none did."""
    return _is_scheduled(row) and (row.change is None or row.change.side is side)


_CONDITIONS: Mapping[Act, Callable[[QueueRow], bool]] = MappingProxyType(
    {
        Act.CLAIM: lambda row: not row.claimed_by,
        Act.CLEAR: lambda row: row.session is not None and row.session.status is Status.CHECKED_IN,
        Act.MOVE: _is_scheduled,
        Act.CANCEL_FOR_TUTOR: lambda row: _can_be_cancelled(row, Role.TUTOR),
        Act.CANCEL_FOR_PARENT: lambda row: _can_be_cancelled(row, Role.PARENT),
        Act.HAND_OVER: lambda row: row.change is not None and row.change.side is Role.TUTOR,
        Act.SET_ASIDE: lambda row: row.message is not None and row.message.is_given_up,
    }
)
"""Conditions of acts that not every matter of their kind has."""


def words_of(reader: Reader, act: Act) -> str:
    """Words of a button."""
    return _WORDS[act](reader)


def offered(
    reader: Reader, row: QueueRow, acts: Iterable[Act], place: ListPlace, about: str
) -> list[ActOffer]:
    """Buttons of a matter; `about`: the matter, for listeners."""
    key, found = row.item.key, []
    for act in acts:
        words = words_of(reader, act)
        spoken = f"{words}: {about}"
        if act in ELSEWHERE:
            address = f"/sessions/{row.session_id}/{ELSEWHERE[act]}?back={place.back}"
            found.append(ActOffer(words, address, spoken, is_elsewhere=True))
        elif act in WRITTEN:
            address = f"{place.path}item={key}&do={act}#text"
            found.append(ActOffer(words, address, spoken))
        else:
            found.append(ActOffer(words, f"/admin/queue/{key}/{act}", spoken, is_tap=True))
    return found


def with_keys(reader: Reader, row: QueueRow, offers: Sequence[ActOffer]) -> list[ActOffer]:
    """The same buttons, each with a letter of its words that no act before it has.

    Acts that are over for the matter keep theirs: a key means the same before and after a tap.
    """
    taken, keys = set(TAKEN_KEYS), {}
    for act in OF[row.item.matter]:
        words = words_of(reader, act)
        letters = (one for one in words.lower() if one.isalpha())
        keys[words] = next((one for one in letters if one not in taken), "")
        taken.add(keys[words])
    return [offer._replace(key=keys[offer.words]) for offer in offers]
