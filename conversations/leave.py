"""A tutor enters leave: days, a reason, and what becomes of the sessions then (SPEC 7).

[Enter leave], /leave --> DAYS --typed days--> REASON --text--> REVIEW --[Enter leave]--> done, END
                           ^                     |  ^           |  ^
                           +-------[Back]--------+  +--[Back]---+--+ [Cancel all] [Keep all]
                                  [1. Ask to move] --> ONE: `conversations.leave_times`
Days that are typed later take the place of those before; any other text is added to the reason,
but at REVIEW "cancel 3" and the like, which do what the buttons there say.
At DAYS leave that was entered before can be taken back. A time that is asked for is the first free
one afterwards, or one that is chosen. [Stop] at every step but ONE, which has [Back]: END.
"""

from dataclasses import replace
from datetime import date

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, replies
from chat.callbacks import LeaveStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.incoming import message_of
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.leave_asking import ask, ask_days, look, tutor
from conversations.leave_questions import LeaveDraft, nearest_days, reason_or_days
from conversations.leave_times import (
    choose_day,
    choose_session,
    choose_slot,
    choose_way,
    show_days,
    take_choice,
    take_typed_slot,
    turn_page,
)
from conversations.slot_questions import numbered_day
from conversations.typed_reasons import typed_below
from conversations.wizard import Answers, Next
from locales.leave_choices import read_choice
from locales.match_wording import leave_days, settled_counts
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_words import vocabulary_of
from models import TutorLeave
from services.closures.leave import Taken, sessions_during, take, withdraw
from services.db import Session
from services.queries.closed_days import leave_to_come
from services.rules.refusals import Refusal
from services.rules.refusals.matches import ClosedDay, DatesWanted, LeaveOverlaps, PreviewOutdated
from services.rules.refusals.requests import SlotTaken
from services.rules.typed_leave import days_within, is_of_days, no_such_day_in, read_days
from services.rules.typed_words import Vocabulary

NAME = "leave"
MOST_READ = 4
"""The most readings of a text that are offered."""
LOOK_AGAIN = (PreviewOutdated, SlotTaken, ClosedDay)
"""Refusals after which the sessions are shown anew."""


async def begin(update: Update, context: Context) -> Next:
    """*Enter leave*, `/leave`: on which days? A draft that was laid aside goes on."""
    draft = context.dialogues.draft(update, LeaveDraft) or LeaveDraft()
    await replies.answer(update)
    return await ask(update, context, draft)


async def take_days(update: Update, context: Context) -> Next:
    """Typed days; what cannot be read, or be, is asked for again."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    user = await context.app.database.read(tutor, update, context)
    days = _days_in(update, user.reader)
    if days is not None:
        return await _take_days(update, context, user, draft, days)
    typed, about = message_of(update).text or "", _read_from(user.reader)
    nearest, short_month = read_days(typed, *about, is_near=True), no_such_day_in(typed, *about)
    read = [nearest] if nearest else days_within(typed, *about)[:MOST_READ]
    return await ask_days(
        update, context, draft, nearest_days(user.reader, read, short_month), read
    )


async def choose_days(update: Update, context: Context) -> Next:
    """Days that were found in what was typed."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    user = await context.app.database.read(tutor, update, context)
    tapped = callbacks.tapped(callbacks.LeaveDays, update)
    await replies.answer(update)
    days = numbered_day(tapped.first), numbered_day(tapped.last)
    return await _take_days(update, context, user, draft, days)


async def take_reason(update: Update, context: Context) -> Next:
    """The reason, or other days, if days are typed; where it can be both, it is asked which.

    Refused: ReasonRequired, TextTooLong, NothingAnswered.
    """
    draft = wizard.draft_of(update, context, LeaveDraft)
    user = await context.app.database.read(tutor, update, context)
    days = _days_in(update, user.reader)
    if days is not None:
        return await _take_days(update, context, user, draft, days)
    reason = await typed_below(update, context)
    other = _other_days_in(reason, draft, user.reader)
    is_asked = other or is_of_days(reason, vocabulary_of(user.reader.language))
    if is_asked and reason != draft.held_text:
        held = replace(draft, held_text=reason)
        await wizard.ask(update, context, held, reason_or_days(user.reader, draft, reason, other))
        return State.REASON
    return await ask(update, context, draft.with_reason(reason))


