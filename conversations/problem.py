"""A parent reports a problem with a session, or adds to a report; no status changes (SPEC 5).

[Report a problem] --> TEXT --text--> told to the coordinators, END
[Answer] [Add to it]   |  ^
                       +--+ photo, document: goes with it       [Leave]: END
[Report a problem] under files that came outside of any dialogue: with them; what was written below
them is sent with [Send it], and a text is added to it.

While a report of the session is open, what its author writes goes into it. Where a coordinator
closes it meanwhile, what was written is offered as another report.
"""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.callbacks.problems import AddToReport
from chat.cards.overtaken import written
from chat.cards.problem import own_problem_card
from chat.cards.reason import quoted
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import message_of
from chat.message_parts import CardOf
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.evidence import EvidenceDraft, only_evidence
from conversations.group_questions import leave_saying
from conversations.inspected_evidence import with_kept_file
from conversations.stray_draft import drop_offered, require_offered
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next, Question
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import ProblemStatus, Role
from services.approvals import problem_reports, report_additions, report_steps
from services.db import Session
from services.lifecycle.actors import Source
from services.queries.problems import ReportedProblem, problem_of
from services.rules.refusals.sessions import ActedFirst, StaleButton

NAME = "problem"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class ProblemDraft(EvidenceDraft):
    """The session that the problem is about, and what was said of it so far."""

    report_id: int | None = None
    """The open report into which it goes; None where it is a new one."""


async def begin(update: Update, context: Context) -> Next:
    """*Report a problem*: ask what happened, or what is to be added to an open report."""
    about = callbacks.tapped(callbacks.ReportProblem, update).appointment_id
    report_id = await context.app.database.read(_open_report, update, context, about)
    return await _begin(update, context, about, report_id)


async def begin_adding(update: Update, context: Context) -> Next:
    """*Answer*, *Add to it*: ask what. Refused: NotFound, NotYourChild, ActedFirst."""
    tapped = callbacks.tapped(AddToReport, update)

    def query(session: Session) -> None:
        user = current_user(session, update, context)
        report_additions.require_open_to_author(session, tapped.report_id, user.actor)

    await context.app.database.read(query)
    return await _begin(update, context, tapped.appointment_id, tapped.report_id)


async def _begin(update: Update, context: Context, about: int, report_id: int | None) -> Next:
    await replies.answer(update)
    kept = context.dialogues.draft(update, ProblemDraft) or ProblemDraft(about)
    draft = replace(kept, appointment_id=about, report_id=report_id)
    return await _ask(update, context, draft)


async def begin_with_strays(update: Update, context: Context) -> Next:
    """*Report a problem*, or *Answer*, under what came before: it goes with it."""
    tapped = callbacks.tapped(callbacks.StraysToReport, update)
    strays = require_offered(update, context)
    about = tapped.appointment_id
    report_id = await context.app.database.read(_open_report, update, context, about)
    draft = wizard.draft_about(update, context, ProblemDraft, tapped) or ProblemDraft(about)
    files = (*draft.files, *strays.files)
    text = strays.text_after(draft.text)
    draft = replace(draft, text=text, files=files, report_id=report_id)
    drop_offered(update, context)
    await replies.answer(update)
    return await _ask(update, context, draft, below=False)


async def take_text(update: Update, context: Context) -> Next:
    """Kept, and told to the coordinators; where it is refused, another text will do.

    Below what was written before, it is added: nobody has that before *Send it*.
    """
    draft, message = wizard.draft_of(update, context, ProblemDraft), message_of(update)
    if draft.text:
        added = replace(draft, text=await typed_below(update, context, draft.text))
        return await _ask(update, context, added)
    is_answer = draft.report_id is not None  # of which thanks may be the whole
    text = message.text if is_answer else await typed_below(update, context)
    source = Source(message.chat_id, message.message_id)
    written = replace(draft, text=text)
    try:
        done = await _report(update, context, written, source)
    except ActedFirst as first:
        return await _ask_as_new(update, context, written, first)
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
        try:
            await _report(update, context, draft, source)
        except ActedFirst as first:
            await replies.answer(update)
            return await _ask_as_new(update, context, draft, first)
        await wizard.take_back(update, context, draft)
    user = await context.app.database.read(current_user, update, context)
    await replies.answer(update, user.reader.label("The coordinators have it."))
    return None if draft is None else Dialogue.END


def _is_sent(session: Session, source: Source) -> bool:
    is_report = problem_reports.reported_by(session, source) is not None
    return is_report or report_steps.written_by(session, source) is not None


