"""A coordinator schedules one more session (SPEC 2).

/schedule [NAME] --> STUDENT --a name, a child--> TUTOR --a tutor--> SUBJECT --text--> TIME
                     TIME --a time--> CONFIRM --[Schedule]--> done, END
                                      |  ^--- [Length] [Trial] [Subject] [Other tutor]
What is usual of the child is filled in, and its question is left out: after the child's name a
time and *Schedule* are enough; all of it may be written behind the name in one go. A time, a length
or a tutor's name that is typed at CONFIRM takes the place of the one that was chosen.
[Back] leads to the question before. [Leave] at every step: END, nothing is scheduled.
"""

from dataclasses import replace

from markupsafe import escape
from telegram import Update

from chat import callbacks, replies
from chat.callbacks import NO_SESSION
from chat.callbacks import SchedulingStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.incoming import message_of
from chat.screen import Screen
from conversations import wizard
from conversations.dialogue import Dialogue
from conversations.scheduling_changes import take_change
from conversations.scheduling_draft import ScheduleDraft
from conversations.scheduling_questions import (
    Case,
    ask,
    ask_another_time,
    case_of,
    go_on_or_anew,
    put,
    unread_length,
    which_length,
    which_student,
)
from conversations.scheduling_sentence import (
    Sentence,
    read_about,
    read_misspelt,
    read_names,
    read_sentence,
)
from conversations.scheduling_times import (
    choose_day,
    choose_slot,
    show_days,
    take_time,
    take_typed,
)
from conversations.scheduling_tutors import choose_tutor, find_tutor, turn_page
from conversations.slot_questions import ANOTHER_TIME_WILL_DO, start_of
from conversations.wizard import Answers, Next, Taps
from locales.refusals import refusal_text
from locales.wording import action_done
from models.enums import Action
from services.db import Session
from services.lifecycle.status import Outcome
from services.queries.scheduling import (
    students_called,
    usual_for,
)
from services.rules.refusals.sessions import LengthNotPossible, StaleButton
from services.rules.scheduling import read_length, require_length, require_subject
from services.sessions.scheduling import schedule, scheduled_before

NAME = "scheduling"


# --------------------------------------------------------------------------------------- the child


async def begin_command(update: Update, context: Context) -> Next:
    """`/schedule`: for which child? `/schedule NAME`: the child of that name.

    What was laid aside is offered beside it; it is kept until another child is chosen.
    """
    kept = context.dialogues.draft(update, ScheduleDraft)
    search = " ".join(context.args or ())
    if kept is not None and kept.student_id is not None:
        return await _offer_kept(update, context, kept, search)
    draft = ScheduleDraft(question_id=kept.question_id if kept else None)
    if search:
        return await _find(update, context, draft, search)
    return await ask(update, context, draft)


async def _offer_kept(update: Update, context: Context, kept: ScheduleDraft, search: str) -> Next:
    """Ask whether to go on with what was laid aside, or for which child to begin anew."""
    kept, case = await _still_possible(update, context, kept)
    found = await context.app.database.read(students_called, search) if search else []
    await put(update, context, case, kept, go_on_or_anew(case, found, search))
    return State.STUDENT


async def take_up(update: Update, context: Context) -> Next:
    """*Go on* with what was laid aside; a time that is taken or past by now is asked for again."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    draft, _ = await _still_possible(update, context, draft)
    return await ask(update, context, draft)


async def _still_possible(
    update: Update, context: Context, draft: ScheduleDraft
) -> tuple[ScheduleDraft, Case]:
    """The draft, without a time that is taken or past by now."""
    try:
        return draft, await case_of(update, context, draft)
    except ANOTHER_TIME_WILL_DO:
        draft = replace(draft, starts_at=None)
        return draft, await case_of(update, context, draft)


async def find_student(update: Update, context: Context) -> Next:
    """A typed name: the child, or those it can be."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    return await _find(update, context, draft, message_of(update).text or "")


async def _find(update: Update, context: Context, draft: ScheduleDraft, search: str) -> Next:
    case = await case_of(update, context, draft)
    read = context.app.database.read
    found = await read(students_called, search)
    if len(found) == 1:
        return await _take_student(update, context, draft, found[0].id)
    several, rest = await read(read_names, case.reader, search) if not found else ([], "")
    if len(several) > 1:
        told = case.reader.text("<b>A session is of one child.</b> Whose is it?")
        asked = which_student(case, several, told)
        await put(update, context, case, replace(draft, said=rest), asked)
        return State.STUDENT
    sentence = None if found else await read(read_sentence, case.reader, draft, search)
    if sentence is not None:
        return await _take_sentence(update, context, sentence)
    reader, told = case.reader, case.reader.text("<b>Which child do you mean?</b>")
    if not found:
        found, said = await read(read_misspelt, search)
        draft, name = replace(draft, said=said), search.removesuffix(said).strip()[:60]
        told = (
            reader.text("No child is called “{name}”. Do you mean one of these?", name=name)
            if found
            else reader.text(
                "No child is called “{name}”. Please type another part of the name.", name=name
            )
        )
    await put(update, context, case, draft, which_student(case, found, told))
    return State.STUDENT


async def _take_sentence(update: Update, context: Context, said: Sentence) -> Next:
    """What was written in one go; what it does not say is asked for."""
    draft, slot = said.draft, said.slot
    if slot is None:
        return await ask(update, context, draft)
    if draft.tutor_id is None:
        is_clear = slot.doubt is None and bool(slot.starts)
        draft = replace(draft, starts_at=slot.starts[0]) if is_clear else draft
        return await ask(update, context, draft)
    return await take_typed(update, context, draft, said.when)


