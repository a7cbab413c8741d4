"""A tutor or a parent asks for another time, or suggests one instead (SPEC 6; UX 10).

[Change time] --> SLOT --[a time]------------------> REASON --[a reason]-----------> CONFIRM
[Suggest      ^    |--[Other day]--> DAY --[a day]--> HOUR    --[Other]--> TEXT --text--> |
 another] ----+    |                 (back to SLOT: [Back])                               |
              |    +--a typed time, at any of these; one that comes twice is asked about  |
              +-----------------------------[Back]----------------------------------------+
CONFIRM --[Send]--> done, END. A counter-proposal needs no reason: SLOT leads to CONFIRM.
[Leave] at every step: END, the session stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import ask
from chat.cards import headline
from chat.context import Context
from chat.delivery import CardOf
from chat.keyboards import Rows
from chat.screen import Screen
from chat.session_screens import session_screen
from chat.visitors import Visitor, visitor_of
from conversations.dialogue import Dialogue
from conversations.slot_questions import (
    Question,
    day_of,
    read_typed,
    start_of,
    when_instead,
    which_day,
    which_hour,
    which_of_two,
)
from locales.reader import Reader
from locales.wording import change_reason
from models import Appointment
from models.enums import ChangeReason, Role
from services import reschedules
from services.answers import appointment_of
from services.db import Session
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode
from services.rules.reschedule import new_end
from services.rules.session_changes import REASONS
from services.rules.texts import require_reason

NAME = "rescheduling"


class State(StrEnum):
    """Where the person is."""

    SLOT = "slot"
    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class RescheduleDraft:
    """What was said so far; nobody is asked yet."""

    appointment_id: int
    proposal_id: int | None = None
    """The version that is answered with another time; None: a new request."""
    new_starts_at: datetime | None = None
    reason: ChangeReason | None = None
    text: str | None = None
    question_id: int | None = None
    """The message that asks, so that it loses its buttons when another one asks."""


@dataclass(frozen=True)
class Case:
    """Who asks, for which session, as which side."""

    visitor: Visitor
    view: SessionView
    side: Role

    @property
    def reader(self) -> Reader:
        return self.visitor.reader

    @property
    def appointment(self) -> Appointment:
        return self.view.appointment


Next = State | int | None

ANOTHER_TIME_WILL_DO = frozenset(
    {RefusalCode.SLOT_TAKEN, RefusalCode.SLOT_PASSED, RefusalCode.SAME_TIME}
)
"""Refusals after which the dialogue goes on: *Back* leads to the times."""


# ------------------------------------------------------------------------------------- the steps


async def begin(update: Update, context: Context) -> Next:
    """*Change time*: a new request; or on with what was laid aside."""
    appointment_id = callbacks.tapped(callbacks.StartMove, update).appointment_id
    return await _begin(update, context, RescheduleDraft(appointment_id))


async def begin_counter(update: Update, context: Context) -> Next:
    """*Suggest another*: an answer with another time."""
    proposal_id = callbacks.tapped(callbacks.SuggestSlot, update).proposal_id
    async with context.house.database.reading() as session:
        appointment_id = await appointment_of(session, proposal_id)
    return await _begin(update, context, RescheduleDraft(appointment_id, proposal_id))


async def _begin(update: Update, context: Context, new: RescheduleDraft) -> Next:
    kept = context.dialogues.draft(update, RescheduleDraft)
    draft = kept if kept and _is_of_the_same(kept, new) else new
    case = await _case(update, context, draft)
    await replies.answer(update)
    if draft.new_starts_at is None or draft.new_starts_at <= case.reader.now:
        return await _ask_slot(update, context, case, draft)
    return await _ask_next(update, context, case, draft)


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered, or one of the two that a typed one can mean."""
    tapped = callbacks.tapped(callbacks.ChooseSlot, update)
    draft = _draft(update, context, tapped)
    return await _take_slot(update, context, draft, start_of(tapped))


