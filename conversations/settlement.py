"""A coordinator settles a dispute, verifies, clears a check-in or waives a penalty: the reason.

    [Verify] [Uphold] [Return] on a dispute's card --+
    [Verify] [Clear check-in] [Waive penalty]       -+--> REASON --text--> done, END
                              on a session's card          |   ^
                                                           +---+ anything else: asked again

The question stands in the group or in the private chat, where the button was tapped. In the group
only a reply to the bot is an answer, whatever else of the talk there it may see.
"""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, replies
from chat.asking import ask_reason, take_back
from chat.callbacks import Settlement
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.incoming import ToBot, chat_id_of
from chat.screen import Screen
from conversations.dialogue import Dialogue
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import action_done
from models.dispute import Dispute
from models.enums import Action, Role
from services.approvals import approvals, disputes
from services.db import Session
from services.lifecycle.decisions import require_step
from services.lifecycle.status import Outcome
from services.queries.dashboard import dispute_with_names
from services.rules.refusals import Refusal, RefusalCode
from services.rules.texts import require_reason
from services.sessions import attendance, waivers

NAME = "settlement"


class State(StrEnum):
    """Where the coordinator is."""

    REASON = "reason"


class Deed(StrEnum):
    """What the reason is asked for."""

    VERIFY = "verify"
    UPHOLD = "uphold"
    RETURN = "return"
    CLEAR_CHECK_IN = "clear_check_in"
    WAIVE_PENALTY = "waive_penalty"


@dataclass(frozen=True)
class SettlementDraft:
    """What is to be done once the reason is there."""

    deed: Deed
    appointment_id: int
    dispute_id: int | None = None
    question_id: int | None = None
    """The message whose button takes this up again, once it was laid aside."""


Next = State | int | None

_ACTIONS = {
    Deed.VERIFY: Action.VERIFY,
    Deed.UPHOLD: Action.UPHOLD,
    Deed.RETURN: Action.RETURN,
    Deed.CLEAR_CHECK_IN: Action.CLEAR_CHECK_IN,
    Deed.WAIVE_PENALTY: Action.WAIVE_PENALTY,
}


async def settle_dispute(update: Update, context: Context) -> Next:
    """A button of a dispute's card: why?"""
    tapped = callbacks.tapped(callbacks.Settle, update)

    def query(session: Session) -> tuple[CurrentUser, tuple[Dispute, str | None, str | None]]:
        visitor = current_user(session, update, context)
        require_coordinator(visitor)
        found = dispute_with_names(session, tapped.dispute_id)
        if found is None:
            raise Refusal(RefusalCode.STALE_BUTTON)
        disputes.require_live(session, found[0], visitor.actor.now)
        return visitor, found

    visitor, found = await context.app.database.read(query)
    deed = {
        Settlement.VERIFY: Deed.VERIFY,
        Settlement.UPHOLD: Deed.UPHOLD,
        Settlement.RETURN: Deed.RETURN,
    }[tapped.how]
    draft = SettlementDraft(deed, found[0].appointment_id, tapped.dispute_id)
    return await _ask(update, context, visitor, draft)


async def verify_session(update: Update, context: Context) -> Next:
    """*Verify* on a session that no parent answers: why?"""
    appointment_id = callbacks.tapped(callbacks.VerifySession, update).appointment_id
    return await _ask_about(update, context, SettlementDraft(Deed.VERIFY, appointment_id))


async def clear_check_in(update: Update, context: Context) -> Next:
    """*Clear check-in*: why?"""
    appointment_id = callbacks.tapped(callbacks.ClearCheckIn, update).appointment_id
    return await _ask_about(update, context, SettlementDraft(Deed.CLEAR_CHECK_IN, appointment_id))


async def waive(update: Update, context: Context) -> Next:
    """*Waive penalty*: why?"""
    appointment_id = callbacks.tapped(callbacks.WaivePenalty, update).appointment_id

    def query(session: Session) -> CurrentUser:
        visitor = current_user(session, update, context)
        waivers.require_waivable(session, appointment_id, visitor.actor)
        return visitor

    visitor = await context.app.database.read(query)
    return await _ask(update, context, visitor, SettlementDraft(Deed.WAIVE_PENALTY, appointment_id))


async def take_reason(update: Update, context: Context) -> Next:
    """The reason is there: it is done, and every card is brought up to date."""
    draft = context.dialogues.draft(update, SettlementDraft)
    if draft is None or update.message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    try:
        reason = require_reason(update.message.text)
    except Refusal as refusal:
        return await _ask_again(update, context, refusal)
    try:

        def transaction(session: Session) -> tuple[CurrentUser, Outcome]:
            visitor = current_user(session, update, context)
            outcome = _do(session, visitor, draft, reason)
            return visitor, outcome

        visitor, outcome = await context.app.database.write(transaction)
    except Refusal:
        context.dialogues.leave(update)  # it cannot be done any more, whatever the reason
        raise
    context.app.wake_sender()
    await replies.say(update, context, _done_screen(update, visitor, draft, outcome))
    return Dialogue.END


async def other(update: Update, context: Context) -> Next:
    """A photo or a sticker is no reason."""
    return await _ask_again(update, context, Refusal(RefusalCode.REASON_REQUIRED))


async def _ask_again(update: Update, context: Context, refusal: Refusal) -> Next:
    visitor = await _coordinator(update, context)
    why = refusal_text(visitor.reader, refusal, visitor.person.id)
    await ask_reason(update, context, visitor, escape(why))
    return State.REASON


