"""A tutor logs extra sessions that are over, several in one go (SPEC 7).

/adhoc --> STUDENT --a child--> LINES --typed lines--> REVIEW --[Log n sessions]--> done, END
                                  |                    ^  | ^
                            [Step by step]             |  | +--typed lines are added
                                  v                    |  |
                                 DAY -> HOUR -> LENGTH -> TOPIC
                                  ^                       [Line n] --> LINE: typed anew, or removed
                                  +---[Step by step]-------------------+
Of a tutor with one child STUDENT is left out. REVIEW shows each line with its trouble; as long as
one has any, none can be logged. [Back] leads to the question before. [Leave] at every step: END.
"""

from dataclasses import replace
from datetime import datetime

from markupsafe import escape
from telegram import Update

from chat import callbacks, replies
from chat.callbacks import NO_SESSION
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.current_user import CurrentUser, current_user, require_tutor
from chat.incoming import message_of
from chat.screen import Screen
from conversations import wizard
from conversations.adhoc_asking import ask
from conversations.adhoc_draft import AdhocDraft
from conversations.adhoc_names import lines_by_child, not_taken
from conversations.adhoc_questions import case_of, unread_day
from conversations.dialogue import Dialogue
from conversations.slot_questions import day_of, start_of
from conversations.wizard import Answers, Next, Taps
from locales.adhoc_wording import logged_text
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_words import line_words_of
from services.adhoc.batches import LoggedBatch, log_batch, logged_before
from services.db import Session
from services.rules.adhoc import Fault, fault_of_length, fault_of_topic
from services.rules.adhoc_lines import PastFrame, TypedLine, amended, read_line, read_lines
from services.rules.refusals.adhoc import BatchNotClear
from services.rules.refusals.sessions import LengthNotPossible, StaleButton
from services.rules.scheduling import read_length, require_length, require_subject

NAME = "adhoc"


# --------------------------------------------------------------------------------------- the child


async def begin_command(update: Update, context: Context) -> Next:
    """`/adhoc`: for which child? Of a tutor with one child, which sessions?"""
    kept = context.dialogues.draft(update, AdhocDraft)
    draft = AdhocDraft(question_id=kept.question_id if kept else None)
    case = await case_of(update, context, draft)
    if len(case.children) == 1:
        draft = draft.of_student(case.children[0].id)
    return await ask(update, context, draft)


async def take_up(update: Update, context: Context) -> Next:
    """*Go on* with what was laid aside."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await ask(update, context, draft.at_rest())


async def choose_child(update: Update, context: Context) -> Next:
    """One of the children; lines that were typed before are kept."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    student_id = callbacks.tapped(callbacks.AdhocFor, update).student_id
    return await _take_child(update, context, draft, student_id)


async def find_child(update: Update, context: Context) -> Next:
    """A typed name, or a part of it; lines that are typed already are kept."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    case = await case_of(update, context, draft)
    typed = (message_of(update).text or "").strip()
    found = [one for one in case.children if typed.casefold() in one.name.casefold()]
    if len(found) == 1:
        return await _take_child(update, context, draft, found[0].id)
    named = lines_by_child(typed, case.children)
    lines = _read_all(case.reader, "\n".join(named.lines))
    if named.child is not None:
        draft = draft.of_student(named.child.id).with_lines(lines)
        return await ask(update, context, draft, told=not_taken(case.reader, named.others))
    if any(line.starts_at for line in lines):
        kept = case.reader.text("I have your lines.")
        return await ask(update, context, draft.with_lines(lines), told=kept)
    told = case.reader.text("You teach nobody called “{name}”.", name=typed[:60])
    return await ask(update, context, draft, State.STUDENT, told=None if found else told)


async def _take_child(update: Update, context: Context, draft: AdhocDraft, student_id: int) -> Next:
    """Take a child; of lines that were another's it is said that they are this one's now."""
    told = None
    if draft.lines and draft.student_id not in (None, student_id):
        reader = await _reader(update, context)
        told = reader.texts(
            "<b>{count} line is for this child now.</b>",
            "<b>All {count} lines are for this child now.</b>",
            len(draft.lines),
        )
    return await ask(update, context, draft.of_student(student_id), told=told)


# --------------------------------------------------------------------------------------- the lines


async def take_lines(update: Update, context: Context) -> Next:
    """Typed lines: new ones, or in place of the one that is being changed. Refused: BatchTooLong.

    What cannot be read is shown with the others, with what is wrong with it. Of a line that is
    changed a part can be typed by itself.
    """
    draft = wizard.draft_of(update, context, AdhocDraft)
    reader = await _reader(update, context)
    typed = message_of(update).text or ""
    lines = _read_all(reader, typed)
    if draft.number is not None and len(lines) == 1:
        lines = [amended(draft.line, lines[0])]
    return await ask(update, context, draft.with_lines(lines), State.REVIEW)


async def change_line(update: Update, context: Context) -> Next:
    """*Line n*: it can be typed anew, or removed."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    number = callbacks.tapped(callbacks.EditAdhoc, update).number
    return await ask(update, context, replace(draft.at_rest(), number=number), State.LINE)


