"""The tutor says what is wrong with a summary of their notes (SPEC 4).

[Wrong] --> TEXT --text--> kept, parents no longer read it, END
|  ^
+--+ anything else: asked again          [Leave]: END, the summary stands
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, keyboards, replies
from chat.asking import leave_to_card, take_back
from chat.cards.summary import summary_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations.dialogue import Dialogue
from locales.catalogue import phrase
from models.enums import Role
from models.summary import NoteSummary
from services.db import Session
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode
from services.summaries.requests import judge, require_judgeable

NAME = "judgement"


class State(StrEnum):
    """Where the tutor is."""

    TEXT = "text"


@dataclass(frozen=True)
class JudgementDraft:
    """Which summary it is about."""

    summary_id: int
    question_id: int | None = None
    """The message that asks, so that it loses its button when it is answered."""


Next = State | int | None


async def begin(update: Update, context: Context) -> Next:
    """*Wrong*: what is?"""
    summary_id = callbacks.tapped(callbacks.SummaryWrong, update).summary_id
    kept = context.dialogues.draft(update, JudgementDraft)
    question_id = kept.question_id if kept else None
    return await _ask(update, context, JudgementDraft(summary_id, question_id))


async def take_text(update: Update, context: Context) -> Next:
    """Kept: coordinators read it, and parents no longer read the summary."""
    draft, message = _draft(update, context), update.message
    if message is None:
        raise Refusal(RefusalCode.STALE_BUTTON)

    def transaction(session: Session) -> tuple[CurrentUser, NoteSummary, SessionView | None]:
        visitor = current_user(session, update, context)
        summary = judge(session, draft.summary_id, visitor.actor, is_right=False, why=message.text)
        view = session_view(session, summary.appointment_id)
        return visitor, summary, view

    visitor, summary, view = await context.app.database.write(transaction)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    context.app.wake_sender()
    await take_back(context, message.chat_id, draft.question_id)
    await replies.say(update, context, summary_screen(visitor.reader, view, summary, Role.TUTOR))
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """A photo or a sticker says nothing."""
    return await _ask(update, context, _draft(update, context))


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: the summary stands as it was."""
    await leave_to_card(update, context, phrase("Nothing was changed."))
    return Dialogue.END


async def _ask(update: Update, context: Context, draft: JudgementDraft) -> Next:
    def query(session: Session) -> tuple[CurrentUser, NoteSummary]:
        visitor = current_user(session, update, context)
        summary = require_judgeable(session, draft.summary_id, visitor.actor)
        return visitor, summary

    visitor, summary = await context.app.database.read(query)
    reader = visitor.reader
    await replies.answer(update)
    question = reader.text(
        "<b>What is not right in the summary?</b> Please write it in a few words. Parents will "
        "read your notes without it."
    )
    leaves = keyboards.button(
        reader.label("Leave"), callbacks.LeaveJudgement(summary.appointment_id)
    )
    message = await replies.say(update, context, Screen(question, ((leaves,),)))
    await take_back(context, message.chat_id, draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=message.message_id))
    return State.TEXT


def _draft(update: Update, context: Context) -> JudgementDraft:
    draft = context.dialogues.draft(update, JudgementDraft)
    if draft is None:
        raise Refusal(RefusalCode.STALE_BUTTON)
    return draft


def build() -> Dialogue:
    """The dialogue in which a summary is found wrong."""
    new, tap = filters.UpdateType.MESSAGE, callbacks.pressed
    return Dialogue(
        name=NAME,
        entry_points=[CallbackQueryHandler(begin, pattern=tap(callbacks.SummaryWrong))],
        states={
            State.TEXT: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                MessageHandler(new & ~filters.COMMAND, ask_again),
            ]
        },
        fallbacks=[CallbackQueryHandler(leave, pattern=tap(callbacks.LeaveJudgement))],
        draft=JudgementDraft,
        begins=(callbacks.SummaryWrong,),
        go_on=lambda draft: callbacks.SummaryWrong(draft.summary_id),
    )