async def show_month(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    tapped = callbacks.tapped(callbacks.ShowMonth, update)
    draft = _draft(update, context, tapped)
    case = await _case(update, context, draft)
    await replies.answer(update)
    question = which_day(case.reader, case.view.id, tapped.month)
    return await _put_slots(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    tapped = callbacks.tapped(callbacks.ChooseDay, update)
    draft = _draft(update, context, tapped)
    case = await _case(update, context, draft)
    await replies.answer(update)
    async with context.house.database.reading() as session:
        question = await which_hour(session, case.reader, case.appointment, day_of(tapped))
    return await _put_slots(update, context, case, draft, question)


async def take_typed_slot(update: Update, context: Context) -> Next:
    """A typed time; one that the clocks show twice is asked about."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await _case(update, context, draft)
    try:
        starts_at = read_typed(case.reader, case.appointment, update.message.text or "")
    except Refusal as refusal:
        if refusal.code is not RefusalCode.TIME_TWICE:
            raise
        question = which_of_two(case.reader, case.view.id, refusal)
        return await _put_slots(update, context, case, draft, question)
    return await _take_slot(update, context, draft, starts_at)


async def back_to_slots(update: Update, context: Context) -> Next:
    """*Back*: the times that are offered."""
    draft = _draft(update, context, callbacks.tapped(callbacks.MoveToSlots, update))
    case = await _case(update, context, draft)
    await replies.answer(update)
    return await _ask_slot(update, context, case, replace(draft, new_starts_at=None))


async def choose_reason(update: Update, context: Context) -> Next:
    """A reason was tapped; *Other* has to be written."""
    tapped = callbacks.tapped(callbacks.MoveFor, update)
    draft = replace(_draft(update, context, tapped), reason=tapped.reason, text=None)
    case = await _case(update, context, draft)
    await replies.answer(update)
    return await _ask_next(update, context, case, draft)


async def take_text(update: Update, context: Context) -> Next:
    """What was written goes with the reason, and is shown back before it counts."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if draft.proposal_id is not None:  # it needs no reason, so this is another time
        return await take_typed_slot(update, context)
    text = require_reason(update.message.text)
    case = await _case(update, context, draft)
    reason = draft.reason or ChangeReason.OTHER
    return await _ask_next(update, context, case, replace(draft, reason=reason, text=text))


async def back_to_reasons(update: Update, context: Context) -> Next:
    """*Back*: the reasons once more."""
    draft = _draft(update, context, callbacks.tapped(callbacks.MoveToReasons, update))
    case = await _case(update, context, draft)
    await replies.answer(update)
    return await _ask_next(update, context, case, replace(draft, reason=None, text=None))


async def confirm(update: Update, context: Context) -> Next:
    """*Send*: now the other side is asked. A second tap finds it asked already."""
    tapped, house = callbacks.tapped(callbacks.ConfirmMove, update), context.house
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        await _case(update, context, RescheduleDraft(tapped.appointment_id))  # says what is open
        raise Refusal(RefusalCode.STALE_BUTTON)
    try:
        async with house.database.unit_of_work() as session:
            visitor = await visitor_of(session, update, context)
            await _send(session, visitor, draft)
            card = await session_screen(session, visitor, draft.appointment_id, house.agency)
    except Refusal as refusal:
        if refusal.code not in ANOTHER_TIME_WILL_DO:
            context.dialogues.leave(update)  # somebody else was first, or it is too late
        raise
    house.wake_sender()
    sent = visitor.reader.label("Sent. You will hear as soon as it is answered.")
    await replies.answer(update, sent)
    await replies.show_card(update, context, card, CardOf(draft.appointment_id), visitor.person.id)
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the session's card again, as it was."""
    tapped = callbacks.tapped(callbacks.LeaveMove, update)
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
        card = await session_screen(session, visitor, tapped.appointment_id, context.house.agency)
    await replies.answer(update, visitor.reader.label("Nothing was changed."))
    await replies.show_card(update, context, card, CardOf(tapped.appointment_id), visitor.person.id)
    return Dialogue.END


async def repeat(update: Update, context: Context) -> Next:
    """A second tap on a button whose question is answered: the next one stands already."""
    button = callbacks.decode(update.callback_query.data if update.callback_query else None)
    if isinstance(button, callbacks.OfSession):
        _draft(update, context, button)
    await replies.answer(update)
    return None


async def other(update: Update, context: Context) -> Next:
    """Something that is no text: the question once more."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await _case(update, context, draft)
    if draft.new_starts_at is None:
        return await _ask_slot(update, context, case, draft)
    return await _ask_next(update, context, case, draft)


# --------------------------------------------------------------------------------- the questions


async def _send(session: Session, visitor: Visitor, draft: RescheduleDraft) -> None:
    starts_at = draft.new_starts_at
    if starts_at is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if draft.proposal_id is not None:
        await reschedules.counter(session, draft.proposal_id, visitor.actor, starts_at)
        return
    reason = draft.reason or ChangeReason.OTHER
    await reschedules.propose(
        session, draft.appointment_id, visitor.actor, starts_at, reason, draft.text
    )


async def _take_slot(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime
) -> Next:
    """This is the time; whether it is free is asked here, so that nobody writes in vain."""
    case = await _case(update, context, draft, starts_at)
    await replies.answer(update)
    return await _ask_next(update, context, case, replace(draft, new_starts_at=starts_at))


async def _ask_next(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    """What is still missing: a reason, its text, or only the confirmation."""
    if draft.proposal_id is None:
        if draft.reason is None:
            return await _ask_reason(update, context, case, draft)
        if draft.reason is ChangeReason.OTHER and draft.text is None:
            return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def _ask_slot(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    async with context.house.database.reading() as session:
        question = await when_instead(session, case.reader, case.appointment)
    rows = (*question.rows, (_leave_button(case),))
    await _put(update, context, case, draft, question.text, rows)
    return State.SLOT


async def _put_slots(
    update: Update, context: Context, case: Case, draft: RescheduleDraft, question: Question
) -> Next:
    """A further question about the time, from which *Back* leads to the first."""
    rows = (*question.rows, _ways_out(case, to_slots=True))
    await _put(update, context, case, draft, question.text, rows)
    return State.SLOT


async def _ask_reason(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    reader, about = case.reader, case.view.id
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.MoveFor(about, reason))
        for reason in REASONS[case.side]
    )
    rows = (*keyboards.in_pairs(*reasons), _ways_out(case, to_slots=True))
    await _put(update, context, case, draft, reader.text("<b>Why is it moved?</b>"), rows)
    return State.REASON


async def _ask_text(update: Update, context: Context, case: Case, draft: RescheduleDraft) -> Next:
    question = case.reader.text("Please write in a few words why it is moved.")
    await _put(update, context, case, draft, question, (_ways_out(case, to_slots=False),))
    return State.TEXT


async def _ask_to_confirm(
    update: Update, context: Context, case: Case, draft: RescheduleDraft
) -> Next:
    reader = case.reader
    lines = [
        reader.text("<b>Ask the tutor?</b>")
        if case.side is Role.PARENT
        else reader.text("<b>Ask the parents?</b>")
    ]
    if draft.reason is not None:
        why = change_reason(reader, draft.reason)
        lines.append(reader.text("Reason: {why}", why=why))
    if draft.text:
        lines.append(Markup("<blockquote>{}</blockquote>").format(draft.text))
    until = reader.dated_moment(case.appointment.starts_at)
    lines.append(
        reader.text(
            "It stays as it is until they accept. An answer counts until {until}.", until=until
        )
    )
    send = keyboards.success(reader.label("Send"), callbacks.ConfirmMove(case.view.id))
    rows = ((send,), _ways_out(case, to_slots=draft.proposal_id is not None))
    await _put(update, context, case, draft, Markup("\n").join(lines), rows)
    return State.CONFIRM


async def _put(
    update: Update,
    context: Context,
    case: Case,
    draft: RescheduleDraft,
    question: Markup,
    rows: Rows,
) -> None:
    """Show the question; where it is a new message, the one before loses its buttons."""
    lines = [*headline(case.reader, case.view, case.side, lasts=True)]
    if draft.new_starts_at is not None:
        row = case.appointment
        ends_at = new_end(row.starts_at, row.ends_at, draft.new_starts_at)
        slot = case.reader.dated_slot(draft.new_starts_at, ends_at)
        lines.append(case.reader.text("🔁 New time: <b>{slot}</b>", slot=slot))
    screen = Screen(Markup("\n").join([*lines, Markup(), question]), rows)
    asked = await ask(update, context, screen, draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=asked))


async def _case(
    update: Update, context: Context, draft: RescheduleDraft, starts_at: datetime | None = None
) -> Case:
    """Whether they could ask now, for `starts_at` if given. Refused as the request would be."""
    async with context.house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        side = await reschedules.require_proposable(
            session,
            draft.appointment_id,
            visitor.actor,
            answers=draft.proposal_id,
            new_starts_at=starts_at,
        )
        view = await session_view(session, draft.appointment_id)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return Case(visitor, view, side)


def _draft(update: Update, context: Context, tapped: callbacks.OfSession) -> RescheduleDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, RescheduleDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _is_of_the_same(kept: RescheduleDraft, new: RescheduleDraft) -> bool:
    return (kept.appointment_id, kept.proposal_id) == (new.appointment_id, new.proposal_id)


def _ways_out(case: Case, *, to_slots: bool) -> tuple[InlineKeyboardButton, ...]:
    about = case.view.id
    goes = callbacks.MoveToSlots(about) if to_slots else callbacks.MoveToReasons(about)
    return (keyboards.button(case.reader.label("Back"), goes), _leave_button(case))


def _leave_button(case: Case) -> InlineKeyboardButton:
    return keyboards.button(case.reader.label("Leave"), callbacks.LeaveMove(case.view.id))


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
    )