async def remove_line(update: Update, context: Context) -> Next:
    """*Remove line*."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    number = callbacks.tapped(callbacks.RemoveAdhoc, update).number
    return await ask(update, context, draft.without(number))


async def choose_instant(update: Update, context: Context) -> Next:
    """Which one of two, where the clocks showed a time twice."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    words = draft.line
    if words.fault is not Fault.TIME_TWICE:
        raise StaleButton
    return await ask(update, context, draft.with_lines([_clear(words, starts_at)]))


# ------------------------------------------------------------------------------------ step by step


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
    reader = await _reader(update, context)
    typed = message_of(update).text or ""
    if _read(reader, typed).fault is None:
        return await take_lines(update, context)
    line = _read(reader, f"{typed} 12:00")
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
    reader = await _reader(update, context)
    day = draft.day or reader.today
    line = _read(reader, f"{day.isoformat()} {message_of(update).text or ''}")
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
        told = escape(refusal_text(await _reader(update, context), refusal, None))
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


# ----------------------------------------------------------------------------------------- the end


async def go_to(update: Update, context: Context) -> Next:
    """*Back*, or another question."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    step = callbacks.tapped(callbacks.AdhocTo, update).step
    if step in (State.REVIEW, State.LINES):
        draft = draft.at_rest()
    return await ask(update, context, draft, step)


async def other(update: Update, context: Context) -> Next:
    """Answer a message that is no answer: repeat the question."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await ask(update, context, draft.at_rest())


async def confirm(update: Update, context: Context) -> Next:
    """Log the sessions. A second tap gets the same answer."""
    tapped = callbacks.tapped(callbacks.ConfirmAdhoc, update)
    draft = context.dialogues.draft(update, AdhocDraft)
    lines = [line for line in draft.known_lines() if line] if draft else []

    def carried_out(session: Session, user: CurrentUser) -> LoggedBatch:
        if draft is not None and len(lines) == len(draft.lines):
            return log_batch(session, user.actor, context.app.agency, lines)
        start = start_of(callbacks.ChooseSlot(NO_SESSION, tapped.minute))
        found = logged_before(session, user.actor, tapped.student_id, start)
        if found is None:
            raise StaleButton
        return found

    try:
        user, batch = await wizard.carry_out(update, context, carried_out, (BatchNotClear,))
    except BatchNotClear:
        return await ask(update, context, wizard.draft_of(update, context, AdhocDraft))
    toast, told = logged_text(user.reader, batch.appointments, batch.at)
    await replies.answer(update, toast)
    await replies.show(update, context, Screen(told))
    return Dialogue.END


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: nothing is logged."""
    user = await context.app.database.read(current_user, update, context)
    require_tutor(user)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Nothing was logged.")))
    return Dialogue.END


def _clear(line: TypedLine, starts_at: datetime) -> TypedLine:
    """The line with this start, and what is wrong with it besides."""
    fault = fault_of_length(line.minutes or 0) or fault_of_topic(line.topic)
    return replace(line, starts_at=starts_at, fault=fault)


async def _reader(update: Update, context: Context) -> Reader:
    user = await context.app.database.read(current_user, update, context)
    return user.reader


def _frame(reader: Reader) -> PastFrame:
    return PastFrame(reader.now, reader.zone)


def _read_all(reader: Reader, typed: str) -> list[TypedLine]:
    return read_lines(typed, _frame(reader), line_words_of(reader.language))


def _read(reader: Reader, typed: str) -> TypedLine:
    return read_line(typed, _frame(reader), line_words_of(reader.language))


def build() -> Dialogue:
    """The dialogue in which a tutor logs extra sessions."""
    ways: Taps = {callbacks.AdhocTo: go_to}
    lines: Taps = {callbacks.EditAdhoc: change_line, callbacks.RemoveAdhoc: remove_line}
    days: Taps = {callbacks.ShowDays: show_days, callbacks.ChooseDay: choose_day}
    return wizard.build(
        NAME,
        AdhocDraft,
        begin={"adhoc": begin_command, callbacks.StartAdhoc: take_up},
        states={
            State.STUDENT: Answers({callbacks.AdhocFor: choose_child, **ways}, find_child, other),
            State.LINES: Answers(ways, take_lines, other),
            State.DAY: Answers({**days, **ways}, type_day, other),
            State.HOUR: Answers({callbacks.ChooseSlot: choose_hour, **ways}, type_hour, other),
            State.LENGTH: Answers(
                {callbacks.ScheduleLength: choose_length, **ways}, type_length, other
            ),
            State.TOPIC: Answers({callbacks.UsualTopic: usual_topic, **ways}, type_topic, other),
            State.REVIEW: Answers({**lines, **ways}, take_lines, other),
            State.LINE: Answers(
                {callbacks.ChooseSlot: choose_instant, **lines, **ways}, take_lines, other
            ),
        },
        confirm={callbacks.ConfirmAdhoc: confirm},
        leave={callbacks.LeaveAdhoc: leave},
        take_up=lambda _: callbacks.StartAdhoc(),
    )