async def keep_as_reason(update: Update, context: Context) -> Next:
    """*It is the reason*: the text that speaks of other days."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    draft = draft.with_reason(draft.held_text or "")
    await replies.answer(update)
    return await ask(update, context, draft)


async def _take_days(
    update: Update, context: Context, user: CurrentUser, draft: LeaveDraft, days: tuple[date, date]
) -> Next:
    draft = replace(draft, first=days[0], last=days[1], offset=0, held_text=None)
    try:
        await context.app.database.read(look, update, context, draft)
    except (DatesWanted, LeaveOverlaps) as refusal:
        told = escape(refusal_text(user.reader, refusal, user.person.id))
        return await ask_days(update, context, replace(draft, first=None, last=None), told)
    return await ask(update, context, draft)


async def choose_for_all(update: Update, context: Context) -> Next:
    """The same for every session for which it is possible."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    way = callbacks.tapped(callbacks.LeaveAll, update).way
    _, found = await context.app.database.read(look, update, context, draft)
    await replies.answer(update)
    return await ask(update, context, draft.choosing_for(found, way))


async def take_at_review(update: Update, context: Context) -> Next:
    """What becomes of sessions of the list, or whatever is no such choice."""
    draft = wizard.draft_of(update, context, LeaveDraft)
    user, found = await context.app.database.read(look, update, context, draft)
    choice = read_choice(message_of(update).text or "", user.reader.language)
    if choice is None or not found:
        return await take_reason(update, context)
    return await take_choice(update, context, draft, found, choice)


