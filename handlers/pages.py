"""`/web`: a link from the bot to the pages (SPEC 10)."""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler

from chat import callbacks, keyboards
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import say_link
from chat.menus import on_command
from chat.screen import Screen
from models import SignInLink
from services.db import Session


async def web(update: Update, context: Context) -> None:
    """`/web`: a link that signs the person in once, on the device that opens it."""
    pages = context.app.pages

    def transaction(session: Session) -> tuple[CurrentUser, str, SignInLink]:
        user, sign_in = current_user(session, update, context), context.app.sign_in
        token = sign_in.make_link(session, user.person, context.received_at)
        return user, token, sign_in.link(session, token)

    user, token, link = await context.app.database.write(transaction)
    reader = user.reader
    address = f"{pages.address}/sign-in/{token}"
    text = reader.text(
        "Everything that you do here works in a browser, too. This link is yours alone: it works "
        "once, until {until}.",
        until=reader.clock_time(link.expires_at),
    )
    person, opens = user.person, None
    if pages.takes_buttons:
        opens = keyboards.link(reader.label("Open the pages"), address)
    else:
        text += Markup("\n{}").format(address)
    follows = (
        keyboards.button(reader.label("Calendar"), callbacks.ShowFeed())
        if person.is_tutor or person.is_parent
        else None
    )
    rows = keyboards.one_a_row(*filter(None, (opens, follows)))
    await say_link(update, context, Screen(text, rows), user, link)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [on_command("web", web)]
