"""Facts for `services.rules.actions`, from what a card shows of its session."""

from zoneinfo import ZoneInfo

from models import Appointment
from models.enums import Action, Role
from services.lifecycle.facts import (
    dispute_record,
    facts_of_row,
    made_summary,
    named_penalty,
    open_proposal,
)
from services.queries.card_events import LastMove
from services.queries.replacements import AskedFor
from services.queries.sessions import SessionDetail
from services.rules.session_facts import BookedInstead, Done, SessionFacts

BEGINNINGS = frozenset(
    {Action.CREATE, Action.REPLACE, Action.SCHEDULE, Action.LOG_ADHOC, Action.IMPORT}
)
"""Actions that create a session: after them nobody counts as the first to act."""


def facts_of(detail: SessionDetail, zone: ZoneInfo) -> SessionFacts:
    """Facts from what a card shows. Who booked a replacement is not read."""
    row = detail.view.appointment
    return facts_of_row(
        row,
        zone,
        last_move=_last_move(detail.last_move),
        proposal=open_proposal(detail.request),
        dispute=dispute_record(detail.dispute, detail.claimed_by, detail.settled_by),
        has_notes=bool(detail.notes),
        summary=made_summary(detail.summary),
        penalty=named_penalty(detail.cancellation, detail.waived_by),
        replacement_asked=_asked(row, detail.replacement.asked),
        replaced_by=_booked(detail.replacement.by),
    )


def _last_move(move: LastMove | None) -> Done | None:
    if move is None or move.action in BEGINNINGS:
        return None
    return Done(move.action, move.role, move.at, move.actor_id, move.who)


def _asked(row: Appointment, asked: AskedFor | None) -> Done | None:
    if asked is None:
        return None
    side = Role.TUTOR if asked.actor_id == row.tutor_id else Role.PARENT
    return Done(Action.ASK_REPLACEMENT, side, asked.at, asked.actor_id, asked.who)


def _booked(new: Appointment | None) -> BookedInstead | None:
    if new is None:
        return None
    return BookedInstead("", None, new.created_at, new.starts_at, new.ends_at)
