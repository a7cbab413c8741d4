"""The message whose button was tapped, and whether it is a list (UX 2, 17)."""

from telegram import Message, Update

from chat import callbacks
from chat.context import Context
from services.db import Session
from services.messaging import lists, standing

TYPED = "typed"
"""The id of a tap that is none: the button was typed (`conversations.typed_taps`)."""


def tapped_message(update: Update) -> Message | None:
    """The message with the button; None without a tap, and where Telegram tells nothing of it.

    None also where the button was typed: what follows stands below what was typed.
    """
    query = update.callback_query
    message = query.message if query and query.id != TYPED else None
    return message if isinstance(message, Message) else None


def is_one_of_several(update: Update, appointment_id: int) -> bool:
    """Whether the tapped message asks about several sessions: it is edited, and has a way to each
    of them.
    """
    message = tapped_message(update)
    return message is not None and appointment_id in _leads_to(message)


def _leads_to(message: Message) -> set[int]:
    """Sessions to whose cards its buttons lead."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    found = (callbacks.decode(str(button.callback_data)) for row in rows for button in row)
    return {one.appointment_id for one in found if isinstance(one, callbacks.ShowSession)}


def note_list(session: Session, update: Update, context: Context) -> None:
    """Find out in a unit of work that runs anyway whether the tapped message is a list, which
    otherwise takes one of its own.
    """
    message, received = tapped_message(update), context.received
    if received is None or received.is_on_list is not None or message is None:
        return
    received.is_on_list = _may_be_list(message) and _is_list(session, message)


async def is_list(context: Context, message: Message) -> bool:
    """Whether a tapped message is a list that is edited as its sessions change."""
    received = context.received
    if received is not None and received.is_on_list is not None:
        return received.is_on_list
    return _may_be_list(message) and await context.app.database.read(_is_list, message)


async def forget_list(context: Context, message: Message) -> None:
    """Replace a list by something else: it is not edited any more."""

    def transaction(session: Session) -> None:
        lists.forget(session, message.chat_id, message.message_id)
        standing.forget(session, message.chat_id, message.message_id)

    await context.app.database.write(transaction)
    if context.received is not None:
        context.received.is_on_list = False


def _may_be_list(message: Message) -> bool:
    """Whether it has a button a row, as lists have: most cards have two somewhere."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return all(len(row) == 1 for row in rows)


def _is_list(session: Session, message: Message) -> bool:
    place = (message.chat_id, message.message_id)
    if lists.list_at(session, *place) is not None:
        return True
    return bool(_leads_to(message)) and standing.stands_at(session, *place)
