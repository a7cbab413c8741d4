"""Answers to the person who acted: toasts, screens and cards (UX 2, 3)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from markupsafe import escape
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import BadRequest, RetryAfter, TelegramError

from chat import bad_requests, callbacks
from chat.app_context import AppContext, Write, write_all
from chat.context import Context
from chat.message_parts import CardOf
from chat.patient_writes import surely
from chat.replaced import remains_of
from chat.screen import Screen
from chat.sending import answer_tap, edit_text, send_text
from chat.slots import outside_slots
from chat.tapped import TYPED, forget_list, is_list, tapped_message
from chat.telegram_answers import seconds_of
from services.db import Session
from services.messaging import cards
from services.messaging.cards import NewCard, OlderCard
from services.messaging.deliveries import MessagePlace

Answer = TypeVar("Answer")
SentRows = Sequence[Sequence[InlineKeyboardButton]]
"""Rows of buttons of a message, as Telegram shows them to us."""


async def answer(update: Update, text: str | None = None, *, alert: bool = False) -> None:
    """Answer the tap at once, with a toast (up to 200 characters) if there is something to say.

    A tap that is too old to be answered is ignored: its action is still done (UX 3). Where the
    button was typed, what there is to say is a message.
    """
    if update.callback_query is None:
        return
    if update.callback_query.id == TYPED:
        if text and update.effective_chat is not None:
            await send_text(update.get_bot(), update.effective_chat.id, escape(text))
        return
    try:
        await answer_tap(update.get_bot(), update.callback_query.id, text, alert=alert)
    except BadRequest as error:
        if not bad_requests.is_old_query(error):
            raise


async def show(update: Update, context: Context, screen: Screen) -> MessagePlace:
    """Edit the tapped message to show this screen; send a new one where that is impossible."""
    await record_now(context)
    tapped = tapped_message(update)
    if tapped is not None and await is_list(context, tapped):
        await forget_list(context, tapped)
    return await _replace(update, context, screen)


async def _replace(update: Update, context: Context, screen: Screen) -> MessagePlace:
    """As `show`, where the tapped message is no list."""
    await record_now(context)
    tapped = tapped_message(update)
    if tapped is not None:
        place = MessagePlace(tapped.chat_id, tapped.message_id)
        try:
            await once_more(lambda: edit_text(context.bot, *place, screen.text, screen.rows))
        except BadRequest as error:
            if bad_requests.is_unchanged(error):
                return place
            if not bad_requests.is_beyond_editing(error):
                raise
        else:
            return place
    return await say(update, context, screen)


async def say(
    update: Update, context: Context, screen: Screen, *, ask: str | None = None
) -> MessagePlace:
    """Send a new message to the chat of this update.

    `ask` is a hint for the input field: with it, Telegram opens a reply to the message, since in
    a group a bot sees only commands and replies to itself. In a group, mention in the text
    whoever tapped, so that nobody else is asked.
    """
    chat, source = update.effective_chat, update.effective_message
    if chat is None:
        raise ValueError("this update belongs to no chat")
    await record_now(context)
    received = context.received
    if received is not None and received.above is not None:
        screen, received.above = screen.after(received.above), None
    quoted = None
    if ask is not None and source is not None and update.callback_query is None:
        quoted = source.message_id
    markup = (
        screen.rows
        if ask is None
        else ForceReply(selective=chat.type != chat.PRIVATE, input_field_placeholder=ask or None)
    )
    return await once_more(
        lambda: send_text(context.bot, chat.id, screen.text, reply_markup=markup, reply_to=quoted)
    )


async def show_card(
    update: Update, context: Context, screen: Screen, card: CardOf, person_id: int | None
) -> None:
    """Show this screen as a card, which is edited as the session changes (UX 2).

    A tapped list is not replaced: it is edited as its sessions change, or loses the tapped button.
    The card is sent below, unless the chat shows it already.
    """
    tapped = tapped_message(update)
    rest = _other_sessions(tapped, card) if tapped is not None else ()
    if tapped is not None and ((stands := await is_list(context, tapped)) or rest):
        await record_now(context)
        if not stands:
            await once_more(lambda: _with_buttons(tapped, rest))
        known = await context.app.database.read(
            cards.showing, tapped.chat_id, card.appointment_id, screen.content_hash
        )
        if not known:
            await say_card(update, context, screen, card, person_id)
        return
    place = await _replace(update, context, screen)
    await keep_card(context, place, screen, card, person_id)


async def is_below(update: Update, context: Context, screen: Screen, card: CardOf) -> bool:
    """Whether a card with this screen has been sent below this update's message."""
    source = update.effective_message
    if source is None:
        return False
    await record_now(context)
    return await context.app.database.read(
        cards.showing,
        source.chat_id,
        card.appointment_id,
        screen.content_hash,
        below=source.message_id,
    )


