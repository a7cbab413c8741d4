"""Everything outside dialogues that takes an update, in order: the first that takes it has it."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from chat.context import Context
from handlers import (
    approvals,
    attendance,
    coordination,
    edits,
    fallback,
    invitations,
    leaving,
    lists,
    pages,
    replacements,
    requests,
    start,
    summaries,
)

Handlers = list[BaseHandler[Update, Context, Any]]


def handlers() -> Handlers:
    """Commands and buttons of cards; each of them lays a dialogue that is under way aside."""
    return [
        *start.handlers(),
        *attendance.handlers(),
        *approvals.handlers(),
        *requests.handlers(),
        *summaries.handlers(),
        *edits.handlers(),
        *replacements.handlers(),
        *lists.handlers(),
        *coordination.handlers(),
        *invitations.handlers(),
        *pages.handlers(),
    ]


def last_resorts() -> Handlers:
    """What nobody else has taken: /stop, old buttons, text outside dialogues."""
    return [*leaving.handlers(), *fallback.handlers()]
