"""A replacement of a lost session is asked for, at a time that suits or at any (SPEC 6; UX 10).

[Ask for replacement], or a free time on the card --> told to the coordinators, END
[Another time] --> SLOT --[a time], a typed one--> CONFIRM --[Ask for it]--> told, END
                   ^  ^ [Other day] --> a day --> an hour   |
                   |  +---------------[Back]----------------+--typed: another time
                   +--[Any time]--> told, END
Any other text at SLOT or CONFIRM goes to the coordinators with it.
[Leave] at every step: END, nobody is told.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.app_context import AppContext
from chat.callbacks.cancellations import LeaveWish, WishBack, WishReplacement
from chat.cards.reason import quoted
from chat.cards.replacement import offered_button
from chat.context import Context
from chat.current_user import CurrentUser
from chat.incoming import message_of
from chat.keyboards import Row
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.premise import Premise, checked
from conversations.slot_questions import (
    ANOTHER_TIME_WILL_DO,
    SlotDraft,
    day_of,
    start_of,
    when_instead,
    which_day,
    which_hour,
)
from conversations.typed_answers import is_time, read_typed, refused
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Case, Next, Question
from locales.catalogue import phrase
from locales.refusals import refusal_text
from locales.wording import action_done
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.status import Outcome
from services.rules.minutes import instant_of
from services.rules.reschedule import new_end
from services.sessions.replacements import ask_for_replacement, require_wishable

NAME = "replacement_wish"


class State(StrEnum):
    """The steps of the dialogue."""

    SLOT = "slot"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class WishDraft(SlotDraft):
    """The lost session, and the time that suits; nobody is asked yet."""

    new_starts_at: datetime | None = None
    text: str | None = None
    """What was written for the coordinators."""

    @property
    def words(self) -> str | None:
        """What was written for the coordinators."""
        return self.text

    @property
    def chosen_start(self) -> datetime | None:
        """The time that suits."""
        return self.new_starts_at


async def ask_coordinators(update: Update, context: Context) -> Next:
    """*Ask for replacement*, *Any time*, or a time: ask the coordinators. A second tap gets the
    same answer.
    """
    tapped, zone = callbacks.tapped(callbacks.OfSession, update), context.app.agency.zone
    about, wished = tapped.appointment_id, None
    if isinstance(tapped, callbacks.AskReplacementAt):
        wished = instant_of(tapped.minute)

    draft = wizard.draft_about(update, context, WishDraft, tapped)
    said = draft.text if draft is not None else None

    def ask(session: Session, user: CurrentUser) -> Outcome:
        return ask_for_replacement(session, about, user.actor, wished, said, zone=zone)

    user, outcome = await wizard.carry_out(update, context, ask)
    name, at = user.person.name, outcome.at
    done = action_done(user.reader, Action.ASK_REPLACEMENT, name, at, is_reader=True)
    ended = await wizard.end_with_card(update, context, user, about, done)
    return ended if draft is not None else None


async def begin(update: Update, context: Context) -> Next:
    """*Another time*: when? Or go on with a parked draft."""
    tapped = callbacks.tapped(WishReplacement, update)
    draft = wizard.draft_about(update, context, WishDraft, tapped)
    return await _ask_next(update, context, draft or WishDraft(tapped.appointment_id))


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered, or one of those that a typed one can mean."""
    draft = wizard.draft_tapped(update, context, WishDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    return await _take(update, context, draft, starts_at)


async def show_days(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    draft = wizard.draft_tapped(update, context, WishDraft)
    case = await _case(update, context, draft)
    page, ways = callbacks.tapped(callbacks.ShowDays, update).page, _ways_out(case)
    asked = (case.reader, case.appointment, page)
    question = await context.app.database.read(which_day, *asked, *ways)
    return await _put(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    draft = wizard.draft_tapped(update, context, WishDraft)
    case = await _case(update, context, draft)
    day = day_of(callbacks.tapped(callbacks.ChooseDay, update))
    asked = (case.reader, case.appointment, case.user.person.id, day)
    question = await context.app.database.read(which_hour, *asked, *_ways_out(case))
    return await _put(update, context, case, replace(draft, chosen_day=day), question)


async def take_typed(update: Update, context: Context) -> Next:
    """A typed time; one that is not clear is asked about, and so is one that cannot be. Other words
    are for the coordinators.
    """
    draft = wizard.draft_of(update, context, WishDraft)
    case = await _case(update, context, draft)
    about, ways = (case.reader, case.appointment, case.user.person.id), _ways_out(case)
    typed, database = message_of(update).text or "", context.app.database
    if not is_time(case.reader, case.appointment, draft, typed):
        said = await typed_below(update, context, draft.text)
        return await _ask_next(update, context, replace(draft, text=said))
    read = await database.read(read_typed, *about, draft, typed, *ways)
    draft, means = read.noted_in(draft), read.means
    if isinstance(means, datetime):
        try:
            return await _take(update, context, draft, means)
        except ANOTHER_TIME_WILL_DO as refusal:
            why = refusal_text(case.reader, refusal, case.user.person.id)
            means = await database.read(refused, *about, means, why, *ways)
    return await _put(update, context, case, replace(draft, new_starts_at=None), means)


async def back(update: Update, context: Context) -> Next:
    """*Back*: the times that are offered."""
    draft = wizard.draft_tapped(update, context, WishDraft)
    return await _ask_next(update, context, replace(draft, new_starts_at=None, chosen_day=None))


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is not a text: repeat the question."""
    return await _ask_next(update, context, wizard.draft_of(update, context, WishDraft))


async def _take(update: Update, context: Context, draft: WishDraft, starts_at: datetime) -> Next:
    return await _ask_next(update, context, replace(draft, new_starts_at=starts_at))


async def _ask_next(update: Update, context: Context, draft: WishDraft) -> Next:
    """Ask when, or whether to ask for the time that was chosen. Refused as the request would be."""
    case = await _case(update, context, draft)
    reader, row = case.reader, case.appointment
    if draft.new_starts_at is None:
        question = await context.app.database.read(when_instead, reader, row, *_ways_out(case))
        return await _put(update, context, case, draft, question)
    starts_at = draft.new_starts_at
    slot = reader.dated_slot(starts_at, new_end(row.starts_at, row.ends_at, starts_at))
    asked = reader.text("<b>Ask the coordinators for {slot}?</b>", slot=slot)
    asks = offered_button(reader.label("Ask for it"), row.id, starts_at)
    ways = (wizard.back_button(case, WishBack(row.id)), wizard.leave_button(case, LeaveWish))
    await _put(update, context, case, draft, Question(asked, ((asks,), ways)))
    return State.CONFIRM


async def _put(
    update: Update, context: Context, case: Case, draft: WishDraft, question: Question
) -> Next:
    await replies.answer(update)
    said = []
    if draft.text is not None:
        said = [case.reader.text("For the coordinators:"), quoted(draft.text)]
    await wizard.ask(update, context, draft, wizard.panel(case, question, *said))
    return State.SLOT


def _ways_out(case: Case) -> Row:
    """*Any time*, and *Leave*."""
    any_time = callbacks.AskReplacement(case.view.id)
    leave = wizard.leave_button(case, LeaveWish)
    return (keyboards.button(case.reader.label("Any time"), any_time), leave)


async def _case(update: Update, context: Context, draft: WishDraft) -> Case:
    return await checked(update, context, _askable, draft)


def _askable(session: Session, user: CurrentUser, app: AppContext, draft: WishDraft) -> Case:
    """The case, if they could ask now, and for the time. Refused as the request would be."""
    about, zone = draft.appointment_id, app.agency.zone
    require_wishable(session, about, user.actor, draft.new_starts_at, zone=zone)
    return Case(user, wizard.view_of(session, about), Role.PARENT)


def build() -> Dialogue:
    """The dialogue in which a replacement is asked for."""
    times: wizard.Taps = {
        callbacks.ChooseSlot: choose_slot,
        callbacks.ShowDays: show_days,
        callbacks.ChooseDay: choose_day,
    }
    asks = (callbacks.AskReplacement, callbacks.AskReplacementAt)
    return wizard.build(
        NAME,
        WishDraft,
        begin={WishReplacement: begin},
        states={
            State.SLOT: Answers({**times, WishBack: back}, take_typed, other),
            State.CONFIRM: Answers({WishBack: back}, take_typed, other),
        },
        confirm=dict.fromkeys(asks, ask_coordinators),
        leave={LeaveWish: wizard.leave_to_card(phrase("Nobody was asked."))},
        take_up=lambda draft: WishReplacement(draft.appointment_id),
    ).resting_on(Premise(_askable))
