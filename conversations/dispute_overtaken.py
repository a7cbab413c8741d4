"""Somebody answers while a parent writes a dispute: it is offered as a problem report (SPEC 5)."""

from telegram import Update

from chat import callbacks, replies
from chat.app_context import AppContext
from chat.cards.overtaken import overtaken_screen
from chat.cards.problem import own_problem_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations import wizard
from conversations.dispute_draft import DisputeDraft, State, written
from conversations.evidence import only_evidence
from conversations.wizard import Next
from locales.refusals import refusal_text
from models.enums import Role
from services.approvals import disputes, problem_reports
from services.db import Session
from services.queries.problems import ReportedProblem, problem_of
from services.queries.sessions import SessionView
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst, StaleButton, WrongStatus

OVERTAKEN = (ActedFirst, WrongStatus)
"""Refusals where somebody has answered in the meantime."""


async def report_instead(update: Update, context: Context) -> Next:
    """*Send it*: what was written becomes a problem report, as it stands; once, however tapped."""
    tapped = callbacks.tapped(callbacks.ReportInstead, update)
    about = tapped.appointment_id
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    source = wizard.tapped_message(update)

    def report(session: Session, user: CurrentUser) -> ReportedProblem:
        made = problem_reports.reported_by(session, source)
        if made is None:
            if draft is None:
                raise StaleButton
            made = problem_reports.report_problem(
                session,
                about,
                user.actor,
                draft.text,
                source,
                reason=draft.reason,
                files=draft.files,
            )
        return problem_of(session, made.id)

    user, made = await wizard.carry_out(update, context, report)
    context.app.wake_evidence()
    told = user.reader.label("The coordinators have it.")
    done = await wizard.end_with_card(update, context, user, about, told)
    if draft is not None:
        card, screen = CardOf(about, report_id=made.report.id), own_problem_card(user.reader, made)
        await replies.say_card(update, context, screen, card, user.person.id)
    return done


async def overtaken_by(
    update: Update, context: Context, appointment_id: int
) -> ActedFirst | WrongStatus | None:
    """The refusal that names who answered first; None while it can be disputed."""
    try:
        await context.app.database.read(require_disputable, update, context, appointment_id)
    except OVERTAKEN as first:
        return first
    return None


async def offer_report(
    update: Update, context: Context, draft: DisputeDraft, first: ActedFirst | WrongStatus
) -> Next:
    """Offer what was written, as it stands, as a problem report (SPEC 5)."""
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    await replies.answer(update, refusal_text(case.reader, first, case.user.person.id))
    screen = _offer(case.user, case.view, draft, first)
    await wizard.ask(update, context, draft, screen, cannot=only_evidence)
    return State.OVERTAKEN


def require_disputable(
    session: Session, update: Update, context: Context, appointment_id: int
) -> None:
    """Check that they could dispute now. Refused as the dispute would be."""
    user = current_user(session, update, context)
    disputes.require_disputable(session, appointment_id, user.actor)


def disputable(session: Session, user: CurrentUser, _app: AppContext, draft: DisputeDraft) -> None:
    """Check that the draft could be sent as a dispute. Refused as the dispute would be."""
    disputes.require_disputable(session, draft.appointment_id, user.actor)


def report_offered(
    session: Session, user: CurrentUser, _app: AppContext, draft: DisputeDraft, first: Refusal
) -> Screen | None:
    """What was said, offered as a problem report; None where nothing was said."""
    if not draft.is_begun:
        return None
    return _offer(user, wizard.view_of(session, draft.appointment_id), draft, first)


def _offer(user: CurrentUser, view: SessionView, draft: DisputeDraft, first: Refusal) -> Screen:
    why = refusal_text(user.reader, first, user.person.id)
    return overtaken_screen(user.reader, view, why, written(user.reader, draft))
