"""A parent disputes a session (SPEC 5; UX 5): reason, text, confirmation; nothing in one tap.

[Dispute] --> REASON --[a reason]--> TEXT --text, [Nothing to add]--> CONFIRM --[Dispute]--> done,
              ^                      |  ^                             |                      END
              +--------[Back]--------+  +------------[Back]-----------+
[Leave] at every step: END, the session stays as it is.
Another parent, or a coordinator, acts first: what was written is offered as a problem report,
    --> OVERTAKEN --[Send it]--> told to the coordinators, END
[Dispute] after the dialogue was laid aside: on from where it was.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.cards.problem import own_problem_card
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import message_of
from chat.keyboards import Row
from chat.message_parts import CardOf
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.wizard import Answers, Case, Next, Question, SessionDraft, Taps
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import action_done, dispute_reason
from models.enums import Action, DisputeReason, Role
from services.approvals import disputes, problem_reports
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.problems import ReportedProblem, problem_of
from services.rules.refusals.sessions import ActedFirst, StaleButton, WrongStatus
from services.rules.texts import require_reason

NAME = "dispute"
OVERTAKEN = (ActedFirst, WrongStatus)
"""Refusals where somebody has answered in the meantime."""


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class DisputeDraft(SessionDraft):
    """What the parent has said so far; nothing is disputed yet."""

    reason: DisputeReason | None = None
    text: str | None = None


async def begin(update: Update, context: Context) -> Next:
    """*Dispute*: a reason from the list; or go on with a parked draft."""
    tapped = callbacks.tapped(callbacks.StartDispute, update)
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    first = await _overtaken_by(update, context, tapped.appointment_id)
    if first is not None:
        if draft is None or draft.reason is None:
            raise first
        return await _offer_report(update, context, draft, first)
    if draft is None or draft.reason is None:
        return await _ask_reason(update, context, DisputeDraft(tapped.appointment_id))
    return await (_ask_to_confirm if draft.text else _ask_text)(update, context, draft)


async def choose_reason(update: Update, context: Context) -> Next:
    """Take a tapped reason, and ask what happened."""
    draft = wizard.draft_tapped(update, context, DisputeDraft)
    reason = callbacks.tapped(callbacks.DisputeFor, update).reason
    return await _ask_text(update, context, replace(draft, reason=reason))


async def take_text(update: Update, context: Context) -> Next:
    """Take the text, and show it before it counts; or offer it, where somebody was first."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    return await _take(update, context, replace(draft, text=message_of(update).text))


async def take_more(update: Update, context: Context) -> Next:
    """Add what was sent after the text: people write in several messages."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    text = "\n".join(filter(None, (draft.text, message_of(update).text)))
    return await _take(update, context, replace(draft, text=text))


async def _take(update: Update, context: Context, draft: DisputeDraft) -> Next:
    written = replace(draft, text=require_reason(draft.text))
    first = await _overtaken_by(update, context, draft.appointment_id)
    if first is not None:
        return await _offer_report(update, context, written, first)
    return await _ask_to_confirm(update, context, written)


async def without_text(update: Update, context: Context) -> Next:
    """*Nothing to add*: offered for every reason but *Other*."""
    draft = wizard.draft_tapped(update, context, DisputeDraft)
    return await _ask_to_confirm(update, context, replace(draft, text=None))


async def back(update: Update, context: Context) -> Next:
    """*Back*: the question before."""
    draft = wizard.draft_tapped(update, context, DisputeDraft)
    if callbacks.tapped(callbacks.DisputeBack, update).to_text:
        return await _ask_text(update, context, draft)
    return await _ask_reason(update, context, replace(draft, reason=None))


async def other(update: Update, context: Context) -> Next:
    """Something that is no text, or a text where a button is asked for."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    first = await _overtaken_by(update, context, draft.appointment_id)
    if first is not None and draft.reason is not None:
        return await _offer_report(update, context, draft, first)
    if draft.reason is None:
        return await _ask_reason(update, context, draft)
    return await (_ask_to_confirm if draft.text else _ask_text)(update, context, draft)


