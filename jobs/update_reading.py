"""Parsing of stored updates, which are JSON as Telegram sent it (DESIGN 2, idea 5)."""

from collections.abc import Mapping
from typing import Any

from telegram import Bot, Update

from services.messaging.raw_updates import BIGGEST


class UnreadableUpdateError(Exception):
    """An update cannot be parsed, now or later; the text is the kind of error that says so."""


def read_update(payload: Mapping[str, Any], bot: Bot) -> Update:
    """Parse a stored update. Raises `UnreadableUpdateError`."""
    try:
        update = Update.de_json(dict(payload), bot)
        chat, user = update.effective_chat, update.effective_user
    except Exception as error:
        raise UnreadableUpdateError(type(error).__name__) from error
    for party in (chat, user):
        if party is not None and abs(party.id) > BIGGEST:
            raise UnreadableUpdateError("number out of range")
    return update
