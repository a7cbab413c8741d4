"""A text in a coordinator's own chat while the group asks them for one (SPEC 5).

text --> offered as the answer: [Return] [Leave] <--+ another text: that one is offered
              |--[Return]--> done as by a reply in the group, where the question goes
              +--[Leave]---> not used; the question in the group still stands

Nobody is ever in this dialogue: its draft holds the text, and every such text begins it.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, keyboards, questions, replies
from chat.app_context import AppContext
from chat.context import Context
from chat.conversation_states import ConversationStates, OtherDraft
from chat.current_user import CurrentUser, current_user
from chat.incoming import is_private, message_of
from chat.screen import Screen
from conversations import problem_reply, settlement, wizard
from conversations.dialogue import Dialogue, NotForThisError
from conversations.group_answer_draft import GroupAnswerDraft
from conversations.premise import OVERTAKEN, Premise
from conversations.problem_reply import ReplyDraft
from conversations.settlement_questions import SettlementDraft, label_of, question_of
from conversations.wizard import Next, Taps, on_taps
from locales.reader import Reader
from locales.refusals import refusal_text
from models import ProblemReport
from services.approvals import problem_reports
from services.db import Session
from services.lifecycle.actors import Source
from services.lifecycle.status import Outcome
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.rules.texts import require_reason

NAME = "group_answer"


LATELY = timedelta(minutes=10)
"""How long after somebody else was first a text may still be meant as the answer."""


class GroupAnswers(Dialogue):
    """A text is none unless the group waits for one by the same person."""

    def check_update(self, update: object) -> Any:
        if isinstance(update, Update) and update.message and not self._waits_for(update):
            return None
        return super().check_update(update)

    def _waits_for(self, update: Update) -> bool:
        """Whether the group waits for the person who writes in their own chat."""
        return is_private(update) and _asked(self._conversation_states, update) is not None


def _asked(states: ConversationStates, update: Update) -> OtherDraft | None:
    """The question in the group that waits for this person's answer; None where there is none."""
    found = [*states.others(update, SettlementDraft), *states.others(update, ReplyDraft)]
    return next((one for one in found if one.is_active and one.key.chat_id < 0), None)


async def offer(update: Update, context: Context) -> Next:
    """Ask whether the text is the answer.

    Where somebody else was first, the question in the group goes, and the text is given back; one
    that is written long after is not about it.

    Refused: ReasonRequired, TextTooLong; as the answer would be.
    """
    asked, message = _asked(context.dialogues, update), message_of(update)
    if asked is None:
        raise StaleButton
    text = require_reason(message.text)
    try:
        user, question = await context.app.database.read(_question, update, context, asked)
    except OVERTAKEN as refusal:
        await questions.close_other(context, asked)
        at = getattr(refusal, "at", None)
        if at is not None and context.received_at - at > LATELY:
            raise NotForThisError from refusal
        context.choose(asked.draft.appointment_id)  # the refusal names it
        raise
    reader = user.reader
    lines = [
        question,
        Markup("<blockquote>{}</blockquote>").format(text),
        reader.text("You were asked this in the group. <b>Is that your answer?</b>"),
    ]
    rows = keyboards.in_pairs(
        keyboards.success(_label(reader, asked), callbacks.UseInGroup(message.message_id)),
        keyboards.button(reader.label("Leave"), callbacks.LeaveGroupAnswer(message.message_id)),
    )
    kept = context.dialogues.draft(update, GroupAnswerDraft)
    draft = _draft_of(asked, text, Source(message.chat_id, message.message_id))
    if kept is not None:
        draft = replace(draft, question_id=kept.question_id)
    await wizard.ask(update, context, draft, Screen(Markup("\n").join(lines), rows), below=True)
    return None


def _draft_of(asked: OtherDraft, text: str, source: Source) -> GroupAnswerDraft:
    about = asked.draft
    if isinstance(about, ReplyDraft):
        return GroupAnswerDraft(about.appointment_id, text, source, report_id=about.report_id)
    return GroupAnswerDraft(about.appointment_id, text, source, about.decision, about.dispute_id)


