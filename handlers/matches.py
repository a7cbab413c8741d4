"""Matches in the chat: the parents' answer, and a tutor's students (SPEC 7, 9)."""

from collections.abc import Callable, Sequence
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, match_cards, replies
from chat.cards.match import decline_card, offer_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.lists.showing import say_list
from chat.menus import on_command
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import action_done
from models.enums import Action, ListKind
from services.db import Session
from services.lifecycle.matches import require_parent_of
from services.matches.answers import Answered
from services.matches.answers import accept as accept_match
from services.matches.answers import decline as decline_match
from services.matches.missing import missing_days
from services.queries.matches import MatchView, match_view
from services.rules.refusals.sessions import NotFound
from services.rules.weekly import Occurrence

CardFor = Callable[[Reader, MatchView, int | None, Sequence[Occurrence]], Screen]


async def accept(update: Update, context: Context) -> None:
    """*Accept*: the sessions are booked."""
    match_id = callbacks.tapped(callbacks.AcceptMatch, update).match_id
    agency = context.app.agency
    await _answered(
        update,
        context,
        lambda session, user: accept_match(session, match_id, user.actor, agency),
        Action.ACCEPT_MATCH,
    )


async def decline(update: Update, context: Context) -> None:
    """*Decline*: ask whether they mean it."""
    await _shown(update, context, callbacks.DeclineMatch, decline_card)


async def confirm_decline(update: Update, context: Context) -> None:
    """*Yes, decline*: the coordinators are told."""
    match_id = callbacks.tapped(callbacks.ConfirmDecline, update).match_id
    await _answered(
        update,
        context,
        lambda session, user: decline_match(session, match_id, user.actor),
        Action.DECLINE_MATCH,
    )


async def show(update: Update, context: Context) -> None:
    """The card of a match, chosen in a list, or after *Back*."""
    await _shown(update, context, callbacks.ShowMatch, offer_card)


async def my_students(update: Update, context: Context) -> None:
    """`/mystudents`: whom a tutor teaches, when, and the next session of each."""
    await say_list(update, context, ListKind.STUDENTS, require_tutor)


async def _answered(
    update: Update,
    context: Context,
    use_case: Callable[[Session, CurrentUser], Answered],
    action: Action,
) -> None:
    """Carry out, and show what came of it on the card that was tapped."""

    def transaction(session: Session) -> tuple[CurrentUser, Answered, Screen]:
        user = current_user(session, update, context)
        answered = use_case(session, user)
        view = _view(session, answered.match.id, context)
        missing = missing_days(session, view.match, context.app.agency, context.received_at)
        return user, answered, offer_card(user.reader, view, user.person.id, missing)

    user, answered, screen = await context.app.database.write(transaction)
    done = action_done(user.reader, action, user.person.name, answered.at, is_reader=True)
    await replies.answer(update, done)
    await replies.show(update, context, screen)


async def _shown(
    update: Update, context: Context, button: type[callbacks.OfMatch], card: CardFor
) -> None:
    match_id = callbacks.tapped(button, update).match_id

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        user = current_user(session, update, context)
        view = _view(session, match_id, context)
        require_parent_of(session, view.match, user.actor)
        missing = missing_days(session, view.match, context.app.agency, context.received_at)
        return user, card(user.reader, view, user.person.id, missing)

    user, screen = await context.app.database.read(query)
    await replies.answer(update)
    await match_cards.show(update, context, screen, match_id, user.person.id)


def _view(session: Session, match_id: int, context: Context) -> MatchView:
    view = match_view(session, match_id, context.received_at)
    if view is None:
        raise NotFound
    return view


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("mystudents", my_students),
        CallbackQueryHandler(accept, pattern=callbacks.pressed(callbacks.AcceptMatch)),
        CallbackQueryHandler(decline, pattern=callbacks.pressed(callbacks.DeclineMatch)),
        CallbackQueryHandler(confirm_decline, pattern=callbacks.pressed(callbacks.ConfirmDecline)),
        CallbackQueryHandler(show, pattern=callbacks.pressed(callbacks.ShowMatch)),
    ]
