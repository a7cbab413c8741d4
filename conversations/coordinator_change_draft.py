"""A coordinator's draft of a change to a session, and the use case that makes it (SPEC 2, 6)."""

from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from chat import callbacks
from chat.app_context import AppContext
from chat.callbacks import CoordinatorChange
from chat.current_user import CurrentUser
from conversations.slot_questions import SlotDraft, start_of
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.cancelling import ON_BEHALF
from services.lifecycle.decisions import read_appointment
from services.lifecycle.status import Outcome, done_first, last_done
from services.queries.late_changes import told_still
from services.queries.movable import require_movable
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.rules.texts import with_more
from services.sessions.cancellations import cancel_for
from services.sessions.coordinator_actions import (
    MOVES,
    move,
    reassign,
    require_able,
    require_scheduled,
)
from services.sessions.replacements import Instead, replace, require_replaceable


@dataclass(frozen=True)
class CoordinationDraft(SlotDraft):
    """The choices so far; nothing is done yet."""

    change: CoordinatorChange
    seen_starts_at: datetime | None = None
    """The session's start when the dialogue began."""
    seen_tutor_id: int | None = None
    """The session's tutor when the dialogue began."""
    side: Role | None = None
    starts_at: datetime | None = None
    tutor_id: int | None = None
    reason: str | None = None
    shown: Guidance | None = None
    """The penalty guidance that the question shows."""
    ends: int | None = None
    """The proposal of which the question says that it will end, too."""

    @property
    def words(self) -> str | None:
        """The reason, which is always written."""
        return self.reason

    @property
    def has_choice(self) -> bool:
        """Whether the side, time or tutor that the change needs is chosen."""
        return any(one is not None for one in (self.side, self.starts_at, self.tutor_id))

    @property
    def instead(self) -> Instead | None:
        """What a replacement has of its own; None where that is not chosen."""
        return Instead(self.starts_at, self.tutor_id) if self.has_choice else None

    @property
    def has_time(self) -> bool:
        """Whether the change needs a time."""
        return self.change in (CoordinatorChange.MOVE, CoordinatorChange.REPLACE)

    def with_reason(self, text: str) -> Self:
        """With the reason, or more of it. Refused: ReasonRequired, TextTooLong."""
        return replace_fields(self, reason=with_more(self.reason, text), held_text=None)

    def unchosen(self) -> Self:
        """A copy of the draft without side, time and tutor."""
        return replace_fields(
            self,
            side=None,
            starts_at=None,
            tutor_id=None,
            chosen_day=None,
            is_range=False,
            held_text=None,
        )

    def action(self) -> Action:
        """The action in the audit trail."""
        return {
            CoordinatorChange.CANCEL: ON_BEHALF[self.side or Role.TUTOR],
            CoordinatorChange.MOVE: Action.MOVE,
            CoordinatorChange.GIVE: Action.REASSIGN,
            CoordinatorChange.REPLACE: Action.REPLACE,
        }[self.change]


def chosen(draft: CoordinationDraft, button: callbacks.OfSession) -> CoordinationDraft:
    """The draft with the tapped choice. Refused: StaleButton where it is for another change."""
    match draft.change, button:
        case CoordinatorChange.CANCEL, callbacks.ForSide(side=Role.TUTOR | Role.PARENT as side):
            return replace_fields(draft, side=side)
        case CoordinatorChange.MOVE | CoordinatorChange.REPLACE, callbacks.ChooseSlot():
            return replace_fields(draft, starts_at=start_of(button), held_text=None)
        case CoordinatorChange.GIVE | CoordinatorChange.REPLACE, callbacks.GiveTo(tutor_id=tutor):
            return replace_fields(draft, tutor_id=tutor)
    raise StaleButton


def for_side_that_told(session: Session, draft: CoordinationDraft) -> CoordinationDraft:
    """The draft, a cancellation for the one side that has told the coordinators, if one has."""
    if draft.change is not CoordinatorChange.CANCEL or draft.side is not None:
        return draft
    sides = {one.side for one in told_still(session, draft.appointment_id)}
    return replace_fields(draft, side=sides.pop()) if len(sides) == 1 else draft


def require_possible(
    session: Session, draft: CoordinationDraft, actor: Actor, zone: ZoneInfo
) -> None:
    """Check that the change could be made now with the choices so far. Refused as it would be."""
    about = draft.appointment_id
    if draft.change is CoordinatorChange.REPLACE:
        require_replaceable(session, about, actor, draft.instead, zone=zone)
        return
    appointment = require_scheduled(session, about, actor, draft.action())
    if draft.starts_at is not None:
        require_movable(session, appointment, draft.starts_at, actor.now, zone)
    if draft.tutor_id is not None:
        require_able(session, appointment, draft.tutor_id, zone)


def still_possible(
    session: Session, user: CurrentUser, app: AppContext, draft: CoordinationDraft
) -> None:
    """Check that nobody has made such a change, or ruled it out, since the dialogue began.

    Refused as the change would be, whatever else may be chosen for it.
    """
    require_possible(session, draft.unchosen(), user.actor, app.agency.zone)
    row = read_appointment(session, draft.appointment_id)
    is_moved = draft.change is CoordinatorChange.MOVE and draft.seen_starts_at != row.starts_at
    is_given = draft.change is CoordinatorChange.GIVE and draft.seen_tutor_id != row.tutor_id
    if is_moved or is_given:
        raise done_before(session, draft)


def carry_out(session: Session, draft: CoordinationDraft, actor: Actor, zone: ZoneInfo) -> Outcome:
    """Make the change. Refused: StaleButton where a choice is missing, and as its use case is."""
    about, reason = draft.appointment_id, draft.reason or ""
    match draft:
        case CoordinationDraft(change=CoordinatorChange.CANCEL, side=Role() as side):
            return cancel_for(session, about, actor, side, reason, draft.shown)
        case CoordinationDraft(
            change=CoordinatorChange.MOVE,
            starts_at=datetime() as start,
            seen_starts_at=datetime() as seen,
        ):
            return move(session, about, actor, start, reason, seen=seen, zone=zone)
        case CoordinationDraft(
            change=CoordinatorChange.GIVE, tutor_id=int() as tutor, seen_tutor_id=int() as was
        ):
            return reassign(session, about, actor, tutor, reason, seen=was, zone=zone)
        case CoordinationDraft(change=CoordinatorChange.REPLACE, instead=Instead() as instead):
            return replace(session, about, actor, instead, reason, zone=zone)
    raise StaleButton


def done_before(session: Session, draft: CoordinationDraft) -> Refusal:
    """The refusal of a confirmation without a draft: who made the change, as far as is known."""
    actions = {CoordinatorChange.MOVE: MOVES, CoordinatorChange.GIVE: (Action.REASSIGN,)}.get(
        draft.change, ()
    )
    event = last_done(session, draft.appointment_id, *actions)
    return done_first(session, event) if event else StaleButton()
