"""Screens in a coordinator's private chat, opened by links in the group (UX 13)."""

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.cards.screens import session_screen
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.message_parts import CardOf
from chat.screen import Screen
from models.enums import Role
from services.db import Session
from services.queries import dashboard as agency_queries
from services.queries.problems import ReportedProblem, problem_of
from services.rules.refusals.sessions import NotFound


async def show_dispute(update: Update, context: Context, dispute_id: int) -> None:
    """Show a dispute, for *Details* on the group's card."""

    def query(session: Session) -> tuple[CurrentUser, int, Screen]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = agency_queries.dispute_with_names(session, dispute_id)
        if found is None:
            raise NotFound
        appointment_id = found[0].appointment_id
        screen = session_screen(session, user, appointment_id, context.app.agency)
        return user, appointment_id, screen

    user, appointment_id, screen = await context.app.database.read(query)
    await replies.say_card(update, context, screen, CardOf(appointment_id), user.person.id)


async def show_session(update: Update, context: Context, appointment_id: int) -> None:
    """Show the session that a message of the group is about."""

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        user = current_user(session, update, context)
        require_coordinator(user)
        return user, session_screen(session, user, appointment_id, context.app.agency)

    user, screen = await context.app.database.read(query)
    await replies.say_card(update, context, screen, CardOf(appointment_id), user.person.id)


async def show_problem(update: Update, context: Context, report_id: int) -> None:
    """Show a problem that a parent reported."""

    def query(session: Session) -> tuple[CurrentUser, ReportedProblem]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = problem_of(session, report_id)
        if found is None:
            raise NotFound
        return user, found

    user, found = await context.app.database.read(query)
    reader = user.reader
    text = Markup("\n").join(
        [
            reader.text("🔔 <b>{who} reported a problem</b>", who=found.parent),
            *headline(reader, found.view, Role.COORDINATOR, lasts=True),
            Markup("<blockquote>{}</blockquote>").format(found.report.text),
        ]
    )
    look = keyboards.button(reader.label("The session"), callbacks.ShowSession(found.view.id))
    await replies.say(update, context, Screen(text, ((look,),)))
