"""Questions of dialogues: with buttons, one at a time; a typed reason, also in the group."""

from markupsafe import Markup
from telegram import Chat, Message, Update

from chat import replies
from chat.context import Context
from chat.screen import Screen
from chat.visitors import Visitor


async def ask(update: Update, context: Context, screen: Screen, before: int | None) -> int:
    """Show a question with buttons; gives its message's id, to be handed in as `before` next time.

    Where the question is a new message, the one before loses its buttons (UX 2).
    """
    message = await replies.show(update, context, screen)
    await take_back(context, message.chat_id, before, unless=message.message_id)
    return message.message_id


async def take_back(
    context: Context, chat_id: int, question_id: int | None, *, unless: int | None = None
) -> None:
    """The question is answered, or asked elsewhere: its buttons go."""
    if question_id is not None and question_id != unless:
        await replies.take_buttons(context, chat_id, question_id)


async def ask_reason(
    update: Update, context: Context, visitor: Visitor, question: Markup
) -> Message:
    """Ask; in a group the person is named, since only they may answer, by a reply to the bot."""
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and user is not None and chat.type != Chat.PRIVATE:
        name = Markup('<a href="tg://user?id={}">{}</a>').format(user.id, visitor.person.name)
        question = name + ": " + question
    text = question + "\n" + visitor.reader.text("/stop leaves it as it is.")
    hint = visitor.reader.label("Your reason, in a few words")
    return await replies.say(update, context, Screen(text), ask=hint)
