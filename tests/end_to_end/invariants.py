"""Invariants that hold after every end-to-end test (UX 3 and 4, SPEC 9)."""

import re

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select

from models import Appointment, InboxUpdate, OutboxMessage, Person
from models.enums import MessageKind, Status
from sandbox.wire import Json
from services.messaging.undelivered import BY_WEB_ONLY
from tests.end_to_end.stage import Stage

HARMLESS = (
    "message is not modified",
    "message to edit not found",
    "message to delete not found",
    "terminated by other getUpdates request",
)
"""Errors of two edits of one message at once, which leave the right screen; and of a poll after a
restart, while Telegram still holds the poll from before."""
BUTTON_BYTES = 64
BUTTONS_A_ROW = 2
GRID_WIDTH = 7
GRID_LABEL = 5
"""The most characters of a button in a grid of days or hours."""
WORDS_A_BUTTON = 3
LIST_LABEL = 64
"""The most characters of a button that names a session or a person."""


async def require_invariants(stage: Stage) -> None:
    """Require that all taps were answered, all calls accepted, all updates and messages handled."""
    await stage.settled()
    _require_nothing_lost(stage)
    _require_taps_answered(stage)
    calls = stage.world.calls.all()
    _require_calls_taken(stage, calls)
    for call in (one for one in calls if one["answer"]["ok"]):
        _require_neat_buttons(call)


def _require_nothing_lost(stage: Stage) -> None:
    with stage.database.reading() as session:
        left = session.exec(
            select(InboxUpdate.error).where(
                or_(col(InboxUpdate.done_at).is_(None), col(InboxUpdate.set_aside_at).is_not(None))
            )
        )
        given_up = session.exec(
            select(OutboxMessage.error)
            .outerjoin(Person, col(Person.id) == OutboxMessage.person_id)
            .outerjoin(Appointment, col(Appointment.id) == OutboxMessage.appointment_id)
            .where(col(OutboxMessage.failed_at).is_not(None), ~_needless())
        )
        unreadable = ["UnreadableUpdateError"] * stage.unreadable_updates
        kinds = [str(error).partition(" ")[0] for error in left.all()]
        assert kinds == unreadable, "updates were not handled"
        assert given_up.all() == [], "messages were given up"


def _needless() -> ColumnElement[bool]:
    """Match reminders that expired because their reader was unreachable, or because the clock was
    moved past them after their question was answered; and what is for somebody without Telegram.
    """
    is_out_of_reach = or_(
        col(Person.started_at).is_(None), col(Person.unreachable_since).is_not(None)
    )
    is_answered = and_(
        col(OutboxMessage.kind) == MessageKind.ACKNOWLEDGEMENT_DUE,
        col(Appointment.status) != Status.AWAITING_APPROVAL_PARENT,
    )
    is_over = and_(col(OutboxMessage.error) == "expired", or_(is_out_of_reach, is_answered))
    return or_(is_over, col(OutboxMessage.error) == BY_WEB_ONLY)


def _require_taps_answered(stage: Stage) -> None:
    with stage.database.reading() as session:
        updates = session.exec(select(InboxUpdate.payload)).all()
    taps = {update["callback_query"]["id"] for update in updates if "callback_query" in update}
    answers = stage.world.calls.all("answerCallbackQuery")
    answered = {call["fields"].get("callback_query_id") for call in answers}
    assert taps - answered == set(), "taps were not answered"


def _require_calls_taken(stage: Stage, calls: list[Json]) -> None:
    refused = {
        f"{call['method']}: {call['answer']['description']}"
        for call in calls
        if not call["answer"]["ok"]
    }
    expected = re.compile("|".join([*HARMLESS, *stage.expected_refusals]), re.IGNORECASE)
    unexpected = {one for one in refused if not expected.search(one)}
    assert unexpected == set(), f"Telegram refused calls: {unexpected}"


def _require_neat_buttons(call: Json) -> None:
    markup = call["fields"].get("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        is_grid = all(len(button["text"]) <= GRID_LABEL for button in row)
        assert len(row) <= (GRID_WIDTH if is_grid else BUTTONS_A_ROW), row
        for button in row:
            assert len(button.get("callback_data", "").encode()) <= BUTTON_BYTES, button
            if len(row) > 1:
                assert len(button["text"].split()) <= WORDS_A_BUTTON, button
            assert len(button["text"]) <= LIST_LABEL, button
