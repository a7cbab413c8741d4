"""A coordinator cancels for a side, moves, gives to another tutor or replaces (SPEC 2, 6; UX 5).

[Cancel] --------> CHOICE: whose? --+
[Move] [Replace] > CHOICE: when? ---+--[one of them]--> REASON --text--> CONFIRM --[...]--> done,
[Other tutor] ---> CHOICE: who? ----+                   |  ^               | |              END
                   ^                                    |  +----[Back]-----+ +-- text: another
                   +--------------[Back]----------------+                        reason
A time can be typed; one that comes twice is asked about. [Leave] at every step: END, nothing is
changed.
"""

from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, replies
from chat.asking import leave_to_card, session_tapped
from chat.callbacks import Deed
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.coordinator_change_draft import (
    CoordinationDraft,
    carry_out,
    chosen,
    done_before,
    require_possible,
)
from conversations.coordinator_change_questions import (
    Case,
    Next,
    State,
    ask_choice,
    ask_next,
    case_of,
    put_choice,
    ways_out,
)
from conversations.dialogue import Dialogue
from conversations.slot_questions import (
    day_of,
    read_typed,
    which_day,
    which_hour,
    which_of_two,
)
from locales.catalogue import phrase
from locales.wording import action_done
from services.db import Session
from services.lifecycle.status import Outcome
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason

NAME = "coordination"

ANOTHER_CHOICE_WILL_DO = frozenset(
    {
        RefusalCode.SLOT_TAKEN,
        RefusalCode.SLOT_PASSED,
        RefusalCode.SAME_TIME,
        RefusalCode.TUTOR_TAKEN,
    }
)
"""Refusals after which the dialogue goes on: *Back* leads to what can be chosen."""

CHOICES = (callbacks.ForSide, callbacks.ChooseSlot, callbacks.GiveTo)


# ------------------------------------------------------------------------------------- the choice


async def begin(update: Update, context: Context) -> Next:
    """A button of the card: whose, when or who? Or on with what was laid aside."""
    tapped = callbacks.tapped(callbacks.Coordinate, update)
    new = CoordinationDraft(tapped.deed, tapped.appointment_id)
    case = await case_of(update, context, new)
    row = case.appointment
    new = replace(new, seen_starts_at=row.starts_at, seen_tutor_id=row.tutor_id)
    kept = context.dialogues.draft(update, CoordinationDraft)
    draft = kept if kept is not None and _began_alike(kept, new) else new
    try:
        case = await case_of(update, context, draft)
    except Refusal:
        draft = new  # what was chosen before is taken or past by now
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


async def choose(update: Update, context: Context) -> Next:
    """A side, a tutor, a time that was offered, or one of the two that a typed one can mean."""
    tapped = session_tapped(update)
    return await _go_on(update, context, chosen(_draft(update, context, tapped), tapped))


