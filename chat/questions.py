"""Questions of dialogues that are over: what becomes of their messages (UX 17)."""

from telegram import InlineKeyboardMarkup, Update
from telegram.error import TelegramError

from chat import replies
from chat.app_context import AppContext
from chat.cards.screens import screen_for
from chat.context import Context
from chat.screen import Screen
from chat.sending import edit_text
from locales.reader import Reader
from services.db import Session
from services.messaging.cards import WITHOUT_BUTTONS, bare_cards, card_at, now_shows
from services.queries.people import person_with
from services.rules.refusals import Refusal


async def take_away(context: Context, chat_id: int, message_id: int) -> None:
    """Delete a question that is over; a card whose place it took is shown there again, without
    buttons while the dialogue goes on below.

    A question that Telegram keeps, as one older than two days, loses its buttons.
    """
    await replies.record_now(context)
    screen = await context.app.database.read(_card_there, context.app, chat_id, message_id)
    if screen is not None:
        if await _edit(context, chat_id, message_id, screen.text):
            await context.app.database.write(now_shows, chat_id, message_id, WITHOUT_BUTTONS)
        return
    try:
        await replies.once_more(lambda: context.bot.delete_message(chat_id, message_id))
    except TelegramError:
        await replies.take_buttons(context, chat_id, message_id)


async def leave_dialogue(update: Update, context: Context) -> str | None:
    """End the active dialogue; return its name, None if none was.

    Its question is taken away, unless it was tapped and the answer takes its place; cards have
    their buttons again.
    """
    question, left = context.dialogues.question(update), context.dialogues.leave(update)
    chat = update.effective_chat
    if question is None or chat is None:
        return left
    if update.callback_query is None:
        await take_away(context, chat.id, question)
    for message_id in await context.app.database.read(bare_cards, chat.id):
        screen = await context.app.database.read(_card_there, context.app, chat.id, message_id)
        if screen and await _edit(context, chat.id, message_id, screen.text, screen.markup):
            write = context.app.database.write
            await write(now_shows, chat.id, message_id, screen.content_hash, screen.true_until)
    return left


async def _edit(
    context: Context,
    chat_id: int,
    message_id: int,
    text: str,
    markup: InlineKeyboardMarkup | None = None,
) -> bool:
    try:
        await replies.once_more(lambda: edit_text(context.bot, chat_id, message_id, text, markup))
    except TelegramError:
        return await replies.take_buttons(context, chat_id, message_id)
    return True


def _card_there(session: Session, app: AppContext, chat_id: int, message_id: int) -> Screen | None:
    """The card that a message is, as it reads now; None where it is none."""
    card = card_at(session, chat_id, message_id)
    person = person_with(session, card.person_id) if card else None
    if card is None or person is None:
        return None
    reader = Reader.for_person(person, app.agency, app.clock.now())
    try:
        return screen_for(session, person, reader, card.appointment_id, app.agency)
    except Refusal:
        return None
