"""A tutor or a parent tells the coordinators, in the last four hours before a session (SPEC 6).

[Tell the coordinators] --> REASON --[a reason], or text--> told, END
  |                         ^  --[Other]--> TEXT --text--> told, END
  |                         +---[Back]------+
  +--> WRITTEN --[Send it]--> told, END    more text: added, asked again    [Back]: REASON
       what was written before; below a refusal that shows it, the button tells it at once
[Leave] at every step: END, nobody is told. The session stays as it is.
"""

from dataclasses import replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.app_context import AppContext
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of
from chat.lists.choices import words_in
from chat.message_parts import CardOf
from chat.screen import Screen
from chat.tapped import tapped_message
from conversations import wizard
from conversations.cancellation import CancellationDraft
from conversations.dialogue import Dialogue
from conversations.late_change_draft import LateChangeDraft, late_change_of
from conversations.premise import Premise, checked
from conversations.reschedule_questions import RescheduleDraft
from conversations.stray_draft import drop_offered, require_offered
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Case, Next, Question
from locales.catalogue import phrase
from locales.reader import Reader
from locales.wording import change_reason
from models.enums import ChangeReason, Role
from services.approvals.problem_reports import report_problem
from services.db import Session
from services.lifecycle.actors import Source
from services.messaging import lists
from services.rules.refusals.sessions import StaleButton
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.session_changes import REASONS
from services.sessions import late_changes

NAME = "late_change"


CHANGES = (CancellationDraft, RescheduleDraft)
"""What may have been written for a change before it was too late."""


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"
    WRITTEN = "written"


async def begin(update: Update, context: Context) -> Next:
    """*Tell the coordinators*: a reason of this side's list; or go on with a parked draft.

    What was written before it was too late is shown, to be sent.
    """
    tapped = callbacks.tapped(callbacks.TellCoordinators, update)
    return await _ask(update, context, await _draft_of(update, context, tapped))


async def tell_written(update: Update, context: Context) -> Next:
    """*Send it*, or *Tell the coordinators* below what was written. A second tap gets the same
    answer.
    """
    tapped = callbacks.tapped(callbacks.TellWritten, update)
    draft = await _draft_of(update, context, tapped)
    if draft.text is not None:
        return await _tell(update, context, draft, draft.reason, draft.text)
    told = await context.app.database.read(_told_last, update, context, draft)
    if told is None:
        return await _ask(update, context, draft)
    return await _tell(update, context, draft, *told)


async def _draft_of(
    update: Update, context: Context, tapped: callbacks.OfSession
) -> LateChangeDraft:
    """What was chosen or written so far of the button's session, also for a change of it."""
    draft = wizard.draft_about(update, context, LateChangeDraft, tapped)
    if draft is not None:
        return draft
    user, words = await context.app.database.read(_user_and_words, update, context)
    changes = (wizard.draft_about(update, context, kind, tapped) for kind in CHANGES)
    kept = (late_change_of(user.reader, one) for one in changes if one is not None)
    nothing = LateChangeDraft(tapped.appointment_id, text=words)
    return next((one for one in kept if one.text is not None), nothing)


def _user_and_words(
    session: Session, update: Update, context: Context
) -> tuple[CurrentUser, str | None]:
    """The current user, and the words for which the tapped list was sent."""
    user, tapped = current_user(session, update, context), tapped_message(update)
    there = lists.list_at(session, chat_id_of(update), tapped.message_id) if tapped else None
    return user, words_in(there.argument) if there else None


async def begin_with_strays(update: Update, context: Context) -> Next:
    """*📣* under what was written before: it is shown, to be sent."""
    tapped = callbacks.tapped(callbacks.StraysToTell, update)
    strays = require_offered(update, context)
    before = wizard.draft_about(update, context, LateChangeDraft, tapped)
    draft = before or LateChangeDraft(tapped.appointment_id)
    draft = replace(draft, text=strays.text_after(draft.text))
    case = await checked(update, context, _late, draft)
    drop_offered(update, context)
    return await _put(update, context, case, draft)


async def choose_reason(update: Update, context: Context) -> Next:
    """Tell the tapped reason; for *Other* ask for its text."""
    draft = wizard.draft_tapped(update, context, LateChangeDraft)
    reason = callbacks.tapped(callbacks.TellReason, update).reason
    if reason is ChangeReason.OTHER:
        return await _ask(update, context, replace(draft, is_other=True))
    return await _tell(update, context, draft, reason, None)


async def take_text(update: Update, context: Context) -> Next:
    """Tell what was written."""
    draft = wizard.draft_of(update, context, LateChangeDraft)
    text = await typed_below(update, context)
    told = await _tell(update, context, draft, draft.reason, text)
    await wizard.take_back(update, context, draft)
    return told


async def add_text(update: Update, context: Context) -> Next:
    """Add it to what was written before; nobody has it before *Send it*. Refused: TextTooLong."""
    draft = wizard.draft_of(update, context, LateChangeDraft)
    text = await typed_below(update, context, draft.text)
    return await _ask(update, context, replace(draft, text=text))


async def back(update: Update, context: Context) -> Next:
    """*Back*: ask for the reason again."""
    draft = wizard.draft_tapped(update, context, LateChangeDraft)
    return await _ask(update, context, replace(draft, is_other=False, text=None, reason=None))


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, LateChangeDraft))


async def _ask(update: Update, context: Context, draft: LateChangeDraft) -> Next:
    return await _put(update, context, await checked(update, context, _late, draft), draft)


