"""A tutor tells the coordinators about a check-in or check-out that was missed (SPEC 3).

[Tell the coordinators] --> TEXT --text--> told, END
                            |  ^
                            +--+ anything else: asked again          [Leave]: END
The session stays as it is: a coordinator enters the times.
"""

from dataclasses import dataclass
from enum import StrEnum

from telegram import Update

from chat import callbacks, replies
from chat.app_context import AppContext
from chat.callbacks.late_changes import ExplainMissed
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser
from chat.message_parts import CardOf
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.draft import SessionDraft
from conversations.premise import Premise, checked
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Case, Next, Question
from locales.catalogue import phrase
from models.enums import Role, Status
from services.db import Session
from services.sessions import late_changes

NAME = "missed_tap"


class State(StrEnum):
    """The steps of the dialogue."""

    TEXT = "text"


@dataclass(frozen=True)
class MissedDraft(SessionDraft):
    """The session whose attendance is missing."""


async def begin(update: Update, context: Context) -> Next:
    """*Tell the coordinators*: ask what happened."""
    tapped = callbacks.tapped(ExplainMissed, update)
    draft = wizard.draft_about(update, context, MissedDraft, tapped)
    return await _ask(update, context, draft or MissedDraft(tapped.appointment_id))


async def take_text(update: Update, context: Context) -> Next:
    """Told as it stands; where it is too long, another text will do."""
    draft, app = wizard.draft_of(update, context, MissedDraft), context.app
    about, text = draft.appointment_id, await typed_below(update, context)

    def tell(session: Session, user: CurrentUser) -> Screen:
        late_changes.explain_missed(session, about, user.actor, text, app.agency)
        return session_screen(session, user, about, app.agency)

    user, card = await wizard.carry_out(update, context, tell)
    done = user.reader.text(
        "The coordinators have your message and will see to it. Nothing is changed yet."
    )
    await wizard.take_back(update, context, draft)
    await replies.say_card(update, context, card.below(done), CardOf(about), user.person.id)
    return Dialogue.END


async def ask_again(update: Update, context: Context) -> Next:
    """Answer a photo or a sticker: repeat the question."""
    return await _ask(update, context, wizard.draft_of(update, context, MissedDraft))


async def _ask(update: Update, context: Context, draft: MissedDraft) -> Next:
    case = await checked(update, context, _missed, draft)
    await replies.answer(update)
    text = (
        case.reader.text(
            "<b>What happened?</b> Please write it in a few words, with the time at which you "
            "left. The coordinators read it and can enter the time."
        )
        if case.view.status is Status.CHECKED_IN
        else case.reader.text(
            "<b>What happened?</b> Please write it in a few words, with the times at which you "
            "came and left. The coordinators read it and can enter the times."
        )
    )
    leave = wizard.leave_button(case, callbacks.LeaveTelling)
    await wizard.ask(update, context, draft, wizard.panel(case, Question(text, ((leave,),))))
    return State.TEXT


def _missed(session: Session, user: CurrentUser, app: AppContext, draft: MissedDraft) -> Case:
    """The case, if they could tell it now. Refused as it would be."""
    late_changes.require_missed(session, draft.appointment_id, user.actor, app.agency)
    return Case(user, wizard.view_of(session, draft.appointment_id), Role.TUTOR)


def build() -> Dialogue:
    """The dialogue in which a missed check-in or check-out is explained."""
    return wizard.build(
        NAME,
        MissedDraft,
        begin={ExplainMissed: begin},
        states={State.TEXT: Answers({}, take_text, ask_again)},
        leave={callbacks.LeaveTelling: wizard.leave_to_card(phrase("Nobody was told."))},
        take_up=lambda draft: ExplainMissed(draft.appointment_id),
    ).resting_on(Premise(_missed))
