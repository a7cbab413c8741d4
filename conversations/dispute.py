"""A parent disputes a session (SPEC 5; UX 5): reason, text, confirmation; nothing in one tap.

[Dispute] --> REASON --[a reason]------------> CONFIRM --[Dispute]--> done, END
              ^  ^   --[Other]--> TEXT --text--> |  ^
              |  +-----[Back]-------+ ^--[Back]--+  +-- text: added
              +----------------[Back]------------+
[Leave] at every step: END, the session stays as it is.
Another parent, or a coordinator, acts first: what was written is offered as a problem report,
    --> OVERTAKEN --[Send it]--> told to the coordinators, END
[Dispute] after the dialogue was laid aside: on from where it was. [Dispute] under files that came
outside of any dialogue: with them, at REASON.
"""

from dataclasses import replace

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, questions, replies
from chat.context import Context
from chat.current_user import CurrentUser
from chat.keyboards import Row
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.dispute_draft import (
    DisputeDraft,
    State,
    written,
)
from conversations.dispute_overtaken import (
    OVERTAKEN,
    disputable,
    offer_report,
    overtaken_by,
    report_instead,
    report_offered,
    require_disputable,
)
from conversations.evidence import only_evidence
from conversations.inspected_evidence import with_kept_file
from conversations.premise import Premise
from conversations.stray_draft import drop_offered, require_offered
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Case, Next, Question, Taps
from locales.catalogue import phrase
from locales.wording import action_done, dispute_reason
from models.enums import Action, DisputeReason, Role
from services.approvals import disputes
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.notes import has_notes
from services.rules.disputes import dispute_reasons
from services.rules.refusals.sessions import StaleButton

NAME = "dispute"


async def begin(update: Update, context: Context) -> Next:
    """*Dispute*: a reason from the list; or go on with a parked draft."""
    tapped = callbacks.tapped(callbacks.StartDispute, update)
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    if draft is not None and draft.is_begun:
        return await _go_on(update, context, draft)
    about = tapped.appointment_id
    await context.app.database.read(require_disputable, update, context, about)
    return await _ask_reason(update, context, draft or DisputeDraft(about))


async def begin_with_strays(update: Update, context: Context) -> Next:
    """*Dispute* under files that came before: its evidence; their captions are its text."""
    tapped = callbacks.tapped(callbacks.StraysToDispute, update)
    strays = require_offered(update, context)
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    draft = draft or DisputeDraft(tapped.appointment_id)
    files = (*draft.files, *strays.files)
    draft = replace(draft, text=strays.text_after(draft.text), files=files)
    drop_offered(update, context)
    return await _go_on(update, context, draft)


async def choose_reason(update: Update, context: Context) -> Next:
    """Take a tapped reason, and ask to confirm; for *Other* ask what happened."""
    draft = wizard.draft_tapped(update, context, DisputeDraft)
    chosen = replace(draft, reason=callbacks.tapped(callbacks.DisputeFor, update).reason)
    if draft.has_words:
        return await _go_on(update, context, chosen)
    first = await overtaken_by(update, context, draft.appointment_id)
    if first is None:
        return await _ask_next(update, context, chosen)
    await questions.leave_dialogue(update, context)
    raise first


async def take_more(update: Update, context: Context) -> Next:
    """Take a text that comes before a reason, or after others: people write in several messages."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    text = await typed_below(update, context, draft.text)
    return await _go_on(update, context, replace(draft, text=text))


async def take_text(update: Update, context: Context) -> Next:
    """Take the text, and show it before it counts; or offer it, where somebody was first."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    text = await typed_below(update, context)
    return await _go_on(update, context, replace(draft, text=text))


async def back(update: Update, context: Context) -> Next:
    """*Back*: the question before."""
    draft = wizard.draft_tapped(update, context, DisputeDraft)
    if callbacks.tapped(callbacks.DisputeBack, update).to_text:
        return await _ask_text(update, context, draft)
    return await _ask_reason(update, context, replace(draft, reason=None))


async def other(update: Update, context: Context) -> Next:
    """A photo or document is evidence; a sticker is said to be none, and the question stands."""
    draft = wizard.draft_of(update, context, DisputeDraft)
    return await _go_on(update, context, await with_kept_file(update, context, draft))


