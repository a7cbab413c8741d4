"""Questions of dialogues: with buttons, one at a time; a typed reason, also in the group."""

from markupsafe import Markup
from telegram import Chat, Message, Update

from chat import callbacks, replies
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from services.db import Session


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
    update: Update, context: Context, visitor: CurrentUser, question: Markup
) -> Message:
    """Ask; in a group the person is named, since only they may answer, by a reply to the bot."""
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and user is not None and chat.type != Chat.PRIVATE:
        name = Markup('<a href="tg://user?id={}">{}</a>').format(user.id, visitor.person.name)
        question = name + ": " + question
    text = question + "\n" + visitor.reader.text("/stop leaves it as it is.")
    hint = visitor.reader.label("Your reason, in a few words")
    return await replies.say(update, context, Screen(text), ask=hint)


async def leave_to_card(update: Update, context: Context, told: str) -> None:
    """*Leave* was tapped: the session's card again, as it was; `told` is the toast, a phrase."""
    appointment_id = session_tapped(update).appointment_id

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        visitor = current_user(session, update, context)
        card = session_screen(session, visitor, appointment_id, context.app.agency)
        return visitor, card

    visitor, card = await context.app.database.read(query)
    await replies.answer(update, visitor.reader.label(told))
    await replies.show_card(update, context, card, CardOf(appointment_id), visitor.person.id)


def session_tapped(update: Update) -> callbacks.OfSession:
    """The button behind an update, whichever button of a session it is."""
    query = update.callback_query
    button = callbacks.decode(query.data if query else None)
    if not isinstance(button, callbacks.OfSession):
        raise TypeError("no button of a session")
    return button