async def say_card(
    update: Update, context: Context, screen: Screen, card: CardOf, person_id: int | None
) -> MessagePlace:
    """Send this screen as a new card."""
    place = await say(update, context, screen)
    await keep_card(context, place, screen, card, person_id)
    return place


async def keep_card(
    context: Context, place: MessagePlace, screen: Screen, card: CardOf, person_id: int | None
) -> None:
    """Record a message as a card; older cards of its session in the chat lose their buttons.

    The record is written with the update's done mark, so that an answer costs one commit, or
    before the next message is sent.
    """
    sent = NewCard(
        chat_id=place.chat_id,
        message_id=place.message_id,
        person_id=person_id,
        appointment_id=card.appointment_id,
        dispute_id=card.dispute_id,
        report_id=card.report_id,
        content_hash=screen.content_hash,
        true_until=screen.true_until,
    )
    await record(context, partial(_keep, sent))


async def record(context: Context, write: Write) -> None:
    """Store the record of a message just sent with the update's done mark, in one commit."""
    if context.received is None:
        await _write(context, [write])
    else:
        context.received.unwritten.append(write)


async def record_now(context: Context) -> None:
    """Store the records of messages that are not stored yet."""
    received = context.received
    if received is not None and received.unwritten:
        writes, received.unwritten = received.unwritten, []
        received.is_on_list = None  # the tapped message may be one of those that were sent
        await _write(context, writes)


async def _write(context: Context, writes: list[Write]) -> None:
    replaced = await surely(lambda: context.app.database.write(write_all, writes))
    await retire(context.bot, context.app, replaced)


def _keep(card: NewCard, session: Session) -> list[OlderCard]:
    return cards.keep_all(session, [card])[card]


async def retire(bot: Bot, app: AppContext, replaced: Sequence[OlderCard]) -> None:
    """Leave one line of each card that a newer one replaces, and mark it as retired (UX 17)."""
    retired = [old for old in replaced if await _is_one_line(bot, app, old)]
    if retired:
        for edited in await app.database.write(cards.retire_all, retired):
            await _is_one_line(bot, app, edited)


async def _is_one_line(bot: Bot, app: AppContext, old: OlderCard) -> bool:
    """Turn a card into its line; return whether it is no card any more.

    An open question that took its place stays: it is answered there.
    """
    is_question, line = await app.database.read(remains_of, app, old)
    if is_question:
        return True
    if line is None:
        return await _without_buttons(bot, old.chat_id, old.message_id)
    return await _is_done(lambda: edit_text(bot, old.chat_id, old.message_id, line.text))


async def take_buttons(context: Context, chat_id: int, message_id: int) -> bool:
    """Take the buttons off a message; return whether it has none now.

    Telegram's errors are not raised: the answer that was shown instead is what counts.
    """
    await record_now(context)
    return await _without_buttons(context.bot, chat_id, message_id)


async def _without_buttons(bot: Bot, chat_id: int, message_id: int) -> bool:
    return await _is_done(lambda: bot.edit_message_reply_markup(chat_id, message_id))


async def _is_done(edit: Callable[[], Awaitable[object]]) -> bool:
    """Edit a message; return whether it needs no further try."""
    try:
        await once_more(edit)
    except BadRequest as error:
        return bad_requests.is_unchanged(error) or bad_requests.is_beyond_editing(error)
    except TelegramError:
        return False
    return True


async def once_more(call: Callable[[], Awaitable[Answer]]) -> Answer:
    """Call Telegram; if it asks to wait, wait exactly that long and call once more."""
    try:
        return await call()
    except RetryAfter as error:
        with outside_slots():
            await asyncio.sleep(seconds_of(error))
        return await call()


def _other_sessions(message: Message, card: CardOf) -> SentRows:
    """The rows of a list of sessions without this one; none where it is not a list."""
    markup = message.reply_markup
    rows = markup.inline_keyboard if markup else ()
    if not any(_sessions_of(row) - {card.appointment_id} for row in rows):
        return ()
    return tuple(row for row in rows if card.appointment_id not in _sessions_of(row))


def _sessions_of(row: Sequence[InlineKeyboardButton]) -> set[int]:
    data = (one.callback_data for one in row)
    found = (callbacks.decode(one) for one in data if isinstance(one, str))
    about = {one.appointment_id for one in found if isinstance(one, callbacks.OfSession)}
    return about - {callbacks.NO_SESSION}  # a question about a new session is not a list


async def _with_buttons(message: Message, rows: SentRows) -> None:
    """Give a message these rows of buttons, unless it has them already or is deleted."""
    try:
        await message.edit_reply_markup(InlineKeyboardMarkup(rows))
    except BadRequest as error:
        if not (bad_requests.is_unchanged(error) or bad_requests.is_beyond_editing(error)):
            raise
