"""A tutor or a parent asks for another time, or suggests one instead (SPEC 6; UX 10).

[Change time] --> SLOT --[a time]------------------> REASON --[a reason]-----------> CONFIRM
[Suggest      ^    |--[Other day]--> DAY --[a day]--> HOUR    --[Other]--> TEXT --text--> |
 another] ----+    |                 (back to SLOT: [Back])                               |
              |    +--a typed time, at any of these; one that comes twice is asked about  |
              +-----------------------------[Back]----------------------------------------+
CONFIRM --[Send]--> done, END. A counter-proposal needs no reason: SLOT leads to CONFIRM.
[Leave] at every step: END, the session stays as it is.
"""

from dataclasses import replace
from datetime import datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, replies
from chat.asking import leave_to_card, session_tapped
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.dialogue import Dialogue
from conversations.reschedule_questions import (
    Next,
    RescheduleDraft,
    State,
    ask_next,
    ask_slot,
    case_of,
    put_slots,
    ways_out,
)
from conversations.slot_questions import (
    day_of,
    read_typed,
    start_of,
    which_day,
    which_hour,
    which_of_two,
)
from locales.catalogue import phrase
from locales.refusals import refusal_text
from models.enums import ChangeReason
from services.db import Session
from services.reschedules import negotiation
from services.reschedules.answers import appointment_of
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason

NAME = "rescheduling"

ANOTHER_TIME_WILL_DO = frozenset(
    {RefusalCode.SLOT_TAKEN, RefusalCode.SLOT_PASSED, RefusalCode.SAME_TIME}
)
"""Refusals after which the dialogue goes on: *Back* leads to the times."""


async def begin(update: Update, context: Context) -> Next:
    """*Change time*: a new request; or on with what was laid aside."""
    appointment_id = callbacks.tapped(callbacks.StartMove, update).appointment_id
    return await _begin(update, context, RescheduleDraft(appointment_id))


async def begin_counter(update: Update, context: Context) -> Next:
    """*Suggest another*: an answer with another time."""
    proposal_id = callbacks.tapped(callbacks.SuggestSlot, update).proposal_id
    appointment_id = await context.app.database.read(appointment_of, proposal_id)
    return await _begin(update, context, RescheduleDraft(appointment_id, proposal_id))


async def _begin(update: Update, context: Context, new: RescheduleDraft) -> Next:
    kept = context.dialogues.draft(update, RescheduleDraft)
    draft = kept if kept and _is_of_the_same(kept, new) else new
    case = await case_of(update, context, draft)
    told = None
    if draft.new_starts_at is not None and draft.new_starts_at <= case.reader.now:
        told = refusal_text(case.reader, Refusal(RefusalCode.SLOT_PASSED), case.visitor.person.id)
        draft = replace(draft, new_starts_at=None)
    await replies.answer(update, told)
    if draft.new_starts_at is None:
        return await ask_slot(update, context, case, draft)
    return await ask_next(update, context, case, draft)


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered, or one of the two that a typed one can mean."""
    tapped = callbacks.tapped(callbacks.ChooseSlot, update)
    draft = _draft(update, context, tapped)
    return await _take_slot(update, context, draft, start_of(tapped))


async def show_month(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    tapped = callbacks.tapped(callbacks.ShowMonth, update)
    draft = _draft(update, context, tapped)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    question = which_day(case.reader, case.view.id, tapped.month, *ways_out(case, to_slots=True))
    return await put_slots(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    tapped = callbacks.tapped(callbacks.ChooseDay, update)
    draft = _draft(update, context, tapped)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    question = await context.app.database.read(
        which_hour, case.reader, case.appointment, day_of(tapped), *ways_out(case, to_slots=True)
    )
    return await put_slots(update, context, case, draft, question)


async def take_typed_slot(update: Update, context: Context) -> Next:
    """A typed time; one that the clocks show twice is asked about."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await case_of(update, context, draft)
    try:
        starts_at = read_typed(case.reader, case.appointment, update.message.text or "")
    except Refusal as refusal:
        if refusal.code is not RefusalCode.TIME_TWICE:
            raise
        question = which_of_two(case.reader, case.view.id, refusal, *ways_out(case, to_slots=True))
        return await put_slots(update, context, case, draft, question)
    return await _take_slot(update, context, draft, starts_at)


async def back_to_slots(update: Update, context: Context) -> Next:
    """*Back*: the times that are offered."""
    draft = _draft(update, context, callbacks.tapped(callbacks.MoveToSlots, update))
    case = await case_of(update, context, draft)
    await replies.answer(update)
    return await ask_slot(update, context, case, replace(draft, new_starts_at=None))


async def choose_reason(update: Update, context: Context) -> Next:
    """A reason was tapped; *Other* has to be written."""
    tapped = callbacks.tapped(callbacks.MoveFor, update)
    draft = replace(_draft(update, context, tapped), reason=tapped.reason, text=None)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


