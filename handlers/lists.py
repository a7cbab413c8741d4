"""Lists of sessions: `/sessions`, `/upcoming`, `/todos`, `/pending`, and one session's card."""

from types import MappingProxyType
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, match_cards, replies
from chat.callbacks import ListName
from chat.callbacks.sessions import ListPage
from chat.cards.match import offer_card
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import (
    CurrentUser,
    current_user,
    require_coordinator,
    require_parent,
    require_tutor,
)
from chat.lists.showing import anybody, say_list, show_list, take_list
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from models.enums import ListKind
from services.db import Session
from services.queries import session_lists
from services.queries.matches import offers_to
from services.queries.requests import answers_owed_by_family
from services.queries.sessions import SessionView
from services.rules.refusals.sessions import StaleButton

Numbered = list[tuple[int, Screen]]
"""Cards, each with the number of its session or match."""


async def today(update: Update, context: Context) -> None:
    """`/sessions`: today's sessions, with the buttons that can be used now."""
    await say_list(update, context, ListKind.SESSIONS)


async def upcoming(update: Update, context: Context) -> None:
    """`/upcoming`: sessions still to start today, and of the seven days after."""
    await say_list(update, context, ListKind.UPCOMING)


async def pending(update: Update, context: Context) -> None:
    """`/pending`: what awaits this parent's answer, a card each; for coordinators, all that waits.

    Requests to move a session, which run out, come last. The group's is
    `handlers.coordination.pending_in_group`.
    """
    agency = context.app.agency

    def query(session: Session) -> tuple[CurrentUser, Numbered, Numbered, Numbered]:
        user = current_user(session, update, context)
        if not user.person.is_coordinator:
            require_parent(user)

        def cards_of(views: list[SessionView]) -> Numbered:
            return [(view.id, session_screen(session, user, view.id, agency)) for view in views]

        cards = cards_of(session_lists.awaiting_parent(session, user.person))
        requests = cards_of(answers_owed_by_family(session, user.person, context.received_at))
        offers = [
            (view.id, offer_card(user.reader, view, user.person.id))
            for view in offers_to(session, user.person, context.received_at)
        ]
        return user, cards, offers, requests

    user, cards, offers, requests = await context.app.database.read(query)
    for appointment_id, card in cards:
        await replies.say_card(update, context, card, CardOf(appointment_id), user.person.id)
    for match_id, card in offers:
        await match_cards.say(update, context, card, match_id, user.person.id)
    for appointment_id, card in requests:
        await replies.say_card(update, context, card, CardOf(appointment_id), user.person.id)
    if user.person.is_coordinator:
        await say_list(update, context, ListKind.AGENCY, argument=ListName.PENDING)
    elif not (cards or offers or requests):
        nothing = user.reader.text(
            "Nothing is waiting for your answer. After each session you get a card here."
        )
        await replies.say(update, context, Screen(nothing))


async def todos(update: Update, context: Context) -> None:
    """`/todos`: the check-outs, notes and answers that a tutor still owes."""
    await say_list(update, context, ListKind.TODOS, require_tutor)


async def show_session(update: Update, context: Context) -> None:
    """A session's button in a list: show its card as a message of its own."""
    appointment_id = callbacks.tapped(callbacks.ShowSession, update).appointment_id

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        user = current_user(session, update, context)
        screen = session_screen(session, user, appointment_id, context.app.agency)
        return user, screen

    user, screen = await context.app.database.read(query)
    await replies.answer(update)
    await replies.say_card(update, context, screen, CardOf(appointment_id), user.person.id)


async def other_page(update: Update, context: Context) -> None:
    """*More* and *Earlier*: another page of the question, in its place. Refused: NotTutor."""
    tapped = callbacks.tapped(callbacks.OtherPage, update)
    kind, require = _PAGED[type(tapped)]
    await show_list(update, context, kind, require, argument=str(tapped.offset))


_PAGED = MappingProxyType(
    {
        callbacks.ChangePage: (ListKind.TO_CHANGE, anybody),
        callbacks.NotesPage: (ListKind.FOR_NOTES, require_tutor),
    }
)


async def list_page(update: Update, context: Context) -> None:
    """*More* and *Earlier*: another page of a list, in its place. Refused: as the list is."""
    tapped = callbacks.tapped(ListPage, update)
    require, argument = _OWN_PAGED.get(tapped.kind), str(tapped.offset)
    if tapped.kind is ListKind.AGENCY and tapped.name in {one.value for one in ListName}:
        require, argument = require_coordinator, f"{tapped.name}:{tapped.offset}"
    if require is None:
        raise StaleButton
    await show_list(update, context, tapped.kind, require, argument=argument)


_OWN_PAGED = MappingProxyType(
    {
        ListKind.SESSIONS: anybody,
        ListKind.UPCOMING: anybody,
        ListKind.TODOS: require_tutor,
        ListKind.STUDENTS: require_tutor,
    }
)


async def leave_list(update: Update, context: Context) -> None:
    """*Leave* under a question that asks for a session: the question goes."""
    await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    await take_list(update, context)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("sessions", today),
        on_command("upcoming", upcoming),
        on_command("pending", pending),
        on_command("todos", todos),
        CallbackQueryHandler(show_session, pattern=callbacks.pressed(callbacks.ShowSession)),
        CallbackQueryHandler(other_page, pattern=callbacks.pressed(*_PAGED)),
        CallbackQueryHandler(list_page, pattern=callbacks.pressed(ListPage)),
        CallbackQueryHandler(leave_list, pattern=callbacks.pressed(callbacks.LeaveList)),
    ]
