"""Prepaid sessions: `/package` for parents, `/lowpackages` for coordinators (SPEC 7)."""

from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.cards.packages import ledger_screen, low_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator, require_parent
from chat.menus import on_command
from chat.screen import Screen
from services.db import Session
from services.queries.family import children
from services.queries.packages import entries_of, low_packages, owed_by_child, packages_of
from services.rules.refusals.sessions import NotFound


async def package(update: Update, context: Context) -> None:
    """`/package`: what is left for the first child, and every entry of its ledger."""

    def query(session: Session) -> Screen:
        return _ledger(session, current_user(session, update, context), None, 1)

    await replies.say(update, context, await context.app.database.read(query))


async def turn(update: Update, context: Context) -> None:
    """*Older*, *Newer*, or another child: the same message shows it."""
    wanted = callbacks.tapped(callbacks.ShowLedger, update)

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        return _ledger(session, user, wanted.student_id, max(wanted.page, 1))

    screen = await context.app.database.read(query)
    await replies.answer(update)
    await replies.show(update, context, screen)


async def low(update: Update, context: Context) -> None:
    """`/lowpackages`: packages with under a fifth left, and who owes sessions."""
    chat = update.effective_chat
    in_group = chat is None or chat.type != ChatType.PRIVATE

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_coordinator(user)
        packages = low_packages(session, context.received_at)
        return low_screen(user.reader, packages, owed_by_child(session), in_group=in_group)

    await replies.say(update, context, await context.app.database.read(query))


def _ledger(session: Session, user: CurrentUser, student_id: int | None, page: int) -> Screen:
    """A child's ledger. Refused: NotParent, and NotFound for a child that is not theirs."""
    require_parent(user)
    every = children(session, user.person)
    if not every:
        return Screen(
            user.reader.text(
                "No child is linked to you yet. Please ask your agency: packages will then appear "
                "here."
            )
        )
    child = next((one for one in every if one.id == (student_id or every[0].id)), None)
    if child is None:
        raise NotFound
    return ledger_screen(
        user.reader,
        child,
        packages_of(session, child.id),
        sum(one.sessions for one in owed_by_child(session, [child.id])),
        entries_of(session, student_id=child.id, page=page),
        page,
        [one for one in every if one is not child],
    )


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("package", package),
        on_command("lowpackages", low),
        CallbackQueryHandler(turn, pattern=callbacks.pressed(callbacks.ShowLedger)),
    ]
