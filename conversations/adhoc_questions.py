"""Questions to a tutor who logs extra sessions, and their buttons (SPEC 7; UX 4, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup, escape
from telegram import Update

from chat import callbacks, keyboards
from chat.calendar import hour_rows
from chat.callbacks import NO_SESSION
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.keyboards import InlineButton, Row
from conversations.adhoc_draft import AdhocDraft
from conversations.slot_questions import slot_button
from conversations.wizard import Question
from locales.adhoc_wording import example_line, trouble_text
from locales.excerpts import shortened
from locales.reader import Reader
from models import Student
from services.adhoc.batches import check_batch
from services.db import Session
from services.queries.adhoc import LocalDay, Taught, free_starts, taught_child, taught_children
from services.rules.adhoc import DAYS_BACK, Fault, Trouble
from services.rules.adhoc_lines import TypedLine, both_instants
from services.rules.agency import Agency
from services.rules.refusals.adhoc import NobodyTaught
from services.rules.refusals.sessions import StaleButton
from services.rules.scheduling import LENGTHS

DAYS = 14
"""Days on one page of the calendar."""
SHOWN = 60
"""Most characters that are shown of a typed line or topic."""
MOST_CHILDREN = 12
"""Children that one question offers."""
UNREAD = 0
"""In place of a line's number: all those that cannot be read."""
_BEFORE = {
    State.DAY: State.REVIEW,
    State.HOUR: State.DAY,
    State.LENGTH: State.HOUR,
    State.TOPIC: State.LENGTH,
    State.LINE: State.REVIEW,
}


@dataclass(frozen=True)
class Case:
    """The tutor, the child, and what is wrong with each line."""

    user: CurrentUser
    children: Sequence[Student]
    taught: Taught | None
    troubles: list[Trouble | None]

    @property
    def reader(self) -> Reader:
        return self.user.reader


async def case_of(update: Update, context: Context, draft: AdhocDraft) -> Case:
    """The case. Refused: NotTutor, NobodyTaught."""
    return await context.app.database.read(_case, update, context, draft)


def _case(session: Session, update: Update, context: Context, draft: AdhocDraft) -> Case:
    user = current_user(session, update, context)
    require_tutor(user)
    children = taught_children(session, user.person.id)
    if not children:
        raise NobodyTaught
    taught = taught_child(session, user.person.id, draft.student_id or 0)
    found = check_batch(session, user.actor, context.app.agency, draft.known_lines())
    return Case(user, children, taught, draft.with_faults(found))


def which_child(case: Case, draft: AdhocDraft) -> Question:
    """The children of the tutor; with many of them a part of a name can be typed."""
    reader = case.reader
    buttons = (
        keyboards.button(one.name, callbacks.AdhocFor(NO_SESSION, one.id))
        for one in case.children[:MOST_CHILDREN]
    )
    text = reader.text("<b>For which child?</b>")
    if len(case.children) > MOST_CHILDREN:
        text = reader.text("<b>For which child?</b> Choose one, or type a name.")
    ways = _back_to_lines(reader) if draft.lines and case.taught else (_leave(reader),)
    return Question(text, (*keyboards.one_a_row(*buttons), ways))


def which_lines(case: Case, draft: AdhocDraft) -> Question:
    """The lines, to be typed; or step by step."""
    reader = case.reader
    text = reader.text(
        "<b>Which sessions?</b> Write a line for each: day, start, minutes, topic. For example:\n"
        "<i>{first}</i>\n<i>{second}</i>",
        first=example_line(reader, 2),
        second=example_line(reader, 5),
    )
    if draft.lines:
        return Question(text, ((_step_by_step(reader),), _back_to_lines(reader)))
    other = _to(reader.label("Other child"), State.STUDENT) if len(case.children) > 1 else None
    return Question(text, keyboards.in_pairs(_step_by_step(reader), other, _leave(reader)))


def which_day(case: Case, page: int) -> Question:
    """The last days, newest first."""
    reader = case.reader
    days = range(page * DAYS, min((page + 1) * DAYS, DAYS_BACK + 1))
    buttons = [
        keyboards.button(
            reader.day_without_year(reader.today - timedelta(days=back)),
            callbacks.ChooseDay(NO_SESSION, (reader.today - timedelta(days=back)).toordinal()),
        )
        for back in days
    ]
    turn = keyboards.in_pairs(
        _page(reader.label("‹ Earlier"), page + 1) if days.stop <= DAYS_BACK else None,
        _page(reader.label("Later ›"), page - 1) if page else None,
    )
    text = reader.text("<b>On which day?</b>")
    return Question(text, (*keyboards.in_pairs(*buttons), *turn, ways_out(case, State.DAY)))


def unread_day(reader: Reader, fault: Fault | None) -> Markup:
    """Why a typed day is none."""
    if fault is Fault.NO_SUCH_DAY:
        return escape(trouble_text(reader, Trouble(fault), ""))
    day = reader.today - timedelta(days=2)
    return reader.text(
        "I could not find a day in that. Choose one, or type it, like <i>{day}</i>.",
        day=f"{day.day}/{day.month}",
    )


def which_hour(session: Session, case: Case, draft: AdhocDraft, agency: Agency) -> Question:
    """The hours of the day that were free; any other time can be typed."""
    reader, day = case.reader, draft.day
    if day is None or case.taught is None:
        raise StaleButton
    starts = free_starts(
        session,
        case.user.person.id,
        case.taught.student.id,
        LocalDay(day, reader.zone),
        agency,
        reader.now,
    )
    rows = hour_rows(reader, starts, lambda start: slot_button(NO_SESSION, start))
    text = reader.text(
        "<b>{day}: when did it start?</b> You can also type it, like <i>15:30</i>.",
        day=reader.dated_day(day),
    )
    return Question(text, (*rows, ways_out(case, State.HOUR)))


