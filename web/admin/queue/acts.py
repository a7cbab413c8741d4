"""What can be done about a matter of the queue, in the order of its buttons (SPEC 10)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from locales.reader import Reader
from models.enums import Role, Status
from models.matters import Matter
from services.queries.late_changes import LateChange
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
            *(Act.HAND_OVER, Act.MOVE, Act.DONE, Act.CANCEL_FOR_TUTOR, Act.CANCEL_FOR_PARENT),
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


@dataclass(frozen=True)
class ActOffer:
    """One button of a matter."""

    act: Act
    words: str
    address: str
    is_tap: bool
    """Whether its button acts at once, by POST; otherwise it leads to a page or a form."""
    key: str
    """Key of the keyboard that presses it."""
    spoken: str
    is_elsewhere: bool = False
    """Whether its page is the session's own, and leads back to the list."""


def acts_on(row: QueueRow, viewer_id: int) -> list[Act]:
    """What can be done about a matter now; those that are over for it are left out."""
    return [act for act in OF[row.item.matter] if _fits(act, row, viewer_id)]


def _fits(act: Act, row: QueueRow, _viewer_id: int) -> bool:
    status = row.view.status if row.view else None
    match act:
        case Act.CLAIM:
            return not row.claimed_by
        case Act.CLEAR:
            return status is Status.CHECKED_IN
        case Act.CANCEL_FOR_TUTOR | Act.CANCEL_FOR_PARENT:
            return status is Status.SCHEDULED and _is_theirs(act, row.change)
        case Act.HAND_OVER:
            return row.change is not None and row.change.side is Role.TUTOR
        case Act.SET_ASIDE:
            return bool(row.message and row.message.is_given_up)
    return True


def _is_theirs(act: Act, change: LateChange | None) -> bool:
    """Whether a cancellation is on the side that told of a change; on either where none did."""
    side = Role.TUTOR if act is Act.CANCEL_FOR_TUTOR else Role.PARENT
    return change is None or change.side is side


def words_of(reader: Reader, act: Act) -> str:
    """Words of a button."""
    return _WORDS[act](reader)


def offered(
    reader: Reader, row: QueueRow, acts: Iterable[Act], query: str, about: str
) -> list[ActOffer]:
    """Buttons of a matter; `query`: filter of the list, `about`: the matter, for listeners."""
    taken, found = set(TAKEN_KEYS), []
    for act in acts:
        words = words_of(reader, act)
        key = next((one for one in words.lower() if one.isalpha() and one not in taken), "")
        taken.add(key)
        found.append(
            ActOffer(
                act,
                words,
                _address(row, act, query),
                _is_tap(act),
                key,
                f"{words}: {about}",
                is_elsewhere=act in ELSEWHERE,
            )
        )
    return found


def _is_tap(act: Act) -> bool:
    return act not in WRITTEN and act not in ELSEWHERE


def _address(row: QueueRow, act: Act, query: str) -> str:
    joined = f"{query}&" if query else ""
    if act in ELSEWHERE:
        return f"/sessions/{row.session_id}/{ELSEWHERE[act]}?back={_escaped(query)}"
    if act in WRITTEN:
        return f"/admin?{joined}item={row.item.key}&do={act.value}#text"
    return f"/admin/queue/{row.item.key}/{act.value}"


def _escaped(query: str) -> str:
    """The list as it is, inside another address; the next matter can be added to it."""
    return quote(f"/admin?{query}", safe="")
