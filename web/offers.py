"""What a page offers to do with a session: the rules' answer, with words and addresses (SPEC 10).

`services.rules.actions` decides, for the chat's cards as for the pages.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Role
from services.rules.actions import available_actions, refusal_of
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import TooEarlyToCheckIn, TooEarlyToCheckOut
from services.rules.refusals.requests import RescheduleOpen
from services.rules.refusals.sessions import TooLateToChange
from services.rules.session_actions import CARD, SessionAction
from services.rules.session_facts import SessionFacts

TAPS = frozenset(
    {
        SessionAction.ACCEPT,
        SessionAction.REJECT,
        SessionAction.WITHDRAW,
        SessionAction.CHECK_IN,
        SessionAction.CHECK_OUT,
        SessionAction.MARK_ABSENT,
        SessionAction.ACKNOWLEDGE,
        SessionAction.ASK_REPLACEMENT,
        SessionAction.SUMMARY_IS_RIGHT,
    }
)
"""Actions that are done at once; all others have a page of their own."""

FIRST = (
    SessionAction.ACCEPT,
    SessionAction.CHECK_IN,
    SessionAction.CHECK_OUT,
    SessionAction.ACKNOWLEDGE,
)
"""Actions that can be the primary button, in this order; on a session's page notes can be, too."""

DANGER = frozenset(
    {
        SessionAction.DISPUTE,
        SessionAction.CANCEL,
        SessionAction.CANCEL_FOR_TUTOR,
        SessionAction.CANCEL_FOR_PARENT,
    }
)

OF_PROPOSAL = frozenset({SessionAction.ACCEPT, SessionAction.REJECT, SessionAction.WITHDRAW})

WAITS = (TooEarlyToCheckIn, TooEarlyToCheckOut, TooLateToChange, RescheduleOpen)
"""Refusals that are shown before anybody tries: they say when it opens, or what is in the way."""

_LABELS: Mapping[SessionAction, Callable[[Reader], str]] = MappingProxyType(
    {
        SessionAction.WITHDRAW: lambda reader: reader.label("Withdraw"),
        SessionAction.ACCEPT: lambda reader: reader.label("Accept"),
        SessionAction.COUNTER: lambda reader: reader.label("Suggest another"),
        SessionAction.REJECT: lambda reader: reader.label("Decline"),
        SessionAction.CHECK_IN: lambda reader: reader.label("Check in"),
        SessionAction.CHECK_OUT: lambda reader: reader.label("Check out"),
        SessionAction.ADD_NOTES: lambda reader: reader.label("Add notes"),
        SessionAction.MARK_ABSENT: lambda reader: reader.label("Student absent"),
        SessionAction.ACKNOWLEDGE: lambda reader: reader.label("Acknowledge"),
        SessionAction.DISPUTE: lambda reader: reader.label("Dispute"),
        SessionAction.REPORT_PROBLEM: lambda reader: reader.label("Report a problem"),
        SessionAction.PROPOSE: lambda reader: reader.label("Change time"),
        SessionAction.CANCEL: lambda reader: reader.label("Cancel"),
        SessionAction.TELL_COORDINATORS: lambda reader: reader.label("Tell the coordinators"),
        SessionAction.EXPLAIN_MISSED: lambda reader: reader.label("Tell the coordinators"),
        SessionAction.ASK_REPLACEMENT: lambda reader: reader.label("Ask for replacement"),
        SessionAction.CORRECT_ATTENDANCE: lambda reader: reader.label("Correct attendance"),
        SessionAction.CLEAR_CHECK_IN: lambda reader: reader.label("Clear check-in"),
        SessionAction.VERIFY: lambda reader: reader.label("Verify"),
        SessionAction.MOVE: lambda reader: reader.label("Move"),
        SessionAction.REASSIGN: lambda reader: reader.label("Other tutor"),
        SessionAction.CANCEL_FOR_TUTOR: lambda reader: reader.label("Tutor cancels"),
        SessionAction.CANCEL_FOR_PARENT: lambda reader: reader.label("Family cancels"),
        SessionAction.WAIVE_PENALTY: lambda reader: reader.label("Waive penalty"),
        SessionAction.REPLACE: lambda reader: reader.label("Book a replacement"),
    }
)
"""Words of the actions that pages have; a dispute is settled on a page of its own."""


