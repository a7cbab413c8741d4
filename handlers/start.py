"""Linking by invitation, `/start`, `/help` (SPEC 9)."""

from contextlib import suppress
from typing import Any

from markupsafe import Markup
from telegram import Chat, ChatMember, Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, ChatMemberHandler

from chat import deep_links, replies
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.deep_links import (
    OpenDispute,
    OpenInvitations,
    OpenList,
    OpenPages,
    OpenProblem,
    OpenSession,
    UseInvitation,
)
from chat.menus import commands_for, on_command, set_menu
from chat.screen import Screen
from handlers import coordination, group_links, invitations, pages, problems
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from models import Person
from services.db import Session
from services.people import accounts
from services.rules.refusals.standing import AccountLeft


async def start(update: Update, context: Context) -> None:
    """`/start`: with an invitation's token, with a link of the group or a page, or with nothing."""
    match deep_links.read(context.args[0] if context.args else ""):
        case OpenDispute(dispute_id):
            await group_links.show_dispute(update, context, dispute_id)
        case OpenProblem(report_id):
            await problems.show(update, context, report_id)
        case OpenSession(appointment_id):
            await group_links.show_session(update, context, appointment_id)
        case OpenList(name):
            await coordination.answer(update, context, name)
        case OpenInvitations():
            await invitations.list_people(update, context)
        case OpenPages():
            await pages.web(update, context)
        case UseInvitation(token):
            await _welcome(update, context, token)
        case None:
            await _welcome(update, context, None)


async def help_command(update: Update, context: Context) -> None:
    """`/help`: the person's commands, and how buttons work."""
    user = await context.app.database.read(current_user, update, context)
    await replies.say(update, context, Screen(_help(user)))


async def unblocked(update: Update, context: Context) -> None:
    """Note that somebody unblocked the bot in Telegram's settings, without pressing Start."""
    change = update.my_chat_member
    if change is None or change.chat.type != Chat.PRIVATE:
        return
    if change.new_chat_member.status == ChatMember.MEMBER:
        await context.app.database.write(
            accounts.let_write_again, change.chat.id, context.received_at
        )


async def _welcome(update: Update, context: Context, token: str | None) -> None:
    account, app = update.effective_user, context.app
    if account is None or update.effective_chat is None:
        return

    def transaction(session: Session) -> tuple[CurrentUser, int | None]:
        before = None
        if token:
            before = accounts.account_of_invited(session, token)
            accounts.accept_invitation(
                session, token, account.id, account.language_code, context.received_at
            )
        user = current_user(session, update, context)
        accounts.press_start(session, user.person, account.language_code, context.received_at)
        return current_user(session, update, context), before

    user, before = await app.database.write(transaction)
    if before not in (None, account.id):
        await _say_goodbye(context, user.reader, before)
    await replies.say(update, context, _welcome_screen(user, app.agency.name))
    await set_menu(context.bot, update.effective_chat.id, user.reader, user.person)


async def _say_goodbye(context: Context, reader: Reader, left: int) -> None:
    """Tell an account that its person has moved to another: it may not have been they.

    Only tried once, since nothing can be done from there any more.
    """
    with suppress(TelegramError):
        await context.bot.send_message(left, refusal_text(reader, AccountLeft(), None))


def _welcome_screen(user: CurrentUser, agency: str) -> Screen:
    """The greeting: what this is, and what to do next in each role (UX 14)."""
    reader, person = user.reader, user.person
    lines = [_hello(reader, person, agency)]
    if person.is_tutor:
        lines.append(
            reader.text(
                "Send /checkin at the door and /checkout when you leave. Today's "
                "sessions: /sessions"
            )
        )
    if person.is_parent:
        lines.append(
            reader.text(
                "After each session you get a card here to acknowledge. Still open: /pending"
            )
        )
    if person.is_coordinator:
        lines.append(reader.text("Disputes come to the group. The agency at a glance: /dashboard"))
    return Screen(Markup("\n\n").join(lines))


def _hello(reader: Reader, person: Person, agency: str) -> Markup:
    """What this is, in a line, for what the person does at the agency."""
    if person.is_coordinator:
        hello = phrase("Hello {name}. Here you coordinate the sessions of <b>{agency}</b>.")
    elif person.is_tutor:
        hello = phrase("Hello {name}. Here you keep your sessions for <b>{agency}</b>.")
    else:
        hello = phrase("Hello {name}. Here you follow the sessions of <b>{agency}</b>.")
    return reader.text(hello, name=person.name, agency=agency)


def _help(user: CurrentUser) -> Markup:
    reader = user.reader
    commands = [
        reader.text("/{command}: {what}", command=one.command, what=one.description)
        for one in commands_for(reader, user.person)
    ]
    return Markup("\n").join(commands)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("start", start),
        on_command("help", help_command),
        ChatMemberHandler(unblocked, ChatMemberHandler.MY_CHAT_MEMBER),
    ]
