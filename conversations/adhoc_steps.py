"""One extra session put together step by step: its day, start, length and topic (SPEC 7)."""

from dataclasses import replace

from markupsafe import escape
from telegram import Update

from chat import callbacks
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.incoming import message_of
from conversations import wizard
from conversations.adhoc_asking import ask
from conversations.adhoc_draft import AdhocDraft
from conversations.adhoc_lines import read_one, reader_of, take_lines
from conversations.adhoc_questions import case_of, unread_day
from conversations.slot_questions import day_of, start_of
from conversations.wizard import Next
from locales.refusals import refusal_text
from services.rules.adhoc import Fault
from services.rules.adhoc_lines import TypedLine
from services.rules.refusals.sessions import LengthNotPossible, StaleButton
from services.rules.scheduling import read_length, require_length, require_subject


async def show_days(update: Update, context: Context) -> Next:
    """Another page of the days."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    page = min(callbacks.tapped(callbacks.ShowDays, update).page, 2)
    return await ask(update, context, draft, State.DAY, page=page)


async def choose_day(update: Update, context: Context) -> Next:
    """A day."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    day = day_of(callbacks.tapped(callbacks.ChooseDay, update))
    return await ask(update, context, replace(draft, day=day), State.HOUR)


async def type_day(update: Update, context: Context) -> Next:
    """A typed day; a whole line is taken as one."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    reader = await reader_of(update, context)
    typed = message_of(update).text or ""
    if read_one(reader, typed).fault is None:
        return await take_lines(update, context)
    line = read_one(reader, f"{typed} 12:00")
    if line.starts_at is None:
        told = unread_day(reader, line.fault)
        return await ask(update, context, draft, State.DAY, told=told)
    day = reader.date_of(line.starts_at)
    return await ask(update, context, replace(draft, day=day), State.HOUR)


async def choose_hour(update: Update, context: Context) -> Next:
    """A start that was offered."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    return await ask(update, context, replace(draft, starts_at=starts_at), State.LENGTH)


async def type_hour(update: Update, context: Context) -> Next:
    """A typed start, or a start and an end."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    reader = await reader_of(update, context)
    day = draft.day or reader.today
    line = read_one(reader, f"{day.isoformat()} {message_of(update).text or ''}")
    if line.starts_at is None or line.fault is Fault.TIME_TWICE:
        return await ask(update, context, draft, State.HOUR)
    draft = replace(draft, starts_at=line.starts_at, minutes=line.minutes)
    return await ask(update, context, draft, State.TOPIC if line.minutes else State.LENGTH)


async def choose_length(update: Update, context: Context) -> Next:
    """A length that was offered."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    minutes = callbacks.tapped(callbacks.ScheduleLength, update).minutes
    return await ask(update, context, replace(draft, minutes=minutes), State.TOPIC)


async def type_length(update: Update, context: Context) -> Next:
    """A typed length; one that cannot be read or be is asked for again."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    minutes = read_length(message_of(update).text or "")
    if minutes is None:
        return await ask(update, context, draft, State.LENGTH)
    try:
        require_length(minutes)
    except LengthNotPossible as refusal:
        told = escape(refusal_text(await reader_of(update, context), refusal, None))
        return await ask(update, context, draft, State.LENGTH, told=told)
    return await ask(update, context, replace(draft, minutes=minutes), State.TOPIC)


async def type_topic(update: Update, context: Context) -> Next:
    """A typed topic: the line is complete."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await _complete(update, context, draft, require_subject(message_of(update).text or ""))


async def usual_topic(update: Update, context: Context) -> Next:
    """The subject that is usual of this child."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    case = await case_of(update, context, draft)
    if case.taught is None or not case.taught.subject:
        raise StaleButton
    return await _complete(update, context, draft, case.taught.subject)


async def _complete(update: Update, context: Context, draft: AdhocDraft, topic: str) -> Next:
    if draft.starts_at is None or draft.minutes is None:
        raise StaleButton
    line = TypedLine(topic, draft.starts_at, draft.minutes, topic)
    return await ask(update, context, draft.with_lines([line]), State.REVIEW)
