"""Questions of dialogues that are over: what becomes of their messages (UX 17)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from telegram import Update
from telegram.error import BadRequest, TelegramError

from chat import bad_requests, replies
from chat.app_context import AppContext
from chat.cards.screens import screen_for
from chat.context import Context
from chat.conversation_states import OtherDraft
from chat.incoming import chat_id_of
from chat.keyboards import Rows
from chat.replaced import replaced_line
from chat.screen import Screen
from chat.sending import edit_text
from chat.tapped import tapped_message
from locales.reader import Reader
from services.db import Session
from services.messaging import conversation_state, lists
from services.messaging.cards import (
    WITHOUT_BUTTONS,
    OlderCard,
    bare_cards,
    card_at,
    now_shows,
    retired_at,
)
from services.messaging.conversation_state import Position, messages_of
from services.people.accounts import identify
from services.queries.people import person_with
from services.rules.refusals import Refusal

D = TypeVar("D")


async def take_away(
    context: Context, chat_id: int, message_id: int, *, goes_on: bool = True
) -> None:
    """Delete a question that is over; a card whose place it took is shown there again.

    `goes_on`: the dialogue goes on below, and the card has no buttons until it ends. A question
    that Telegram keeps, as one older than two days, says in a line that it is over (UX 17).
    """
    await replies.record_now(context)
    place = (context.app, chat_id, message_id)
    screen = await context.app.database.read(_card_there, *place, has_buttons=not goes_on)
    if screen is not None and not goes_on:
        await _show_card(context, chat_id, message_id, screen)
        return
    if screen is not None:
        if await _edit(context, chat_id, message_id, screen.text):
            await context.app.database.write(now_shows, chat_id, message_id, WITHOUT_BUTTONS)
        return
    try:
        await replies.once_more(lambda: context.bot.delete_message(chat_id, message_id))
    except TelegramError:
        line = await context.app.database.read(_over_line, context.app, chat_id, message_id)
        await _edit(context, chat_id, message_id, line.text)


def _over_line(session: Session, app: AppContext, chat_id: int, message_id: int) -> Screen:
    """What stands in the place of a question that is over, in the words of whom it asked.

    Where the question had taken the place of a card, it says where the session is shown now.
    """
    card = retired_at(session, chat_id, message_id)
    line = replaced_line(session, app, card) if card else None
    if line is not None:
        return line
    person, now = identify(session, chat_id), app.clock.now()
    reader = (
        Reader.for_agency(app.agency, now)
        if person is None
        else Reader.for_person(person, app.agency, now)
    )
    return Screen(reader.text("✖️ This question is over."))


async def put_aside(context: Context, chat_id: int, message_id: int) -> None:
    """Take away the question of a dialogue that was put aside; cards have their buttons again."""
    await take_away(context, chat_id, message_id, goes_on=False)
    await _give_buttons_back(context, chat_id)


async def leave_dialogue(update: Update, context: Context) -> str | None:
    """End the active dialogue; return its name, None if none was.

    Its question is taken away, unless it was tapped and the answer takes its place; cards have
    their buttons again.
    """
    question, left = context.dialogues.question(update), context.dialogues.leave(update)
    chat = update.effective_chat
    if question is None or chat is None:
        return left
    if tapped_message(update) is None:
        await take_away(context, chat.id, question)
    await _give_buttons_back(context, chat.id)
    return left


async def leave_parked(update: Update, context: Context) -> list[str]:
    """End all that was laid aside in this chat, and take away what stands of it.

    The names of the dialogues, the latest first; none where nothing was laid aside.
    """
    dropped = sorted(context.dialogues.drop_parked(update), key=lambda one: -max(one.message_ids))
    chat_id = chat_id_of(update)
    for message_id in (one for each in dropped for one in each.message_ids):
        await context.app.database.write(lists.forget, chat_id, message_id)
        await take_away(context, chat_id, message_id)
    if dropped:
        await _give_buttons_back(context, chat_id)
    return [one.name for one in dropped]


async def leave_choices(update: Update, context: Context) -> bool:
    """Take away the lists of this chat that ask for a choice; whether there were any."""
    chat_id = chat_id_of(update)
    asked = await context.app.database.read(lists.questions_in, chat_id)
    for message_id in asked:
        await context.app.database.write(lists.forget, chat_id, message_id)
        await take_away(context, chat_id, message_id)
    return bool(asked)


async def _give_buttons_back(context: Context, chat_id: int) -> None:
    """Show the cards of a chat with their buttons again that dialogues had left without."""
    for message_id in await context.app.database.read(bare_cards, chat_id):
        screen = await context.app.database.read(_card_there, context.app, chat_id, message_id)
        if screen is not None:
            await _show_card(context, chat_id, message_id, screen)


async def close_others(
    update: Update, context: Context, kind: type[D], is_over: Callable[[D], bool]
) -> None:
    """Take away the person's further questions that are over, in other chats or laid aside here."""
    for other in context.dialogues.others(update, kind):
        if is_over(other.draft):
            await close_other(context, other)


async def close_all(
    update: Update, context: Context, kind: type[D], is_over: Callable[[D], bool]
) -> None:
    """Take away every question of the person that is over, the one in this chat included."""
    await close_others(update, context, kind, is_over)
    draft = context.dialogues.draft(update, kind)
    if draft is not None and is_over(draft):
        context.dialogues.finish(update, kind)
        for message_id in _asked_by(draft):
            await take_away(context, chat_id_of(update), message_id, goes_on=False)


async def close_other(context: Context, other: OtherDraft) -> None:
    """End a further dialogue of the person, and take its question away."""
    context.dialogues.forget(other)
    await replies.record(context, partial(_forget, other, context.received_at))
    for message_id in _asked_by(other.draft):
        await take_away(context, other.key.chat_id, message_id, goes_on=False)


def _forget(other: OtherDraft, now: datetime, session: Session) -> list[OlderCard]:
    conversation_state.store(session, *other.key, {other.name: Position(None, None)}, now)
    return []


def _asked_by(draft: object) -> list[int]:
    """Message ids of the question of a draft, and of the line that says that it was laid aside."""
    return sorted(set(messages_of(vars(draft))))


async def _show_card(context: Context, chat_id: int, message_id: int, screen: Screen) -> None:
    """Show a card as it reads now, with its buttons."""
    if await _edit(context, chat_id, message_id, screen.text, screen.rows):
        write = context.app.database.write
        await write(now_shows, chat_id, message_id, screen.content_hash, screen.true_until)


async def _edit(
    context: Context,
    chat_id: int,
    message_id: int,
    text: str,
    rows: Rows = (),
) -> bool:
    try:
        await replies.once_more(lambda: edit_text(context.bot, chat_id, message_id, text, rows))
    except TelegramError as error:
        if isinstance(error, BadRequest) and bad_requests.is_unchanged(error):
            return True
        return await replies.take_buttons(context, chat_id, message_id)
    return True


def _card_there(
    session: Session, app: AppContext, chat_id: int, message_id: int, *, has_buttons: bool = True
) -> Screen | None:
    """The card that a message is, as it reads now; None where it is none."""
    card = card_at(session, chat_id, message_id)
    person = person_with(session, card.person_id) if card else None
    if card is None or person is None:
        return None
    reader = Reader.for_person(person, app.agency, app.clock.now())
    try:
        about = (session, person, reader, card.appointment_id, app.agency)
        return screen_for(*about, offers=has_buttons)
    except Refusal:
        return None
