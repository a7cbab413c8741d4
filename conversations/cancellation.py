"""A tutor or a parent cancels a session (SPEC 6; UX 5): reason, penalty, confirmation.

[Cancel] --> REASON --[a reason]-----------> CONFIRM --[Cancel the session]--> done, END
             ^  ^   --[Other]--> TEXT --text--> |  ^
             |  +-----[Back]-------+            |  +-- text: added to the reason
             +----------------[Back]------------+
[Leave] at every step: END, the session stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.app_context import AppContext
from chat.cards.cancellation import guidance_lines, until_line
from chat.cards.reason import given_reason
from chat.context import Context
from chat.current_user import CurrentUser
from chat.keyboards import Row
from conversations import wizard
from conversations.changed_since import changed_since
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.premise import Premise, checked
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next, Question
from locales.catalogue import phrase
from locales.deadlines import ends_with_it
from locales.wording import action_done, change_reason
from models.enums import Action, ChangeReason
from services.db import Session
from services.lifecycle.open_requests import OpenRequest, open_request, proposal_of
from services.lifecycle.status import Outcome
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.rules.session_changes import LOCKOUT, REASONS
from services.sessions import cancellations

NAME = "cancellation"


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class CancellationDraft(SessionDraft):
    """The choices so far; nothing is cancelled yet."""

    reason: ChangeReason | None = None
    text: str | None = None
    shown: Guidance | None = None
    """The penalty guidance that the question shows."""
    ends: int | None = None
    """The proposal of which the question says that it will end, too."""

    @property
    def words(self) -> str | None:
        """The reason in their own words."""
        return self.text

    @property
    def chosen_reason(self) -> ChangeReason | None:
        """The reason that was chosen from the list."""
        return self.reason

    @property
    def lacks_text(self) -> bool:
        """Whether the reason has to be written, and is not yet."""
        return self.reason is ChangeReason.OTHER and self.text is None


@dataclass(frozen=True)
class Case(wizard.Case):
    """The person, their side, the session, and the penalty by the sheet."""

    guidance: Guidance | None
    until: datetime | None
    """When the penalty is another one; None where it stays as it is while they can cancel."""
    request: OpenRequest | None
    """The open request to move the session, which ends with the cancellation."""


async def begin(update: Update, context: Context) -> Next:
    """*Cancel*: a reason of this side's list; or go on with a parked draft."""
    tapped = callbacks.tapped(callbacks.StartCancel, update)
    draft = wizard.draft_about(update, context, CancellationDraft, tapped)
    if draft is None:
        draft = CancellationDraft(tapped.appointment_id)
    return await _ask_next(
        update, context, replace(draft, reason=None) if draft.lacks_text else draft
    )


async def choose_reason(update: Update, context: Context) -> Next:
    """Take a tapped reason, and ask to confirm; for *Other* ask for its text."""
    draft = wizard.draft_tapped(update, context, CancellationDraft)
    reason = callbacks.tapped(callbacks.CancelFor, update).reason
    return await _ask_next(update, context, replace(draft, reason=reason, text=None))


async def take_text(update: Update, context: Context) -> Next:
    """Add the text to the reason, and show it before it counts."""
    draft = wizard.draft_of(update, context, CancellationDraft)
    text = await typed_below(update, context, draft.text)
    reason = draft.reason or ChangeReason.OTHER
    return await _ask_next(update, context, replace(draft, reason=reason, text=text))


async def back(update: Update, context: Context) -> Next:
    """*Back*: ask for the reason again."""
    draft = wizard.draft_tapped(update, context, CancellationDraft)
    return await _ask_next(update, context, replace(draft, reason=None, text=None))


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _ask_next(update, context, wizard.draft_of(update, context, CancellationDraft))


async def confirm(update: Update, context: Context) -> Next:
    """*Cancel the session*: cancel it. A second tap gets the same answer.

    If the penalty by the sheet is no longer the one that was shown, or there is a request that was
    not, ask again.
    """
    tapped = callbacks.tapped(callbacks.ConfirmCancel, update)
    draft = wizard.draft_about(update, context, CancellationDraft, tapped)
    if draft is None or draft.reason is None:
        # it says who cancelled it, if so
        await _case(update, context, CancellationDraft(tapped.appointment_id))
        raise StaleButton
    case = await _possible_still(update, context, draft)
    if case is not None and (told := changed_since(case, draft)):
        await replies.answer(update, told)
        return await _ask_to_confirm(update, context, case, draft)
    about, reason = draft.appointment_id, draft.reason

    def cancel(session: Session, user: CurrentUser) -> Outcome:
        return cancellations.cancel(session, about, user.actor, reason, draft.text, draft.shown)

    user, outcome = await wizard.carry_out(update, context, cancel)
    done = action_done(user.reader, Action.CANCEL, user.person.name, outcome.at, is_reader=True)
    return await wizard.end_with_card(update, context, user, about, done)


