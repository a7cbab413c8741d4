"""A text of over 4,096 characters, which a phone sends as several messages at once (UX 19).

No question takes that much: its first part is refused as too long, and what comes with it is no
answer of its own.
"""

from datetime import datetime, timedelta

from telegram import Message

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
