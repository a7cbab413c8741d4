"""A text of over 4,096 characters, which a phone sends as several messages at once (UX 19).

No question takes that much: its first part is refused as too long, and what comes with it is no
answer of its own.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram import Message, Update

from chat.context import Context
from chat.incoming import message_of
from conversations.draft import Draft

Step = Callable[[Update, Context], Coroutine[Any, Any, Any]]

LONG = 2048
"""The fewest characters of a part before the last one: a phone cuts between words, and counts an
emoji twice."""
AT_ONCE = timedelta(seconds=2)
"""How much later the next part is dated at most, by Telegram's clock, which counts seconds."""


def long_at(message: Message) -> datetime | None:
    """When a text was sent of which there may be more; None where it is short."""
    return message.date if len(message.text or "") >= LONG else None


def is_rest(message: Message, long_before: datetime | None) -> bool:
    """Whether a text is the rest of one whose part before was sent at `long_before`."""
    return long_before is not None and message.date - long_before <= AT_ONCE


def unsplit(kind: type[Draft], step: Step) -> Step:
    """Give the step of a text, without the rest of one that came in parts and was too long."""

    async def take(update: Update, context: Context) -> Any:
        message, draft = message_of(update), context.dialogues.draft(update, kind)
        if draft is not None and draft.long_at != (at := long_at(message)):
            context.dialogues.set_draft(update, replace(draft, long_at=at))
        if draft is not None and is_rest(message, draft.long_at):
            return None  # the first part was answered
        return await step(update, context)

    return take
