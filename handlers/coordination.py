"""Lists for coordinators: `/dashboard`, `/disputes`, `/problems`; and *Claim* (SPEC 3, 5, 9).

Lists name children, so they are shown in private chats only; in the group the bot answers with
counts and a link (UX 13).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup, escape
from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from chat import callbacks, deep_links, keyboards, replies
from chat.callbacks import ListName
from chat.cards.flagged import LISTS, flagged_screen, flags_screen
from chat.cards.problem import problems_screen
from chat.cards.screens import SHOWN, and_more, session_name
from chat.cards.session import headline
from chat.cards.waiting import waiting_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.deep_links import OpenList
from chat.menus import on_command
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import attendance_line, status_label
from models.enums import Role
from services.approvals import disputes
from services.db import Session
from services.queries import dashboard as agency_queries
from services.queries import session_lists
from services.queries.dashboard import Dashboard, Missed, OpenDispute
from services.queries.flagged import flagged
from services.queries.found_sessions import sessions_called
from services.queries.problems import open_problems
from services.queries.sessions import SessionView
from services.queries.waiting import waiting

SEARCH_SHOWN = 60
"""How many characters of the search the answer repeats."""


@dataclass(frozen=True)
class Entry:
    """A session in a coordinators' list."""

    lines: Markup
    label: str
    about: int
    """The session's id."""


async def dashboard(update: Update, context: Context) -> None:
    """`/dashboard`: the agency at a glance; `/dashboard NAME`: sessions of that name."""
    search = " ".join(context.args or ())
    if not search or not _in_private(update):
        await answer(update, context, ListName.DASHBOARD)
        return

    def query(session: Session) -> tuple[CurrentUser, list[SessionView]]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = sessions_called(session, search, context.received_at, SHOWN + 1)
        return user, found

    user, found = await context.app.database.read(query)
    await replies.say(update, context, _found_screen(user.reader, found, search))


async def open_disputes(update: Update, context: Context) -> None:
    """`/disputes`: the disputes that nobody has settled."""
    await answer(update, context, ListName.DISPUTES)


async def open_reports(update: Update, context: Context) -> None:
    """`/problems`: the problem reports that nobody has closed."""
    await answer(update, context, ListName.PROBLEMS)


async def pending_in_group(update: Update, context: Context) -> None:
    """`/pending` in the group: counts, and a link to what waits on whom."""
    await answer(update, context, ListName.PENDING)


async def show_list(update: Update, context: Context) -> None:
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


async def answer(update: Update, context: Context, name: ListName) -> None:
    """Answer with a list in private, or with counts in the group. Refused: NotCoordinator."""
    app = context.app

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_coordinator(user)
        if _in_private(update):
            screen = _SCREENS[name](session, user, context)
        else:
            counts = agency_queries.dashboard(session, app.agency, context.received_at)
            screen = _group_screen(user.reader, counts, name, app.bot_username)
        return screen

    screen = await app.database.read(query)
    await replies.answer(update)
    await replies.show(update, context, screen)


def _dashboard_screen(session: Session, user: CurrentUser, context: Context) -> Screen:
    reader = user.reader
    now = context.received_at
    counts = agency_queries.dashboard(session, context.app.agency, now)
    more = (
        (ListName.IN_PROGRESS, reader.label("In progress"), counts.in_progress),
        (ListName.AWAITING, reader.label("Awaiting"), counts.awaiting),
        (ListName.DISPUTES, reader.label("Disputes"), counts.disputes),
        (ListName.PROBLEMS, reader.label("Problems"), counts.problems),
        (ListName.MISSED, reader.label("Missed"), len(counts.missed)),
    )
    buttons = (
        keyboards.button(f"{label} ({count})", callbacks.ShowList(name))
        for name, label, count in more
        if count
    )
    attendance = keyboards.button(reader.label("Attendance"), callbacks.ShowList(ListName.FLAGS))
    return Screen(_counts(reader, counts), keyboards.in_pairs(*buttons, attendance))


def _disputes_screen(session: Session, user: CurrentUser, _context: Context) -> Screen:
    reader = user.reader
    found = agency_queries.open_disputes(session)
    nothing = reader.text("No open disputes. They come to the group as they are made.")
    shown = [
        Entry(
            _dispute_lines(reader, one),
            reader.label("Dispute {number}", number=one.dispute.id),
            one.view.id,
        )
        for one in found[:SHOWN]
    ]
    return _list(reader, reader.text("<b>Open disputes</b>"), shown, len(found), nothing)


def _problems_screen(session: Session, user: CurrentUser, _context: Context) -> Screen:
    return problems_screen(user.reader, open_problems(session))


def _missed_screen(session: Session, user: CurrentUser, context: Context) -> Screen:
    reader, agency = user.reader, context.app.agency
    found = agency_queries.missed(session, agency, context.received_at)
    nothing = reader.text("No check-in and no check-out is missing.")
    shown = [
        Entry(_missed_lines(reader, one), session_name(reader, one.view), one.view.id)
        for one in found[:SHOWN]
    ]
    return _list(reader, reader.text("<b>Missed</b>"), shown, len(found), nothing)


def _in_progress_screen(session: Session, user: CurrentUser, _context: Context) -> Screen:
    reader = user.reader
    found = session_lists.all_in_progress(session)
    nothing = reader.text("No session is in progress.")
    return _sessions_list(reader, reader.text("<b>In progress</b>"), found, nothing)


