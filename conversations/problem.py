"""A parent reports a problem with a session; no status changes (SPEC 5).

[Report a problem] --> TEXT --text--> told to the coordinators, END
|  ^
+--+ anything else: asked again          [Leave]: END
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import take_back
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations.dialogue import Dialogue
from models.enums import Role
from services.approvals import problem_reports
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode

NAME = "problem"


class State(StrEnum):
    """Where the parent is."""

    TEXT = "text"


@dataclass(frozen=True)
class ProblemDraft:
    """Which session it is about."""

    appointment_id: int
    question_id: int | None = None
    """The message that asks, so that it loses its button when it is answered."""


Next = State | int | None


async def begin(update: Update, context: Context) -> Next:
    """*Report a problem*: what happened?"""
    appointment_id = callbacks.tapped(callbacks.ReportProblem, update).appointment_id

    def query(session: Session) -> None:
        visitor = current_user(session, update, context)
        problem_reports.require_reportable(session, appointment_id, visitor.actor)

    await context.app.database.read(query)
    kept = context.dialogues.draft(update, ProblemDraft)
    question_id = kept.question_id if kept else None
    context.dialogues.set_draft(update, ProblemDraft(appointment_id, question_id))
    await replies.answer(update)
    return await _ask(update, context)


async def take_text(update: Update, context: Context) -> Next:
    """Kept, and told to the coordinators."""
    draft, message = _draft(update, context), update.message
    if message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    source = Source(message.chat_id, message.message_id)

    def transaction(session: Session) -> CurrentUser:
        visitor = current_user(session, update, context)
        problem_reports.report_problem(
            session, draft.appointment_id, visitor.actor, message.text or "", source
        )
        return visitor

    visitor = await context.app.database.write(transaction)
    context.app.wake_sender()
    await take_back(context, message.chat_id, draft.question_id)
    thanks = visitor.reader.text("Thank you. The coordinators have it and will look into it.")
    await replies.say(update, context, Screen(thanks))
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """A photo or a sticker is no report."""
    return await _ask(update, context)


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: nothing was reported."""
    visitor = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    nothing = visitor.reader.text("Nothing was reported.")
    await replies.show(update, context, Screen(nothing))
    return Dialogue.END


async def _ask(update: Update, context: Context) -> Next:
    draft = _draft(update, context)
    visitor, view = await _about(update, context, draft)
    reader = visitor.reader
    question = reader.text("<b>What is the problem?</b> Please write it in a few words.")
    text = Markup("\n").join([*headline(reader, view, Role.PARENT), Markup(), question])
    leave_button = keyboards.button(reader.label("Leave"), callbacks.LeaveProblem(view.id))
    message = await replies.say(update, context, Screen(text, ((leave_button,),)))
    await take_back(context, message.chat_id, draft.question_id)
    asked = replace(draft, question_id=message.message_id)
    context.dialogues.set_draft(update, asked)
    return State.TEXT


def _draft(update: Update, context: Context) -> ProblemDraft:
    draft = context.dialogues.draft(update, ProblemDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


async def _about(
    update: Update, context: Context, draft: ProblemDraft
) -> tuple[CurrentUser, SessionView]:
    def query(session: Session) -> tuple[CurrentUser, SessionView | None]:
        visitor = current_user(session, update, context)
        view = session_view(session, draft.appointment_id)
        return visitor, view

    visitor, view = await context.app.database.read(query)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return visitor, view


def build() -> Dialogue:
    """The problem dialogue."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    return Dialogue(
        name=NAME,
        entry_points=[CallbackQueryHandler(begin, pattern=tap(callbacks.ReportProblem))],
        states={
            State.TEXT: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                MessageHandler(new & ~filters.COMMAND, ask_again),
            ]
        },
        fallbacks=[CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveProblem))],
        draft=ProblemDraft,
        begins=(callbacks.ReportProblem,),
        go_on=lambda draft: callbacks.ReportProblem(draft.appointment_id),
    )
