"""A parent reports a problem with a session; no status changes (SPEC 5).

[Report a problem] --> TEXT --text--> told to the coordinators, END
                       |  ^
                       +--+ anything else: asked again          [Leave]: END
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, replies
from chat.cards.problem import own_problem_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import message_of
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.wizard import Answers, Next, Question, SessionDraft
from models.enums import Role
from services.approvals import problem_reports
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.problems import ReportedProblem, problem_of

NAME = "problem"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class ProblemDraft(SessionDraft):
    """The session that the problem is about."""


async def begin(update: Update, context: Context) -> Next:
    """*Report a problem*: ask what happened."""
    about = callbacks.tapped(callbacks.ReportProblem, update).appointment_id
    await context.app.database.read(_require_reportable, update, context, about)
    await replies.answer(update)
    kept = context.dialogues.draft(update, ProblemDraft) or ProblemDraft(about)
    return await _ask(update, context, replace(kept, appointment_id=about))


async def take_text(update: Update, context: Context) -> Next:
    """Kept, and told to the coordinators; where it is refused, another text will do."""
    draft, message = wizard.draft_of(update, context, ProblemDraft), message_of(update)
    source = Source(message.chat_id, message.message_id)

    def report(session: Session, user: CurrentUser) -> ReportedProblem:
        made = problem_reports.report_problem(
            session, draft.appointment_id, user.actor, message.text or "", source
        )
        return problem_of(session, made.id)

    user, made = await wizard.carry_out(update, context, report, goes_on_after=wizard.ANY_REFUSAL)
    await wizard.take_back(update, context, draft)
    screen = own_problem_card(user.reader, made)
    card = CardOf(draft.appointment_id, report_id=made.report.id)
    await replies.say_card(update, context, screen, card, user.person.id)
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, ProblemDraft))


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: end without a report."""
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Nothing was reported.")))
    return Dialogue.END


def _require_reportable(
    session: Session, update: Update, context: Context, appointment_id: int
) -> None:
    """Check that they could report now. Refused as the report would be."""
    user = current_user(session, update, context)
    problem_reports.require_reportable(session, appointment_id, user.actor)


async def _ask(update: Update, context: Context, draft: ProblemDraft) -> Next:
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    text = case.reader.text("<b>What is the problem?</b> Please write it in a few words.")
    question = Question(text, ((wizard.leave_button(case, callbacks.LeaveProblem),),))
    await wizard.ask(update, context, draft, wizard.panel(case, question), below=True)
    return State.TEXT


def build() -> Dialogue:
    """The problem dialogue."""
    return wizard.build(
        NAME,
        ProblemDraft,
        begin={callbacks.ReportProblem: begin},
        states={State.TEXT: Answers({}, take_text, ask_again)},
        leave={callbacks.LeaveProblem: leave},
        take_up=lambda draft: callbacks.ReportProblem(draft.appointment_id),
    )
