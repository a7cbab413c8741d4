"""`/invite`: invitations for people who are not linked, or change their account (SPEC 9).

Who has no Telegram gets a link to the pages instead.
"""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, deep_links, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.deep_links import UseInvitation
from chat.lists.showing import say_list, say_passed_on, show_list, take_list
from chat.menus import on_command
from chat.screen import Screen
from models import Invitation, Person, SignInLink
from models.enums import ListKind
from services.db import Session
from services.people import accounts
from services.queries.people import person_with


async def invite_command(update: Update, context: Context) -> None:
    """`/invite`: the people who are not linked yet; `/invite NAME`: everybody of that name."""
    search = " ".join(context.args or ())
    if not search:
        await list_people(update, context)
        return

    await say_list(update, context, ListKind.TO_INVITE, require_coordinator, argument=search)


async def list_people(update: Update, context: Context) -> None:
    """Show the first page of the people who are not linked yet."""
    await _show_unlinked(update, context, 0)


async def other_page(update: Update, context: Context) -> None:
    """*More* and *Back*: another page of the list."""
    await _show_unlinked(update, context, callbacks.tapped(callbacks.InvitePage, update).offset)


async def invite(update: Update, context: Context) -> None:
    """A name in the list: the person's invitation, as a link to pass on.

    The list says from now on whether they have come in.
    """
    person_id = callbacks.tapped(callbacks.Invite, update).person_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, str, Invitation, Person | None]:
        user = current_user(session, update, context)
        require_coordinator(user)
        token = accounts.invite(session, user.actor, person_id)
        link = accounts.invitation_of(session, token)
        return user, token, link, person_with(session, person_id)

    user, token, link, person = await app.database.write(transaction)
    reader = user.reader
    text = reader.text(
        "Pass this on to <b>{name}</b>. It works once, until {until}:\n{url}",
        name=person.name if person else "",
        until=reader.dated_moment(link.expires_at),
        url=deep_links.address(app.bot_username, UseInvitation(token)),
    )
    if person is not None and person.telegram_user_id is not None:
        await replies.answer(update)
        await take_list(update, context)
        text += Markup("\n") + reader.text(
            "If it is opened on another account, they move to that one, and the old one loses "
            "access."
        )
    else:
        of = str(person_id)
        await show_list(update, context, ListKind.INVITED, require_coordinator, argument=of)
    await say_passed_on(update, context, Screen(text), user, link)


async def invite_by_web(update: Update, context: Context) -> None:
    """*Without Telegram*: a link that signs the person in on the pages."""
    person_id = callbacks.tapped(callbacks.InviteByWeb, update).person_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, str, SignInLink, Person | None]:
        user = current_user(session, update, context)
        token = app.sign_in.make_link_for(session, user.actor, person_id)
        link = app.sign_in.link(session, token)
        return user, token, link, person_with(session, person_id)

    user, token, link, person = await app.database.write(transaction)
    await replies.answer(update)
    text = user.reader.text(
        "Pass this on to <b>{name}</b>. It signs them in on the pages, once, until {until}; the "
        "bot does not write to them:\n{url}",
        name=person.name if person else "",
        until=user.reader.dated_moment(link.expires_at),
        url=f"{app.pages.address}/sign-in/{token}",
    )
    await say_passed_on(update, context, Screen(text), user, link)


async def _show_unlinked(update: Update, context: Context, offset: int) -> None:
    kind = ListKind.UNLINKED
    await show_list(update, context, kind, require_coordinator, argument=str(offset))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("invite", invite_command),
        CallbackQueryHandler(other_page, pattern=callbacks.pressed(callbacks.InvitePage)),
        CallbackQueryHandler(invite, pattern=callbacks.pressed(callbacks.Invite)),
        CallbackQueryHandler(invite_by_web, pattern=callbacks.pressed(callbacks.InviteByWeb)),
    ]