async def show_month(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    tapped = callbacks.tapped(callbacks.ShowMonth, update)
    draft = _draft(update, context, tapped)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    question = which_day(case.reader, case.view.id, tapped.month, *ways_out(case))
    return await put_choice(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    tapped = callbacks.tapped(callbacks.ChooseDay, update)
    draft = _draft(update, context, tapped)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    question = await context.app.database.read(
        which_hour, case.reader, case.appointment, day_of(tapped), *ways_out(case)
    )
    return await put_choice(update, context, case, draft, question)


async def turn_page(update: Update, context: Context) -> Next:
    """*More* and *Back* below the tutors."""
    tapped = callbacks.tapped(callbacks.TutorPage, update)
    draft = _draft(update, context, tapped)
    case = await case_of(update, context, draft)
    await replies.answer(update)
    return await ask_choice(update, context, case, draft, tapped.offset)


async def take_typed(update: Update, context: Context) -> Next:
    """A typed time; one that the clocks show twice is asked about. Else it is no answer."""
    draft = context.dialogues.draft(update, CoordinationDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await case_of(update, context, draft)
    if draft.deed not in (Deed.MOVE, Deed.REPLACE):
        return await ask_next(update, context, case, draft)
    try:
        starts_at = read_typed(case.reader, case.appointment, update.message.text or "")
    except Refusal as refusal:
        if refusal.code is not RefusalCode.TIME_TWICE:
            raise
        question = which_of_two(case.reader, case.view.id, refusal, *ways_out(case))
        return await put_choice(update, context, case, draft, question)
    return await _go_on(update, context, replace(draft, starts_at=starts_at))


# ----------------------------------------------------------------------- reason and confirmation


async def take_reason(update: Update, context: Context) -> Next:
    """The reason, or another one; it is shown back before it counts."""
    draft = context.dialogues.draft(update, CoordinationDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    reason = require_reason(update.message.text)
    return await _go_on(update, context, replace(draft, reason=reason))


async def back(update: Update, context: Context) -> Next:
    """*Back*: the reason once more, or the choice, which may have become impossible."""
    tapped = callbacks.tapped(callbacks.CoordinateBack, update)
    draft = replace(_draft(update, context, tapped), reason=None)
    if tapped.to_reason:
        try:
            return await _go_on(update, context, draft)
        except Refusal as refusal:
            if refusal.code not in ANOTHER_CHOICE_WILL_DO:
                raise
    return await _go_on(update, context, draft.unchosen())


async def confirm(update: Update, context: Context) -> Next:
    """Now it is done. Tapped twice, it tells what was done.

    Where the sheet names another penalty by now than the one read, it is asked once more.
    """
    tapped, app = callbacks.tapped(callbacks.ConfirmCoordinate, update), context.app
    draft = context.dialogues.draft(update, CoordinationDraft)
    if draft is None or (draft.appointment_id, draft.deed) != (tapped.appointment_id, tapped.deed):
        raise await _answered(update, context, tapped)
    if changed := await _at_another_price(update, context, draft):
        told = changed.reader.label("The penalty has changed meanwhile: please read again.")
        await replies.answer(update, told)
        return await ask_next(update, context, changed, draft)
    try:

        def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
            visitor = current_user(session, update, context)
            outcome = carry_out(session, draft, visitor.actor)
            card = session_screen(session, visitor, draft.appointment_id, app.agency)
            return visitor, outcome, card

        visitor, outcome, card = await app.database.write(transaction)
    except Refusal as refusal:
        if refusal.code not in ANOTHER_CHOICE_WILL_DO:
            context.dialogues.leave(update)  # somebody else was first, or it is too late
        raise
    app.wake_sender()
    name, at = visitor.person.name, outcome.at
    await replies.answer(
        update, action_done(visitor.reader, draft.action(), name, at, is_reader=True)
    )
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
    draft = context.dialogues.draft(update, CoordinationDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return await _go_on(update, context, draft)


async def _go_on(update: Update, context: Context, draft: CoordinationDraft) -> Next:
    case = await case_of(update, context, draft)
    await replies.answer(update)
    return await ask_next(update, context, case, draft)


async def _answered(
    update: Update, context: Context, tapped: callbacks.ConfirmCoordinate
) -> Refusal:
    """There is nothing to confirm: who has done it?"""
    draft = CoordinationDraft(tapped.deed, tapped.appointment_id)

    def query(session: Session) -> Refusal:
        visitor = current_user(session, update, context)
        require_possible(session, draft, visitor.actor)  # says who ended it, if so
        return done_before(session, draft)

    return await context.app.database.read(query)


async def _at_another_price(
    update: Update, context: Context, draft: CoordinationDraft
) -> Case | None:
    """The case, where the session can still be cancelled, but not as the panel has it."""
    if draft.deed is not Deed.CANCEL:
        return None
    try:
        case = await case_of(update, context, draft)
    except Refusal:
        return None
    return case if case.guidance != draft.shown else None


def _draft(update: Update, context: Context, tapped: callbacks.OfSession) -> CoordinationDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, CoordinationDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _began_alike(kept: CoordinationDraft, new: CoordinationDraft) -> bool:
    """Whether what was laid aside is about the same, as it still is."""
    return new == replace(kept.unchosen(), reason=None, shown=None, question_id=None)


def build() -> Dialogue:
    """The dialogue in which a coordinator changes a session."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    text = new & filters.TEXT & ~filters.COMMAND
    said = MessageHandler(text, take_reason)
    anything = MessageHandler(new & ~filters.COMMAND, other)
    goes_back = CallbackQueryHandler(back, pattern=tap(callbacks.CoordinateBack))
    return Dialogue(
        name=NAME,
        entry_points=[
            CallbackQueryHandler(begin, pattern=tap(callbacks.Coordinate)),
            CallbackQueryHandler(confirm, pattern=tap(callbacks.ConfirmCoordinate)),
        ],
        states={
            State.CHOICE: [
                CallbackQueryHandler(choose, pattern=tap(*CHOICES)),
                CallbackQueryHandler(show_month, pattern=tap(callbacks.ShowMonth)),
                CallbackQueryHandler(choose_day, pattern=tap(callbacks.ChooseDay)),
                CallbackQueryHandler(turn_page, pattern=tap(callbacks.TutorPage)),
                goes_back,
                MessageHandler(text, take_typed),
                anything,
            ],
            State.REASON: [goes_back, said, anything],
            State.CONFIRM: [goes_back, said, anything],
        },
        fallbacks=[
            CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveCoordinate)),
            CallbackQueryHandler(
                repeat,
                pattern=tap(
                    *CHOICES, callbacks.ShowMonth, callbacks.ChooseDay, callbacks.TutorPage
                ),
            ),
        ],
        draft=CoordinationDraft,
        begins=(callbacks.Coordinate,),
        go_on=lambda draft: callbacks.Coordinate(draft.appointment_id, draft.deed),
    )
