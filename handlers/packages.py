"""Prepaid sessions: `/package` for parents, `/lowpackages` for coordinators (SPEC 7)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.packages import low_screen
from chat.context import Context
from chat.current_user import current_user, require_coordinator, require_parent
from chat.incoming import is_private
from chat.lists.showing import say_list, show_list
from chat.menus import on_command
from chat.screen import Screen
from models.enums import ListKind
from services.db import Session
from services.queries.packages import low_packages, owed_by_child


async def package(update: Update, context: Context) -> None:
    """`/package`: what is left for the first child, and every entry of its ledger; a coordinator
    who is no parent reads where they find that.
    """
    user = await context.app.database.read(current_user, update, context)
    if user.person.is_coordinator and not user.person.is_parent:
        told = user.reader.text(
            "This is for parents. /find with a child's name shows what is left of its packages, "
            "/lowpackages what runs low, and /web every entry."
        )
        await replies.say(update, context, Screen(told))
        return
    await say_list(update, context, ListKind.PACKAGE, require_parent, argument="0:1")


async def turn(update: Update, context: Context) -> None:
    """*Older*, *Newer*, or another child: the same message shows it."""
    wanted = callbacks.tapped(callbacks.ShowLedger, update)
    page = f"{wanted.student_id}:{max(wanted.page, 1)}"
    await show_list(update, context, ListKind.PACKAGE, require_parent, argument=page)


async def low(update: Update, context: Context) -> None:
    """`/lowpackages`: packages with under a fifth left, and who owes sessions."""
    in_group = not is_private(update)

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_coordinator(user)
        packages = low_packages(session, context.received_at)
        return low_screen(user.reader, packages, owed_by_child(session), in_group=in_group)

    await replies.say(update, context, await context.app.database.read(query))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("package", package),
        on_command("lowpackages", low),
        CallbackQueryHandler(turn, pattern=callbacks.pressed(callbacks.ShowLedger)),
    ]
