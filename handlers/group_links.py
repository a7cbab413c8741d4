"""Screens in a coordinator's private chat, opened by links in the group (UX 13)."""

from telegram import Update

from chat import replies
from chat.answer_parts import AnswerParts
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.incoming import chat_id_of
from chat.message_parts import CardOf
from chat.note_messages import NotesChat, send_files
from chat.screen import Screen
from models import EvidenceFile
from services.db import Session
from services.queries import dashboard as agency_queries
from services.queries.evidence import evidence_of_dispute
from services.queries.sessions import SessionView, session_view
from services.rules.refusals.sessions import NotFound


async def show_dispute(update: Update, context: Context, dispute_id: int) -> None:
    """Show a dispute and its evidence, for *Details* on the group's card."""

    def query(session: Session) -> tuple[CurrentUser, SessionView, Screen, list[EvidenceFile]]:
        user = current_user(session, update, context)
        require_coordinator(user)
        found = agency_queries.dispute_with_names(session, dispute_id)
        if found is None:
            raise NotFound
        appointment_id = found[0].appointment_id
        screen = session_screen(session, user, appointment_id, context.app.agency)
        view = session_view(session, appointment_id)
        if view is None:
            raise NotFound
        return user, view, screen, evidence_of_dispute(session, dispute_id)

    user, view, screen, files = await context.app.database.read(query)
    await replies.say_card(update, context, screen, CardOf(view.id), user.person.id)
    shown_in = NotesChat(context.bot, chat_id_of(update), await AnswerParts.of(context))
    row, reader = view.appointment, user.reader
    title = reader.text(
        "📎 <b>Dispute {number}</b>: what the family of {student} sent, {slot}",
        number=dispute_id,
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
    )
    await send_files(shown_in, reader, files, context.app.media, title=title)


async def show_session(update: Update, context: Context, appointment_id: int) -> None:
    """Show the session that a message of the group is about."""

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        user = current_user(session, update, context)
        require_coordinator(user)
        return user, session_screen(session, user, appointment_id, context.app.agency)

    user, screen = await context.app.database.read(query)
    await replies.say_card(update, context, screen, CardOf(appointment_id), user.person.id)
