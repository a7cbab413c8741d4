"""Reasons and reports as people type them: in several short lines (UX 19)."""

from telegram import Update

from chat.context import Context
from chat.current_user import current_user
from chat.incoming import message_of
from locales.courtesies import courtesy_of
from services.rules.refusals.typed import NothingAnswered
from services.rules.texts import with_more


async def typed_below(update: Update, context: Context, before: str | None = None) -> str:
    """The text of a message, below what was written `before` it.

    Refused: ReasonRequired, TextTooLong; NothingAnswered, since others would read it.
    """
    typed = message_of(update).text
    user = await context.app.database.read(current_user, update, context)
    if courtesy_of(typed or "", user.reader.language) is not None:
        raise NothingAnswered
    return with_more(before, typed)
