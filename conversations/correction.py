"""A coordinator corrects a session's attendance (SPEC 2, 3): both times, then the reason.

[Correct attendance] --> TIMES --[As booked], or "15:02-16:31"--> REASON --text--> done, END
^                                        |
+-----------------[Back]-----------------+
[Leave] at every step: END, nothing is changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import ask, leave_to_card, session_tapped, take_back
from chat.cards.screens import session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.dialogue import Dialogue
from locales.catalogue import phrase
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.decisions import require_step
from services.queries.sessions import SessionView, session_view
from services.rules.attendance import require_possible_attendance
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason
from services.rules.typed_times import is_span, read_span_near
from services.sessions import attendance

NAME = "correction"


class State(StrEnum):
    """Where the coordinator is."""

    TIMES = "times"
    REASON = "reason"


@dataclass(frozen=True)
class CorrectionDraft:
    """The times that were given so far."""

    appointment_id: int
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    question_id: int | None = None
    """The message that asks, so that it loses its buttons when another one asks."""


Next = State | int | None


async def begin(update: Update, context: Context) -> Next:
    """*Correct attendance*: when was it? Or on with what was laid aside."""
    appointment_id = callbacks.tapped(callbacks.CorrectAttendance, update).appointment_id

    def query(session: Session) -> None:
        visitor = current_user(session, update, context)
        require_coordinator(visitor)
        action, role = Action.CORRECT_ATTENDANCE, Role.COORDINATOR
        require_step(session, appointment_id, action, role, visitor.actor.now)

    await context.app.database.read(query)
    kept = context.dialogues.draft(update, CorrectionDraft)
    if kept is None or kept.appointment_id != appointment_id:
        context.dialogues.set_draft(update, CorrectionDraft(appointment_id))
    return await _ask_reason(update, context)


async def as_booked(update: Update, context: Context) -> Next:
    """*As booked*: the scheduled times."""
    draft = _draft(update, context, callbacks.tapped(callbacks.AsScheduled, update))
    _, view = await _about(update, context)
    row = view.appointment
    return await _take(update, context, draft, row.starts_at, row.ends_at)


async def take_times(update: Update, context: Context) -> Next:
    """Typed times, where the coordinator is, as near to the session's start as they can be."""
    draft = context.dialogues.draft(update, CorrectionDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    visitor, view = await _about(update, context)
    first, last = read_span_near(
        update.message.text or "", view.appointment.starts_at, visitor.reader.zone
    )
    return await _take(update, context, draft, first, last)


async def take_reason(update: Update, context: Context) -> Next:
    """The reason is there: the times are set, the parents are asked.

    Two times are no reason, but what the coordinator meant instead of those shown to them.
    """
    draft, message = context.dialogues.draft(update, CorrectionDraft), update.message
    if draft is None or message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    checked_in_at, checked_out_at = draft.checked_in_at, draft.checked_out_at
    if checked_in_at is None or checked_out_at is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if is_span(message.text or ""):
        return await take_times(update, context)
    reason = require_reason(message.text)
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Screen]:
        visitor = current_user(session, update, context)
        attendance.correct_attendance(
            session, draft.appointment_id, visitor.actor, checked_in_at, checked_out_at, reason
        )
        return visitor, session_screen(session, visitor, draft.appointment_id, app.agency)

    try:
        visitor, card = await app.database.write(transaction)
    except Refusal:
        context.dialogues.leave(update)  # somebody else was first: no reason changes that
        raise
    app.wake_sender()
    await take_back(context, message.chat_id, draft.question_id)
    await replies.say_card(update, context, card, CardOf(draft.appointment_id), visitor.person.id)
    return Dialogue.END


async def back(update: Update, context: Context) -> Next:
    """*Back*: the times once more."""
    draft = _draft(update, context, callbacks.tapped(callbacks.CorrectionBack, update))
    anew = replace(draft, checked_in_at=None, checked_out_at=None)
    context.dialogues.set_draft(update, anew)
    return await _ask_times(update, context)


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the session's card again, as it was."""
    await leave_to_card(update, context, phrase("Nothing was changed."))
    return Dialogue.END


async def repeat(update: Update, context: Context) -> Next:
    """A second tap on a button whose question is answered: the next one stands already."""
    _draft(update, context, session_tapped(update))
    await replies.answer(update)
    return None


