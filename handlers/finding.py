"""`/find NAME`, for coordinators: people, children, and their sessions (SPEC 9).

The answer names children, so it comes in private only; in the group the bot answers with counts
and a link (UX 13).
"""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, deep_links, keyboards, replies
from chat.callbacks import Button
from chat.cards.found import ask_screen
from chat.context import Context
from chat.current_user import current_user, require_coordinator
from chat.incoming import is_private
from chat.lists.showing import say_list, show_list
from chat.menus import on_command
from chat.screen import Screen
from locales.reader import Reader
from models import Person, Student
from models.enums import ListKind
from services.db import Session
from services.queries.found_people import Found, everybody_called
from services.queries.people import person_with
from services.queries.scheduling import student_with
from services.rules.refusals.sessions import NotFound

COUNTED = 100
"""Up to how many the group's answer counts."""


async def find(update: Update, context: Context) -> None:
    """`/find NAME`: who is called so; without a name, how to ask."""
    search, app = " ".join(context.args or ()), context.app
    if is_private(update):
        await say_list(update, context, ListKind.FOUND, require_coordinator, argument=search)
        return

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_coordinator(user)
        reader = user.reader
        if not search:
            return ask_screen(reader)
        found = everybody_called(session, search, context.received_at, COUNTED + 1)
        return _counts(reader, found, app.bot_username)

    await replies.say(update, context, await app.database.read(query))


async def find_alike(update: Update, context: Context) -> None:
    """The name that was meant, in place of the question."""
    tapped = callbacks.tapped(Button, update)

    def query(session: Session) -> str:
        require_coordinator(current_user(session, update, context))
        found: Person | Student | None = None
        if isinstance(tapped, callbacks.FindPerson):
            found = person_with(session, tapped.person_id)
        elif isinstance(tapped, callbacks.FindStudent):
            found = student_with(session, tapped.student_id)
        if found is None:
            raise NotFound
        return found.name

    name = await context.app.database.read(query)
    await show_list(update, context, ListKind.FOUND, require_coordinator, argument=name)


async def find_called(update: Update, context: Context) -> None:
    """*Find*: who is called so, in place of the question."""
    name = callbacks.tapped(callbacks.FindCalled, update).name
    await show_list(update, context, ListKind.FOUND, require_coordinator, argument=name)


def _counts(reader: Reader, found: Found, bot: str) -> Screen:
    lines = [
        reader.text("People: {count}", count=_number(len(found.people))),
        reader.text("Children: {count}", count=_number(len(found.students))),
        reader.text("Sessions: {count}", count=_number(len(found.sessions))),
        reader.text("To read more, send me the same in our private chat."),
    ]
    link = keyboards.link(reader.label("Open"), deep_links.address(bot))
    return Screen(Markup("\n").join(lines), ((link,),))


def _number(count: int) -> str:
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    alike = callbacks.pressed(callbacks.FindPerson, callbacks.FindStudent)
    called = callbacks.pressed(callbacks.FindCalled)
    return [
        on_command("find", find),
        CallbackQueryHandler(find_alike, pattern=alike),
        CallbackQueryHandler(find_called, pattern=called),
    ]
