"""Asking a coordinator for a typed reason, in private or in the group (SPEC 5)."""

from markupsafe import Markup
from telegram import Chat, Update

from chat import replies
from chat.context import Context
from chat.screen import Screen
from chat.visitors import Visitor


async def ask_reason(update: Update, context: Context, visitor: Visitor, question: Markup) -> None:
    """Ask; in a group the person is named, since only they may answer, by a reply to the bot."""
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and user is not None and chat.type != Chat.PRIVATE:
        name = Markup('<a href="tg://user?id={}">{}</a>').format(user.id, visitor.person.name)
        question = name + ": " + question
    hint = visitor.reader.label("Your reason, in a few words")
    await replies.say(update, context, Screen(question), ask=hint)
