"""A parent disputes a session (SPEC 5; UX 5): reason, text, confirmation; nothing in one tap.

[Dispute] --> REASON --[a reason]--> TEXT --text, [Nothing to add]--> CONFIRM
^                     |  ^                             |   |
+-------[Back]--------+  +-----------[Back]------------+   |
[Dispute]: done, END
[Leave] at every step: END, the session stays as it is.
[Dispute] after the dialogue was laid aside: on from where it was.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup
from telegram import InlineKeyboardButton, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import ask, leave_to_card, session_tapped
from chat.cards.screens import session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations.dialogue import Dialogue
from locales.catalogue import phrase
from locales.wording import action_done, dispute_reason
from models.enums import Action, DisputeReason, Role
from services.approvals import disputes
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason

NAME = "dispute"


class State(StrEnum):
    """Where the parent is."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class DisputeDraft:
    """What the parent has said so far; nothing is disputed yet."""

    appointment_id: int
    reason: DisputeReason | None = None
    text: str | None = None
    question_id: int | None = None
    """The message that asks, so that it loses its buttons when another one asks."""


Next = State | int | None
_STEPS = (callbacks.DisputeFor, callbacks.DisputeWithoutText, callbacks.DisputeBack)


async def begin(update: Update, context: Context) -> Next:
    """*Dispute*: a reason from the list; or on with what was laid aside."""
    appointment_id = callbacks.tapped(callbacks.StartDispute, update).appointment_id

    def query(session: Session) -> None:
        visitor = current_user(session, update, context)
        disputes.require_disputable(session, appointment_id, visitor.actor)

    await context.app.database.read(query)
    await replies.answer(update)
    kept = context.dialogues.draft(update, DisputeDraft)
    if kept is None or kept.appointment_id != appointment_id or kept.reason is None:
        context.dialogues.set_draft(update, DisputeDraft(appointment_id))
        return await _ask_reason(update, context)
    return await (_ask_to_confirm if kept.text else _ask_text)(update, context)


async def choose_reason(update: Update, context: Context) -> Next:
    """A reason was tapped: what happened?"""
    tapped = callbacks.tapped(callbacks.DisputeFor, update)
    draft = _draft(update, context, tapped.appointment_id)
    context.dialogues.set_draft(update, replace(draft, reason=tapped.reason))
    await replies.answer(update)
    return await _ask_text(update, context)


async def take_text(update: Update, context: Context) -> Next:
    """What the parent wrote, shown back before it counts."""
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    text = require_reason(update.message.text)
    context.dialogues.set_draft(update, replace(draft, text=text))
    return await _ask_to_confirm(update, context)


async def without_text(update: Update, context: Context) -> Next:
    """*Nothing to add*: offered for every reason but *Other*."""
    tapped = callbacks.tapped(callbacks.DisputeWithoutText, update)
    draft = _draft(update, context, tapped.appointment_id)
    context.dialogues.set_draft(update, replace(draft, text=None))
    await replies.answer(update)
    return await _ask_to_confirm(update, context)


async def back(update: Update, context: Context) -> Next:
    """*Back*: one step."""
    tapped = callbacks.tapped(callbacks.DisputeBack, update)
    draft = _draft(update, context, tapped.appointment_id)
    await replies.answer(update)
    if tapped.to_text:
        return await _ask_text(update, context)
    context.dialogues.set_draft(update, replace(draft, reason=None))
    return await _ask_reason(update, context)


async def confirm(update: Update, context: Context) -> Next:
    """*Dispute* at the end: now it is done. Tapped twice, the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmDispute, update)
    app = context.app
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None or draft.appointment_id != tapped.appointment_id:

        def require_disputable(session: Session) -> None:
            visitor = current_user(session, update, context)
            disputes.require_disputable(session, tapped.appointment_id, visitor.actor)

        await app.database.read(require_disputable)
        raise Refusal(RefusalCode.STALE_BUTTON)
    reason = draft.reason
    if reason is None:
        return await _ask_reason(update, context)

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        visitor = current_user(session, update, context)
        outcome = disputes.dispute(session, draft.appointment_id, visitor.actor, reason, draft.text)
        card = session_screen(session, visitor, draft.appointment_id, app.agency)
        return visitor, outcome, card

    try:
        visitor, outcome, card = await app.database.write(transaction)
    except Refusal:
        context.dialogues.leave(update)  # somebody else was first
        raise
    app.wake_sender()
    done = action_done(
        visitor.reader, Action.DISPUTE, visitor.person.name, outcome.at, is_reader=True
    )
    await replies.answer(update, done)
    await replies.show_card(update, context, card, CardOf(draft.appointment_id), visitor.person.id)
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the session's card again, as it was."""
    await leave_to_card(update, context, phrase("Nothing was disputed."))
    return Dialogue.END


async def repeat(update: Update, context: Context) -> Next:
    """A second tap on a button whose question is answered: the next one stands already."""
    _draft(update, context, session_tapped(update).appointment_id)
    await replies.answer(update)
    return None