async def take_text(update: Update, context: Context) -> Next:
    """What was written goes with the reason, and is shown back before it counts."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if draft.proposal_id is not None:  # it needs no reason, so this is another time
        return await take_typed_slot(update, context)
    text = require_reason(update.message.text)
    case = await case_of(update, context, draft)
    reason = draft.reason or ChangeReason.OTHER
    return await ask_next(update, context, case, replace(draft, reason=reason, text=text))


async def back_to_reasons(update: Update, context: Context) -> Next:
    """*Back*: the reasons once more."""
    draft = _draft(update, context, callbacks.tapped(callbacks.MoveToReasons, update))
    case = await case_of(update, context, draft)
    await replies.answer(update)
    return await ask_next(update, context, case, replace(draft, reason=None, text=None))


async def confirm(update: Update, context: Context) -> Next:
    """*Send*: now the other side is asked. A second tap finds it asked already."""
    tapped, app = callbacks.tapped(callbacks.ConfirmMove, update), context.app
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        await case_of(update, context, RescheduleDraft(tapped.appointment_id))  # says what is open
        raise Refusal(RefusalCode.STALE_BUTTON)
    try:

        def transaction(session: Session) -> tuple[CurrentUser, Screen]:
            visitor = current_user(session, update, context)
            _send(session, visitor, draft)
            card = session_screen(session, visitor, draft.appointment_id, app.agency)
            return visitor, card

        visitor, card = await app.database.write(transaction)
    except Refusal as refusal:
        if refusal.code not in ANOTHER_TIME_WILL_DO:
            context.dialogues.leave(update)  # somebody else was first, or it is too late
        raise
    app.wake_sender()
    sent = visitor.reader.label("Sent. You will hear as soon as it is answered.")
    await replies.answer(update, sent)
    await replies.show_card(update, context, card, CardOf(draft.appointment_id), visitor.person.id)
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the session's card again, as it was."""
    await leave_to_card(update, context, phrase("Nothing was changed."))
    return Dialogue.END


async def repeat(update: Update, context: Context) -> Next:
    """A second tap on a button whose question is answered: the next one stands already."""
    _draft(update, context, session_tapped(update))
    await replies.answer(update)
    return None


async def other(update: Update, context: Context) -> Next:
    """Something that is no text: the question once more."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await case_of(update, context, draft)
    if draft.new_starts_at is None:
        return await ask_slot(update, context, case, draft)
    return await ask_next(update, context, case, draft)


async def _take_slot(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime
) -> Next:
    """This is the time; whether it is free is asked here, so that nobody writes in vain."""
    case = await case_of(update, context, draft, starts_at)
    await replies.answer(update)
    return await ask_next(update, context, case, replace(draft, new_starts_at=starts_at))


def _send(session: Session, visitor: CurrentUser, draft: RescheduleDraft) -> None:
    starts_at = draft.new_starts_at
    if starts_at is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if draft.proposal_id is not None:
        negotiation.counter(session, draft.proposal_id, visitor.actor, starts_at)
        return
    reason = draft.reason or ChangeReason.OTHER
    negotiation.propose(session, draft.appointment_id, visitor.actor, starts_at, reason, draft.text)


def _draft(update: Update, context: Context, tapped: callbacks.OfSession) -> RescheduleDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _is_of_the_same(kept: RescheduleDraft, new: RescheduleDraft) -> bool:
    return (kept.appointment_id, kept.proposal_id) == (new.appointment_id, new.proposal_id)


def _taken_up(draft: RescheduleDraft) -> callbacks.Button:
    """The button that began it."""
    if draft.proposal_id is not None:
        return callbacks.SuggestSlot(draft.proposal_id)
    return callbacks.StartMove(draft.appointment_id)


def build() -> Dialogue:
    """The dialogue that asks for another time."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    text = new & filters.TEXT & ~filters.COMMAND
    typed, said = MessageHandler(text, take_typed_slot), MessageHandler(text, take_text)
    anything = MessageHandler(new & ~filters.COMMAND, other)
    slots = CallbackQueryHandler(back_to_slots, pattern=tap(callbacks.MoveToSlots))
    reasons = CallbackQueryHandler(back_to_reasons, pattern=tap(callbacks.MoveToReasons))
    return Dialogue(
        name=NAME,
        entry_points=[
            CallbackQueryHandler(begin, pattern=tap(callbacks.StartMove)),
            CallbackQueryHandler(begin_counter, pattern=tap(callbacks.SuggestSlot)),
            CallbackQueryHandler(confirm, pattern=tap(callbacks.ConfirmMove)),
        ],
        states={
            State.SLOT: [
                CallbackQueryHandler(choose_slot, pattern=tap(callbacks.ChooseSlot)),
                CallbackQueryHandler(show_month, pattern=tap(callbacks.ShowMonth)),
                CallbackQueryHandler(choose_day, pattern=tap(callbacks.ChooseDay)),
                slots,
                typed,
                anything,
            ],
            State.REASON: [
                CallbackQueryHandler(choose_reason, pattern=tap(callbacks.MoveFor)),
                slots,
                said,
                anything,
            ],
            State.TEXT: [reasons, said, anything],
            State.CONFIRM: [slots, reasons, said, anything],
        },
        fallbacks=[
            CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveMove)),
            CallbackQueryHandler(
                repeat,
                pattern=tap(
                    callbacks.ChooseSlot,
                    callbacks.ShowMonth,
                    callbacks.ChooseDay,
                    callbacks.MoveFor,
                    callbacks.MoveToSlots,
                    callbacks.MoveToReasons,
                ),
            ),
        ],
        draft=RescheduleDraft,
        begins=(callbacks.StartMove, callbacks.SuggestSlot),
        go_on=_taken_up,
    )
