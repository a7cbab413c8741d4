"""A parent reports a problem with a session; no status changes (SPEC 5).

[Report a problem] --> TEXT --text--> told to the coordinators, END
                       |  ^
                       +--+ anything else: asked again          [Leave]: END
[Report a problem] under files that came outside of any dialogue: with them; what was written below
them is sent with [Send it], and a text is added to it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.cards.overtaken import written
from chat.cards.problem import own_problem_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import message_of
from chat.message_parts import CardOf
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.group_questions import leave_saying
from conversations.stray_draft import drop_offered, require_offered
from conversations.wizard import Answers, Next, Question
from locales.catalogue import phrase
from models.enums import Role
from services.approvals import problem_reports
from services.approvals.evidence_files import SentFile
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.problems import ReportedProblem, problem_of
from services.rules.refusals.sessions import StaleButton
from services.rules.texts import with_more

NAME = "problem"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class ProblemDraft(SessionDraft):
    """The session that the problem is about, and what came before it was asked for."""

    text: str | None = None
    files: tuple[SentFile, ...] = ()


async def begin(update: Update, context: Context) -> Next:
    """*Report a problem*: ask what happened."""
    about = callbacks.tapped(callbacks.ReportProblem, update).appointment_id
    await context.app.database.read(_require_reportable, update, context, about)
    await replies.answer(update)
    kept = context.dialogues.draft(update, ProblemDraft) or ProblemDraft(about)
    return await _ask(update, context, replace(kept, appointment_id=about))


async def begin_with_strays(update: Update, context: Context) -> Next:
    """*Report a problem* under files that came before: they go with it."""
    tapped = callbacks.tapped(callbacks.StraysToReport, update)
    strays = require_offered(update, context)
    about = tapped.appointment_id
    await context.app.database.read(_require_reportable, update, context, about)
    draft = wizard.draft_about(update, context, ProblemDraft, tapped) or ProblemDraft(about)
    files = (*draft.files, *strays.files)
    draft = replace(draft, text=strays.text_after(draft.text), files=files)
    drop_offered(update, context)
    await replies.answer(update)
    return await _ask(update, context, draft, below=False)


async def take_text(update: Update, context: Context) -> Next:
    """Kept, and told to the coordinators; where it is refused, another text will do.

    Below what was written before, it is added: nobody has that before *Send it*.
    """
    draft, message = wizard.draft_of(update, context, ProblemDraft), message_of(update)
    if draft.text:
        added = replace(draft, text=with_more(draft.text, message.text))
        return await _ask(update, context, added)
    source = Source(message.chat_id, message.message_id)
    done = await _report(update, context, replace(draft, text=message.text), source)
    await wizard.take_back(update, context, draft)
    return done


async def send(update: Update, context: Context) -> Next:
    """*Send it*: what was written below the files; once, however often it is tapped."""
    tapped = callbacks.tapped(callbacks.SendProblem, update)
    draft = wizard.draft_about(update, context, ProblemDraft, tapped)
    source = wizard.tapped_message(update)
    if draft is None and not await context.app.database.read(_is_sent, source):
        raise StaleButton
    if draft is not None:
        await _report(update, context, draft, source)
        await wizard.take_back(update, context, draft)
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update, user.reader.label("The coordinators have it."))
    return None if draft is None else Dialogue.END


def _is_sent(session: Session, source: Source) -> bool:
    return problem_reports.reported_by(session, source) is not None


async def _report(update: Update, context: Context, draft: ProblemDraft, source: Source) -> Next:
    def report(session: Session, user: CurrentUser) -> ReportedProblem:
        made = problem_reports.report_problem(
            session,
            draft.appointment_id,
            user.actor,
            draft.text or "",
            source,
            files=draft.files,
        )
        return problem_of(session, made.id)

    user, made = await wizard.carry_out(update, context, report, goes_on_after=wizard.ANY_REFUSAL)
    if draft.files:
        context.app.wake_evidence()
    screen = own_problem_card(user.reader, made)
    card = CardOf(draft.appointment_id, report_id=made.report.id)
    await replies.say_card(update, context, screen, card, user.person.id)
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, ProblemDraft))


def _require_reportable(
    session: Session, update: Update, context: Context, appointment_id: int
) -> None:
    """Check that they could report now. Refused as the report would be."""
    user = current_user(session, update, context)
    problem_reports.require_reportable(session, appointment_id, user.actor)


async def _ask(
    update: Update, context: Context, draft: ProblemDraft, *, below: bool = True
) -> Next:
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    reader = case.reader
    leave = wizard.leave_button(case, callbacks.LeaveProblem)
    came = written(reader, None, draft.text, Counter(sent.kind for sent in draft.files))
    if draft.text:
        text = reader.text("<b>Send this to the coordinators?</b> What you write now is added.")
        sends = keyboards.success(reader.label("Send it"), callbacks.SendProblem(case.view.id))
        question = Question(text, ((sends, leave),))
    else:
        text = reader.text("<b>What is the problem?</b> Please write it in a few words.")
        question = Question(text, ((leave,),))
    chosen = (came,) if came else ()
    await wizard.ask(update, context, draft, wizard.panel(case, question, *chosen), below=below)
    return State.TEXT


def build() -> Dialogue:
    """The problem dialogue."""
    return wizard.build(
        NAME,
        ProblemDraft,
        begin={
            callbacks.ReportProblem: begin,
            callbacks.StraysToReport: begin_with_strays,
        },
        states={State.TEXT: Answers({}, take_text, ask_again)},
        confirm={callbacks.SendProblem: send},
        leave={callbacks.LeaveProblem: leave_saying(phrase("Nothing was reported."))},
        take_up=lambda draft: callbacks.ReportProblem(draft.appointment_id),
    )