async def other_times(update: Update, context: Context) -> Next:
    """Something that is no text."""
    return await _ask_times(update, context)


async def other_reason(update: Update, context: Context) -> Next:
    """A photo or a sticker is no reason."""
    return await _ask_reason(update, context)


async def _take(
    update: Update, context: Context, draft: CorrectionDraft, first: datetime, last: datetime
) -> Next:
    require_possible_attendance(first, last, context.received_at)
    taken = replace(draft, checked_in_at=first, checked_out_at=last)
    context.dialogues.set_draft(update, taken)
    return await _ask_reason(update, context)


async def _ask_times(update: Update, context: Context) -> Next:
    visitor, view = await _about(update, context)
    reader = visitor.reader
    question = reader.text(
        "<b>When did it take place?</b> Press a button, or type the times, like 15:02-16:31."
    )
    rows = keyboards.in_pairs(
        keyboards.button(reader.label("As booked"), callbacks.AsScheduled(view.id)),
        keyboards.button(reader.label("Leave"), callbacks.LeaveCorrection(view.id)),
    )
    await _put(update, context, Screen(_text(visitor, view, question), rows))
    return State.TIMES


async def _ask_reason(update: Update, context: Context) -> Next:
    visitor, view = await _about(update, context)
    reader, draft = visitor.reader, context.dialogues.draft(update, CorrectionDraft)
    if draft is None or draft.checked_in_at is None or draft.checked_out_at is None:
        return await _ask_times(update, context)
    question = reader.text(
        "It took place <b>{slot}</b>. Why is the attendance corrected? Please write it in a few "
        "words; then the parents are asked.",
        slot=reader.slot(draft.checked_in_at, draft.checked_out_at),
    )
    rows = keyboards.in_pairs(
        keyboards.button(reader.label("Back"), callbacks.CorrectionBack(view.id)),
        keyboards.button(reader.label("Leave"), callbacks.LeaveCorrection(view.id)),
    )
    await _put(update, context, Screen(_text(visitor, view, question), rows))
    return State.REASON


async def _put(update: Update, context: Context, screen: Screen) -> None:
    draft = context.dialogues.draft(update, CorrectionDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    await replies.answer(update)
    asked = await ask(update, context, screen, draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=asked))


async def _about(update: Update, context: Context) -> tuple[CurrentUser, SessionView]:
    draft = context.dialogues.draft(update, CorrectionDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)

    def query(session: Session) -> tuple[CurrentUser, SessionView | None]:
        visitor = current_user(session, update, context)
        require_coordinator(visitor)
        view = session_view(session, draft.appointment_id)
        return visitor, view

    visitor, view = await context.app.database.read(query)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return visitor, view


def _draft(update: Update, context: Context, tapped: callbacks.OfSession) -> CorrectionDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, CorrectionDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _text(visitor: CurrentUser, view: SessionView, question: Markup) -> Markup:
    lines = headline(visitor.reader, view, Role.COORDINATOR)
    return Markup("\n").join([*lines, Markup(), question])


def build() -> Dialogue:
    """The dialogue that corrects attendance."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    typed = new & filters.TEXT & ~filters.COMMAND
    return Dialogue(
        name=NAME,
        entry_points=[CallbackQueryHandler(begin, pattern=tap(callbacks.CorrectAttendance))],
        states={
            State.TIMES: [
                CallbackQueryHandler(as_booked, pattern=tap(callbacks.AsScheduled)),
                MessageHandler(typed, take_times),
                MessageHandler(new & ~filters.COMMAND, other_times),
            ],
            State.REASON: [
                CallbackQueryHandler(back, pattern=tap(callbacks.CorrectionBack)),
                MessageHandler(typed, take_reason),
                MessageHandler(new & ~filters.COMMAND, other_reason),
            ],
        },
        fallbacks=[
            CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveCorrection)),
            CallbackQueryHandler(
                repeat, pattern=tap(callbacks.AsScheduled, callbacks.CorrectionBack)
            ),
        ],
        draft=CorrectionDraft,
        begins=(callbacks.CorrectAttendance,),
        go_on=lambda draft: callbacks.CorrectAttendance(draft.appointment_id),
    )
