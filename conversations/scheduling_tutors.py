"""The tutor of a session that a coordinator schedules (SPEC 2)."""

from dataclasses import replace

from markupsafe import escape
from telegram import Update

from chat import callbacks
from chat.context import Context
from chat.incoming import message_of
from conversations import wizard
from conversations.scheduling_draft import ScheduleDraft
from conversations.scheduling_questions import (
    ask,
    ask_tutor,
    case_of,
    subject_of_both,
)
from conversations.slot_questions import ANOTHER_TIME_WILL_DO
from conversations.wizard import Next
from locales.refusals import refusal_text
from services.queries.scheduling import tutors_for, usual_with


async def choose_tutor(update: Update, context: Context) -> Next:
    """A tutor of the list."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    tutor_id = callbacks.tapped(callbacks.GiveTo, update).tutor_id
    return await take_tutor(update, context, draft, tutor_id)


async def turn_page(update: Update, context: Context) -> Next:
    """Another page of the tutors."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    offset = callbacks.tapped(callbacks.TutorPage, update).offset
    return await ask_tutor(update, context, draft, offset=offset)


async def find_tutor(update: Update, context: Context) -> Next:
    """A typed name: the tutor, or those it can be."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    search = (message_of(update).text or "").strip()
    found = await context.app.database.read(tutors_for, draft.student_id or 0, search)
    if len(found) == 1:
        return await take_tutor(update, context, draft, found[0].id)
    return await ask_tutor(update, context, draft, search=search[:60])


async def take_tutor(update: Update, context: Context, draft: ScheduleDraft, tutor_id: int) -> Next:
    """The tutor that was chosen; a time at which they cannot is asked for again."""
    usual = await context.app.database.read(usual_with, draft.student_id or 0, tutor_id)
    chosen, told = draft.with_tutor(tutor_id, usual), []
    try:
        case = await case_of(update, context, chosen)
    except ANOTHER_TIME_WILL_DO as refusal:
        chosen = replace(chosen, starts_at=None)
        case = await case_of(update, context, chosen)
        told.append(escape(refusal_text(case.reader, refusal, case.user.person.id)))
    if draft.subject is not None and chosen.subject != draft.subject:
        told.append(subject_of_both(case, chosen.subject or ""))
    return await ask(update, context, chosen, told=told)
