"""A tutor or a parent cancels a session (SPEC 6; UX 5): reason, penalty, confirmation.

[Cancel] --> REASON --[a reason]-----------> CONFIRM --[Cancel the session]--> done, END
             ^  ^   --[Other]--> TEXT --text--> |  ^
             |  +-----[Back]-------+            |  +-- text: added to the reason
             +----------------[Back]------------+
[Leave] at every step: END, the session stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import ask, leave_to_card, session_tapped
from chat.cards.cancellation import guidance_lines
from chat.cards.screens import session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.dialogue import Dialogue
from locales.catalogue import phrase
from locales.wording import action_done, change_reason
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import SessionView, session_view
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal, RefusalCode
from services.rules.session_changes import REASONS
from services.rules.texts import require_reason
from services.sessions import cancellations

NAME = "cancellation"


class State(StrEnum):
    """Where the person is."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class CancellationDraft:
    """What was said so far; nothing is cancelled yet."""

    appointment_id: int
    reason: ChangeReason | None = None
    text: str | None = None
    shown: Guidance | None = None
    """The penalty guidance that stands in the panel."""
    question_id: int | None = None
    """The message that asks, so that it loses its buttons when another one asks."""


@dataclass(frozen=True)
class Case:
    """Who cancels what, as which side, and what the penalty sheet says of it now."""

    visitor: CurrentUser
    view: SessionView
    side: Role
    guidance: Guidance | None


Next = State | int | None


async def begin(update: Update, context: Context) -> Next:
    """*Cancel*: a reason of this side's list; or on with what was laid aside."""
    appointment_id = callbacks.tapped(callbacks.StartCancel, update).appointment_id
    kept = context.dialogues.draft(update, CancellationDraft)
    if kept is None or kept.appointment_id != appointment_id:
        kept = CancellationDraft(appointment_id)
    case = await _case(update, context, appointment_id)
    await replies.answer(update)
    if kept.reason is None or (kept.reason is ChangeReason.OTHER and kept.text is None):
        return await _ask_reason(update, context, case, replace(kept, reason=None))
    return await _ask_to_confirm(update, context, case, kept)


async def choose_reason(update: Update, context: Context) -> Next:
    """A reason was tapped: what does it cost? *Other* has to be written."""
    tapped = callbacks.tapped(callbacks.CancelFor, update)
    draft = replace(_draft(update, context, tapped), reason=tapped.reason, text=None)
    case = await _case(update, context, draft.appointment_id)
    await replies.answer(update)
    if tapped.reason is ChangeReason.OTHER:
        return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def take_text(update: Update, context: Context) -> Next:
    """What was written goes with the reason, and is shown back before it counts."""
    draft = context.dialogues.draft(update, CancellationDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    text = require_reason(update.message.text)
    case = await _case(update, context, draft.appointment_id)
    reason = draft.reason or ChangeReason.OTHER
    return await _ask_to_confirm(update, context, case, replace(draft, reason=reason, text=text))


async def back(update: Update, context: Context) -> Next:
    """*Back*: the reasons once more."""
    draft = _draft(update, context, callbacks.tapped(callbacks.CancelBack, update))
    case = await _case(update, context, draft.appointment_id)
    await replies.answer(update)
    return await _ask_reason(update, context, case, replace(draft, reason=None, text=None))


async def confirm(update: Update, context: Context) -> Next:
    """*Cancel the session*: now it is done. Tapped twice, the same answer.

    Where the sheet says something else by now than what was read, it is asked once more.
    """
    tapped, app = callbacks.tapped(callbacks.ConfirmCancel, update), context.app
    draft = context.dialogues.draft(update, CancellationDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id or draft.reason is None:
        await _case(update, context, tapped.appointment_id)  # it says who cancelled it, if so
        raise Refusal(RefusalCode.STALE_BUTTON)
    if await _reads_otherwise(update, context, draft):
        case = await _case(update, context, draft.appointment_id)
        told = case.visitor.reader.label("The penalty has changed meanwhile: please read again.")
        await replies.answer(update, told)
        return await _ask_to_confirm(update, context, case, draft)

    reason = draft.reason

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        visitor = current_user(session, update, context)
        outcome = cancellations.cancel(
            session, draft.appointment_id, visitor.actor, reason, draft.text, draft.shown
        )
        card = session_screen(session, visitor, draft.appointment_id, app.agency)
        return visitor, outcome, card

    try:
        visitor, outcome, card = await app.database.write(transaction)
    except Refusal:
        context.dialogues.leave(update)  # somebody else was first, or it is too late
        raise
    app.wake_sender()
    done = action_done(
        visitor.reader, Action.CANCEL, visitor.person.name, outcome.at, is_reader=True
    )
    await replies.answer(update, done)
    await replies.show_card(update, context, card, CardOf(draft.appointment_id), visitor.person.id)
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the session's card again, as it was."""
    await leave_to_card(update, context, phrase("Nothing was cancelled."))
    return Dialogue.END


async def repeat(update: Update, context: Context) -> Next:
    """A second tap on a button whose question is answered: the next one stands already."""
    _draft(update, context, session_tapped(update))
    await replies.answer(update)
    return None


async def other(update: Update, context: Context) -> Next:
    """Something that is no text: the question once more."""
    draft = context.dialogues.draft(update, CancellationDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    case = await _case(update, context, draft.appointment_id)
    if draft.reason is None:
        return await _ask_reason(update, context, case, draft)
    if draft.reason is ChangeReason.OTHER and draft.text is None:
        return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def _ask_reason(
    update: Update, context: Context, case: Case, draft: CancellationDraft
) -> Next:
    reader, about = case.visitor.reader, case.view.id
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.CancelFor(about, reason))
        for reason in REASONS[case.side]
    )
    rows = (*keyboards.in_pairs(*reasons), (_leave_button(case),))
    await _put(update, context, case, draft, reader.text("<b>Why is it cancelled?</b>"), rows)
    return State.REASON


async def _ask_text(update: Update, context: Context, case: Case, draft: CancellationDraft) -> Next:
    reader = case.visitor.reader
    question = reader.text("Please write in a few words why it is cancelled.")
    await _put(update, context, case, draft, question, ((_back_button(case), _leave_button(case)),))
    return State.TEXT


async def _ask_to_confirm(
    update: Update, context: Context, case: Case, draft: CancellationDraft
) -> Next:
    reader, guidance = case.visitor.reader, case.guidance
    why = change_reason(reader, draft.reason or ChangeReason.OTHER)
    lines = [reader.text("<b>Cancel this session?</b>\nReason: {reason}", reason=why)]
    if draft.text:
        lines.append(Markup("<blockquote>{}</blockquote>").format(draft.text))
    lines += guidance_lines(reader, guidance)
    if guidance is not None:
        lines.append(reader.text("A coordinator can waive it: please ask if there was no way."))
    rows = keyboards.in_pairs(
        keyboards.danger(reader.label("Cancel session"), callbacks.ConfirmCancel(case.view.id)),
        _back_button(case),
        _leave_button(case),
    )
    shown = replace(draft, shown=guidance)
    await _put(update, context, case, shown, Markup("\n").join(lines), rows)
    return State.CONFIRM


async def _put(
    update: Update,
    context: Context,
    case: Case,
    draft: CancellationDraft,
    question: Markup,
    rows: keyboards.Rows,
) -> None:
    """Show the question; where it is a new message, the one before loses its buttons."""
    lines = [*headline(case.visitor.reader, case.view, case.side), Markup(), question]
    asked = await ask(update, context, Screen(Markup("\n").join(lines), rows), draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=asked))