async def confirm(update: Update, context: Context) -> Next:
    """*Dispute*, to confirm: dispute the session. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmDispute, update)
    about = tapped.appointment_id
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    if draft is None:
        await context.app.database.read(_require_disputable, update, context, about)
        raise StaleButton
    reason = draft.reason
    if reason is None:
        return await _ask_reason(update, context, draft)

    def dispute(session: Session, user: CurrentUser) -> Outcome:
        return disputes.dispute(session, about, user.actor, reason, draft.text)

    try:
        user, outcome = await wizard.carry_out(update, context, dispute, OVERTAKEN)
    except OVERTAKEN as first:
        return await _offer_report(update, context, draft, first)
    done = action_done(user.reader, Action.DISPUTE, user.person.name, outcome.at, is_reader=True)
    return await wizard.end_with_card(update, context, user, about, done)


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
                session, about, user.actor, draft.text, source, reason=draft.reason
            )
        return problem_of(session, made.id)

    user, made = await wizard.carry_out(update, context, report)
    told = user.reader.label("The coordinators have it.")
    done = await wizard.end_with_card(update, context, user, about, told)
    if draft is not None:
        card, screen = CardOf(about, report_id=made.report.id), own_problem_card(user.reader, made)
        await replies.say_card(update, context, screen, card, user.person.id)
    return done


async def _overtaken_by(
    update: Update, context: Context, appointment_id: int
) -> ActedFirst | WrongStatus | None:
    """The refusal that names who answered first; None while it can be disputed."""
    try:
        await context.app.database.read(_require_disputable, update, context, appointment_id)
    except OVERTAKEN as first:
        return first
    return None


async def _offer_report(
    update: Update, context: Context, draft: DisputeDraft, first: ActedFirst | WrongStatus
) -> Next:
    """Offer what was written, as it stands, as a problem report (SPEC 5)."""
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    reader = case.reader
    why = refusal_text(reader, first, case.user.person.id)
    await replies.answer(update, why)
    text = Markup("<b>{}</b>\n").format(why) + reader.text(
        "It cannot be disputed any more. What you wrote is not lost: send it to the coordinators?"
    )
    text += Markup("\n") + _written(reader, draft)
    sends = keyboards.success(reader.label("Send it"), callbacks.ReportInstead(case.view.id))
    rows = keyboards.in_pairs(sends, wizard.leave_button(case, callbacks.LeaveDispute))
    await wizard.ask(update, context, draft, wizard.panel(case, Question(text, rows)))
    return State.OVERTAKEN


def _written(reader: Reader, draft: DisputeDraft) -> Markup:
    """What was chosen and written so far."""
    reason = dispute_reason(reader, draft.reason or DisputeReason.OTHER)
    told = reader.text("Reason: {reason}", reason=reason)
    if draft.text:
        told += Markup("\n<blockquote>{}</blockquote>").format(draft.text)
    return told


def _require_disputable(
    session: Session, update: Update, context: Context, appointment_id: int
) -> None:
    """Check that they could dispute now. Refused as the dispute would be."""
    user = current_user(session, update, context)
    disputes.require_disputable(session, appointment_id, user.actor)


async def _case(update: Update, context: Context, draft: DisputeDraft) -> Case:
    """The parent and the session; the tap is answered by then."""
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    await replies.answer(update)
    return case


async def _ask_reason(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader = case.reader
    reasons = (
        keyboards.button(dispute_reason(reader, reason), callbacks.DisputeFor(case.view.id, reason))
        for reason in DisputeReason
    )
    leave = wizard.leave_button(case, callbacks.LeaveDispute)
    rows = (*keyboards.in_pairs(*reasons), (leave,))
    question = Question(reader.text("<b>What is wrong with this session?</b>"), rows)
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.REASON


async def _ask_text(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader, reason = case.reader, draft.reason or DisputeReason.OTHER
    nothing = reader.label("Nothing to add")
    without = keyboards.button(nothing, callbacks.DisputeWithoutText(case.view.id))
    rows = keyboards.in_pairs(
        None if reason is DisputeReason.OTHER else without, *_ways_out(case, to_text=0)
    )
    text = reader.text(
        "<b>{reason}</b>. Please write in a few words what happened.",
        reason=dispute_reason(reader, reason),
    )
    await wizard.ask(update, context, draft, wizard.panel(case, Question(text, rows)))
    return State.TEXT


async def _ask_to_confirm(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader = case.reader
    text = reader.text("<b>Dispute this session?</b>") + Markup("\n") + _written(reader, draft)
    text += Markup("\n") + reader.text("A coordinator looks into it and answers you.")
    does_it = keyboards.danger(reader.label("Dispute"), callbacks.ConfirmDispute(case.view.id))
    rows = keyboards.in_pairs(does_it, *_ways_out(case, to_text=1))
    await wizard.ask(update, context, draft, wizard.panel(case, Question(text, rows)))
    return State.CONFIRM


def _ways_out(case: Case, *, to_text: int) -> Row:
    """*Back*, to the text or to the reasons, and *Leave*."""
    back_button = wizard.back_button(case, callbacks.DisputeBack(case.view.id, to_text))
    return (back_button, wizard.leave_button(case, callbacks.LeaveDispute))


def build() -> Dialogue:
    """The dispute dialogue."""
    goes_back: Taps = {callbacks.DisputeBack: back}
    return wizard.build(
        NAME,
        DisputeDraft,
        begin={callbacks.StartDispute: begin},
        states={
            State.REASON: Answers({callbacks.DisputeFor: choose_reason}, None, other),
            State.TEXT: Answers(
                {callbacks.DisputeWithoutText: without_text, **goes_back}, take_text, other
            ),
            State.CONFIRM: Answers(goes_back, take_more, other),
            State.OVERTAKEN: Answers({}, take_more, other),
        },
        confirm={callbacks.ConfirmDispute: confirm, callbacks.ReportInstead: report_instead},
        leave={callbacks.LeaveDispute: wizard.leave_to_card(phrase("Nothing was disputed."))},
        take_up=lambda draft: callbacks.StartDispute(draft.appointment_id),
    )
