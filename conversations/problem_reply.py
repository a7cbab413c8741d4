"""A coordinator replies to a problem report, or closes it; its author is told (SPEC 5).

[Reply] in the group, in private --> TEXT --text--> sent to the author, END
                                     |  ^           [Leave]: END
                                     +--+ anything else: said what is expected

[Close] at any time: the report is closed; a question for a reply to it goes.
In the group only a reply to the bot is an answer, as in `settlement`. /stop leaves the question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import filters

from chat import callbacks, questions, replies
from chat.app_context import AppContext
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import ToBot, is_private, message_of
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.group_questions import (
    answered,
    ask_one_person,
    is_for_another,
    leave_saying,
    not_yours,
    say_undone,
)
from conversations.premise import OVERTAKEN, Premise
from conversations.wizard import Answers, Next
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import action_done
from models import ProblemReport
from models.enums import Action
from services.approvals import problem_reports
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.problems import ReportedProblem, problem_of
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst
from services.rules.texts import require_reason

NAME = "problem_reply"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class ReplyDraft(SessionDraft):
    """The report that is answered."""

    report_id: int


async def begin(update: Update, context: Context) -> Next:
    """*Reply*: ask what to say, unless the report is closed."""
    about = callbacks.tapped(callbacks.ReplyProblem, update).report_id
    kept = context.dialogues.draft(update, ReplyDraft)
    try:
        user, found = await context.app.database.read(answerable, update, context, about)
    except ActedFirst:
        await questions.close_all(update, context, ReplyDraft, _is_about(about))
        raise
    await replies.answer(update)
    if kept is not None:
        await wizard.take_back(update, context, kept)
    reader = user.reader
    await questions.close_others(update, context, ReplyDraft, _is_about(about))
    draft = ReplyDraft(found.view.id, about)
    return await _ask(update, context, user, draft, question_of(reader, found))


def question_of(reader: Reader, about: ReportedProblem) -> Markup:
    """Ask what to say, and name the report, its session and who will read it."""
    row = about.view.appointment
    return reader.text(
        "What is your reply to report {number} ({student}, {slot})? "
        "The parent who wrote it will read it.",
        number=about.report.id,
        student=about.view.student.name.split()[0],
        slot=reader.dated_slot(row.starts_at, row.ends_at),
    )


async def close(update: Update, context: Context) -> Next:
    """*Close*: the report is dealt with; a question that asks for a reply to it goes."""
    report_id = callbacks.tapped(callbacks.CloseProblem, update).report_id

    def transaction(session: Session) -> tuple[CurrentUser, ProblemReport]:
        user = current_user(session, update, context)
        return user, problem_reports.close(session, report_id, user.actor)

    user, report = await context.app.database.write(transaction)
    at, name = report.closed_at or context.received_at, user.person.name
    done = action_done(user.reader, Action.CLOSE_PROBLEM, name, at, is_reader=True)
    await replies.answer(update, done)
    await questions.close_all(update, context, ReplyDraft, _is_about(report_id))
    return None


def _is_about(report_id: int) -> Callable[[ReplyDraft], bool]:
    return lambda draft: draft.report_id == report_id


async def take_text(update: Update, context: Context) -> Next:
    """Send the reply; where it is too long, another text will do."""
    draft, message = wizard.draft_of(update, context, ReplyDraft), message_of(update)
    if is_for_another(update, context):
        user, found = await context.app.database.read(answerable, update, context, draft.report_id)
        await wizard.take_back(update, context, draft)
        question = not_yours(user.reader, question_of(user.reader, found))
        return await _ask(update, context, user, draft, question)
    try:
        text = require_reason(message.text)
    except Refusal as refusal:
        return await _ask_again(update, context, draft, refusal)
    source = Source(message.chat_id, message.message_id)

    def reply(session: Session, user: CurrentUser) -> ProblemReport:
        return problem_reports.reply(session, draft.report_id, user.actor, text, source)

    try:
        user, _ = await wizard.carry_out(update, context, reply)
    except OVERTAKEN as first:
        if is_private(update):
            raise
        await say_undone(update, context, draft, first, _undone)
        return Dialogue.END
    await wizard.take_back(update, context, draft)
    await answered(update, context)
    done = done_screen(user, draft, context.received_at, in_group=not is_private(update))
    await replies.say(update, context, done)
    return Dialogue.END


def _undone(reader: Reader) -> Markup:
    return reader.text("The reply was not sent.")


def done_screen(user: CurrentUser, draft: ReplyDraft, at: datetime, *, in_group: bool) -> Screen:
    """Say that the reply was sent; in the group with the name, since "you" could be anybody."""
    reader, action = user.reader, Action.ANSWER_PROBLEM
    done = action_done(reader, action, user.person.name, at, is_reader=not in_group)
    return Screen(reader.text("✅ Report {number}: {done}.", number=draft.report_id, done=done))


async def other(update: Update, context: Context) -> Next:
    """A photo or a sticker, which is no text."""
    draft = wizard.draft_of(update, context, ReplyDraft)
    user, _ = await context.app.database.read(answerable, update, context, draft.report_id)
    await wizard.take_back(update, context, draft)
    return await _ask(update, context, user, draft, wizard.only_words(update, user.reader))


async def _ask_again(update: Update, context: Context, draft: ReplyDraft, refusal: Refusal) -> Next:
    user, _ = await context.app.database.read(answerable, update, context, draft.report_id)
    await wizard.take_back(update, context, draft)
    why = escape(refusal_text(user.reader, refusal, user.person.id))
    return await _ask(update, context, user, draft, why)


async def _ask(
    update: Update, context: Context, user: CurrentUser, draft: ReplyDraft, question: Markup
) -> Next:
    """Ask, in the chat where the button was tapped."""
    hint, leaves = user.reader.label("Your reply"), callbacks.LeaveReply(draft.report_id)
    message = await ask_one_person(update, context, user, question, hint, leaves)
    asked = ReplyDraft(draft.appointment_id, draft.report_id, question_id=message.message_id)
    context.dialogues.set_draft(update, asked)
    return State.TEXT


def answerable(
    session: Session, update: Update, context: Context, report_id: int
) -> tuple[CurrentUser, ReportedProblem]:
    """The report, if they could reply now. Refused as the reply itself would be."""
    user = current_user(session, update, context)
    problem_reports.require_answerable(session, report_id, user.actor)
    return user, problem_of(session, report_id)


def _open(session: Session, user: CurrentUser, _app: AppContext, draft: ReplyDraft) -> None:
    problem_reports.require_answerable(session, draft.report_id, user.actor)


def build() -> Dialogue:
    """The dialogue in which a coordinator replies to a report."""
    return wizard.build(
        NAME,
        ReplyDraft,
        begin={callbacks.ReplyProblem: begin},
        states={State.TEXT: Answers({}, take_text, other)},
        confirm={callbacks.CloseProblem: close},
        leave={callbacks.LeaveReply: leave_saying(phrase("No reply was sent."))},
        take_up=lambda draft: callbacks.ReplyProblem(draft.report_id),
        hears=filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | ToBot()),
    ).resting_on(Premise(_open, by_reply=True))
