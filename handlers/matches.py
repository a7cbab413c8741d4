"""Matches in the chat: whom a tutor teaches (SPEC 7, 9)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from chat.context import Context
from chat.current_user import require_tutor
from chat.lists.showing import say_list
from chat.menus import on_command
from models.enums import ListKind


async def my_students(update: Update, context: Context) -> None:
    """`/mystudents`: whom a tutor teaches, when, and the next session of each."""
    await say_list(update, context, ListKind.STUDENTS, require_tutor)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [on_command("mystudents", my_students)]
