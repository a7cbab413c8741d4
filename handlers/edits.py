"""Edited messages, with which parts of notes are edited (SPEC 4)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from chat.context import Context
from chat.incoming import incoming_file
from models import NotePart
from models.enums import Channel
from services.db import Session
from services.lifecycle.actors import Actor, Source
from services.notes.batches import require_size
from services.notes.edits import edit_part
from services.people.accounts import identify
from services.rules.refusals import Refusal


async def edited(update: Update, context: Context) -> None:
    """Bring a part of a note up to date with its message; ignore any other edit."""
    message, user = update.edited_message, update.effective_user
    if message is None or user is None:
        return
    file = incoming_file(message)
    if file is not None:
        try:
            require_size(file)
        except Refusal:
            file = None  # the part keeps the file that it has
    source = Source(message.chat_id, message.message_id)

    def transaction(session: Session) -> NotePart | None:
        person = identify(session, user.id)
        if person is None:
            return None
        actor = Actor(person.id, Channel.TELEGRAM, context.received_at)
        return edit_part(session, source, actor, message.text or message.caption, file)

    if await context.app.database.write(transaction) is not None:
        context.app.wake_collector()
        context.app.wake_summaries()


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    where = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE
    return [MessageHandler(where, edited)]