async def other(update: Update, context: Context) -> Next:
    """Something that is no text, or a text where a button is asked for."""
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    if draft.reason is None:
        return await _ask_reason(update, context)
    return await _ask_text(update, context)


async def _ask_reason(update: Update, context: Context) -> Next:
    visitor, view = await _about(update, context)
    reader = visitor.reader
    reasons = (
        keyboards.button(dispute_reason(reader, reason), callbacks.DisputeFor(view.id, reason))
        for reason in DisputeReason
    )
    rows = (*keyboards.in_pairs(*reasons), (_leave_button(visitor, view.id),))
    question = reader.text("<b>What is wrong with this session?</b>")
    await _put(update, context, Screen(_text(visitor, view, question), rows))
    return State.REASON


async def _ask_text(update: Update, context: Context) -> Next:
    visitor, view = await _about(update, context)
    reader = visitor.reader
    draft = _draft(update, context, view.id)
    reason = draft.reason or DisputeReason.OTHER
    without = keyboards.button(
        reader.label("Nothing to add"), callbacks.DisputeWithoutText(view.id)
    )
    back_button = keyboards.button(reader.label("Back"), callbacks.DisputeBack(view.id, to_text=0))
    rows = keyboards.in_pairs(
        None if reason is DisputeReason.OTHER else without,
        back_button,
        _leave_button(visitor, view.id),
    )
    question = reader.text(
        "<b>{reason}</b>. Please write in a few words what happened.",
        reason=dispute_reason(reader, reason),
    )
    await _put(update, context, Screen(_text(visitor, view, question), rows))
    return State.TEXT


async def _ask_to_confirm(update: Update, context: Context) -> Next:
    visitor, view = await _about(update, context)
    reader = visitor.reader
    draft = _draft(update, context, view.id)
    reason = dispute_reason(reader, draft.reason or DisputeReason.OTHER)
    question = reader.text("<b>Dispute this session?</b>\nReason: {reason}", reason=reason)
    if draft.text:
        question += Markup("\n<blockquote>{}</blockquote>").format(draft.text)
    question += Markup("\n") + reader.text("A coordinator looks into it and answers you.")
    rows = keyboards.in_pairs(
        keyboards.danger(reader.label("Dispute"), callbacks.ConfirmDispute(view.id)),
        keyboards.button(reader.label("Back"), callbacks.DisputeBack(view.id, to_text=1)),
        _leave_button(visitor, view.id),
    )
    await _put(update, context, Screen(_text(visitor, view, question), rows))
    return State.CONFIRM


async def _put(update: Update, context: Context, screen: Screen) -> None:
    """Show the question; where it is a new message, the one before loses its buttons."""
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    asked = await ask(update, context, screen, draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=asked))


async def _about(update: Update, context: Context) -> tuple[CurrentUser, SessionView]:
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)

    def query(session: Session) -> tuple[CurrentUser, SessionView | None]:
        visitor = current_user(session, update, context)
        view = session_view(session, draft.appointment_id)
        return visitor, view

    visitor, view = await context.app.database.read(query)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return visitor, view


def _draft(update: Update, context: Context, appointment_id: int) -> DisputeDraft:
    """The draft, if the button tapped belongs to it."""
    draft = context.dialogues.draft(update, DisputeDraft)
    if draft is None or draft.appointment_id != appointment_id:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def _text(visitor: CurrentUser, view: SessionView, question: Markup) -> Markup:
    return Markup("\n").join([*headline(visitor.reader, view, Role.PARENT), Markup(), question])


def _leave_button(visitor: CurrentUser, appointment_id: int) -> InlineKeyboardButton:
    return keyboards.button(visitor.reader.label("Leave"), callbacks.LeaveDispute(appointment_id))


def build() -> Dialogue:
    """The dispute dialogue."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    anything = MessageHandler(new & ~filters.COMMAND, other)
    back_handler = CallbackQueryHandler(back, pattern=tap(callbacks.DisputeBack))
    return Dialogue(
        name=NAME,
        entry_points=[
            CallbackQueryHandler(begin, pattern=tap(callbacks.StartDispute)),
            CallbackQueryHandler(confirm, pattern=tap(callbacks.ConfirmDispute)),
        ],
        states={
            State.REASON: [
                CallbackQueryHandler(choose_reason, pattern=tap(callbacks.DisputeFor)),
                anything,
            ],
            State.TEXT: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                CallbackQueryHandler(without_text, pattern=tap(callbacks.DisputeWithoutText)),
                back_handler,
                anything,
            ],
            State.CONFIRM: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                back_handler,
                anything,
            ],
        },
        fallbacks=[
            CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveDispute)),
            CallbackQueryHandler(repeat, pattern=tap(*_STEPS)),
        ],
        draft=DisputeDraft,
        begins=(callbacks.StartDispute,),
        go_on=lambda draft: callbacks.StartDispute(draft.appointment_id),
    )
