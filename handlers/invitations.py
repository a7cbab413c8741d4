"""`/invite`: an invitation for somebody who is not linked yet (SPEC 9)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, keyboards, replies
from chat.context import Context
from chat.menus import on_command
from chat.screen import Screen
from chat.visitors import Visitor, require_coordinator, visitor_of
from locales.wording import role_label
from models import Person
from services import people

PAGE = 8
"""People on one page of the list."""


async def invite_command(update: Update, context: Context) -> None:
    """`/invite`, or `/invite NAME`: whom?"""
    await _list(update, context, " ".join(context.args or ()), 0)


async def other_page(update: Update, context: Context) -> None:
    """*More* and *Back* below the list."""
    await replies.answer(update)
    await _list(update, context, "", callbacks.tapped(callbacks.InvitePage, update).offset)


async def invite(update: Update, context: Context) -> None:
    """A name was tapped: their link, to be passed on."""
    person_id = callbacks.tapped(callbacks.Invite, update).person_id
    house = context.house
    async with house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        require_coordinator(visitor)
        token = await people.invite(session, visitor.actor, person_id)
        person = await session.get(Person, person_id)
    await replies.answer(update)
    text = visitor.reader.text(
        "Pass this on to <b>{name}</b>. It works once, within 72 hours:\n{url}",
        name=person.name if person else "",
        url=f"https://t.me/{house.bot_username}?start={token}",
    )
    await replies.say(update, context, Screen(text))


async def _list(update: Update, context: Context, search: str, offset: int) -> None:
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
        require_coordinator(visitor)
        found = await people.unlinked_people(session, search)
    await replies.show(update, context, _list_screen(visitor, found, search, offset))


def _list_screen(visitor: Visitor, found: list[Person], search: str, offset: int) -> Screen:
    reader = visitor.reader
    if not found and search:
        return Screen(reader.text("Nobody who is not linked yet is called “{name}”.", name=search))
    if not found:
        return Screen(reader.text("Everybody is linked. New people come with an import."))
    rows = keyboards.one_a_row(
        *(
            keyboards.button(_named(visitor, person), callbacks.Invite(person.id))
            for person in found[offset : offset + PAGE]
        )
    )
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
    title = reader.text("<b>Whom do you invite?</b> To find somebody, send /invite and a name.")
    return Screen(title, (*rows, *keyboards.in_pairs(before, more)))


def _named(visitor: Visitor, person: Person) -> str:
    roles = visitor.reader.listed(role_label(visitor.reader, role) for role in sorted(person.roles))
    return f"{person.name} ({roles})" if roles else person.name


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """What this file takes."""
    return [
        on_command("invite", invite_command),
        CallbackQueryHandler(other_page, pattern=callbacks.pressed(callbacks.InvitePage)),
        CallbackQueryHandler(invite, pattern=callbacks.pressed(callbacks.Invite)),
    ]