async def confirm(update: Update, context: Context) -> Next:
    """*Dispute*, to confirm: dispute the session. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmDispute, update)
    about = tapped.appointment_id
    draft = wizard.draft_about(update, context, DisputeDraft, tapped)
    if draft is None:
        await context.app.database.read(require_disputable, update, context, about)
        raise StaleButton
    reason = draft.reason
    if reason is None:
        return await _ask_reason(update, context, draft)

    def dispute(session: Session, user: CurrentUser) -> Outcome:
        return disputes.dispute(session, about, user.actor, reason, draft.text, draft.files)

    try:
        user, outcome = await wizard.carry_out(update, context, dispute, OVERTAKEN)
    except OVERTAKEN as first:
        return await offer_report(update, context, draft, first)
    context.app.wake_evidence()
    done = action_done(user.reader, Action.DISPUTE, user.person.name, outcome.at, is_reader=True)
    return await wizard.end_with_card(update, context, user, about, done)


async def _case(update: Update, context: Context, draft: DisputeDraft) -> Case:
    """The parent and the session; the tap is answered by then."""
    case = await context.app.database.read(wizard.case_of, update, context, draft, Role.PARENT)
    await replies.answer(update)
    return case


async def _go_on(update: Update, context: Context, draft: DisputeDraft) -> Next:
    """Ask what comes next; or offer what was said as a report, where somebody was first."""
    first = await overtaken_by(update, context, draft.appointment_id)
    if first is not None and draft.is_begun:
        return await offer_report(update, context, draft, first)
    return await _ask_next(update, context, draft)


async def _ask_next(update: Update, context: Context, draft: DisputeDraft) -> Next:
    """Ask for the reason, then for the text where one is needed, then to confirm."""
    if draft.reason is None:
        return await _ask_reason(update, context, draft)
    lacks_text = draft.reason is DisputeReason.OTHER and not draft.text
    return await (_ask_text if lacks_text else _ask_to_confirm)(update, context, draft)


async def _ask_reason(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader, session_id = case.reader, case.view.id
    noted = await context.app.database.read(has_notes, session_id)
    reasons = (
        keyboards.button(dispute_reason(reader, reason), callbacks.DisputeFor(session_id, reason))
        for reason in dispute_reasons(has_notes=noted)
    )
    leave = wizard.leave_button(case, callbacks.LeaveDispute)
    rows = (*keyboards.in_pairs(*reasons), (leave,))
    text = reader.text("<b>What is wrong with this session?</b>")
    if draft.has_words:
        text = written(reader, draft) + Markup("\n\n") + text
    question = Question(text, rows)
    return await _put(update, context, case, draft, question, State.REASON)


async def _ask_text(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader, reason = case.reader, draft.reason or DisputeReason.OTHER
    rows = (_ways_out(case, to_text=0),)
    text = reader.text(
        "<b>{reason}</b>. You can add photos or documents as evidence. Please write in a few "
        "words what happened.",
        reason=dispute_reason(reader, reason),
    )
    return await _put(update, context, case, draft, Question(text, rows), State.TEXT)


async def _ask_to_confirm(update: Update, context: Context, draft: DisputeDraft) -> Next:
    case = await _case(update, context, draft)
    reader = case.reader
    text = reader.text("<b>Dispute this session?</b>") + Markup("\n") + written(reader, draft)
    if not draft.text:
        text += Markup("\n") + reader.text(
            "You can first write what happened, or send photos or documents as evidence."
        )
    text += Markup("\n") + reader.text("A coordinator will look into it and get back to you.")
    to_text = int(draft.reason is DisputeReason.OTHER)
    does_it = keyboards.danger(reader.label("Dispute"), callbacks.ConfirmDispute(case.view.id))
    rows = keyboards.in_pairs(does_it, *_ways_out(case, to_text=to_text))
    return await _put(update, context, case, draft, Question(text, rows), State.CONFIRM)


async def _put(
    update: Update,
    context: Context,
    case: Case,
    draft: DisputeDraft,
    question: Question,
    state: State,
) -> Next:
    screen = wizard.panel(case, question)
    await wizard.ask(update, context, draft, screen, cannot=only_evidence)
    return state


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
        begin={callbacks.StartDispute: begin, callbacks.StraysToDispute: begin_with_strays},
        states={
            State.REASON: Answers({callbacks.DisputeFor: choose_reason}, take_more, other),
            State.TEXT: Answers(goes_back, take_text, other),
            State.CONFIRM: Answers(goes_back, take_more, other),
            State.OVERTAKEN: Answers({}, take_more, other),
        },
        confirm={callbacks.ConfirmDispute: confirm, callbacks.ReportInstead: report_instead},
        leave={callbacks.LeaveDispute: wizard.leave_to_card(phrase("Nothing was disputed."))},
        take_up=lambda draft: callbacks.StartDispute(draft.appointment_id),
    ).resting_on(Premise(disputable, report_offered))
