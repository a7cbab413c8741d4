"""*Ask for replacement* on the card of a lost session (SPEC 6)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.context import Context
from chat.delivery import CardOf
from chat.screen import Screen
from chat.session_screens import session_screen
from chat.visitors import Visitor, visitor_of
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.replacements import ask_for_replacement
from services.transitions import Outcome


async def ask(update: Update, context: Context) -> None:
    """One tap: the coordinators are asked."""
    about, house = callbacks.tapped(callbacks.AskReplacement, update).appointment_id, context.house

    def transaction(session: Session) -> tuple[Visitor, Outcome, Screen]:
        visitor = visitor_of(session, update, context)
        outcome = ask_for_replacement(session, about, visitor.actor)
        screen = session_screen(session, visitor, about, house.agency)
        return visitor, outcome, screen

    visitor, outcome, screen = await house.database.write(transaction)
    house.wake_sender()
    name, at = visitor.person.name, outcome.at
    done = action_done(visitor.reader, Action.ASK_REPLACEMENT, name, at, is_reader=True)
    await replies.answer(update, done)
    await replies.show_card(update, context, screen, CardOf(about), visitor.person.id)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """A notification button: it may be pressed days later."""
    return [CallbackQueryHandler(ask, pattern=callbacks.pressed(callbacks.AskReplacement))]