async def _possible_still(
    update: Update, context: Context, draft: CancellationDraft
) -> Case | None:
    """The case; None where the cancellation is refused by now."""
    try:
        return await _case(update, context, draft)
    except Refusal:
        return None


async def _case(update: Update, context: Context, draft: CancellationDraft) -> Case:
    return await checked(update, context, _cancellable, draft)


def _cancellable(
    session: Session, user: CurrentUser, app: AppContext, draft: CancellationDraft
) -> Case:
    """The case, if they could cancel now. Refused as the cancellation would be."""
    side, notice = cancellations.require_cancellable(session, draft.appointment_id, user.actor)
    view = wizard.view_of(session, draft.appointment_id)
    sheet, starts_at = app.penalties.sheet, view.appointment.starts_at
    until = sheet.holds_until(side, starts_at, user.actor.now, closes=LOCKOUT)
    request = open_request(session, view.id)
    return Case(user, view, side, sheet.guidance_for(side, notice), until, request)


async def _ask_next(update: Update, context: Context, draft: CancellationDraft) -> Next:
    """Ask the next question: the reason, its text, or the confirmation."""
    case = await _case(update, context, draft)
    await replies.answer(update)
    if draft.reason is None:
        return await _ask_reason(update, context, case, draft)
    if draft.lacks_text:
        return await _ask_text(update, context, case, draft)
    return await _ask_to_confirm(update, context, case, draft)


async def _ask_reason(
    update: Update, context: Context, case: Case, draft: CancellationDraft
) -> Next:
    reader = case.reader
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.CancelFor(case.view.id, reason))
        for reason in REASONS[case.side]
    )
    rows = (*keyboards.in_pairs(*reasons), (wizard.leave_button(case, callbacks.LeaveCancel),))
    question = Question(reader.text("<b>Why do you want to cancel it?</b>"), rows)
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.REASON


async def _ask_text(update: Update, context: Context, case: Case, draft: CancellationDraft) -> Next:
    text = case.reader.text("Please write in a few words why you want to cancel it.")
    question = Question(text, (_ways_out(case),))
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.TEXT


async def _ask_to_confirm(
    update: Update, context: Context, case: Case, draft: CancellationDraft
) -> Next:
    reader, guidance = case.reader, case.guidance
    lines = [
        reader.text("<b>Cancel this session?</b>"),
        given_reason(reader, draft.reason, draft.text),
    ]
    lines += guidance_lines(reader, guidance)
    if guidance is None or guidance.amount != 0:
        lines.append(reader.text("A coordinator can waive a penalty."))
    lines += until_line(reader, case.until)
    if case.request is not None:
        lines.append(escape(ends_with_it(reader, case.request)))
    rows = keyboards.in_pairs(
        keyboards.danger(reader.label("Cancel session"), callbacks.ConfirmCancel(case.view.id)),
        *_ways_out(case),
    )
    question = Question(Markup("\n").join(lines), rows)
    shown = replace(draft, shown=guidance, ends=proposal_of(case.request))
    await wizard.ask(update, context, shown, wizard.panel(case, question))
    return State.CONFIRM


def _ways_out(case: Case) -> Row:
    """*Back*, to the reasons, and *Leave*."""
    leave = wizard.leave_button(case, callbacks.LeaveCancel)
    return (wizard.back_button(case, callbacks.CancelBack(case.view.id)), leave)


def build() -> Dialogue:
    """The dialogue that cancels a session."""
    written = Answers({callbacks.CancelBack: back}, take_text, other)
    return wizard.build(
        NAME,
        CancellationDraft,
        begin={callbacks.StartCancel: begin},
        states={
            State.REASON: Answers({callbacks.CancelFor: choose_reason}, take_text, other),
            State.TEXT: written,
            State.CONFIRM: written,
        },
        confirm={callbacks.ConfirmCancel: confirm},
        leave={callbacks.LeaveCancel: wizard.leave_to_card(phrase("Nothing was cancelled."))},
        take_up=lambda draft: callbacks.StartCancel(draft.appointment_id),
    ).resting_on(Premise(_cancellable))