@dataclass(frozen=True)
class Offer:
    """One way to act."""

    action: SessionAction
    words: str
    address: str
    is_tap: bool
    """Whether its button acts at once, by POST; otherwise it leads to a page."""
    style: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    spoken: str = ""
    """Name for those who hear the page, where several buttons have the same words."""


@dataclass(frozen=True)
class NotNow:
    """An action that is not possible yet, or no more, and the reason."""

    words: str
    why: str


def offers(
    reader: Reader,
    facts: SessionFacts,
    role: Role,
    *,
    is_absent: bool = False,
    only: Collection[SessionAction] | None = None,
    about: str = "",
) -> list[Offer]:
    """What this role may do now, in the card's order; one of them is primary.

    `only`: those that a list has room for. `about`: the session, for those who hear the page.
    """
    available = available_actions(facts, role, reader.now, only)
    found = [one for one in available if one in _LABELS]
    wanted: tuple[SessionAction, ...] = (*FIRST, SessionAction.ADD_NOTES)
    if only is not None:
        found, wanted = [one for one in only if one in found], FIRST
    first = next((one for one in wanted if one in found), None)
    return [_offer(reader, facts, one, one is first, is_absent, about) for one in found]


def not_now(reader: Reader, facts: SessionFacts, role: Role, viewer_id: int) -> list[NotNow]:
    """What this role may not do now, and when it opens or what is in the way."""
    found: list[NotNow] = []
    for action in CARD[role]:
        if action is SessionAction.CORRECT_ATTENDANCE and reader.now < facts.starts_at:
            continue  # there is nothing to correct yet
        refusal = refusal_of(facts, action, role, reader.now)
        if action in _LABELS and isinstance(refusal, WAITS):
            _add(found, _LABELS[action](reader), _why(reader, refusal, viewer_id))
    return found


def address_of(appointment_id: int, action: SessionAction) -> str:
    """The address at which a page offers an action, or does it."""
    return path_of(action).format(id=appointment_id)


def path_of(action: SessionAction) -> str:
    """The path of a route for an action; the session's id is its parameter."""
    return f"/sessions/{{id}}/{action.value.replace('_', '-')}"


def _why(reader: Reader, refusal: Refusal, viewer_id: int) -> str:
    """The reason; the minutes until check-in opens count on the day itself."""
    if isinstance(refusal, TooEarlyToCheckIn) and reader.date_of(refusal.opens_at) > reader.today:
        return reader.label("Check-in opens {when}", when=reader.when(refusal.opens_at))
    return refusal_text(reader, refusal, viewer_id)


def _add(found: list[NotNow], words: str, why: str) -> None:
    """Add an entry; actions that wait for the same share one."""
    for place, one in enumerate(found):
        if one.why == why:
            found[place] = NotNow(f"{one.words}, {words}", why)
            return
    found.append(NotNow(words, why))


def _offer(
    reader: Reader,
    facts: SessionFacts,
    action: SessionAction,
    is_first: bool,
    is_absent: bool,
    about: str,
) -> Offer:
    words = _LABELS[action](reader)
    fields: tuple[tuple[str, str], ...] = ()
    if action is SessionAction.MARK_ABSENT:
        words = reader.label("Student present") if is_absent else words
        fields = (("absent", "0" if is_absent else "1"),)
    if action in OF_PROPOSAL and facts.proposal is not None:
        fields = (("proposal", str(facts.proposal.id)),)
    address = address_of(facts.appointment_id, action)
    if action is SessionAction.COUNTER and facts.proposal is not None:
        address += f"?proposal={facts.proposal.id}"
    style = "primary" if is_first else "danger" if action in DANGER else ""
    return Offer(
        action,
        words,
        address,
        action in TAPS,
        style,
        fields,
        f"{words}: {about}" if about else "",
    )
