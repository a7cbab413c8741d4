"""Questions to a coordinator who schedules a session (SPEC 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards, replies
from chat.callbacks import NO_SESSION
from chat.callbacks import SchedulingStep as State
from chat.cards.screens import turning
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_coordinator
from chat.keyboards import InlineButton, Row
from chat.screen import Screen
from conversations import wizard
from conversations.scheduling_draft import ScheduleDraft
from conversations.slot_questions import (
    ANOTHER_TIME_WILL_DO,
    slot_button,
    when_instead,
    with_examples,
)
from conversations.typed_answers import length_stays
from conversations.wizard import Next, Question
from locales.people_words import choice_of, to_be_called
from locales.reader import Reader
from locales.refusals import refusal_text
from models import Appointment, Person, Student
from models.enums import Kind, Status
from services.db import Session
from services.queries.people import person_with
from services.queries.scheduling import student_with, tutors_for, usual_with
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import StaleButton
from services.rules.scheduling import LENGTHS, like_yesterday
from services.sessions.scheduling import require_schedulable

PAGE = 8
"""Children or tutors that one question offers."""
_BEFORE = {
    State.TUTOR: State.STUDENT,
    State.SUBJECT: State.TUTOR,
    State.TIME: State.TUTOR,
    State.LENGTH: State.CONFIRM,
    State.CONFIRM: State.TIME,
}


@dataclass(frozen=True)
class Case:
    """The coordinator, and those whom they have chosen."""

    user: CurrentUser
    student: Student | None
    tutor: Person | None
    outline: Appointment | None
    """The session as far as it is known, for the times that are offered; it is no row."""

    @property
    def reader(self) -> Reader:
        return self.user.reader


async def case_of(update: Update, context: Context, draft: ScheduleDraft) -> Case:
    """The case, if the session could be scheduled with the choices so far. Refused otherwise."""
    return await context.app.database.read(_case, update, context, draft)


def _case(session: Session, update: Update, context: Context, draft: ScheduleDraft) -> Case:
    user = current_user(session, update, context)
    require_coordinator(user)
    if wanted := draft.wanted():
        require_schedulable(session, user.actor, wanted, context.app.agency)
    student = student_with(session, draft.student_id)
    tutor = person_with(session, draft.tutor_id)
    return Case(user, student, tutor, _outline(session, user.reader, draft))


def _outline(session: Session, reader: Reader, draft: ScheduleDraft) -> Appointment | None:
    if draft.student_id is None or draft.tutor_id is None:
        return None
    usual = usual_with(session, draft.student_id, draft.tutor_id)
    starts_at = like_yesterday(usual.starts_at, reader.now, reader.zone)
    return Appointment(
        id=NO_SESSION,
        tutor_id=draft.tutor_id,
        student_id=draft.student_id,
        subject=draft.subject or "",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=draft.minutes),
        status=Status.SCHEDULED,
        created_at=reader.now,
    )


async def put(
    update: Update, context: Context, case: Case, draft: ScheduleDraft, question: Question
) -> None:
    """Ask, below what was chosen."""
    screen = Screen(Markup("\n").join([*_chosen(case, draft), question.text]), question.rows)
    await wizard.ask(update, context, draft, screen)


async def ask(
    update: Update,
    context: Context,
    draft: ScheduleDraft,
    step: State | None = None,
    *,
    told: Sequence[Markup] = (),
) -> Next:
    """Ask the next question, or the one of this step; what is `told` stands above it.

    Where the time that was chosen cannot be any more, say why, and ask for another one.
    """
    step = draft.next_step if step in (None, State.CONFIRM) else step
    if step is State.TUTOR:
        return await ask_tutor(update, context, draft)
    try:
        case = await case_of(update, context, draft)
    except ANOTHER_TIME_WILL_DO as refusal:
        return await ask_another_time(update, context, draft, refusal, told)
    match step:
        case State.STUDENT:
            question = which_student(case, ())
        case State.SUBJECT:
            question = which_subject(case, draft)
        case State.TIME:
            question = await context.app.database.read(which_time, case)
        case State.LENGTH:
            question = which_length(case)
        case _:
            question = is_that_right(case, draft)
    await replies.answer(update)
    question = question._replace(text=Markup("\n").join((*told, question.text)))
    await put(update, context, case, draft, question)
    return step


async def ask_another_time(
    update: Update,
    context: Context,
    draft: ScheduleDraft,
    refusal: Refusal,
    told: Sequence[Markup] = (),
) -> Next:
    """Say why the time that was chosen cannot be, and ask for another one."""
    draft = replace(draft, starts_at=None, is_range=False)
    case = await case_of(update, context, draft)
    why = refusal_text(case.reader, refusal, case.user.person.id)
    await replies.answer(update, why)
    return await ask(update, context, draft, State.TIME, told=(*told, escape(why)))


async def ask_tutor(
    update: Update, context: Context, draft: ScheduleDraft, *, offset: int = 0, search: str = ""
) -> Next:
    """Ask for the tutor: a page of the list, or those of a name."""
    case = await case_of(update, context, replace(draft, starts_at=None))
    question = await context.app.database.read(which_tutor, case, draft, offset, search)
    await replies.answer(update)
    await put(update, context, case, draft, question)
    return State.TUTOR


def which_student(case: Case, found: Sequence[Student], told: Markup | None = None) -> Question:
    """The children that were found, or how to find one."""
    reader = case.reader
    asked = told or reader.text("<b>For which child?</b> Please type a name or part of it.")
    buttons = (
        keyboards.button(one.name, callbacks.ScheduleFor(NO_SESSION, one.id))
        for one in found[:PAGE]
    )
    if len(found) > PAGE:
        asked += Markup("\n") + reader.text("There are more. Please type more of the name.")
    return Question(asked, (*keyboards.one_a_row(*buttons), ways_out(case, State.STUDENT)))


def go_on_or_anew(case: Case, found: Sequence[Student], search: str) -> Question:
    """What was laid aside, to go on with; or the children for whom to begin anew."""
    reader = case.reader
    asked = (
        reader.text("<b>You put this aside.</b> Go on with it, or begin anew for another child?")
        if found
        else reader.text(
            "<b>You put this aside.</b> Go on with it, or type a child's name to begin anew."
        )
    )
    if search and not found:
        nobody = reader.text("No child is called “{name}”.", name=search[:60])
        asked = Markup("\n").join([nobody, asked])
    go_on = keyboards.button(reader.label("Go on"), callbacks.StartSchedule())
    anew = which_student(case, found, asked)
    return Question(anew.text, ((go_on,), *anew.rows))


def which_tutor(
    session: Session, case: Case, draft: ScheduleDraft, offset: int = 0, search: str = ""
) -> Question:
    """A page of the tutors, those who teach the child first; or those of a name."""
    reader, student_id = case.reader, draft.student_id or 0
    found = tutors_for(session, student_id, search)
    asked = reader.text("<b>Which tutor?</b> You can also type a name.")
    if search and not found:
        asked = reader.text("No tutor is called “{name}”. Please choose one.", name=search)
        found = tutors_for(session, student_id)
    offset = min(offset, max(0, len(found) - 1) // PAGE * PAGE)
    shown = keyboards.one_a_row(
        *(
            keyboards.button(choice_of(reader, one), callbacks.GiveTo(NO_SESSION, one.id))
            for one in found[offset : offset + PAGE]
        )
    )
    after = offset + PAGE if len(found) > offset + PAGE else None
    to = partial(callbacks.TutorPage, NO_SESSION)
    turn = turning(reader, offset, PAGE, after=after, to=to)
    ways = ways_out(case, State.TUTOR, is_change=draft.wanted() is not None)
    return Question(asked, (*shown, *turn, ways))


def subject_of_both(case: Case, subject: str) -> Markup:
    """What is said where another tutor brings another subject."""
    return case.reader.text(
        "The subject is {subject} now, as {tutor} has taught {student} before.",
        subject=subject,
        tutor=case.tutor.name if case.tutor else "",
        student=case.student.name if case.student else "",
    )


def which_subject(case: Case, draft: ScheduleDraft) -> Question:
    """The subject, to be typed."""
    text = case.reader.text("<b>Which subject?</b> Please type it.")
    return Question(text, (ways_out(case, State.SUBJECT, is_change=draft.wanted() is not None),))


def which_time(session: Session, case: Case) -> Question:
    """The first free times, the calendar, or typing."""
    reader = case.reader
    outline = outline_of(case)
    told = with_examples(session, reader, outline, reader.text("<b>When?</b>"))
    return when_instead(session, reader, outline, *ways_out(case, State.TIME), told=told)


def which_length(case: Case, told: Markup | None = None) -> Question:
    """The lengths that are usual, or typing."""
    reader = case.reader
    buttons = (
        keyboards.button(reader.duration(one), callbacks.ScheduleLength(NO_SESSION, one))
        for one in LENGTHS
    )
    asked = told or reader.text("<b>How long?</b> You can also type it, like <i>75 min</i>.")
    return Question(asked, (*keyboards.one_a_row(*buttons), ways_out(case, State.LENGTH)))


def unread_length(reader: Reader, typed: str) -> Markup:
    """What was not understood, with examples of what is."""
    return reader.text(
        "“{typed}” is no length that I can read. Please type minutes or hours, like "
        "<i>75 min</i> or <i>1.5 h</i>.",
        typed=typed[:60],
    )


def is_that_right(case: Case, draft: ScheduleDraft) -> Question:
    """The confirmation; all that was filled in can be changed with one tap."""
    reader, wanted = case.reader, draft.wanted()
    if wanted is None:
        raise StaleButton
    start = slot_button(NO_SESSION, wanted.starts_at)
    confirm = keyboards.success(
        reader.label("Schedule"),
        callbacks.ConfirmSchedule(NO_SESSION, wanted.tutor_id, wanted.student_id, start.minute),
    )
    other_kind, kind = (
        (reader.label("Trial"), Kind.TRIAL)
        if draft.kind is Kind.REGULAR
        else (reader.label("Regular"), Kind.REGULAR)
    )
    changes = keyboards.in_pairs(
        _to(reader.label("Length"), State.LENGTH),
        keyboards.button(other_kind, callbacks.ScheduleKind(NO_SESSION, kind)),
        _to(reader.label("Subject"), State.SUBJECT),
        _to(reader.label("Other tutor"), State.TUTOR),
    )
    call = to_be_called(reader, case.tutor) if case.tutor else None
    text = (
        reader.text("<b>Is that right?</b> The tutor and the parents will be told.")
        if call is None
        else escape(call)
        + Markup("\n")
        + reader.text("<b>Is that right?</b> The parents will be told.")
    )
    return Question(text, ((confirm,), *changes, ways_out(case, State.CONFIRM)))


def outline_of(case: Case) -> Appointment:
    """The session as far as it is known. Refused: StaleButton before child and tutor are."""
    if case.outline is None:
        raise StaleButton
    return case.outline


def ways_out(case: Case, step: State, *, is_change: bool = False) -> Row:
    """*Back*, where there is a question before, and *Leave*.

    `is_change`: all was answered before, and *Back* leads to the confirmation.
    """
    reader = case.reader
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveSchedule(NO_SESSION))
    before = State.CONFIRM if is_change else _BEFORE.get(step)
    return (leave,) if before is None else (_to(reader.label("Back"), before), leave)


def _to(label: str, step: State) -> InlineButton:
    return keyboards.button(label, callbacks.ScheduleStep(NO_SESSION, step))


def _chosen(case: Case, draft: ScheduleDraft) -> list[Markup]:
    reader = case.reader
    title = (
        reader.text("<b>New trial session</b>")
        if draft.kind is Kind.TRIAL
        else reader.text("<b>New session</b>")
    )
    lines = [title]
    if case.student is not None:
        subject = f" · {draft.subject}" if draft.subject else ""
        lines.append(Markup("<b>{}</b>{}").format(case.student.name, subject))
    if case.tutor is not None:
        lines.append(reader.text("with {tutor}", tutor=case.tutor.name))
    if draft.starts_at is not None:
        ends_at = draft.starts_at + timedelta(minutes=draft.minutes)
        slot = escape(reader.dated_slot(draft.starts_at, ends_at))
        length = reader.duration(draft.minutes)
        lines.append(Markup("<b>{}</b> ({})").format(slot, length))
        if draft.is_range and case.outline is not None:
            lines.append(length_stays(reader, case.outline))
    return [*lines, Markup()]
