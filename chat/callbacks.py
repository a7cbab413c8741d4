"""What a button carries: a typed codec of at most 64 bytes (DESIGN 2, idea 10).

Written as `code.version:field:field`, read back as the dataclass. What comes back is a wish and
no proof: rights are checked inside the use case. Data of an older version reads as None, which
the last handler answers with a fresh card.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar, TypeVar, get_type_hints

from telegram import Update

from models.enums import ChangeReason, DisputeReason, Role

LIMIT_BYTES = 64
LARGEST = 2**31 - 1
"""The largest number that a button of ours can hold: that of the database's own ids."""
VERSION = 1
MAX_ID = 2**31 - 1
"""No row has a higher one."""


class Settlement(StrEnum):
    """The three ways in which a coordinator settles a dispute."""

    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"


class Deed(StrEnum):
    """What a coordinator may do with a session, after some questions."""

    CANCEL = "cancel"
    MOVE = "move"
    GIVE = "give"
    REPLACE = "replace"


class ListName(StrEnum):
    """The coordinators' lists, to which buttons lead."""

    DASHBOARD = "dashboard"
    DISPUTES = "disputes"
    MISSED = "missed"
    IN_PROGRESS = "in_progress"
    AWAITING = "awaiting"


@dataclass(frozen=True)
class Button:
    """What every button's data is."""

    code: ClassVar[str]


@dataclass(frozen=True)
class OfSession(Button):
    """A button about one session."""

    appointment_id: int


@dataclass(frozen=True)
class OfProposal(Button):
    """A button about one version of a request to move a session."""

    proposal_id: int


@dataclass(frozen=True)
class OfDispute(Button):
    """A button about one dispute."""

    dispute_id: int


class ShowSession(OfSession):
    code = "se"


class CheckIn(OfSession):
    code = "ci"


class RemindMe(OfSession):
    code = "rm"


class CheckOut(OfSession):
    code = "co"


@dataclass(frozen=True)
class MarkAbsent(OfSession):
    code = "ab"
    absent: int
    """1: the student was absent; 0: was there after all."""


class WriteNotes(OfSession):
    code = "wn"


class ViewNotes(OfSession):
    code = "vn"


class OfSitting(Button):
    """A button of the live tally."""


@dataclass(frozen=True)
class RemovePart(OfSitting):
    code = "nr"
    part_id: int


@dataclass(frozen=True)
class EndNoteBatch(OfSitting):
    """A button that ends it."""

    batch_id: int


class NotesDone(EndNoteBatch):
    code = "nd"


class NotesSkip(EndNoteBatch):
    code = "ns"


class Acknowledge(OfSession):
    code = "ak"


class StartDispute(OfSession):
    code = "di"


@dataclass(frozen=True)
class DisputeFor(OfSession):
    code = "dr"
    reason: DisputeReason


@dataclass(frozen=True)
class DisputeBack(OfSession):
    code = "db"
    to_text: int
    """1: to the text; 0: to the reasons."""


class DisputeWithoutText(OfSession):
    code = "dn"


class ConfirmDispute(OfSession):
    code = "dc"


class StartCancel(OfSession):
    code = "xs"


@dataclass(frozen=True)
class CancelFor(OfSession):
    code = "xr"
    reason: ChangeReason


class CancelBack(OfSession):
    code = "xb"


class ConfirmCancel(OfSession):
    code = "xc"


class LeaveCancel(OfSession):
    code = "xl"


class ShowSummary(OfSession):
    code = "su"


@dataclass(frozen=True)
class OfSummary(Button):
    """A button about one summary of notes."""

    summary_id: int


class SummaryRight(OfSummary):
    code = "sy"


class SummaryWrong(OfSummary):
    code = "sw"


class LeaveJudgement(OfSession):
    code = "sl"


class AcceptSlot(OfProposal):
    code = "ra"


class DeclineSlot(OfProposal):
    code = "rd"


class WithdrawRequest(OfProposal):
    code = "rw"


class SuggestSlot(OfProposal):
    code = "ro"


class StartMove(OfSession):
    code = "rs"


@dataclass(frozen=True)
class ShowMonth(OfSession):
    """The calendar, or another month of it."""

    code = "mo"
    month: int
    """Months since the year 0."""


@dataclass(frozen=True)
class ChooseDay(OfSession):
    code = "ry"
    day: int
    """The day's proleptic ordinal: 1 is the first of January of the year 1."""