async def back(update: Update, context: Context) -> Next:
    """*Back*: all the sessions again, the reason, or the days."""
    draft = replace(wizard.draft_of(update, context, LeaveDraft), one=None)
    await replies.answer(update)
    match callbacks.tapped(callbacks.LeaveStepBack, update).step:
        case State.REASON:
            draft = replace(draft, reason=None)
        case State.DAYS:
            draft = replace(draft, first=None, last=None)
    return await ask(update, context, draft)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is no answer: repeat the question."""
    return await ask(update, context, wizard.draft_of(update, context, LeaveDraft))


async def take_back(update: Update, context: Context) -> Next:
    """*Take back*: sessions can be booked on these days again."""
    leave_id = callbacks.tapped(callbacks.TakeBackLeave, update).leave_id

    def transaction(session: Session) -> tuple[CurrentUser, TutorLeave]:
        user = current_user(session, update, context)
        return user, withdraw(session, leave_id, user.actor, context.app.agency)

    user, leave = await context.app.database.write(transaction)
    days = leave_days(user.reader, leave)
    await replies.answer(update, user.reader.label("Taken back: {days}", days=days))
    return await ask(update, context, LeaveDraft())


async def confirm(update: Update, context: Context) -> Next:
    """Enter the leave and settle the sessions. A second tap gets the answer of the first."""
    draft = context.dialogues.draft(update, LeaveDraft)
    tapped = callbacks.tapped(callbacks.ConfirmLeave, update)
    app = context.app

    def carried_out(session: Session, user: CurrentUser) -> Taken | TutorLeave | None:
        wanted = draft.wanted(user.person.id) if draft else None
        if draft is None or wanted is None:
            return _entered(session, user, tapped)
        found = sessions_during(session, user.actor, wanted, app.agency, app.penalties.sheet)
        choices = draft.choices(found)
        return take(
            session,
            user.actor,
            wanted,
            choices,
            app.agency,
            app.penalties.sheet,
            digest=draft.digest,
        )

    try:
        user, done = await wizard.carry_out(update, context, carried_out, LOOK_AGAIN)
    except LOOK_AGAIN as refusal:
        if draft is None:
            raise
        return await _look_again(update, context, draft, refusal)
    await replies.answer(update)
    await replies.show(update, context, _told(user.reader, done))
    return Dialogue.END


async def stop(update: Update, context: Context) -> Next:
    """*Stop*: nothing is entered."""
    user = await context.app.database.read(current_user, update, context)
    require_tutor(user)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("No leave was entered.")))
    return Dialogue.END


async def _look_again(
    update: Update, context: Context, draft: LeaveDraft, refusal: Refusal
) -> Next:
    user = await context.app.database.read(tutor, update, context)
    await replies.answer(update)
    told = escape(refusal_text(user.reader, refusal, user.person.id))
    return await ask(update, context, replace(draft, one=None), told)


def _days_in(update: Update, reader: Reader) -> tuple[date, date] | None:
    """The days that were typed; None where the text is something else."""
    return read_days(message_of(update).text or "", *_read_from(reader))


def _read_from(reader: Reader) -> tuple[date, Vocabulary]:
    """What typed days are reckoned from, and the words."""
    return reader.agency_today, vocabulary_of(reader.language)


def _other_days_in(text: str, draft: LeaveDraft, reader: Reader) -> list[tuple[date, date]]:
    """Days within a text that are not those of the leave: ranges, as in "5-13 dec family trip"; of
    a text that is of nothing but days, single ones, too.
    """
    found = days_within(text, *_read_from(reader))
    away, singly = set(draft.away), is_of_days(text, vocabulary_of(reader.language))
    return [days for days in found if (singly or days[0] < days[1]) and not away.issuperset(days)]


def _entered(
    session: Session, user: CurrentUser, tapped: callbacks.ConfirmLeave
) -> TutorLeave | None:
    """The leave that an earlier tap on the same button entered."""
    found = leave_to_come(session, user.person.id, user.reader.agency_today)
    days = (tapped.first, tapped.last)
    return next(
        (one for one in found if (one.starts_on.toordinal(), one.ends_on.toordinal()) == days),
        None,
    )


def _told(reader: Reader, done: Taken | TutorLeave | None) -> Screen:
    """What came of it."""
    if done is None:
        return Screen(reader.text("No leave was entered."))
    leave = done.leave if isinstance(done, Taken) else done
    lines = [reader.text("🌴 <b>You entered leave</b>: {days}", days=leave_days(reader, leave))]
    if isinstance(done, Taken):
        settled = done.settled
        numbers = (len(settled.cancelled), len(settled.asked), len(settled.left))
        if told := settled_counts(reader, *numbers):
            lines.append(reader.text("Sessions: {told}", told=told))
    return Screen(Markup("\n").join(lines))


def build() -> Dialogue:
    """The dialogue in which a tutor enters leave."""
    return wizard.build(
        NAME,
        LeaveDraft,
        begin={"leave": begin, callbacks.StartLeave: begin},
        states={
            State.DAYS: Answers(
                {callbacks.TakeBackLeave: take_back, callbacks.LeaveDays: choose_days},
                take_days,
                other,
            ),
            State.REASON: Answers(
                {
                    callbacks.LeaveDays: choose_days,
                    callbacks.LeaveReason: keep_as_reason,
                    callbacks.LeaveStepBack: back,
                },
                take_reason,
                other,
            ),
            State.REVIEW: Answers(
                {
                    callbacks.LeaveSession: choose_session,
                    callbacks.LeaveWay: choose_way,
                    callbacks.LeaveAll: choose_for_all,
                    callbacks.LeavePage: turn_page,
                    callbacks.LeaveStepBack: back,
                },
                take_at_review,
                other,
            ),
            State.ONE: Answers(
                {
                    callbacks.LeaveWay: choose_way,
                    callbacks.ChooseSlot: choose_slot,
                    callbacks.ShowDays: show_days,
                    callbacks.ChooseDay: choose_day,
                    callbacks.LeaveSession: choose_session,
                    callbacks.LeaveStepBack: back,
                },
                take_typed_slot,
                other,
            ),
        },
        confirm={callbacks.ConfirmLeave: confirm},
        leave={callbacks.StopLeave: stop},
        take_up=lambda _: callbacks.StartLeave(),
    )