def _awaiting_screen(session: Session, user: CurrentUser, _context: Context) -> Screen:
    reader = user.reader
    found = session_lists.all_awaiting(session)
    nothing = reader.text("No session awaits its parents.")
    return _sessions_list(reader, reader.text("<b>Awaiting parents</b>"), found, nothing)


def _pending_screen(session: Session, user: CurrentUser, context: Context) -> Screen:
    return waiting_screen(user.reader, waiting(session, context.received_at))


def _flags_screen(session: Session, user: CurrentUser, context: Context) -> Screen:
    return flags_screen(user.reader, flagged(session, context.received_at))


def _flagged_screen(
    name: ListName, session: Session, user: CurrentUser, context: Context
) -> Screen:
    return flagged_screen(user.reader, flagged(session, context.received_at), name)


_SCREENS: dict[ListName, Callable[[Session, CurrentUser, Context], Screen]] = {
    ListName.DASHBOARD: _dashboard_screen,
    ListName.DISPUTES: _disputes_screen,
    ListName.PROBLEMS: _problems_screen,
    ListName.MISSED: _missed_screen,
    ListName.IN_PROGRESS: _in_progress_screen,
    ListName.AWAITING: _awaiting_screen,
    ListName.PENDING: _pending_screen,
    ListName.FLAGS: _flags_screen,
    **{name: partial(_flagged_screen, name) for name in LISTS},
}


def _sessions_list(
    reader: Reader, title: Markup, found: list[SessionView], nothing: Markup
) -> Screen:
    shown = [
        Entry(_attendance_lines(reader, view), session_name(reader, view), view.id)
        for view in found[:SHOWN]
    ]
    return _list(reader, title, shown, len(found), nothing)


def _found_screen(reader: Reader, found: list[SessionView], search: str) -> Screen:
    name = search[:SEARCH_SHOWN]
    nothing = reader.text(
        "No session of “{name}” in the last two weeks, and none to come.", name=name
    )
    title = reader.text("<b>Sessions of “{name}”</b>", name=name)
    if len(found) > SHOWN:
        title += Markup("\n") + reader.text("There are more: send /dashboard and more of the name.")
    shown = [
        Entry(_status_lines(reader, view), session_name(reader, view), view.id)
        for view in found[:SHOWN]
    ]
    return _list(reader, title, shown, len(shown), nothing)


def _status_lines(reader: Reader, view: SessionView) -> Markup:
    label = Markup("<b>{}</b>").format(status_label(reader, view.status, Role.COORDINATOR))
    return Markup("\n").join([*headline(reader, view, Role.COORDINATOR), label])


def _list(reader: Reader, title: Markup, shown: list[Entry], count: int, nothing: Markup) -> Screen:
    """The entries that fit into a message out of `count`, a button for each, and *Back*."""
    back = (keyboards.button(reader.label("Back"), callbacks.ShowList(ListName.DASHBOARD)),)
    if not shown:
        return Screen(nothing, (back,))
    blocks = [title, *(one.lines for one in shown)]
    if count > len(shown):
        blocks.append(and_more(reader, count - len(shown)))
    buttons = (keyboards.button(one.label, callbacks.ShowSession(one.about)) for one in shown)
    return Screen(Markup("\n\n").join(blocks), (*keyboards.one_a_row(*buttons), back))


def _group_screen(reader: Reader, counts: Dashboard, name: ListName, bot: str) -> Screen:
    url = deep_links.address(bot, OpenList(name))
    return Screen(_counts(reader, counts), ((keyboards.link(reader.label("Open"), url),),))


def _counts(reader: Reader, counts: Dashboard) -> Markup:
    lines = [
        reader.text("<b>The agency today</b>"),
        reader.text("Sessions today: {count}", count=counts.today),
        reader.text("In progress: {count}", count=counts.in_progress),
        reader.text("Awaiting parents: {count}", count=counts.awaiting),
        reader.text("Unanswered for over 48 hours: {count}", count=counts.overdue),
        reader.text("Open disputes: {count}", count=counts.disputes),
        reader.text("Open problem reports: {count}", count=counts.problems),
        reader.text("Missed check-ins and check-outs: {count}", count=len(counts.missed)),
        reader.text("To find somebody or a session, send /find and a name."),
    ]
    return Markup("\n").join(lines)


def _dispute_lines(reader: Reader, one: OpenDispute) -> Markup:
    owner = (
        reader.text("Claimed by {who}", who=one.claimed_by)
        if one.claimed_by
        else reader.text("Not claimed yet")
    )
    number = reader.text("<b>Dispute {number}</b>", number=one.dispute.id)
    return Markup("\n").join([number, *headline(reader, one.view, Role.COORDINATOR), owner])


def _missed_lines(reader: Reader, one: Missed) -> Markup:
    status = status_label(reader, one.view.status, Role.COORDINATOR, one.kind)
    label = Markup("<b>{}</b>").format(status)
    return Markup("\n").join([*headline(reader, one.view, Role.COORDINATOR), label])


def _attendance_lines(reader: Reader, view: SessionView) -> Markup:
    attendance = escape(attendance_line(reader, view.appointment))
    return Markup("\n").join([*headline(reader, view, Role.COORDINATOR), attendance])


def _in_private(update: Update) -> bool:
    chat = update.effective_chat
    return chat is not None and chat.type == ChatType.PRIVATE


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
        CallbackQueryHandler(show_list, pattern=callbacks.pressed(callbacks.ShowList)),
        CallbackQueryHandler(claim, pattern=callbacks.pressed(callbacks.Claim)),
    ]