async def _report(update: Update, context: Context, draft: ProblemDraft, source: Source) -> Next:
    def report(session: Session, user: CurrentUser) -> ReportedProblem:
        about, text = draft.report_id, draft.text or ""
        made = (
            problem_reports.report_problem(
                session, draft.appointment_id, user.actor, text, source, files=draft.files
            )
            if about is None
            else report_additions.add_to_report(
                session, about, user.actor, text, source, files=draft.files
            )
        )
        return problem_of(session, made.id)

    user, made = await wizard.carry_out(update, context, report, goes_on_after=wizard.ANY_REFUSAL)
    if draft.files:
        context.app.wake_evidence()
    screen = own_problem_card(user.reader, made)
    card = CardOf(draft.appointment_id, report_id=made.report.id)
    await replies.say_card(update, context, screen, card, user.person.id)
    return Dialogue.END


async def _ask_as_new(
    update: Update, context: Context, draft: ProblemDraft, first: ActedFirst
) -> Next:
    """The report was closed meanwhile: offer what was written as a new one. Refused otherwise."""
    if draft.report_id is None:
        raise first
    user = await context.app.database.read(current_user, update, context)
    why = escape(refusal_text(user.reader, first, user.person.id))
    return await _ask(update, context, replace(draft, report_id=None), why=why)


async def other(update: Update, context: Context) -> Next:
    """A photo or document goes with it; of a sticker it is said that it cannot."""
    draft = wizard.draft_of(update, context, ProblemDraft)
    return await _ask(update, context, await with_kept_file(update, context, draft))


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: nobody is told."""
    draft = context.dialogues.draft(update, ProblemDraft)
    adds = draft is not None and draft.report_id is not None
    told = phrase("Nothing was sent.") if adds else phrase("Nothing was reported.")
    return await leave_saying(told)(update, context)


def _open_report(
    session: Session, update: Update, context: Context, appointment_id: int
) -> int | None:
    """Their report of the session that nobody has closed; None where it would be a new one.

    Refused as a report would be.
    """
    user = current_user(session, update, context)
    problem_reports.require_reportable(session, appointment_id, user.actor)
    found = report_additions.open_report_of(session, appointment_id, user.person.id)
    return None if found is None else found.id


async def _ask(
    update: Update,
    context: Context,
    draft: ProblemDraft,
    *,
    below: bool = True,
    why: Markup | None = None,
) -> Next:
    """Ask for a text, or whether to send it; `why`: what has become of the report it was for."""
    case, about = await context.app.database.read(_case, update, context, draft)
    reader = case.reader
    leaves = wizard.leave_button(case, callbacks.LeaveProblem)
    came = written(reader, None, draft.text, Counter(sent.kind for sent in draft.files))
    chosen = [came] if came else []
    if draft.text:
        text = reader.text("<b>Send this to the coordinators?</b> What you write now is added.")
        if why is not None:
            chosen.append(why)
            text = reader.text(
                "<b>Send this to the coordinators as a new report?</b> What you write now is added."
            )
        sends = keyboards.success(reader.label("Send it"), callbacks.SendProblem(case.view.id))
        question = Question(text, ((sends, leaves),))
    else:
        question = Question(_question(reader, about), ((leaves,),))
        if about is not None and about.report.status is ProblemStatus.ANSWERED:
            chosen = [quoted(about.replies[-1].text), *chosen]
    panel = wizard.panel(case, question, *chosen)
    await wizard.ask(update, context, draft, panel, below=below, cannot=only_evidence)
    return State.TEXT


def _question(reader: Reader, about: ReportedProblem | None) -> Markup:
    """What to write; `about`: the open report into which it goes."""
    if about is None:
        return reader.text("<b>What is the problem?</b> Please write it in a few words.")
    if about.report.status is ProblemStatus.ANSWERED:
        return reader.text("<b>What is your answer?</b> The coordinators read it.")
    return reader.text(
        "Your report on this session is open. <b>What would you like to add?</b> "
        "The coordinators read it."
    )


def _case(
    session: Session, update: Update, context: Context, draft: ProblemDraft
) -> tuple[wizard.Case, ReportedProblem | None]:
    """The parent and the session, and the report into which it goes."""
    case = wizard.case_of(session, update, context, draft, Role.PARENT)
    return case, None if draft.report_id is None else problem_of(session, draft.report_id)


def _taken_up(draft: ProblemDraft) -> callbacks.Button:
    if draft.report_id is None:
        return callbacks.ReportProblem(draft.appointment_id)
    return AddToReport(draft.appointment_id, draft.report_id)


def build() -> Dialogue:
    """The problem dialogue."""
    return wizard.build(
        NAME,
        ProblemDraft,
        begin={
            callbacks.ReportProblem: begin,
            callbacks.StraysToReport: begin_with_strays,
            AddToReport: begin_adding,
        },
        states={State.TEXT: Answers({}, take_text, other)},
        confirm={callbacks.SendProblem: send},
        leave={callbacks.LeaveProblem: leave},
        take_up=_taken_up,
    )
