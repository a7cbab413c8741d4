"""A parent answers a match; of a decline the coordinators read why, if they like (SPEC 7).

[Accept] --> booked, END
[Decline] --> REASON --text or [Decline without a reason]--> declined, END
              |  ^
              +--+ anything else: asked again          [Leave]: END, the offer stays open
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, match_cards, replies
from chat.cards.match import decline_card, offer_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of
from chat.screen import Screen
from chat.tapped import tapped_message
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import Draft
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.lifecycle.matches import require_parent_of
from services.matches.answers import Answered, accept, decline
from services.matches.missing import missing_days
from services.messaging.deliveries import MessagePlace
from services.queries.matches import MatchView, match_of

NAME = "match_answer"
_DECLINE = Action.DECLINE_MATCH


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"


@dataclass(frozen=True)
class DeclineDraft(Draft):
    """The match that is declined."""

    match_id: int


async def accept_it(update: Update, context: Context) -> Next:
    """*Accept*: the sessions are booked, and the card that was tapped shows what came of it."""
    about = callbacks.tapped(callbacks.AcceptMatch, update).match_id

    def use_case(session: Session, user: CurrentUser) -> Answered:
        return accept(session, about, user.actor, context.app.agency)

    return await _answer(update, context, use_case, Action.ACCEPT_MATCH)


async def begin(update: Update, context: Context) -> Next:
    """*Decline*: ask why; of a match that is answered, show by whom."""
    about = callbacks.tapped(callbacks.DeclineMatch, update).match_id
    user, view = await context.app.database.read(_offered, update, context, about)
    await replies.answer(update)
    if not view.is_open:
        card = await context.app.database.read(_card, user, about, context)
        await match_cards.show(update, context, card, about, user.person.id)
        return None
    kept = context.dialogues.draft(update, DeclineDraft) or DeclineDraft(about)
    return await _ask(update, context, user, view, replace(kept, match_id=about))


async def take_text(update: Update, context: Context) -> Next:
    """Declined with this reason, and the offer above says so; where the reason is too long, another
    text will do.
    """
    draft = wizard.draft_of(update, context, DeclineDraft)
    why = await typed_below(update, context)

    def decline_match(session: Session, user: CurrentUser) -> Answered:
        return decline(session, draft.match_id, user.actor, why)

    user, answered = await wizard.carry_out(update, context, decline_match)
    await wizard.take_back(update, context, draft)
    told = user.reader.text(
        "✖️ {done}. The coordinators have your reason.", done=_done(user, _DECLINE, answered)
    )
    await replies.say(update, context, Screen(told))
    return Dialogue.END


async def decline_at_once(update: Update, context: Context) -> Next:
    """*Decline without a reason*."""
    about = callbacks.tapped(callbacks.ConfirmDecline, update).match_id

    def use_case(session: Session, user: CurrentUser) -> Answered:
        return decline(session, about, user.actor)

    return await _answer(update, context, use_case, _DECLINE)


async def _answer(
    update: Update,
    context: Context,
    use_case: Callable[[Session, CurrentUser], Answered],
    action: Action,
) -> Next:
    """Answer with a tap; the tapped card shows what came of it, and the question goes."""

    def transaction(session: Session) -> tuple[CurrentUser, Answered, Screen]:
        user = current_user(session, update, context)
        answered = use_case(session, user)
        return user, answered, _card(session, user, answered.match.id, context)

    user, answered, card = await context.app.database.write(transaction)
    await replies.answer(update, _done(user, action, answered))
    about, tapped = answered.match.id, tapped_message(update)
    draft = context.dialogues.draft(update, DeclineDraft)
    if draft is not None and tapped is not None and draft.question_id == tapped.message_id:
        await match_cards.show_above(update, context, card, about, user.person.id)
        return _ended(update, context, about)
    await match_cards.show(update, context, card, about, user.person.id)
    if draft is not None and draft.match_id == about:
        await wizard.take_back(update, context, draft)
    return _ended(update, context, about)


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the question goes; the offer stands above it, or else in its place."""
    about = callbacks.tapped(callbacks.ShowMatch, update).match_id
    user, _ = await context.app.database.read(_offered, update, context, about)
    card = await context.app.database.read(_card, user, about, context)
    await replies.answer(update, user.reader.label("Nothing is decided yet."))
    await match_cards.show_above(update, context, card, about, user.person.id)
    return _ended(update, context, about)


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    draft = wizard.draft_of(update, context, DeclineDraft)
    user, view = await context.app.database.read(_offered, update, context, draft.match_id)
    return await _ask(update, context, user, view, draft)


def _done(user: CurrentUser, action: Action, answered: Answered) -> str:
    return action_done(user.reader, action, user.person.name, answered.at, is_reader=True)


def _ended(update: Update, context: Context, match_id: int) -> Next:
    """The dialogue is over, unless it has gone on to another match."""
    draft = context.dialogues.draft(update, DeclineDraft)
    return None if draft is None or draft.match_id != match_id else Dialogue.END


def _offered(
    session: Session, update: Update, context: Context, match_id: int
) -> tuple[CurrentUser, MatchView]:
    """The match, for a parent of its child. Refused: NotFound, NotYourChild, OwnSession."""
    user = current_user(session, update, context)
    view = match_of(session, match_id, context.received_at)
    require_parent_of(session, view.match, user.actor)
    return user, view


def _card(session: Session, user: CurrentUser, match_id: int, context: Context) -> Screen:
    view = match_of(session, match_id, context.received_at)
    missing = missing_days(session, view.match, context.app.agency, context.received_at)
    return offer_card(user.reader, view, user.person.id, missing)


async def _ask(
    update: Update, context: Context, user: CurrentUser, view: MatchView, draft: DeclineDraft
) -> Next:
    """Ask below the offer, which keeps its buttons; the question is edited as it is."""
    screen = decline_card(user.reader, view, user.person.id)
    await wizard.ask(update, context, draft, screen, below=True)
    asked = wizard.draft_of(update, context, DeclineDraft).question_id
    if asked is not None:
        place = MessagePlace(chat_id_of(update), asked)
        await match_cards.keep(context, place, view.id, user.person.id)
    return State.REASON


def build() -> Dialogue:
    """The dialogue in which a match is answered."""
    return wizard.build(
        NAME,
        DeclineDraft,
        begin={callbacks.DeclineMatch: begin},
        states={State.REASON: Answers({}, take_text, ask_again)},
        confirm={callbacks.AcceptMatch: accept_it, callbacks.ConfirmDecline: decline_at_once},
        leave={callbacks.ShowMatch: leave},
        take_up=lambda draft: callbacks.DeclineMatch(draft.match_id),
    )