def _require_possible(
    session: Session, user: CurrentUser, app: AppContext, draft: GroupAnswerDraft
) -> None:
    """Check that what the group asks can still be done. Refused as that would be."""
    if draft.report_id is not None:
        problem_reports.require_answerable(session, draft.report_id, user.actor)
    elif draft.decision is not None:
        about = SettlementDraft(draft.appointment_id, draft.decision, draft.dispute_id)
        settlement.require_possible(session, user, app, about)


async def use(update: Update, context: Context) -> Next:
    """Carry out what was asked about, as after a reply in the group."""
    draft = _offered(update, context)
    asked = _asked(context.dialogues, update)
    user = await context.app.database.read(current_user, update, context)
    context.dialogues.drop(update, GroupAnswerDraft)
    await replies.answer(update)
    if asked is None:
        gone = user.reader.text("The question in the group is gone; nothing was done.")
        await replies.show(update, context, _undone(gone, draft))
        return None
    try:
        screen = await _carry_out(update, context, asked, draft)
    except Refusal as refusal:
        why = refusal_text(user.reader, refusal, user.person.id)
        screen = _undone(escape(why), draft)
    await questions.close_other(context, asked)
    await replies.show(update, context, screen)
    return None


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: it was not meant as the answer."""
    _offered(update, context)
    user = await context.app.database.read(current_user, update, context)
    context.dialogues.drop(update, GroupAnswerDraft)
    await replies.answer(update)
    text = user.reader.text("Not used. The question in the group still stands.")
    await replies.show(update, context, Screen(text))
    return None


def _offered(update: Update, context: Context) -> GroupAnswerDraft:
    """The text under whose offer the button was tapped. Refused: StaleButton."""
    draft = wizard.draft_of(update, context, GroupAnswerDraft)
    if draft.source.message_id != callbacks.tapped(callbacks.OfGroupAnswer, update).message_id:
        raise StaleButton
    return draft


def _question(
    session: Session, update: Update, context: Context, asked: OtherDraft
) -> tuple[CurrentUser, Markup]:
    """What the group asks. Refused as the answer would be."""
    if isinstance(asked.draft, ReplyDraft):
        found = problem_reply.answerable(session, update, context, asked.draft.report_id)
        return found[0], problem_reply.question_of(found[0].reader, found[1])
    user = current_user(session, update, context)
    settlement.require_possible(session, user, context.app, asked.draft)
    question = question_of(user.reader, asked.draft.decision)
    if asked.draft.dispute_id is None:
        return user, question
    number = user.reader.text("⚠️ <b>Dispute {number}</b>", number=asked.draft.dispute_id)
    return user, number + Markup("\n") + question


def _label(reader: Reader, asked: OtherDraft) -> str:
    if isinstance(asked.draft, ReplyDraft):
        return reader.label("Send")
    return label_of(reader, asked.draft.decision)


async def _carry_out(
    update: Update, context: Context, asked: OtherDraft, draft: GroupAnswerDraft
) -> Screen:
    """Do it, and say so. Refused as a reply in the group would be."""
    about = asked.draft
    if isinstance(about, ReplyDraft):
        report_id = about.report_id

        def reply(session: Session, user: CurrentUser) -> ProblemReport:
            return problem_reports.reply(session, report_id, user.actor, draft.text, draft.source)

        user, _ = await wizard.carry_out(update, context, reply)
        return problem_reply.done_screen(user, about, context.received_at, in_group=False)

    def settle(session: Session, user: CurrentUser) -> Outcome:
        return settlement.settle(session, user, about, draft.text)

    user, outcome = await wizard.carry_out(update, context, settle)
    return settlement.done_screen(user, about, outcome, in_group=False)


def _undone(why: Markup, draft: GroupAnswerDraft) -> Screen:
    """Why nothing was done, and what was written, which is not lost."""
    return Screen(why + Markup("\n<blockquote>{}</blockquote>").format(draft.text))


def build() -> GroupAnswers:
    """The offer to take a text as the answer to a question in the group."""
    here = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    taps: Taps = {callbacks.UseInGroup: use, callbacks.LeaveGroupAnswer: leave}
    offers = GroupAnswers(
        name=NAME,
        entry_points=[
            MessageHandler(here & filters.TEXT & ~filters.COMMAND, offer),
            *on_taps(taps),
        ],
        states={},
        draft=GroupAnswerDraft,
    )
    offers.resting_on(Premise(_require_possible))
    return offers
