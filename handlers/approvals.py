"""A parent's *Acknowledge*, and *View notes* for everybody who may (SPEC 5)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.answer_parts import AnswerParts
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.note_messages import NotesChat, send_notes
from chat.screen import Screen
from chat.tapped import is_one_of_several
from locales.wording import action_done
from models.enums import Action
from services.approvals import approvals
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.sessions import SessionDetail, session_detail
from services.rules.refusals.sessions import NotFound


async def acknowledge(update: Update, context: Context) -> None:
    """*Acknowledge*: one tap, final."""
    appointment_id = callbacks.tapped(callbacks.Acknowledge, update).appointment_id
    app = context.app

    def transaction(session: Session) -> tuple[CurrentUser, Outcome, Screen]:
        user = current_user(session, update, context)
        outcome = approvals.acknowledge(session, appointment_id, user.actor)
        screen = session_screen(session, user, appointment_id, app.agency)
        return user, outcome, screen

    user, outcome, screen = await app.database.write(transaction)
    done = action_done(
        user.reader, Action.ACKNOWLEDGE, user.person.name, outcome.at, is_reader=True
    )
    await replies.answer(update, done)
    if not is_one_of_several(update, appointment_id):
        await replies.show_card(update, context, screen, CardOf(appointment_id), user.person.id)


async def view_notes(update: Update, context: Context) -> None:
    """*View notes*: texts, photos and files, as messages below the card."""
    appointment_id = callbacks.tapped(callbacks.ViewNotes, update).appointment_id
    app = context.app

    def query(session: Session) -> tuple[CurrentUser, SessionDetail | None]:
        user = current_user(session, update, context)
        detail = session_detail(session, appointment_id, user.person)
        return user, detail

    user, detail = await app.database.read(query)
    if detail is None or not detail.roles:
        raise NotFound
    await replies.answer(update)
    chat = update.effective_chat
    if chat is not None:
        shown_in = NotesChat(context.bot, chat.id, await AnswerParts.of(context))
        await send_notes(shown_in, user.reader, detail.view, detail.notes, app.media)


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of notification buttons, which may be pressed days later."""
    return [
        CallbackQueryHandler(acknowledge, pattern=callbacks.pressed(callbacks.Acknowledge)),
        CallbackQueryHandler(view_notes, pattern=callbacks.pressed(callbacks.ViewNotes)),
    ]
