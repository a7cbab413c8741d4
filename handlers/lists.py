"""Lists of sessions: `/sessions`, `/upcoming`, `/todos`, `/pending`, and one session's card."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, match_cards, replies
from chat.cards.match import offer_card
from chat.cards.screens import (
    Section,
    list_screen,
    next_line,
    sections_screen,
    session_screen,
)
from chat.cards.waiting import waiting_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_parent, require_tutor
from chat.menus import on_command
from chat.message_parts import CardOf
from chat.screen import Screen
from services.db import Session
from services.queries import session_lists
from services.queries.matches import offers_to
from services.queries.requests import answers_owed, requests_in
from services.queries.todos import todos_of
from services.queries.waiting import waiting

Numbered = list[tuple[int, Screen]]
"""Cards, each with the number of its session or match."""


async def today(update: Update, context: Context) -> None:
    """`/sessions`: today's sessions, with the buttons that can be used now."""

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        return _today(session, user, context)

    screen = await context.app.database.read(query)
    await replies.say(update, context, screen)


async def upcoming(update: Update, context: Context) -> None:
    """`/upcoming`: sessions still to start today, and of the seven days after."""

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        return _upcoming(session, user, context)

    screen = await context.app.database.read(query)
    await replies.say(update, context, screen)


async def pending(update: Update, context: Context) -> None:
    """`/pending`: what awaits this parent's answer, a card each; for coordinators, all that waits.

    The group's is `handlers.coordination.pending_in_group`.
    """
    agency, now = context.app.agency, context.received_at

    def query(session: Session) -> tuple[CurrentUser, Numbered, Numbered, Screen | None]:
        user = current_user(session, update, context)
        is_coordinator = user.person.is_coordinator
        if not is_coordinator:
            require_parent(user)
        views = session_lists.awaiting_parent(session, user.person)
        cards = [(view.id, session_screen(session, user, view.id, agency)) for view in views]
        offers = [
            (view.id, offer_card(user.reader, view, user.person.id))
            for view in offers_to(session, user.person, now)
        ]
        all_of_it = waiting_screen(user.reader, waiting(session, now)) if is_coordinator else None
        return user, cards, offers, all_of_it

    user, cards, offers, all_of_it = await context.app.database.read(query)
    for appointment_id, card in cards:
        await replies.say_card(update, context, card, CardOf(appointment_id), user.person.id)
    for match_id, card in offers:
        await match_cards.say(update, context, card, match_id, user.person.id)
    if all_of_it is not None:
        await replies.say(update, context, all_of_it)
    elif not cards and not offers:
        nothing = user.reader.text(
            "Nothing is waiting for your answer. After each session you get a card here."
        )
        await replies.say(update, context, Screen(nothing))


async def todos(update: Update, context: Context) -> None:
    """`/todos`: the check-outs, notes and answers that a tutor still owes."""

    def query(session: Session) -> Screen:
        user = current_user(session, update, context)
        require_tutor(user)
        return _todos(session, user, context)

    screen = await context.app.database.read(query)
    await replies.say(update, context, screen)


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


def _today(session: Session, user: CurrentUser, context: Context) -> Screen:
    reader, agency, now = user.reader, context.app.agency, context.received_at
    views = session_lists.of_day(session, user.person, agency, now)
    if views:
        title = reader.text("<b>Today's sessions</b>")
        return list_screen(session, user, title, views, agency)
    later = session_lists.next_scheduled(session, user.person, now)
    return Screen(next_line(reader, reader.text("No sessions today."), later))


def _upcoming(session: Session, user: CurrentUser, context: Context) -> Screen:
    reader, agency, now = user.reader, context.app.agency, context.received_at
    views = session_lists.upcoming(session, user.person, agency, now)
    if views:
        title = reader.text("<b>The next seven days</b>")
        return list_screen(session, user, title, views, agency)
    later = session_lists.next_scheduled(session, user.person, now)
    nothing = reader.text("No sessions today or in the next seven days.")
    return Screen(next_line(reader, nothing, later))


def _todos(session: Session, user: CurrentUser, context: Context) -> Screen:
    reader, agency, now = user.reader, context.app.agency, context.received_at
    views = todos_of(session, user.person, agency, now)
    asked = answers_owed(session, user.person, now)
    sections = [
        Section(reader.text("<b>Still to do</b>"), views, lacking_notes=True),
        Section(reader.text("<b>Requests that wait for your answer</b>"), asked),
    ]
    full = [section for section in sections if section.views]
    if not full:
        nothing = reader.text("Nothing is left to do. Sessions without notes show up here.")
        return Screen(nothing)
    requests = requests_in(session, asked, now)
    return sections_screen(session, user.person, reader, full, agency, requests=requests)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        on_command("sessions", today),
        on_command("upcoming", upcoming),
        on_command("pending", pending),
        on_command("todos", todos),
        CallbackQueryHandler(show_session, pattern=callbacks.pressed(callbacks.ShowSession)),
    ]
