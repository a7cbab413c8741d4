"""Registry of the handlers outside dialogues, in order: the first one that matches is called."""

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
    feeds,
    finding,
    invitations,
    leaving,
    lists,
    matches,
    packages,
    pages,
    problems,
    requests,
    settings,
    start,
    statements,
    summaries,
)

Handlers = list[BaseHandler[Update, Context, Any]]


def handlers() -> Handlers:
    """Handlers of commands and of buttons on cards; each of them parks the active dialogue."""
    return [
        *start.handlers(),
        *settings.handlers(),
        *attendance.handlers(),
        *approvals.handlers(),
        *requests.handlers(),
        *summaries.handlers(),
        *edits.handlers(),
        *lists.handlers(),
        *matches.handlers(),
        *packages.handlers(),
        *statements.handlers(),
        *coordination.handlers(),
        *finding.handlers(),
        *problems.handlers(),
        *invitations.handlers(),
        *pages.handlers(),
        *feeds.handlers(),
    ]


def last_resorts() -> Handlers:
    """Handlers that leave the active dialogue be, tried last.

    `/stop`, *Student absent*, old buttons, text outside dialogues.
    """
    return [
        *leaving.handlers(),
        *attendance.handlers_beside_dialogues(),
        *fallback.handlers(),
    ]
