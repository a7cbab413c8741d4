"""A coordinator settles a dispute, verifies, clears a check-in or waives a penalty: the reason.

    [Verify] [Uphold] [Return] on a dispute's card --+
    [Verify] [Clear check-in] [Waive penalty]       -+--> REASON --text--> done, END
                              on a session's card          |   ^              [Leave]: END
                                                           +---+ anything else: asked again

The question stands in the group or in the private chat, where the button was tapped, and nowhere
else: a later choice about the same session takes the earlier question away. In the group only a
reply to the bot is an answer, whatever else of the talk there it may see; `group_answers` offers
to take what is written in the private chat instead.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import filters

from chat import callbacks, questions, replies
from chat.app_context import AppContext
from chat.callbacks import Button, Settlement
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.incoming import ToBot, chat_id_of, is_private, message_of
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.group_questions import (
    answered,
    ask_one_person,
    is_for_another,
    leave_saying,
    not_yours,
    say_undone,
)
from conversations.premise import OVERTAKEN, Premise
from conversations.settlement_questions import (
    ACTIONS,
    Decision,
    SettlementDraft,
    label_of,
    question_of,
)
from conversations.wizard import Answers, Next
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import action_done
from models.dispute import Dispute
from models.enums import Role
from services.approvals import approvals, disputes
from services.db import Session
from services.lifecycle.decisions import require_step
from services.lifecycle.status import Outcome
from services.queries.cards import live_cards_of_dispute
from services.queries.dashboard import dispute_with_names
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import DisputeSettled, StaleButton
from services.rules.refusals.typed import ReasonRequired
from services.rules.texts import require_reason
from services.sessions import attendance, waivers

NAME = "settlement"


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"


async def settle_dispute(update: Update, context: Context) -> Next:
    """A button of a dispute's card: why?"""
    tapped = callbacks.tapped(callbacks.Settle, update)
    try:
        user, dispute = await context.app.database.read(
            _live_dispute, update, context, tapped.dispute_id
        )
    except DisputeSettled:
        await questions.close_all(update, context, SettlementDraft, _asks_of(tapped.dispute_id))
        raise
    draft = SettlementDraft(dispute.appointment_id, Decision(tapped.how), dispute.id)
    return await _ask(update, context, user, draft)


async def verify_session(update: Update, context: Context) -> Next:
    """*Verify* on a session that no parent answers: why?"""
    about = callbacks.tapped(callbacks.VerifySession, update).appointment_id
    return await _begin(update, context, SettlementDraft(about, Decision.VERIFY))


async def clear_check_in(update: Update, context: Context) -> Next:
    """*Clear check-in*: why?"""
    about = callbacks.tapped(callbacks.ClearCheckIn, update).appointment_id
    return await _begin(update, context, SettlementDraft(about, Decision.CLEAR_CHECK_IN))


async def waive(update: Update, context: Context) -> Next:
    """*Waive penalty*: why?"""
    about = callbacks.tapped(callbacks.WaivePenalty, update).appointment_id
    return await _begin(update, context, SettlementDraft(about, Decision.WAIVE_PENALTY))


async def take_reason(update: Update, context: Context) -> Next:
    """Take the reason, carry out the decision, and bring every card up to date."""
    draft = wizard.draft_of(update, context, SettlementDraft)
    if is_for_another(update, context):
        user = await context.app.database.read(_require_possible, update, context, draft)
        question = not_yours(user.reader, question_of(user.reader, draft.decision))
        return await _ask_reason(update, context, user, question)
    try:
        reason = require_reason(message_of(update).text)
    except Refusal as refusal:
        return await _ask_again(update, context, refusal)

    def carry_out(session: Session, user: CurrentUser) -> Outcome:
        return settle(session, user, draft, reason)

    try:
        user, outcome = await wizard.carry_out(update, context, carry_out)
    except OVERTAKEN as first:
        if is_private(update):
            raise
        await say_undone(update, context, draft, first, partial(_undone, draft))
        return Dialogue.END
    await _take_question(update, context, draft)
    await answered(update, context)
    if not await context.app.database.read(_is_on_card, update, draft):
        done = done_screen(user, draft, outcome, in_group=not is_private(update))
        await replies.say(update, context, done)
    return Dialogue.END


