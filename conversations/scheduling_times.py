"""The time of a session that a coordinator schedules: buttons, a calendar, typing (SPEC 2, 6)."""

from dataclasses import replace
from datetime import UTC, date, datetime

from telegram import Update

from chat import callbacks, replies
from chat.callbacks import SchedulingStep as State
from chat.context import Context
from chat.incoming import message_of
from conversations import wizard
from conversations.scheduling_draft import ScheduleDraft
from conversations.scheduling_questions import (
    Case,
    ask,
    case_of,
    outline_of,
    put,
    ways_out,
)
from conversations.slot_questions import (
    ANOTHER_TIME_WILL_DO,
    day_of,
    slot_rows,
    start_of,
    which_day,
    which_hour,
)
from conversations.typed_answers import is_time, read_typed, refused
from conversations.wizard import Next, Question
from locales.refusals import refusal_text
from services.rules.scheduling import LONGEST, SHORTEST, split_length


async def choose_slot(update: Update, context: Context) -> Next:
    """A time that was offered, or one of those that a typed one can mean."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    return await ask(update, context, replace(draft, starts_at=starts_at))


async def show_days(update: Update, context: Context) -> Next:
    """*Other day*: the calendar."""
    draft, case = await _without_time(update, context)
    page, ways = callbacks.tapped(callbacks.ShowDays, update).page, ways_out(case, State.CONFIRM)
    question = await context.app.database.read(
        which_day, case.reader, outline_of(case), page, *ways
    )
    return await _put_time(update, context, case, draft, question)


async def choose_day(update: Update, context: Context) -> Next:
    """A day of the calendar: its free hours."""
    draft, case = await _without_time(update, context)
    day, ways = day_of(callbacks.tapped(callbacks.ChooseDay, update)), ways_out(case, State.CONFIRM)
    question = await context.app.database.read(
        which_hour, case.reader, outline_of(case), case.user.person.id, day, *ways
    )
    return await _put_time(update, context, case, replace(draft, chosen_day=day), question)


async def take_time(update: Update, context: Context) -> Next:
    """A typed time, with its length if one follows; one that is not clear is asked about, and so is
    one that cannot be.
    """
    draft = wizard.draft_of(update, context, ScheduleDraft)
    typed = message_of(update).text or ""
    case = await case_of(update, context, replace(draft, starts_at=None))
    rest, minutes = split_length(typed)
    is_length = minutes is not None and SHORTEST <= minutes <= LONGEST
    if is_length and is_time(case.reader, outline_of(case), draft, rest):
        typed, draft = rest, replace(draft, minutes=minutes or draft.minutes)
    return await take_typed(update, context, draft, typed)


async def take_typed(update: Update, context: Context, draft: ScheduleDraft, typed: str) -> Next:
    """As `take_time`, for a text that names no length."""
    before, draft = draft.starts_at, replace(draft, starts_at=None)
    case = await case_of(update, context, draft)
    ways, database = ways_out(case, State.CONFIRM), context.app.database
    about = (case.reader, outline_of(case), case.user.person.id)
    today = replace(draft, chosen_day=draft.chosen_day or case.reader.today)
    read = await database.read(read_typed, *about, today, typed, *ways)
    draft, means = read.noted_in(draft), read.means
    if read.minutes is not None and SHORTEST <= read.minutes <= LONGEST:
        draft = replace(draft, minutes=read.minutes, is_range=False)
    if isinstance(means, datetime):
        timed = replace(draft, starts_at=means)
        try:
            await case_of(update, context, timed)
        except ANOTHER_TIME_WILL_DO as refusal:
            why = refusal_text(case.reader, refusal, case.user.person.id)
            means = await database.read(refused, *about, means, why, *ways)
        else:
            return await ask(update, context, timed)
    return await _put_time(update, context, case, draft, _or_stays(case, means, before, read.day))


def _or_stays(
    case: Case, question: Question, before: datetime | None, day: date | None
) -> Question:
    """The question about a time, with the one that was chosen before: it may have been right. First
    comes the same hour of the day that was typed, if one was.
    """
    if before is None:
        return question
    reader, starts = case.reader, [before]
    if day is not None and day != reader.date_of(before):
        hour = before.astimezone(reader.zone).timetz()
        starts.insert(0, datetime.combine(day, hour).astimezone(UTC))
    stays = slot_rows(reader, outline_of(case).id, starts)
    return question._replace(rows=(*stays, *(row for row in question.rows if row not in stays)))


async def _without_time(update: Update, context: Context) -> tuple[ScheduleDraft, Case]:
    tapped = wizard.draft_tapped(update, context, ScheduleDraft)
    draft = replace(tapped, starts_at=None, is_range=False)
    return draft, await case_of(update, context, draft)


async def _put_time(
    update: Update, context: Context, case: Case, draft: ScheduleDraft, question: Question
) -> Next:
    await replies.answer(update)
    await put(update, context, case, draft, question)
    return State.TIME
