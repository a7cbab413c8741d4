"""`/invite`: invitations for people who are not linked, or change their account (SPEC 9).

Who has no Telegram gets a link to the pages instead.
"""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, deep_links, keyboards, replies
from chat.cards.screens import leave_row
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.deep_links import UseInvitation
from chat.menus import on_command
from chat.screen import Screen
from locales.people_words import way_in
from locales.wording import role_label
from models import Person
from services.db import Session
from services.people import accounts
from services.queries.people import person_with

PAGE = 8
"""People on one page of the list."""
SEARCH_SHOWN = 60
"""How many characters of the search the answer repeats."""


async def invite_command(update: Update, context: Context) -> None:
    """`/invite`: the people who are not linked yet; `/invite NAME`: everybody of that name."""
    search = " ".join(context.args or ())
    if not search:
        await list_people(update, context)
        return

    def query(session: Session) -> tuple[CurrentUser, list[Person]]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = accounts.people_called(session, search)
        return user, found

    user, found = await context.app.database.read(query)
    await replies.say(update, context, _found_screen(user, found, search))


async def list_people(update: Update, context: Context) -> None:
    """Show the first page of the people who are not linked yet."""
    await _list(update, context, 0)


async def other_page(update: Update, context: Context) -> None:
    """*More* and *Back*: another page of the list."""
    await _list(update, context, callbacks.tapped(callbacks.InvitePage, update).offset)


async def invite(update: Update, context: Context) -> None:
    """A name in the list: the person's invitation, as a link to pass on."""
    person_id = callbacks.tapped(callbacks.Invite, update).person_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, str, Person | None]:
        user = current_user(session, update, context)
        require_coordinator(user)
        token = accounts.invite(session, user.actor, person_id)
        person = person_with(session, person_id)
        return user, token, person

    user, token, person = await app.database.write(transaction)
    await replies.answer(update)
    reader = user.reader
    text = reader.text(
        "Pass this on to <b>{name}</b>. It works once, within 72 hours:\n{url}",
        name=person.name if person else "",
        url=deep_links.address(app.bot_username, UseInvitation(token)),
    )
    if person is not None and person.telegram_user_id is not None:
        text += Markup("\n") + reader.text(
            "If it is opened on another account, they move to that one, and the old one loses "
            "access."
        )
        await replies.say(update, context, Screen(text))
        return
    without = keyboards.button(reader.label("Without Telegram"), callbacks.InviteByWeb(person_id))
    await replies.say(update, context, Screen(text, ((without,),)))


async def invite_by_web(update: Update, context: Context) -> None:
    """*Without Telegram*: a link that signs the person in on the pages."""
    person_id = callbacks.tapped(callbacks.InviteByWeb, update).person_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, str, Person | None]:
        user = current_user(session, update, context)
        token = app.sign_in.make_link_for(session, user.actor, person_id)
        return user, token, person_with(session, person_id)

    user, token, person = await app.database.write(transaction)
    await replies.answer(update)
    text = user.reader.text(
        "Pass this on to <b>{name}</b>. It signs them in on the pages, once, within 72 hours; the "
        "bot does not write to them:\n{url}",
        name=person.name if person else "",
        url=f"{app.pages.address}/sign-in/{token}",
    )
    await replies.say(update, context, Screen(text))


async def _list(update: Update, context: Context, offset: int) -> None:
    def query(session: Session) -> tuple[CurrentUser, list[Person]]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = accounts.unlinked_people(session)
        return user, found

    user, found = await context.app.database.read(query)
    await replies.answer(update)
    await replies.show(update, context, _list_screen(user, found, offset))


def _found_screen(user: CurrentUser, found: list[Person], search: str) -> Screen:
    reader = user.reader
    if not found:
        return Screen(
            reader.text(
                "Nobody is called “{name}”. New people are added on the pages, or by an import.",
                name=search[:SEARCH_SHOWN],
            )
        )
    title = reader.text("<b>Who would you like to invite?</b>")
    if len(found) > PAGE:
        title += Markup("\n") + reader.text("There are more. Send /invite with more of the name.")
    return Screen(title, (*_buttons(user, found[:PAGE]), leave_row(reader)))


def _list_screen(user: CurrentUser, found: list[Person], offset: int) -> Screen:
    reader = user.reader
    if not found:
        return Screen(
            reader.text(
                "Everybody is linked. New people are added on the pages, or by an import. To move "
                "somebody to a new phone, send /invite and their name."
            )
        )
    offset = min(offset, (len(found) - 1) // PAGE * PAGE)
    rows = _buttons(user, found[offset : offset + PAGE])
    before = (
        keyboards.button(reader.label("Back"), callbacks.InvitePage(max(0, offset - PAGE)))
        if offset
        else None
    )
    more = (
        keyboards.button(reader.label("More"), callbacks.InvitePage(offset + PAGE))
        if len(found) > offset + PAGE
        else None
    )
    title = reader.text(
        "<b>Who would you like to invite?</b> To find somebody, send /invite with a name."
    )
    return Screen(title, (*rows, *keyboards.in_pairs(before, more), leave_row(reader)))


def _buttons(user: CurrentUser, found: list[Person]) -> keyboards.Rows:
    return keyboards.one_a_row(
        *(keyboards.button(_named(user, one), callbacks.Invite(one.id)) for one in found)
    )


def _named(user: CurrentUser, person: Person) -> str:
    reader = user.reader
    known = [role_label(reader, role) for role in sorted(person.roles)]
    if person.has_chat or person.is_by_web_only:
        known.append(way_in(reader, person))
    return f"{person.name} ({reader.listed(known)})" if known else person.name


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("invite", invite_command),
        CallbackQueryHandler(other_page, pattern=callbacks.pressed(callbacks.InvitePage)),
        CallbackQueryHandler(invite, pattern=callbacks.pressed(callbacks.Invite)),
        CallbackQueryHandler(invite_by_web, pattern=callbacks.pressed(callbacks.InviteByWeb)),
    ]
