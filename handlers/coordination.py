"""Lists for coordinators, and *Claim* and *Dealt with* in the group (SPEC 3, 5, 6, 9).

Lists name children, so they are shown in private chats only; in the group the bot answers with
counts and a link (UX 13).
"""

from typing import Any

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from chat import callbacks, deep_links, keyboards, replies
from chat.callbacks import ListName
from chat.cards.waiting import nothing_waits, waiting_counts
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.deep_links import OpenList
from chat.incoming import is_private
from chat.lists.agency import counts_of_agency
from chat.lists.showing import say_list, show_list
from chat.menus import on_command
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import action_done
from models.enums import Action, ListKind
from models.matters import Matter
from services.approvals import disputes
from services.db import Session
from services.queries import dashboard as agency_queries
from services.queries.dashboard import Dashboard
from services.queries.waiting import Waiting, waiting
from services.queue.dealing import deal_with


async def dashboard(update: Update, context: Context) -> None:
    """`/dashboard`: the agency at a glance; `/dashboard NAME`: sessions of that name."""
    search = " ".join(context.args or ())
    if search and is_private(update):
        await say_list(update, context, ListKind.CALLED, require_coordinator, argument=search)
    else:
        await answer(update, context, ListName.DASHBOARD)


async def open_disputes(update: Update, context: Context) -> None:
    """`/disputes`: the disputes that nobody has settled."""
    await answer(update, context, ListName.DISPUTES)


async def open_reports(update: Update, context: Context) -> None:
    """`/problems`: the problem reports that nobody has closed."""
    await answer(update, context, ListName.PROBLEMS)


async def pending_in_group(update: Update, context: Context) -> None:
    """`/pending` in the group: counts, and a link to what waits on whom."""
    await answer(update, context, ListName.PENDING)


async def open_list(update: Update, context: Context) -> None:
    """A button that opens a list."""
    await answer(update, context, callbacks.tapped(callbacks.ShowList, update).name)


async def claim(update: Update, context: Context) -> None:
    """*Claim* on the group's card: the dispute is the coordinator's who tapped."""
    dispute_id = callbacks.tapped(callbacks.Claim, update).dispute_id

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        disputes.claim(session, dispute_id, user.actor)
        return user

    user = await context.app.database.write(transaction)
    await replies.answer(update, user.reader.label("This dispute is yours now."))


async def deal_with_late_change(update: Update, context: Context) -> None:
    """*Dealt with* on the group's card of what the coordinators were told of a session (SPEC 6)."""
    about = callbacks.tapped(callbacks.DealWith, update).appointment_id

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        deal_with(session, Matter.LATE_CHANGE, about, user.actor)
        return user

    user = await context.app.database.write(transaction)
    at, name = user.actor.now, user.person.name
    done = action_done(user.reader, Action.DEAL_WITH, name, at, is_reader=True)
    await replies.answer(update, done)


async def answer(update: Update, context: Context, name: ListName) -> None:
    """Answer with a list in private, or with counts in the group. Refused: NotCoordinator."""
    app = context.app
    if is_private(update):
        await show_list(update, context, ListKind.AGENCY, require_coordinator, argument=name)
        return

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_coordinator(user)
        if name is ListName.PENDING:
            found = waiting(session, context.app.agency, context.received_at)
            return _pending_in_group(user.reader, found, app.bot_username)
        counts = agency_queries.dashboard(session, app.agency, context.received_at)
        return _group_screen(user.reader, counts, name, app.bot_username)

    screen = await app.database.read(query)
    await replies.answer(update)
    await replies.show(update, context, screen)


def _group_screen(reader: Reader, counts: Dashboard, name: ListName, bot: str) -> Screen:
    if name is ListName.DISPUTES and not counts.disputes:
        return Screen(reader.text("No open disputes. New ones are posted here."))
    if name is ListName.PROBLEMS and not counts.problems:
        return Screen(reader.text("No open problem reports. New ones are posted here."))
    if name is ListName.DISPUTES:
        told = reader.text("Open disputes: {count}", count=counts.disputes)
    elif name is ListName.PROBLEMS:
        told = reader.text("Open problem reports: {count}", count=counts.problems)
    else:
        told = counts_of_agency(reader, counts)
    return _with_link(reader, told, name, bot)


def _pending_in_group(reader: Reader, found: Waiting, bot: str) -> Screen:
    told = waiting_counts(reader, found)
    return (
        Screen(nothing_waits(reader))
        if told is None
        else _with_link(reader, told, ListName.PENDING, bot)
    )


def _with_link(reader: Reader, told: Markup, name: ListName, bot: str) -> Screen:
    url = deep_links.address(bot, OpenList(name))
    return Screen(told, ((keyboards.link(reader.label("Open"), url),),))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("dashboard", dashboard),
        on_command("disputes", open_disputes),
        CommandHandler(
            "pending",
            pending_in_group,
            filters=filters.UpdateType.MESSAGE & filters.ChatType.GROUPS,
        ),
        on_command("problems", open_reports),
        CallbackQueryHandler(open_list, pattern=callbacks.pressed(callbacks.ShowList)),
        CallbackQueryHandler(claim, pattern=callbacks.pressed(callbacks.Claim)),
        CallbackQueryHandler(deal_with_late_change, pattern=callbacks.pressed(callbacks.DealWith)),
    ]
