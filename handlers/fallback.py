"""Fallbacks: text outside any dialogue, unknown commands, stale buttons (SPEC 9)."""

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
from chat.current_user import current_user
from chat.deep_links import OpenPages
from chat.incoming import ToBot, message_of
from chat.menus import IN_PRIVATE
from chat.screen import Screen
from chat.unexpected import answered, meant_command, run_button, unexpected_screen
from services.rules.refusals.sessions import StaleButton


async def unexpected(update: Update, context: Context) -> None:
    """Answer a message outside any dialogue with what can be done; a burst only once."""
    if await answered(update, context):
        return
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, unexpected_screen(user, message_of(update)))


async def unexpected_reply(update: Update, context: Context) -> None:
    """Answer a reply to the bot in a group by somebody with a parked dialogue, as if meant for it.

    Any other message in a group is people's talk among themselves.
    """
    if not context.dialogues.has_parked(update):
        return
    user = await context.app.database.read(current_user, update, context)
    text = user.reader.text(
        "I had put that question aside, so I have not kept your answer. Tap Go on and I'll ask "
        "again."
    )
    await replies.say(update, context, Screen(text))


async def unknown_command(update: Update, context: Context) -> None:
    """Answer a command that does not exist, such as a typo, with the likeliest one as a button."""
    user = await context.app.database.read(current_user, update, context)
    typed = (message_of(update).text or "").partition(" ")[0].partition("@")[0]
    meant = meant_command(user, typed.removeprefix("/"))
    text = (
        user.reader.text("I do not know that command. Did you mean this one?")
        if meant
        else user.reader.text("I do not know that command. /help lists the ones I know.")
    )
    await replies.say(update, context, Screen(text, run_button(meant)))


async def only_in_private(update: Update, context: Context) -> None:
    """Answer a command that shows names or links, sent in a group, with a link to the chat."""
    user = await context.app.database.read(current_user, update, context)
    reader = user.reader
    there = keyboards.link(reader.label("Open"), _private_chat(update, context))
    text = reader.text("Please send that in our private chat: everybody here would see the answer.")
    await replies.say(update, context, Screen(text, ((there,),)))


def _private_chat(update: Update, context: Context) -> str:
    """A link to the private chat, which does there what the command does if a link can."""
    sent = update.message.text if update.message else None
    asks_for_pages = (sent or "").partition("@")[0].split()[0:1] == ["/web"]
    return deep_links.address(context.app.bot_username, OpenPages() if asks_for_pages else None)


async def stale_button(update: Update, context: Context) -> None:
    """Answer a button that is forged or of an older version."""
    await context.app.database.read(current_user, update, context)
    raise StaleButton


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, which come last of all."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    group = ~filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return [
        CommandHandler(IN_PRIVATE, only_in_private, filters=group),
        MessageHandler(private & filters.COMMAND, unknown_command),
        MessageHandler(private & ~filters.StatusUpdate.ALL, unexpected),
        MessageHandler(group & ToBot() & ~filters.COMMAND, unexpected_reply),
        CallbackQueryHandler(stale_button),
    ]
