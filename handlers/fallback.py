"""What nothing else took: text outside any dialogue, unknown commands, stale buttons (SPEC 9)."""

from typing import Any

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from chat import deep_links, keyboards, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.deep_links import OpenPages
from chat.incoming import ToBot, chat_id_of
from chat.menus import IN_PRIVATE
from chat.screen import Screen
from services.db import Session
from services.queries.inbox import more_was_sent
from services.rules.refusals.sessions import StaleButton


async def unexpected(update: Update, context: Context) -> None:
    """A message that belongs to nothing: what can be done instead. A burst is answered once."""

    def query(session: Session) -> CurrentUser | None:
        if more_was_sent(session, chat_id_of(update), update.update_id):
            return None
        return current_user(session, update, context)

    visitor = await context.app.database.read(query)
    if visitor is None:
        return
    reader = visitor.reader
    if visitor.person.is_tutor:
        text = reader.text(
            "I have not kept that. For a session's notes, send /notes first, then this again. "
            "All else is under /help."
        )
    else:
        text = reader.text("I did not expect a message now. What I can do is under /help.")
    await replies.say(update, context, Screen(text))


async def unexpected_reply(update: Update, context: Context) -> None:
    """In a group, a reply to the bot by somebody who laid a question aside: it may be meant for it.

    Any other is people's talk among themselves.
    """
    if not context.dialogues.has_parked(update):
        return
    visitor = await context.app.database.read(current_user, update, context)
    text = visitor.reader.text(
        "I have put my question aside, so that is not kept. Tap Go on, and I ask again."
    )
    await replies.say(update, context, Screen(text))


async def unknown_command(update: Update, context: Context) -> None:
    """A command that there is not, a typo perhaps."""
    visitor = await context.app.database.read(current_user, update, context)
    text = visitor.reader.text("I do not know that command. Those that I know are under /help.")
    await replies.say(update, context, Screen(text))


async def only_in_private(update: Update, context: Context) -> None:
    """In a group, a command that answers with names or links: the way to the private chat."""
    visitor = await context.app.database.read(current_user, update, context)
    reader = visitor.reader
    there = keyboards.link(reader.label("Open"), _private_chat(update, context))
    text = reader.text("That works in our private chat: everybody here would read the answer.")
    await replies.say(update, context, Screen(text, ((there,),)))


def _private_chat(update: Update, context: Context) -> str:
    """A link to it, which does there what was asked for here, where a link can."""
    sent = update.message.text if update.message else None
    asks_for_pages = (sent or "").partition("@")[0].split()[0:1] == ["/web"]
    return deep_links.address(context.app.bot_username, OpenPages() if asks_for_pages else None)


async def stale_button(update: Update, context: Context) -> None:
    """A forged button, or one of an older version."""
    await context.app.database.read(current_user, update, context)
    raise StaleButton


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """The last of the list."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    group = ~filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return [
        CommandHandler(IN_PRIVATE, only_in_private, filters=group),
        MessageHandler(private & filters.COMMAND, unknown_command),
        MessageHandler(private & ~filters.StatusUpdate.ALL, unexpected),
        MessageHandler(group & ToBot() & ~filters.COMMAND, unexpected_reply),
        CallbackQueryHandler(stale_button),
    ]
