"""A request to move a session, answered by one tap; `/change` (SPEC 6; UX 10)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import say_list
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from chat.tapped import is_one_of_several
from locales.wording import action_done
from models.enums import Action, ListKind
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.reschedules import negotiation

AnswerWith = Callable[[Session, int, Actor], Outcome]


async def accept(update: Update, context: Context) -> None:
    """*Accept*: the session moves."""
    use_case = partial(negotiation.accept, zone=context.app.agency.zone)
    await _answer(update, context, callbacks.AcceptSlot, use_case, Action.ACCEPT)


async def decline(update: Update, context: Context) -> None:
    """*Decline*: the session stays at its time."""
    await _answer(update, context, callbacks.DeclineSlot, negotiation.reject, Action.REJECT)


async def withdraw(update: Update, context: Context) -> None:
    """*Withdraw*: the request needs no answer any more."""
    await _answer(update, context, callbacks.WithdrawRequest, negotiation.withdraw, Action.WITHDRAW)


async def _answer(
    update: Update,
    context: Context,
    button: type[callbacks.OfProposal],
    use_case: AnswerWith,
    action: Action,
) -> None:
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, int, Screen]:
        user = current_user(session, update, context)
        outcome = use_case(session, callbacks.tapped(button, update).proposal_id, user.actor)
        about = outcome.appointment.id
        screen = session_screen(session, user, about, app.agency)
        return user, outcome, about, screen

    user, outcome, about, screen = await app.database.write(transaction)
    done = action_done(user.reader, action, user.person.name, outcome.at, is_reader=True)
    await replies.answer(update, done)
    if is_one_of_several(update, about):
        return
    await replies.show_card(update, context, screen, CardOf(about), user.person.id)


async def change(update: Update, context: Context) -> None:
    """`/change`: a button for each session that can be moved or cancelled, or has a request."""
    await say_list(update, context, ListKind.TO_CHANGE)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of notification buttons, which may be pressed days later."""
    return [
        on_command("change", change),
        CallbackQueryHandler(accept, pattern=callbacks.pressed(callbacks.AcceptSlot)),
        CallbackQueryHandler(decline, pattern=callbacks.pressed(callbacks.DeclineSlot)),
        CallbackQueryHandler(withdraw, pattern=callbacks.pressed(callbacks.WithdrawRequest)),
    ]
