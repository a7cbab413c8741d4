"""A problem report for coordinators and its author, and *Claim* (SPEC 5)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from chat import callbacks, replies
from chat.answer_parts import AnswerParts
from chat.callbacks.problems import ReadProblem
from chat.cards.problem import problem_card, whole_exchange
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.incoming import chat_id_of
from chat.message_parts import CardOf
from chat.note_messages import NotesChat, send_files
from chat.screen import Screen
from services.approvals import problem_reports
from services.db import Session
from services.queries.problems import ReportedProblem, problem_of


async def show_button(update: Update, context: Context) -> None:
    """A report chosen in the list."""
    await show(update, context, callbacks.tapped(callbacks.ShowProblem, update).report_id)


async def show(update: Update, context: Context, report_id: int) -> None:
    """Show a report in the private chat, as a card that follows what becomes of it."""

    def query(session: Session) -> tuple[CurrentUser, ReportedProblem]:
        user = current_user(session, update, context)
        require_coordinator(user)
        return user, problem_of(session, report_id)

    user, found = await context.app.database.read(query)
    screen = problem_card(user.reader, found, user.person.id)
    card = CardOf(found.view.id, report_id=report_id)
    await replies.answer(update)
    await replies.say_card(update, context, screen, card, user.person.id)
    shown_in = NotesChat(context.bot, chat_id_of(update), await AnswerParts.of(context))
    await send_files(shown_in, user.reader, found.files, context.app.media)


async def read_all(update: Update, context: Context) -> None:
    """*Read it all*: what was written about a report, for coordinators and its author."""
    report_id = callbacks.tapped(ReadProblem, update).report_id

    def query(session: Session) -> list[Screen]:
        user = current_user(session, update, context)
        found = problem_of(session, report_id)
        if found.report.person_id != user.person.id:
            require_coordinator(user)
        return whole_exchange(user.reader, found, user.person.id)

    screens = await context.app.database.read(query)
    await replies.answer(update)
    for screen in screens:
        await replies.say(update, context, screen)


async def claim(update: Update, context: Context) -> None:
    """*Claim*, in the group or in private: the report is the coordinator's who tapped.

    Every card of the report is edited by the outbox.
    """
    report_id = callbacks.tapped(callbacks.ClaimProblem, update).report_id

    def transaction(session: Session) -> CurrentUser:
        user = current_user(session, update, context)
        problem_reports.claim(session, report_id, user.actor)
        return user

    user = await context.app.database.write(transaction)
    await replies.answer(update, user.reader.label("This report is yours now."))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [
        CallbackQueryHandler(show_button, pattern=callbacks.pressed(callbacks.ShowProblem)),
        CallbackQueryHandler(read_all, pattern=callbacks.pressed(ReadProblem)),
        CallbackQueryHandler(claim, pattern=callbacks.pressed(callbacks.ClaimProblem)),
    ]