async def _reads_otherwise(update: Update, context: Context, draft: CancellationDraft) -> bool:
    """Whether this tap still cancels, but at another price than the one that was read."""
    try:
        case = await _case(update, context, draft.appointment_id)
    except Refusal:
        return False
    return case.guidance != draft.shown


async def _case(update: Update, context: Context, appointment_id: int) -> Case:
    """Whether they could cancel now. Refused as the cancellation itself would be."""

    def query(session: Session) -> tuple[CurrentUser, Role, timedelta, SessionView | None]:
        visitor = current_user(session, update, context)
        side, notice = cancellations.require_cancellable(session, appointment_id, visitor.actor)
        view = session_view(session, appointment_id)
        return visitor, side, notice, view

    visitor, side, notice, view = await context.app.database.read(query)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return Case(visitor, view, side, context.app.penalties.sheet.guidance_for(side, notice))


def _draft(update: Update, context: Context, tapped: callbacks.OfSession) -> CancellationDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, CancellationDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _back_button(case: Case) -> InlineKeyboardButton:
    label = case.visitor.reader.label("Back")
    return keyboards.button(label, callbacks.CancelBack(case.view.id))


def _leave_button(case: Case) -> InlineKeyboardButton:
    label = case.visitor.reader.label("Leave")
    return keyboards.button(label, callbacks.LeaveCancel(case.view.id))


def build() -> Dialogue:
    """The dialogue that cancels a session."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    typed = MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text)
    anything = MessageHandler(new & ~filters.COMMAND, other)
    back_handler = CallbackQueryHandler(back, pattern=tap(callbacks.CancelBack))
    return Dialogue(
        name=NAME,
        entry_points=[
            CallbackQueryHandler(begin, pattern=tap(callbacks.StartCancel)),
            CallbackQueryHandler(confirm, pattern=tap(callbacks.ConfirmCancel)),
        ],
        states={
            State.REASON: [
                CallbackQueryHandler(choose_reason, pattern=tap(callbacks.CancelFor)),
                typed,
                anything,
            ],
            State.TEXT: [typed, back_handler, anything],
            State.CONFIRM: [typed, back_handler, anything],
        },
        fallbacks=[
            CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveCancel)),
            CallbackQueryHandler(repeat, pattern=tap(callbacks.CancelFor, callbacks.CancelBack)),
        ],
        draft=CancellationDraft,
        begins=(callbacks.StartCancel,),
        go_on=lambda draft: callbacks.StartCancel(draft.appointment_id),
    )
