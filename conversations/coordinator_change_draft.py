"""What a coordinator has said of a change so far, and the use case that it comes to (SPEC 2, 6)."""

from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from typing import Self

from chat import callbacks
from chat.callbacks import Deed
from conversations.slot_questions import start_of
from conversations.wizard import SessionDraft
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome, done_first, last_done
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.sessions.cancellations import ON_BEHALF, cancel_for
from services.sessions.coordinator_actions import (
    MOVES,
    move,
    reassign,
    require_able,
    require_movable_to,
    require_scheduled,
)
from services.sessions.replacements import replace, require_replaceable


@dataclass(frozen=True)
class CoordinationDraft(SessionDraft):
    """What was said so far; nothing is done yet."""

    deed: Deed
    seen_starts_at: datetime | None = None
    """The session's start as it was when they began."""
    seen_tutor_id: int | None = None
    """Whose it was then."""
    side: Role | None = None
    starts_at: datetime | None = None
    tutor_id: int | None = None
    reason: str | None = None
    shown: Guidance | None = None
    """The penalty guidance that stands in the panel."""

    @property
    def has_choice(self) -> bool:
        """Whether side, time or tutor is known, whichever it is about."""
        return any(one is not None for one in (self.side, self.starts_at, self.tutor_id))

    def unchosen(self) -> Self:
        """The same without side, time and tutor."""
        return replace_fields(self, side=None, starts_at=None, tutor_id=None)

    def action(self) -> Action:
        """What it is called in the audit trail."""
        return {
            Deed.CANCEL: ON_BEHALF[self.side or Role.TUTOR],
            Deed.MOVE: Action.MOVE,
            Deed.GIVE: Action.REASSIGN,
            Deed.REPLACE: Action.REPLACE,
        }[self.deed]


def chosen(draft: CoordinationDraft, button: callbacks.OfSession) -> CoordinationDraft:
    """The draft with what was tapped. Refused: StaleButton where it is not about that."""
    match draft.deed, button:
        case Deed.CANCEL, callbacks.ForSide(side=Role.TUTOR | Role.PARENT as side):
            return replace_fields(draft, side=side)
        case Deed.MOVE | Deed.REPLACE, callbacks.ChooseSlot():
            return replace_fields(draft, starts_at=start_of(button))
        case Deed.GIVE, callbacks.GiveTo(tutor_id=tutor_id):
            return replace_fields(draft, tutor_id=tutor_id)
    raise StaleButton


def require_possible(session: Session, draft: CoordinationDraft, actor: Actor) -> None:
    """Whether it could be done now, with what was chosen so far. Refused as the deed would be."""
    about = draft.appointment_id
    if draft.deed is Deed.REPLACE:
        require_replaceable(session, about, actor, draft.starts_at)
        return
    appointment = require_scheduled(session, about, actor, draft.action())
    if draft.starts_at is not None:
        require_movable_to(session, appointment, actor, draft.starts_at)
    if draft.tutor_id is not None:
        require_able(session, appointment, draft.tutor_id)


def carry_out(session: Session, draft: CoordinationDraft, actor: Actor) -> Outcome:
    """The deed itself. Refused: StaleButton where something is missing, and as its use case is."""
    about, reason = draft.appointment_id, draft.reason or ""
    match draft:
        case CoordinationDraft(deed=Deed.CANCEL, side=Role() as side):
            return cancel_for(session, about, actor, side, reason, draft.shown)
        case CoordinationDraft(
            deed=Deed.MOVE, starts_at=datetime() as start, seen_starts_at=datetime() as seen
        ):
            return move(session, about, actor, start, reason, seen=seen)
        case CoordinationDraft(deed=Deed.GIVE, tutor_id=int() as tutor, seen_tutor_id=int() as was):
            return reassign(session, about, actor, tutor, reason, seen=was)
        case CoordinationDraft(deed=Deed.REPLACE, starts_at=datetime() as start):
            return replace(session, about, actor, start, reason)
    raise StaleButton


def done_before(session: Session, draft: CoordinationDraft) -> Refusal:
    """What to say to a confirmation without a question: who has done it, as far as is known."""
    actions = {Deed.MOVE: MOVES, Deed.GIVE: (Action.REASSIGN,)}.get(draft.deed, ())
    event = last_done(session, draft.appointment_id, *actions)
    return done_first(session, event) if event else StaleButton()
