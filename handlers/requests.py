"""A request to move a session, answered by one tap; `/change` (SPEC 6; UX 10)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, keyboards, replies
from chat.cards.screens import choice_screen, next_line, session_name, session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.queries import session_lists
from services.reschedules import negotiation

AnswerWith = Callable[[Session, int, Actor], Outcome]


async def accept(update: Update, context: Context) -> None:
    """*Accept*: the session moves."""
    await _answer(update, context, callbacks.AcceptSlot, negotiation.accept, Action.ACCEPT)


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
    await replies.show_card(update, context, screen, CardOf(about), user.person.id)


async def change(update: Update, context: Context) -> None:
    """`/change`: a button for each session that can be moved or cancelled, or has a request.

    Of those that are too near for that, coordinators can be told (SPEC 6).
    """

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        return _change_screen(session, user, context.received_at)

    await replies.say(update, context, await context.app.database.read(query))


def _change_screen(session: Session, user: CurrentUser, now: datetime) -> Screen:
    reader = user.reader
    views = session_lists.changeable(session, user.person, now)
    there = {view.id for view in views}
    near = session_lists.too_late_to_change(session, user.person, now)
    tell = tuple(
        (keyboards.button(f"📣 {session_name(reader, one)}", callbacks.TellCoordinators(one.id)),)
        for one in near
        if one.id not in there
    )
    if views:
        title = reader.text("<b>Which session do you want to change?</b>")
        screen = choice_screen(reader, title, views, callbacks.ShowSession)
    else:
        later = session_lists.next_scheduled(session, user.person, now)
        nothing = reader.text(
            "There is no session you can change: changes close four hours before the start."
        )
        screen = Screen(next_line(reader, nothing, later))
    if not tell:
        return screen
    why = reader.text("📣 starts within four hours. The coordinators can be told.")
    return Screen(f"{screen.text}\n\n{why}", (*screen.rows, *tell))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of notification buttons, which may be pressed days later."""
    return [
        on_command("change", change),
        CallbackQueryHandler(accept, pattern=callbacks.pressed(callbacks.AcceptSlot)),
        CallbackQueryHandler(decline, pattern=callbacks.pressed(callbacks.DeclineSlot)),
        CallbackQueryHandler(withdraw, pattern=callbacks.pressed(callbacks.WithdrawRequest)),
    ]
