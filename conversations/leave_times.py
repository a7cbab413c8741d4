"""What becomes of one session that is booked during leave, and when it is asked to be (SPEC 7).

REVIEW --[1. Keep as it is]--> ONE --[a time], or a typed one--> REVIEW: it is asked to move there
  ^                             | [Other day] --> a day --> an hour; one that is not clear is asked
  +--[Cancel] [Keep as it is] --+                                                          [Back]
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from telegram import Update

from chat import callbacks, keyboards, replies
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import message_of
from chat.keyboards import Row
from conversations import wizard
from conversations.leave_asking import OneSession, ask, ask_when, one_session
from conversations.leave_questions import LeaveDraft
from conversations.slot_questions import (
    ANOTHER_TIME_WILL_DO,
    SlotDraft,
    day_of,
    start_of,
    which_day,
    which_hour,
)
from conversations.typed_answers import read_typed, refused
from conversations.wizard import Next
from locales.leave_choices import LeaveChoice
from locales.refusals import refusal_text
from services.closures.booked import Found
from services.closures.leave import require_askable
from services.db import Session
from services.rules.closures import Way
from services.rules.refusals.sessions import StaleButton


async def choose_session(update: Update, context: Context) -> Next:
    """A session of the list; *Back*, to the first question about one."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    about = callbacks.tapped(callbacks.LeaveSession, update).appointment_id
    await replies.answer(update)
    return await ask(update, context, replace(draft, one=SlotDraft(about)))


async def choose_way(update: Update, context: Context) -> Next:
    """What becomes of one session; to ask needs a time, which is asked for."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    tapped = callbacks.tapped(callbacks.LeaveWay, update)
    await replies.answer(update)
    if tapped.way is Way.ASK:
        return await ask(update, context, replace(draft, one=SlotDraft(tapped.appointment_id)))
    return await ask(update, context, draft.choosing(tapped.appointment_id, tapped.way))


async def turn_page(update: Update, context: Context) -> Next:
    """*More* and *Earlier*, below the sessions."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    offset = callbacks.tapped(callbacks.LeavePage, update).offset
    await replies.answer(update)
    return await ask(update, context, replace(draft, offset=offset))


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered. Refused as the request would be."""
    draft, _ = _tapped(update, context)
    about = await context.app.database.read(one_session, update, context, draft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    chosen = await _asking_for(context, draft, about, starts_at)
    await replies.answer(update)
    return await ask(update, context, chosen)


async def show_days(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    draft, _ = _tapped(update, context)
    about = await context.app.database.read(one_session, update, context, draft)
    case, page = about.case, callbacks.tapped(callbacks.ShowDays, update).page
    await replies.answer(update)

    def question(session: Session) -> wizard.Question:
        ways = _way_back(about)
        return which_day(session, case.reader, case.appointment, page, *ways, away=draft.away)

    return await ask_when(update, context, draft, about, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    draft, one = _tapped(update, context)
    about = await context.app.database.read(one_session, update, context, draft)
    case, day = about.case, day_of(callbacks.tapped(callbacks.ChooseDay, update))
    await replies.answer(update)

    def question(session: Session) -> wizard.Question:
        asked = (session, case.reader, case.appointment, case.user.person.id, day)
        return which_hour(*asked, *_way_back(about), away=draft.away)

    draft = replace(draft, one=replace(one, chosen_day=day))
    return await ask_when(update, context, draft, about, question)


async def take_typed_slot(update: Update, context: Context) -> Next:
    """A typed time; one that is not clear is asked about, and so is one that cannot be."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    return await _take_time(update, context, draft, message_of(update).text or "")


async def take_choice(
    update: Update, context: Context, draft: LeaveDraft, found: list[Found], choice: LeaveChoice
) -> Next:
    """What was typed of sessions of the list: their numbers, and what becomes of them."""
    numbers = choice.numbers or ((1,) if len(found) == 1 else ())
    reader = (await context.app.database.read(current_user, update, context)).reader
    if any(not 0 < number <= len(found) for number in numbers):
        told = reader.text("There is no session with that number in the list.")
        return await ask(update, context, draft, told)
    if not numbers and not choice.is_all:
        told = reader.text("Which session? Please write its number as well, or “all”.")
        return await ask(update, context, draft, told)
    chosen = found if choice.is_all else [found[number - 1] for number in numbers]
    if choice.way is None or (choice.way is Way.ASK and len(numbers) == 1):
        draft = replace(draft, one=SlotDraft(chosen[0].view.id))
        if choice.when:
            return await _take_time(update, context, draft, choice.when)
        return await ask(update, context, draft)
    return await ask(update, context, draft.choosing_for(chosen, choice.way))


async def _take_time(update: Update, context: Context, draft: LeaveDraft, typed: str) -> Next:
    database = context.app.database
    about = await database.read(one_session, update, context, draft)
    if draft.one is None or Way.ASK not in about.one.booked.ways:
        return await ask(update, context, draft)
    case, ways = about.case, _way_back(about)
    asked = (case.reader, case.appointment, case.user.person.id)
    read = await database.read(
        partial(read_typed, away=draft.away), *asked, draft.one, typed, *ways
    )
    draft, means = replace(draft, one=read.noted_in(draft.one)), read.means
    if isinstance(means, datetime):
        try:
            return await ask(update, context, await _asking_for(context, draft, about, means))
        except ANOTHER_TIME_WILL_DO as refusal:
            told = refusal_text(case.reader, refusal, case.user.person.id)
            means = await database.read(
                partial(refused, away=draft.away), *asked, means, told, *ways
            )
    question = means
    return await ask_when(update, context, draft, about, lambda _: question)


async def _asking_for(
    context: Context, draft: LeaveDraft, about: OneSession, starts_at: datetime
) -> LeaveDraft:
    """The draft with a time to ask for, after a check that it could be."""
    chosen = draft.asking_for(about.one.view.id, starts_at)
    choices = chosen.choices(about.found)

    def check(session: Session) -> None:
        actor, agency = about.case.user.actor, context.app.agency
        require_askable(session, actor, about.wanted, about.found, choices, about.one, agency)

    await context.app.database.read(check)
    return chosen


def _tapped(update: Update, context: Context) -> tuple[LeaveDraft, SlotDraft]:
    """The draft, and its session, whose button was tapped. Refused: StaleButton."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    tapped = callbacks.tapped(callbacks.OfSession, update)
    if draft.one is None or draft.one.appointment_id != tapped.appointment_id:
        raise StaleButton
    return draft, draft.one


def _way_back(about: OneSession) -> Row:
    """*Back*, to the first question about this session."""
    label, case = about.case.reader.label("Back"), about.case
    return (keyboards.button(label, callbacks.LeaveSession(case.view.id)),)