async def _put(update: Update, context: Context, case: Case, draft: LateChangeDraft) -> Next:
    await replies.answer(update)
    reader, leave = case.reader, wizard.leave_button(case, callbacks.LeaveTelling)
    way_back = wizard.back_button(case, callbacks.TellBack(case.view.id))
    if draft.text is not None:
        text = reader.text("<b>Send this to the coordinators?</b> What you write now is added.")
        sends = keyboards.success(reader.label("Send it"), callbacks.TellWritten(case.view.id))
        question = Question(text, ((sends,), (way_back, leave)))
        panel = wizard.panel(case, question, draft.shown(reader))
        await wizard.ask(update, context, draft, panel)
        return State.WRITTEN
    if draft.is_other:
        text = reader.text("Please write in a few words what has happened.")
        await wizard.ask(
            update, context, draft, wizard.panel(case, Question(text, ((way_back, leave),)))
        )
        return State.TEXT
    reasons = (
        keyboards.button(change_reason(reader, reason), callbacks.TellReason(case.view.id, reason))
        for reason in REASONS[case.side]
    )
    text = reader.text("<b>What has happened?</b> Your answer goes to the coordinators.")
    question = Question(text, (*keyboards.in_pairs(*reasons), (leave,)))
    await wizard.ask(update, context, draft, wizard.panel(case, question))
    return State.REASON


def _late(session: Session, user: CurrentUser, app: AppContext, draft: LateChangeDraft) -> Case:
    """The case, if they could tell it now. Refused as it would be."""
    about, actor = draft.appointment_id, user.actor
    if late_changes.is_under_way(session, about, actor):
        late_changes.require_missed(session, about, actor, app.agency)
        return Case(user, wizard.view_of(session, about), Role.TUTOR)
    side = late_changes.require_late(session, about, actor)
    return Case(user, wizard.view_of(session, draft.appointment_id), side)


def _told_last(
    session: Session, update: Update, context: Context, draft: LateChangeDraft
) -> tuple[ChangeReason, str | None] | None:
    """What this person has told of the session last; None where that is nothing.

    Nor is it that once the session has begun: nobody has that message any more.
    """
    user = current_user(session, update, context)
    if wizard.view_of(session, draft.appointment_id).appointment.starts_at <= user.actor.now:
        return None
    return late_changes.told_last(session, draft.appointment_id, user.actor)


async def _tell(
    update: Update,
    context: Context,
    draft: LateChangeDraft,
    reason: ChangeReason | None,
    text: str | None,
) -> Next:
    """Tell it, and say so above the session's card. `reason`: *Other* where none was chosen."""
    about, app, reason = draft.appointment_id, context.app, reason or ChangeReason.OTHER
    source = _source(update)

    def tell(session: Session, user: CurrentUser) -> Screen:
        words = _in_words(user.reader, reason, text)
        if late_changes.is_under_way(session, about, user.actor):
            late_changes.explain_missed(session, about, user.actor, words, app.agency)
            return session_screen(session, user, about, app.agency)
        try:
            late_changes.tell_coordinators(session, about, user.actor, reason, text)
        except StaleButton:
            _report_late(session, user, about, words, source)
        return session_screen(session, user, about, app.agency)

    user, card = await wizard.carry_out(update, context, tell, (ReasonRequired, TextTooLong))
    done = user.reader.text(
        "The coordinators have your message and will be in touch. Nothing is changed yet."
    )
    for kind in (LateChangeDraft, *CHANGES):
        told = context.dialogues.draft(update, kind)
        if told is not None and told.appointment_id == about:
            context.dialogues.finish(update, kind)
    await replies.answer(update)
    await replies.show_card(update, context, card.below(done), CardOf(about), user.person.id)
    return Dialogue.END


def _report_late(
    session: Session, user: CurrentUser, about: int, words: str, source: Source
) -> None:
    """Report what a family chose or wrote before the start, and sent after it.

    Refused: StaleButton, and as a report is.
    """
    if user.actor.now < wizard.view_of(session, about).appointment.starts_at:
        raise StaleButton
    report_problem(session, about, user.actor, words, source)


def _in_words(reader: Reader, reason: ChangeReason, text: str | None) -> str:
    """A reason and its text as one text."""
    chosen = None if reason is ChangeReason.OTHER else change_reason(reader, reason)
    return "\n".join(filter(None, (chosen, text)))


def _source(update: Update) -> Source:
    """The message that was written, or whose button was tapped."""
    if update.message is None:
        return wizard.tapped_message(update)
    return Source(update.message.chat_id, update.message.message_id)


def build() -> Dialogue:
    """The dialogue that tells the coordinators of a late change."""
    return wizard.build(
        NAME,
        LateChangeDraft,
        begin={callbacks.TellCoordinators: begin, callbacks.StraysToTell: begin_with_strays},
        states={
            State.REASON: Answers({callbacks.TellReason: choose_reason}, take_text, other),
            State.TEXT: Answers({callbacks.TellBack: back}, take_text, other),
            State.WRITTEN: Answers({callbacks.TellBack: back}, add_text, other),
        },
        confirm={callbacks.TellWritten: tell_written},
        leave={callbacks.LeaveTelling: wizard.leave_to_card(phrase("Nobody was told."))},
        take_up=lambda draft: callbacks.TellCoordinators(draft.appointment_id),
    ).resting_on(Premise(_late))