@dataclass(frozen=True)
class ChooseSlot(OfSession):
    code = "rt"
    minute: int
    """The start, in minutes since 1970 UTC."""


@dataclass(frozen=True)
class MoveFor(OfSession):
    code = "rr"
    reason: ChangeReason


class MoveToSlots(OfSession):
    """Back to the times that are offered."""

    code = "rb"


class MoveToReasons(OfSession):
    """Back to the reasons."""

    code = "rn"


class ConfirmMove(OfSession):
    code = "rc"


class LeaveMove(OfSession):
    code = "rl"


class ReportProblem(OfSession):
    code = "rp"


class Claim(OfDispute):
    code = "cl"


@dataclass(frozen=True)
class Settle(OfDispute):
    code = "st"
    how: Settlement


@dataclass(frozen=True)
class Coordinate(OfSession):
    code = "kd"
    deed: Deed


@dataclass(frozen=True)
class ForSide(OfSession):
    code = "ks"
    side: Role


@dataclass(frozen=True)
class GiveTo(OfSession):
    code = "kg"
    tutor_id: int


@dataclass(frozen=True)
class TutorPage(OfSession):
    code = "kp"
    offset: int


@dataclass(frozen=True)
class CoordinateBack(OfSession):
    code = "kb"
    to_reason: int
    """1: to the reason; 0: to what comes before it."""


@dataclass(frozen=True)
class ConfirmCoordinate(OfSession):
    code = "kc"
    deed: Deed


class LeaveCoordinate(OfSession):
    code = "kl"


class WaivePenalty(OfSession):
    code = "kw"


class AskReplacement(OfSession):
    code = "ka"


class CorrectAttendance(OfSession):
    code = "ca"


class AsScheduled(OfSession):
    code = "as"


class ClearCheckIn(OfSession):
    code = "cc"


class VerifySession(OfSession):
    code = "vs"


@dataclass(frozen=True)
class ShowList(Button):
    code = "ls"
    name: ListName


@dataclass(frozen=True)
class SetLanguage(Button):
    code = "la"
    language: str


@dataclass(frozen=True)
class Invite(Button):
    code = "in"
    person_id: int


@dataclass(frozen=True)
class InvitePage(Button):
    code = "ip"
    offset: int


class LeaveDispute(OfSession):
    code = "ld"


class LeaveProblem(OfSession):
    code = "lp"


class LeaveCorrection(OfSession):
    code = "lc"


class CorrectionBack(OfSession):
    code = "cb"


def _concrete(of: type[Button]) -> list[type[Button]]:
    found = [of] if "code" in vars(of) else []
    return found + [one for below in of.__subclasses__() for one in _concrete(below)]


_BY_CODE = {button.code: button for button in _concrete(Button)}

ButtonType = TypeVar("ButtonType", bound=Button)


def id_in(text: str) -> int:
    """The id that a link names; 0, which nothing has, for what can be none."""
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= MAX_ID else 0


def encode(button: Button) -> str:
    """The callback data of `button`; ValueError where it would be over 64 bytes."""
    values = [str(getattr(button, field.name)) for field in fields(button)]
    data = ":".join([f"{button.code}.{VERSION}", *values])
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"{type(button).__name__} is over {LIMIT_BYTES} bytes")
    return data


def decode(data: str | None) -> Button | None:
    """The button that was pressed; None for what we never wrote, or wrote in an older version."""
    head, *values = (data or "").split(":")
    code, _, version = head.partition(".")
    button = _BY_CODE.get(code)
    if button is None or version != str(VERSION) or len(values) != len(fields(button)):
        return None
    hints = get_type_hints(button)
    try:
        read = [hints[f.name](v) for f, v in zip(fields(button), values, strict=True)]
    except ValueError:
        return None
    if any(isinstance(value, int) and not 0 <= value <= MAX_ID for value in read):
        return None
    return button(*read)


def pressed(*kinds: type[Button]) -> Callable[[object], bool]:
    """The `pattern` of a CallbackQueryHandler that takes buttons of these kinds."""

    def is_one(data: object) -> bool:
        return isinstance(data, str) and type(decode(data)) in kinds

    return is_one


def tapped(kind: type[ButtonType], update: Update) -> ButtonType:
    """The button behind an update, in a handler whose pattern let in no other kind."""
    query = update.callback_query
    button = decode(query.data if query else None)
    if not isinstance(button, kind):
        raise TypeError(f"expected {kind.__name__}")
    return button
