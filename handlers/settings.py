"""`/settings` and `/language`: how a person reads what the bot says (SPEC 1, 9).

The time zone: `conversations.time_zone`.
"""

from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, keyboards, replies
from chat.cards.screens import leave_row
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.menus import on_command, set_menu
from chat.screen import Screen
from chat.settings import is_only, own_name, settings_screen
from locales.catalogue import languages
from services.db import Session
from services.people import accounts
from services.rules.refusals.sessions import StaleButton


async def settings_command(update: Update, context: Context) -> None:
    """`/settings`: what is set, with a button for each."""
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, settings_screen(user))


async def language_command(update: Update, context: Context) -> None:
    """`/language`: a button for each language."""
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, _languages(user))


async def show_languages(update: Update, context: Context) -> None:
    """*Language*: a button for each."""
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    await replies.show(update, context, _languages(user))


async def set_language(update: Update, context: Context) -> None:
    """A language's button: write everything to the person in it, the menu included."""
    chosen = callbacks.tapped(callbacks.SetLanguage, update).language

    def choose(session: Session, user: CurrentUser) -> None:
        if chosen not in dict(languages()):
            raise StaleButton
        accounts.set_language(session, user.person, chosen)

    user = await _changed(update, context, choose)
    own_name = dict(languages())[chosen]
    done = user.reader.label("From now on: {language}.", language=own_name)
    await replies.answer(update, done)
    await replies.show(update, context, settings_screen(user))
    if update.effective_chat is not None:
        await set_menu(context.bot, update.effective_chat.id, user.reader, user.person)


async def _changed(
    update: Update, context: Context, choose: Callable[[Session, CurrentUser], None]
) -> CurrentUser:
    """The person as a reader, after the change."""

    def transaction(session: Session) -> CurrentUser:
        choose(session, current_user(session, update, context))
        return current_user(session, update, context)

    return await context.app.database.write(transaction)


def _languages(user: CurrentUser) -> Screen:
    reader = user.reader
    if is_only(user):
        told = reader.text(
            "Everything here is in {language}, the only language so far.",
            language=own_name(reader.language),
        )
        return Screen(told)
    buttons = (
        keyboards.button(own_name, callbacks.SetLanguage(code)) for code, own_name in languages()
    )
    rows = (*keyboards.in_pairs(*buttons), leave_row(reader))
    return Screen(reader.text("Which language do you read?"), rows)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("settings", settings_command),
        on_command("language", language_command),
        CallbackQueryHandler(show_languages, pattern=callbacks.pressed(callbacks.ShowLanguages)),
        CallbackQueryHandler(set_language, pattern=callbacks.pressed(callbacks.SetLanguage)),
    ]
