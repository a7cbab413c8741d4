"""*Ask for replacement* on the card of a lost session (SPEC 6)."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.lifecycle.status import Outcome
from services.sessions.replacements import ask_for_replacement

MINUTE = 60


async def ask(update: Update, context: Context) -> None:
    """*Ask for replacement*, or a free time that is offered: ask the coordinators, in one tap."""
    tapped, app = callbacks.tapped(callbacks.OfSession, update), context.app
    about = tapped.appointment_id
    wished = (
        datetime.fromtimestamp(tapped.minute * MINUTE, UTC)
        if isinstance(tapped, callbacks.AskReplacementAt)
        else None
    )

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        user = current_user(session, update, context)
        outcome = ask_for_replacement(session, about, user.actor, wished, zone=app.agency.zone)
        screen = session_screen(session, user, about, app.agency)
        return user, outcome, screen

    user, outcome, screen = await app.database.write(transaction)
    name, at = user.person.name, outcome.at
    done = action_done(user.reader, Action.ASK_REPLACEMENT, name, at, is_reader=True)
    await replies.answer(update, done)
    await replies.show_card(update, context, screen, CardOf(about), user.person.id)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of notification buttons, which may be pressed days later."""
    asks = (callbacks.AskReplacement, callbacks.AskReplacementAt)
    return [CallbackQueryHandler(ask, pattern=callbacks.pressed(*asks))]
