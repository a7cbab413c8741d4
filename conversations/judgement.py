"""The tutor says that a summary of their notes is right, or what is wrong with it (SPEC 4).

[Wrong] --> TEXT --text--> kept, parents no longer read it, END
            |  ^
            +--+ anything else: asked again          [Leave]: END, the summary stands
[Looks right]: what is wrong with it is not asked any more
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, keyboards, questions, replies
from chat.cards.summary import summary_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.lists.showing import keep_summary
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import Draft
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next
from locales.catalogue import phrase
from models.enums import Role
from models.summary import NoteSummary
from services.db import Session
from services.queries.sessions import SessionView
from services.summaries.requests import judge, require_judgeable

NAME = "judgement"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class JudgementDraft(Draft):
    """The summary that is judged."""

    summary_id: int


async def begin(update: Update, context: Context) -> Next:
    """*Wrong*: ask what is wrong."""
    about = callbacks.tapped(callbacks.SummaryWrong, update).summary_id
    kept = context.dialogues.draft(update, JudgementDraft) or JudgementDraft(about)
    return await _ask(update, context, replace(kept, summary_id=about))


async def find_right(update: Update, context: Context) -> Next:
    """*Looks right*: the tutor has checked the summary; the question what is wrong goes."""
    about = callbacks.tapped(callbacks.SummaryRight, update).summary_id

    def judge_right(session: Session) -> tuple[CurrentUser, NoteSummary, SessionView]:
        user = current_user(session, update, context)
        summary = judge(session, about, user.actor, is_right=True)
        return user, summary, wizard.view_of(session, summary.appointment_id)

    user, summary, view = await context.app.database.write(judge_right)
    await questions.close_all(update, context, JudgementDraft, lambda one: one.summary_id == about)
    await replies.answer(update, user.reader.label("Thank you for looking through it."))
    screen = summary_screen(user.reader, view, summary, Role.TUTOR)
    place = await replies.show(update, context, screen)
    await keep_summary(context, place, user, screen, view.id)
    return None


async def take_text(update: Update, context: Context) -> Next:
    """Kept: coordinators read it, and parents no longer read the summary.

    Where it is refused, another text will do.
    """
    draft = wizard.draft_of(update, context, JudgementDraft)
    why = await typed_below(update, context)

    def find_wrong(session: Session, user: CurrentUser) -> tuple[NoteSummary, SessionView]:
        summary = judge(session, draft.summary_id, user.actor, is_right=False, why=why)
        return summary, wizard.view_of(session, summary.appointment_id)

    user, (summary, view) = await wizard.carry_out(
        update, context, find_wrong, goes_on_after=wizard.ANY_REFUSAL
    )
    await wizard.take_back(update, context, draft)
    screen = summary_screen(user.reader, view, summary, Role.TUTOR)
    place = await replies.say(update, context, screen)
    await keep_summary(context, place, user, screen, view.id)
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, JudgementDraft))


def _judgeable(
    session: Session, update: Update, context: Context, summary_id: int
) -> tuple[CurrentUser, NoteSummary]:
    """The summary, if they could judge it now. Refused as the judgement itself would be."""
    user = current_user(session, update, context)
    return user, require_judgeable(session, summary_id, user.actor)


async def _ask(update: Update, context: Context, draft: JudgementDraft) -> Next:
    user, summary = await context.app.database.read(_judgeable, update, context, draft.summary_id)
    reader = user.reader
    await replies.answer(update)
    question = reader.text(
        "<b>What is not right in the summary?</b> Please write it in a few words. Parents will "
        "read your notes without it."
    )
    leaves = callbacks.LeaveJudgement(summary.appointment_id)
    rows = ((keyboards.button(reader.label("Leave"), leaves),),)
    await wizard.ask(update, context, draft, Screen(question, rows), below=True)
    return State.TEXT


def build() -> Dialogue:
    """The dialogue in which a summary is found wrong."""
    return wizard.build(
        NAME,
        JudgementDraft,
        begin={callbacks.SummaryWrong: begin},
        states={State.TEXT: Answers({}, take_text, ask_again)},
        leave={callbacks.LeaveJudgement: wizard.leave_to_card(phrase("Nothing was changed."))},
        confirm={callbacks.SummaryRight: find_right},
        take_up=lambda draft: callbacks.SummaryWrong(draft.summary_id),
    )
