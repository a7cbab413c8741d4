"""A tutor or a parent tells the coordinators, in the last four hours before a session (SPEC 6).

[Tell the coordinators] --> REASON --[a reason], or text--> told, END
                            ^  --[Other]--> TEXT --text--> told, END
                            +---[Back]------+
[Leave] at every step: END, nobody is told. The session stays as it is.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.app_context import AppContext
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser
from chat.incoming import message_of
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.premise import Premise, checked
from conversations.wizard import Answers, Case, Next, Question
from locales.catalogue import phrase
from locales.wording import change_reason
from models.enums import ChangeReason
from services.db import Session
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.session_changes import REASONS
from services.sessions import late_changes

NAME = "late_change"


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"


@dataclass(frozen=True)
class LateChangeDraft(SessionDraft):
    """The choice so far; nobody is told yet."""

    is_other: bool = False
    """Whether the reason is to be written."""


async def begin(update: Update, context: Context) -> Next:
    """*Tell the coordinators*: a reason of this side's list; or go on with a parked draft."""
    tapped = callbacks.tapped(callbacks.TellCoordinators, update)
    draft = wizard.draft_about(update, context, LateChangeDraft, tapped)
    return await _ask(update, context, draft or LateChangeDraft(tapped.appointment_id))


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
    text = message_of(update).text
    told = await _tell(update, context, draft, ChangeReason.OTHER, text)
    await wizard.take_back(update, context, draft)
    return told


async def back(update: Update, context: Context) -> Next:
    """*Back*: ask for the reason again."""
    draft = wizard.draft_tapped(update, context, LateChangeDraft)
    return await _ask(update, context, replace(draft, is_other=False))


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, LateChangeDraft))


async def _ask(update: Update, context: Context, draft: LateChangeDraft) -> Next:
    case = await checked(update, context, _late, draft)
    await replies.answer(update)
    reader, leave = case.reader, wizard.leave_button(case, callbacks.LeaveTelling)
    if draft.is_other:
        way_back = wizard.back_button(case, callbacks.TellBack(case.view.id))
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


def _late(session: Session, user: CurrentUser, _app: AppContext, draft: LateChangeDraft) -> Case:
    """The case, if they could tell it now. Refused as it would be."""
    side = late_changes.require_late(session, draft.appointment_id, user.actor)
    return Case(user, wizard.view_of(session, draft.appointment_id), side)


async def _tell(
    update: Update,
    context: Context,
    draft: LateChangeDraft,
    reason: ChangeReason,
    text: str | None,
) -> Next:
    """Tell it, and say so above the session's card."""
    about, app = draft.appointment_id, context.app

    def tell(session: Session, user: CurrentUser) -> Screen:
        late_changes.tell_coordinators(session, about, user.actor, reason, text)
        return session_screen(session, user, about, app.agency)

    user, card = await wizard.carry_out(update, context, tell, (ReasonRequired, TextTooLong))
    done = user.reader.text(
        "The coordinators have your message and will be in touch. Nothing is changed yet."
    )
    await replies.answer(update)
    await replies.show_card(update, context, card.below(done), CardOf(about), user.person.id)
    return Dialogue.END


def build() -> Dialogue:
    """The dialogue that tells the coordinators of a late change."""
    return wizard.build(
        NAME,
        LateChangeDraft,
        begin={callbacks.TellCoordinators: begin},
        states={
            State.REASON: Answers({callbacks.TellReason: choose_reason}, take_text, other),
            State.TEXT: Answers({callbacks.TellBack: back}, take_text, other),
        },
        leave={callbacks.LeaveTelling: wizard.leave_to_card(phrase("Nobody was told."))},
        take_up=lambda draft: callbacks.TellCoordinators(draft.appointment_id),
    ).resting_on(Premise(_late))