def which_length(case: Case) -> Question:
    """The lengths that are usual, that of this child first, or typing."""
    reader = case.reader
    usual = case.taught.minutes if case.taught else LENGTHS[0]
    buttons = (
        keyboards.button(reader.duration(one), callbacks.ScheduleLength(NO_SESSION, one))
        for one in dict.fromkeys([usual, *LENGTHS])
    )
    text = reader.text("<b>How long?</b> You can also type it, like <i>75 min</i>.")
    return Question(text, (*keyboards.one_a_row(*buttons), ways_out(case, State.LENGTH)))


def which_topic(case: Case) -> Question:
    """The topic, to be typed; or the usual subject."""
    reader = case.reader
    usual = case.taught.subject if case.taught else ""
    button = keyboards.button(usual[:40], callbacks.UsualTopic(NO_SESSION)) if usual else None
    text = reader.text("<b>What was it about?</b> Please type a few words.")
    return Question(text, (*keyboards.one_a_row(button), ways_out(case, State.TOPIC)))


def change_line(case: Case, draft: AdhocDraft) -> Question:
    """One line: typed anew, step by step, or removed."""
    reader, line = case.reader, draft.line
    text = reader.text("Type this line again, or remove it.")
    either: keyboards.Rows = ()
    if line.fault is Fault.TIME_TWICE and line.starts_at is not None:
        local = line.starts_at.astimezone(reader.zone).replace(tzinfo=None)
        first, second = both_instants(local, reader.zone)
        text = reader.text("The clocks went back then, so this time came twice. Which one was it?")
        either = keyboards.one_a_row(
            keyboards.button(
                reader.label("The first, before the change"), slot_button(NO_SESSION, first)
            ),
            keyboards.button(reader.label("The second, after it"), slot_button(NO_SESSION, second)),
        )
    remove = keyboards.danger(
        reader.label("Remove line"), callbacks.RemoveAdhoc(NO_SESSION, draft.number or 0)
    )
    rows = keyboards.in_pairs(remove, _step_by_step(reader))
    return Question(text, (*either, *rows, ways_out(case, State.LINE)))


def is_that_right(case: Case, draft: AdhocDraft) -> Question:
    """The lines with their trouble; where there is none, they can be logged."""
    reader, count = case.reader, len(draft.lines)
    first = draft.known_lines()[0]
    in_trouble = sum(trouble is not None for trouble in case.troubles)
    confirm: keyboards.Rows = ()
    if in_trouble:
        text = reader.texts(
            "<b>One line needs correcting</b>; then all can be logged together.",
            "<b>{count} lines need correcting</b>; then all can be logged together.",
            in_trouble,
        )
    elif first is not None:
        label = reader.labels("Log {count} session", "Log {count} sessions", count)
        start = slot_button(NO_SESSION, first.starts_at)
        about = callbacks.ConfirmAdhoc(NO_SESSION, first.student_id, start.minute)
        confirm = ((keyboards.success(label, about),),)
        text = reader.text(
            "<b>Is that right?</b> The parents will be asked to acknowledge. Extra sessions are "
            "billed apart from packages."
        )
    lines = (
        keyboards.button(
            reader.label("Change line {number}", number=number)
            if case.troubles[number - 1] is None
            else "⚠️ " + reader.label("Line {number}", number=number),
            callbacks.EditAdhoc(NO_SESSION, number),
        )
        for number in range(1, count + 1)
    )
    unread = sum(line.fault is Fault.UNREADABLE for line in draft.lines)
    remove = (
        keyboards.button(
            reader.label("Remove {count} lines", count=unread),
            callbacks.RemoveAdhoc(NO_SESSION, UNREAD),
        )
        if unread > 1
        else None
    )
    wrong = _to(reader.label("Wrong child"), State.STUDENT) if len(case.children) > 1 else None
    more = (remove, _add_step_by_step(reader), wrong, _leave(reader))
    return Question(text, (*confirm, *keyboards.in_pairs(*lines), *keyboards.in_pairs(*more)))


def line_text(reader: Reader, line: TypedLine) -> str:
    """A line as it was read: "Fri 20 Nov 15:00-16:30 · exam revision"; else as it was typed."""
    if line.starts_at is None or line.minutes is None:
        return f"“{_short(line.text)}”"
    ends_at = line.starts_at + timedelta(minutes=line.minutes)
    return f"{reader.dated_slot(line.starts_at, ends_at)} · {_short(line.topic) or '–'}"


def _short(text: str) -> str:
    """A text, cut so that all lines of a batch fit into one message."""
    return shortened(text, SHOWN)


def ways_out(case: Case, step: State) -> Row:
    """*Back*, where there is a question before, and *Leave*."""
    reader, before = case.reader, _BEFORE.get(step)
    leave = _leave(reader)
    return (leave,) if before is None else (_to(reader.label("Back"), before), leave)


def _back_to_lines(reader: Reader) -> Row:
    """*Back*, to the lines so far, and *Leave*."""
    return (_to(reader.label("Back"), State.REVIEW), _leave(reader))


def _step_by_step(reader: Reader) -> InlineButton:
    return _to(reader.label("Step by step"), State.DAY)


def _add_step_by_step(reader: Reader) -> InlineButton:
    return _to(reader.label("Add one"), State.LINES)


def _leave(reader: Reader) -> InlineButton:
    return keyboards.button(reader.label("Leave"), callbacks.LeaveAdhoc(NO_SESSION))


def _to(label: str, step: State) -> InlineButton:
    return keyboards.button(label, callbacks.AdhocTo(NO_SESSION, step))


def _page(label: str, page: int) -> InlineButton:
    return keyboards.button(label, callbacks.ShowDays(NO_SESSION, page))