async def choose_student(update: Update, context: Context) -> Next:
    """One of the children that were found."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    student_id = callbacks.tapped(callbacks.ScheduleFor, update).student_id
    return await _take_student(update, context, draft, student_id)


async def _take_student(
    update: Update, context: Context, draft: ScheduleDraft, student_id: int
) -> Next:
    """Take the child; what was written behind the names of several is read then."""
    read = context.app.database.read
    if draft.said:
        reader = (await case_of(update, context, draft)).reader
        said = await read(read_about, reader, draft, student_id, draft.said)
        return await _take_sentence(update, context, said)
    usual = await read(usual_for, student_id)
    return await ask(update, context, draft.of_student(student_id, usual))


# ---------------------------------------------------------------------------- subject, length, kind


async def take_subject(update: Update, context: Context) -> Next:
    """The subject, as it was typed."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    subject = require_subject(message_of(update).text or "")
    return await ask(update, context, replace(draft, subject=subject))


async def choose_length(update: Update, context: Context) -> Next:
    """A length that was offered."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    minutes = callbacks.tapped(callbacks.ScheduleLength, update).minutes
    require_length(minutes)
    return await ask(update, context, replace(draft, minutes=minutes))


async def take_length(update: Update, context: Context) -> Next:
    """A typed length; one that cannot be read or be is asked for again."""
    draft = wizard.draft_of(update, context, ScheduleDraft)
    typed = message_of(update).text or ""
    minutes = read_length(typed)
    case = await case_of(update, context, draft)
    if minutes is None:
        told = unread_length(case.reader, typed)
        await put(update, context, case, draft, which_length(case, told))
        return State.LENGTH
    try:
        require_length(minutes)
    except LengthNotPossible as refusal:
        why = escape(refusal_text(case.reader, refusal, case.user.person.id))
        await put(update, context, case, draft, which_length(case, why))
        return State.LENGTH
    return await ask(update, context, replace(draft, minutes=minutes))


async def choose_kind(update: Update, context: Context) -> Next:
    """*Trial*, or *Regular*."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    kind = callbacks.tapped(callbacks.ScheduleKind, update).kind
    return await ask(update, context, replace(draft, kind=kind))


# ----------------------------------------------------------------------------------------- the end


async def change(update: Update, context: Context) -> Next:
    """*Back*, or what is to be changed: that question, whatever was answered."""
    draft = wizard.draft_tapped(update, context, ScheduleDraft)
    step = callbacks.tapped(callbacks.ScheduleStep, update).step
    if step is State.TIME:
        draft = replace(draft, starts_at=None, chosen_day=None, is_range=False)
    return await ask(update, context, draft, step)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is no answer: repeat the question that has none."""
    return await ask(update, context, wizard.draft_of(update, context, ScheduleDraft))


async def confirm(update: Update, context: Context) -> Next:
    """Schedule the session. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmSchedule, update)
    draft = context.dialogues.draft(update, ScheduleDraft)
    wanted = draft.wanted() if draft else None

    def carried_out(session: Session, user: CurrentUser) -> Outcome:
        if wanted is not None:
            return schedule(session, user.actor, wanted, context.app.agency)
        start = start_of(callbacks.ChooseSlot(NO_SESSION, tapped.minute))
        about = (tapped.tutor_id, tapped.student_id, start)
        found = scheduled_before(session, user.actor, *about)
        if found is None:
            raise StaleButton
        return found

    try:
        user, outcome = await wizard.carry_out(update, context, carried_out, ANOTHER_TIME_WILL_DO)
    except ANOTHER_TIME_WILL_DO as refusal:
        return await ask_another_time(update, context, draft or ScheduleDraft(), refusal)
    done = action_done(user.reader, Action.SCHEDULE, user.person.name, outcome.at, is_reader=True)
    return await wizard.end_with_card(update, context, user, outcome.appointment.id, done)


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: nothing is scheduled."""
    user = await context.app.database.read(current_user, update, context)
    require_coordinator(user)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Nothing was scheduled.")))
    return Dialogue.END


def build() -> Dialogue:
    """The dialogue in which a coordinator schedules a session."""
    back: Taps = {callbacks.ScheduleStep: change}
    times: Taps = {
        callbacks.ChooseSlot: choose_slot,
        callbacks.ShowDays: show_days,
        callbacks.ChooseDay: choose_day,
    }
    tutors: Taps = {callbacks.GiveTo: choose_tutor, callbacks.TutorPage: turn_page}
    return wizard.build(
        NAME,
        ScheduleDraft,
        begin={"schedule": begin_command, callbacks.StartSchedule: take_up},
        states={
            State.STUDENT: Answers({callbacks.ScheduleFor: choose_student}, find_student, other),
            State.TUTOR: Answers({**tutors, **back}, find_tutor, other),
            State.SUBJECT: Answers(back, take_subject, other),
            State.TIME: Answers({**times, **back}, take_time, other),
            State.LENGTH: Answers(
                {callbacks.ScheduleLength: choose_length, **back}, take_length, other
            ),
            State.CONFIRM: Answers(
                {callbacks.ScheduleKind: choose_kind, **back}, take_change, other
            ),
        },
        confirm={callbacks.ConfirmSchedule: confirm},
        leave={callbacks.LeaveSchedule: leave},
        take_up=lambda _: callbacks.StartSchedule(),
    )
