"""*Ask for replacement* on the card of a lost session (SPEC 6)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.context import Context
from chat.delivery import CardOf
from chat.session_screens import session_screen
from chat.visitors import visitor_of
from locales.wording import action_done
from models.enums import Action
from services.replacements import ask_for_replacement


async def ask(update: Update, context: Context) -> None:
    """One tap: the coordinators are asked."""
    about, house = callbacks.tapped(callbacks.AskReplacement, update).appointment_id, context.house
    async with house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        outcome = await ask_for_replacement(session, about, visitor.actor)
        screen = await session_screen(session, visitor, about, house.agency)
    house.wake_sender()
    name, at = visitor.person.name, outcome.at
    done = action_done(visitor.reader, Action.ASK_REPLACEMENT, name, at, is_reader=True)
    await replies.answer(update, done)
    await replies.show_card(update, context, screen, CardOf(about), visitor.person.id)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """A notification button: it may be pressed days later."""
    return [CallbackQueryHandler(ask, pattern=callbacks.pressed(callbacks.AskReplacement))]