async def _ask_about(update: Update, context: Context, draft: SettlementDraft) -> Next:
    """Ask, unless the session stands so that it could not be done anyway."""

    def query(session: Session) -> CurrentUser:
        visitor = current_user(session, update, context)
        require_coordinator(visitor)
        require_step(
            session,
            draft.appointment_id,
            _ACTIONS[draft.deed],
            Role.COORDINATOR,
            visitor.actor.now,
        )
        return visitor

    visitor = await context.app.database.read(query)
    return await _ask(update, context, visitor, draft)


def _done_screen(
    update: Update, visitor: CurrentUser, draft: SettlementDraft, outcome: Outcome
) -> Screen:
    """What was done; in the group with a name, since "you" might be anybody there."""
    reader, chat = visitor.reader, update.effective_chat
    is_private = chat is not None and chat.type == Chat.PRIVATE
    action, name = _ACTIONS[draft.deed], visitor.person.name
    done = action_done(reader, action, name, outcome.at, is_reader=is_private)
    if draft.dispute_id is None:
        return Screen(reader.text("✅ {done}.", done=done))
    return Screen(reader.text("✅ Dispute {number}: {done}.", number=draft.dispute_id, done=done))


async def _ask(
    update: Update, context: Context, visitor: CurrentUser, draft: SettlementDraft
) -> Next:
    await replies.answer(update)
    kept = context.dialogues.draft(update, SettlementDraft)
    if kept is not None:
        await take_back(context, chat_id_of(update), kept.question_id)
    context.dialogues.set_draft(update, draft)
    question = {
        Deed.VERIFY: _verify_question,
        Deed.UPHOLD: _uphold_question,
        Deed.RETURN: _return_question,
        Deed.CLEAR_CHECK_IN: _clear_question,
        Deed.WAIVE_PENALTY: _waive_question,
    }[draft.deed](visitor.reader)
    await ask_reason(update, context, visitor, question)
    return State.REASON


async def _coordinator(update: Update, context: Context) -> CurrentUser:
    visitor = await context.app.database.read(current_user, update, context)
    require_coordinator(visitor)
    return visitor


def _do(session: Session, visitor: CurrentUser, draft: SettlementDraft, reason: str) -> Outcome:
    actor = visitor.actor
    if draft.deed is Deed.CLEAR_CHECK_IN:
        return attendance.clear_check_in(session, draft.appointment_id, actor, reason)
    if draft.deed is Deed.WAIVE_PENALTY:
        return waivers.waive_penalty(session, draft.appointment_id, actor, reason)
    if draft.deed is Deed.UPHOLD and draft.dispute_id is not None:
        return disputes.uphold(session, draft.dispute_id, actor, reason)
    if draft.deed is Deed.RETURN and draft.dispute_id is not None:
        return disputes.return_to_parent(session, draft.dispute_id, actor, reason)
    return approvals.verify(
        session, draft.appointment_id, actor, reason, dispute_id=draft.dispute_id
    )


def _verify_question(reader: Reader) -> Markup:
    return reader.text(
        "Why is this session <b>verified</b>? It then counts as acknowledged. The family and the "
        "tutor read your reason."
    )


def _uphold_question(reader: Reader) -> Markup:
    return reader.text(
        "Why is the dispute <b>upheld</b>? That is for good: nothing is billed. The family and "
        "the tutor read your reason."
    )


def _return_question(reader: Reader) -> Markup:
    return reader.text(
        "Why does it go <b>back to the parents</b>? They are asked again, and read your reason."
    )


def _clear_question(reader: Reader) -> Markup:
    return reader.text(
        "Why is the <b>check-in cleared</b>? The session is then scheduled again, and the tutor "
        "reads your reason."
    )


def _waive_question(reader: Reader) -> Markup:
    return reader.text("Why is the <b>penalty waived</b>? Whose it was reads your reason.")


def _taken_up(draft: SettlementDraft) -> callbacks.Button:
    """The button that began it."""
    match draft.deed:
        case Deed.CLEAR_CHECK_IN:
            return callbacks.ClearCheckIn(draft.appointment_id)
        case Deed.WAIVE_PENALTY:
            return callbacks.WaivePenalty(draft.appointment_id)
    if draft.dispute_id is None:
        return callbacks.VerifySession(draft.appointment_id)
    return callbacks.Settle(draft.dispute_id, Settlement(draft.deed))


def build() -> Dialogue:
    """The dialogue for everything that asks a coordinator for a reason only."""
    new, tap = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | ToBot()), callbacks.pressed
    return Dialogue(
        name=NAME,
        entry_points=[
            CallbackQueryHandler(settle_dispute, pattern=tap(callbacks.Settle)),
            CallbackQueryHandler(verify_session, pattern=tap(callbacks.VerifySession)),
            CallbackQueryHandler(clear_check_in, pattern=tap(callbacks.ClearCheckIn)),
            CallbackQueryHandler(waive, pattern=tap(callbacks.WaivePenalty)),
        ],
        states={
            State.REASON: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_reason),
                MessageHandler(new & ~filters.COMMAND, other),
            ]
        },
        draft=SettlementDraft,
        begins=(
            callbacks.Settle,
            callbacks.VerifySession,
            callbacks.ClearCheckIn,
            callbacks.WaivePenalty,
        ),
        go_on=_taken_up,
    )