async def other(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker, which is not a reason."""
    return await _ask_again(update, context, ReasonRequired())


async def _begin(update: Update, context: Context, draft: SettlementDraft) -> Next:
    """Ask for the reason, unless the decision would be refused anyway."""
    user = await context.app.database.read(_require_possible, update, context, draft)
    return await _ask(update, context, user, draft)


async def _ask(update: Update, context: Context, user: CurrentUser, draft: SettlementDraft) -> Next:
    await replies.answer(update)
    kept = context.dialogues.draft(update, SettlementDraft)
    if kept is not None:
        await wizard.take_back(update, context, kept)
        draft = replace(draft, asked_id=kept.asked_id)
    context.dialogues.set_draft(update, draft)
    is_about_it = _is_about(draft.appointment_id)
    await questions.close_others(update, context, SettlementDraft, is_about_it)
    return await _ask_reason(update, context, user, question_of(user.reader, draft.decision))


def _is_about(appointment_id: int) -> Callable[[SettlementDraft], bool]:
    return lambda draft: draft.appointment_id == appointment_id


def _asks_of(dispute_id: int) -> Callable[[SettlementDraft], bool]:
    return lambda draft: draft.dispute_id == dispute_id


async def _ask_again(update: Update, context: Context, refusal: Refusal) -> Next:
    draft = wizard.draft_of(update, context, SettlementDraft)
    user = await context.app.database.read(_require_possible, update, context, draft)
    why = refusal_text(user.reader, refusal, user.person.id)
    return await _ask_reason(update, context, user, escape(why))


async def _ask_reason(
    update: Update, context: Context, user: CurrentUser, question: Markup
) -> Next:
    """Ask, in the chat where the button was tapped."""
    hint = user.reader.label("Your reason, in a few words")
    draft = wizard.draft_of(update, context, SettlementDraft)
    leaves = callbacks.LeaveSettlement(draft.appointment_id)
    message = await ask_one_person(update, context, user, question, hint, leaves)
    await _take_question(update, context, draft)
    context.dialogues.set_draft(update, replace(draft, asked_id=message.message_id))
    return State.REASON


async def _take_question(update: Update, context: Context, draft: SettlementDraft) -> None:
    """Take away the question that is answered, or asked once more below."""
    if draft.asked_id is not None:
        await questions.take_away(context, chat_id_of(update), draft.asked_id)


def _is_on_card(session: Session, update: Update, draft: SettlementDraft) -> bool:
    """Whether the group's card of the dispute says what was done: no line is said beside it."""
    if draft.dispute_id is None or is_private(update):
        return False
    live = live_cards_of_dispute(session, draft.appointment_id, draft.dispute_id)
    return any(card.chat_id == chat_id_of(update) for card in live)


def done_screen(
    user: CurrentUser, draft: SettlementDraft, outcome: Outcome, *, in_group: bool
) -> Screen:
    """The text of what was done; in the group with the name, since "you" could be anybody."""
    reader, action = user.reader, ACTIONS[draft.decision]
    done = action_done(reader, action, user.person.name, outcome.at, is_reader=not in_group)
    if draft.dispute_id is None:
        return Screen(reader.text("✅ {done}.", done=done))
    return Screen(reader.text("✅ Dispute {number}: {done}.", number=draft.dispute_id, done=done))


def _undone(draft: SettlementDraft, reader: Reader) -> Markup:
    """That the decision was not carried out; a dispute has its number."""
    decision = label_of(reader, draft.decision)
    if draft.dispute_id is None:
        return reader.text("<b>{decision}</b> was not done.", decision=decision)
    return reader.text(
        "Dispute {number}: <b>{decision}</b> was not done.",
        number=draft.dispute_id,
        decision=decision,
    )


def _live_dispute(
    session: Session, update: Update, context: Context, dispute_id: int
) -> tuple[CurrentUser, Dispute]:
    """The dispute, if it can still be settled. Refused as settling it would be."""
    user = current_user(session, update, context)
    require_coordinator(user)
    found = dispute_with_names(session, dispute_id)
    if found is None:
        raise StaleButton
    disputes.require_live(session, found[0], user.actor.now)
    return user, found[0]


def _require_possible(
    session: Session, update: Update, context: Context, draft: SettlementDraft
) -> CurrentUser:
    """Check that the decision could be made now. Refused as it would be."""
    user = current_user(session, update, context)
    require_possible(session, user, context.app, draft)
    return user


def require_possible(
    session: Session, user: CurrentUser, _app: AppContext, draft: SettlementDraft
) -> None:
    """The same, for whoever is asked for the reason. Refused as the decision would be."""
    about, actor = draft.appointment_id, user.actor
    if draft.decision is Decision.WAIVE_PENALTY:
        waivers.require_waivable(session, about, actor)
        return
    require_coordinator(user)
    if draft.dispute_id is None:
        require_step(session, about, ACTIONS[draft.decision], Role.COORDINATOR, actor.now)
    elif (found := disputes.dispute_of(session, draft.dispute_id)) is not None:
        disputes.require_live(session, found, actor.now)


def settle(session: Session, user: CurrentUser, draft: SettlementDraft, reason: str) -> Outcome:
    """Carry out the decision. Refused as each of them."""
    about, dispute_id, actor = draft.appointment_id, draft.dispute_id, user.actor
    if draft.decision is Decision.CLEAR_CHECK_IN:
        return attendance.clear_check_in(session, about, actor, reason)
    if draft.decision is Decision.WAIVE_PENALTY:
        return waivers.waive_penalty(session, about, actor, reason)
    if draft.decision is Decision.UPHOLD and dispute_id is not None:
        return disputes.uphold(session, dispute_id, actor, reason)
    if draft.decision is Decision.RETURN and dispute_id is not None:
        return disputes.return_to_parent(session, dispute_id, actor, reason)
    return approvals.verify(session, about, actor, reason, dispute_id=dispute_id)


def _taken_up(draft: SettlementDraft) -> Button:
    """The button that began the dialogue."""
    match draft.decision:
        case Decision.CLEAR_CHECK_IN:
            return callbacks.ClearCheckIn(draft.appointment_id)
        case Decision.WAIVE_PENALTY:
            return callbacks.WaivePenalty(draft.appointment_id)
    if draft.dispute_id is None:
        return callbacks.VerifySession(draft.appointment_id)
    return callbacks.Settle(draft.dispute_id, Settlement(draft.decision))


def build() -> Dialogue:
    """The dialogue for everything that asks a coordinator for a reason only."""
    return wizard.build(
        NAME,
        SettlementDraft,
        begin={
            callbacks.Settle: settle_dispute,
            callbacks.VerifySession: verify_session,
            callbacks.ClearCheckIn: clear_check_in,
            callbacks.WaivePenalty: waive,
        },
        states={State.REASON: Answers({}, take_reason, other)},
        leave={callbacks.LeaveSettlement: leave_saying(phrase("Nothing was changed."))},
        take_up=_taken_up,
        hears=filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | ToBot()),
    ).resting_on(Premise(require_possible, by_reply=True))
