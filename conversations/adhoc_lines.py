"""Extra sessions as a tutor types them, and the child whose they are (SPEC 7; UX 19).

A batch is of one child. Lines that name another one are kept, and come next once it is logged.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Update

from chat import callbacks
from chat.callbacks import AdhocStep as State
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import message_of
from conversations import wizard
from conversations.adhoc_asking import ask
from conversations.adhoc_draft import AdhocDraft
from conversations.adhoc_names import SHOWN, NamedLines, lines_by_child
from conversations.adhoc_questions import UNREAD, Case, case_of
from conversations.slot_questions import start_of
from conversations.wizard import Next
from locales.catalogue import phrase
from locales.excerpts import shortened
from locales.reader import Reader
from locales.typed_words import line_words_of, vocabulary_of
from locales.word_lists import one_of
from models import Student
from services.rules.adhoc import Fault, fault_of_length, fault_of_topic
from services.rules.adhoc_lines import PastFrame, TypedLine, amended, read_line, read_lines
from services.rules.refusals.sessions import StaleButton
from services.rules.typed_words import Kind, tokens_of

# Translators: words that people type to remove a line of a list, separated by commas
_REMOVE = phrase("delete, remove, del, drop, erase, take out")
# Translators: words that people type between these and the number of the line, separated by commas
_LINE = phrase("line, the line, this line, this, it, that, no, number")
# Translators: words that people type for the time of the session before, separated by commas
_SAME_TIME = phrase("at the same time, the same time, same time, same timing")


async def choose_child(update: Update, context: Context) -> Next:
    """One of the children; lines that were typed before are kept."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    student_id = callbacks.tapped(callbacks.AdhocFor, update).student_id
    return await _take_child(update, context, draft, student_id)


async def find_child(update: Update, context: Context) -> Next:
    """A typed name, or a part of it; lines that are typed already are kept."""
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await _find_child(update, context, draft, message_of(update).text or "")


async def take_said(update: Update, context: Context, draft: AdhocDraft, said: str) -> Next:
    """What was written behind the command, as if it were typed next."""
    take = _find_child if draft.student_id is None else _take_lines
    return await take(update, context, draft, said)


async def _find_child(update: Update, context: Context, draft: AdhocDraft, said: str) -> Next:
    case, typed = await case_of(update, context, draft), said.strip()
    found = [one for one in case.children if typed.casefold() in one.name.casefold()]
    if len(found) == 1:
        return await _take_child(update, context, draft, found[0].id)
    named = _by_child(case, typed)
    lines = _read_all(case.reader, named.lines)
    if named.child is not None:
        draft = draft.of_student(named.child.id).with_lines(lines).with_others(named.others)
        return await ask(update, context, draft)
    if any(line.starts_at for line in lines):
        kept = case.reader.text("I have your lines.")
        return await ask(update, context, draft.with_lines(lines), told=kept)
    told = case.reader.text("You teach nobody called “{name}”.", name=typed[:60])
    return await ask(update, context, draft, State.STUDENT, told=None if found else told)


async def _take_child(update: Update, context: Context, draft: AdhocDraft, student_id: int) -> Next:
    """Take a child; of lines that were another's it is said that they are this one's now."""
    told = None
    if draft.lines and draft.student_id not in (None, student_id):
        reader = await reader_of(update, context)
        told = reader.texts(
            "<b>{count} line is for this child now.</b>",
            "<b>All {count} lines are for this child now.</b>",
            len(draft.lines),
        )
    return await ask(update, context, draft.of_student(student_id), told=told)


async def take_lines(update: Update, context: Context) -> Next:
    """Typed lines: new ones, or in place of the one that is being changed. Refused: BatchTooLong.

    What cannot be read is shown with the others, with what is wrong with it. Of a line that is
    changed, or of the only one that lacks it, a part can be typed by itself.
    """
    draft = wizard.draft_of(update, context, AdhocDraft)
    return await _take_lines(update, context, draft, message_of(update).text or "")


async def _take_lines(update: Update, context: Context, draft: AdhocDraft, typed: str) -> Next:
    case = await case_of(update, context, draft)
    child = case.taught.student if case.taught else None
    number = _line_to_remove(typed, draft, case.reader.language)
    if number is not None:
        is_there = 0 < number <= len(draft.lines)
        told = None if is_there else case.reader.text("There is no line {number}.", number=number)
        return await ask(update, context, draft.without(number), told=told)
    named = _by_child(case, typed, child)
    lines = _read_all(case.reader, named.lines, draft.lines)
    if draft.number is None and [line.fault for line in lines] == [Fault.UNREADABLE]:
        draft = replace(draft, number=draft.lacking)
    says_when = any(_says_when(case.reader, one) for one in named.lines) or named.others
    if draft.number is None and not says_when:
        shown = shortened(typed, SHOWN)
        told = case.reader.text("I found no day and no time in “{text}”.", text=shown)
        return await ask(update, context, draft, told=told)
    if draft.number is not None and len(lines) == 1:
        lines = [amended(draft.line, lines[0])]
    draft = draft.with_lines(lines).with_others(named.others)
    return await ask(update, context, draft, State.REVIEW)


async def change_line(update: Update, context: Context) -> Next:
    """*Line n*: it can be typed anew, or removed."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    number = callbacks.tapped(callbacks.EditAdhoc, update).number
    return await ask(update, context, replace(draft.at_rest(), number=number), State.LINE)


async def remove_line(update: Update, context: Context) -> Next:
    """*Remove line*, or all those that cannot be read."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    number = callbacks.tapped(callbacks.RemoveAdhoc, update).number
    if number != UNREAD:
        return await ask(update, context, draft.without(number))
    clear = tuple(line for line in draft.lines if line.fault is not Fault.UNREADABLE)
    return await ask(update, context, draft.at_rest(clear))


async def choose_instant(update: Update, context: Context) -> Next:
    """Which one of two, where the clocks showed a time twice."""
    draft = wizard.draft_tapped(update, context, AdhocDraft)
    starts_at = start_of(callbacks.tapped(callbacks.ChooseSlot, update))
    words = draft.line
    if words.fault is not Fault.TIME_TWICE:
        raise StaleButton
    return await ask(update, context, draft.with_lines([_clear(words, starts_at)]))


async def ask_next_child(update: Update, context: Context, others: tuple[str, ...]) -> Next:
    """The batch of the next child, below the one that was logged."""
    draft = AdhocDraft()
    case = await case_of(update, context, draft)
    named = _by_child(case, "\n".join(others))
    if named.child is not None:
        draft = draft.of_student(named.child.id).with_others(named.others)
    lines = _read_all(case.reader, named.lines)
    return await ask(update, context, draft.with_lines(lines), below=True)


def _by_child(case: Case, typed: str, child: Student | None = None) -> NamedLines:
    """The lines of one child, and those of others; one that can be read as it is names nobody."""

    def can_be_read(line: str) -> bool:
        return read_one(case.reader, line).fault is None

    return lines_by_child(typed, case.children, child, can_be_read, case.reader.language)


def _line_to_remove(typed: str, draft: AdhocDraft, language: str) -> int | None:
    """Number of the line that a text such as "delete line 2" wants to be removed; without one, the
    line that is being changed. None where it is no such text.
    """
    remove, line = one_of(_REMOVE, language), one_of(_LINE, language)
    pattern = rf"\s*(?:{remove})(?:\s+(?:{line}))*\s*#?(\d{{1,2}})?[\s.!]*"
    found = re.fullmatch(pattern, typed, re.IGNORECASE)
    if found is None:
        return None
    return int(found[1]) if found[1] else draft.number


def _says_when(reader: Reader, line: str) -> bool:
    """Whether a line has a word of a day or a number."""
    kinds = {token.kind for token in tokens_of(line, vocabulary_of(reader.language))}
    return not kinds.isdisjoint(
        {Kind.NUMBER, Kind.WEEKDAY, Kind.MONTH, Kind.DAYS_AHEAD, Kind.NEXT_WEEK}
    )


def _clear(line: TypedLine, starts_at: datetime) -> TypedLine:
    """The line with this start, and what is wrong with it besides."""
    fault = fault_of_length(line.minutes or 0) or fault_of_topic(line.topic)
    return replace(line, starts_at=starts_at, fault=fault)


async def reader_of(update: Update, context: Context) -> Reader:
    """For whom is worded."""
    user = await context.app.database.read(current_user, update, context)
    return user.reader


def _frame(reader: Reader) -> PastFrame:
    return PastFrame(reader.now, reader.zone)


def _read_all(
    reader: Reader, lines: list[str], before: Sequence[TypedLine] = ()
) -> list[TypedLine]:
    """The lines as far as they can be read; `before` them stand these."""
    found: list[TypedLine] = []
    for line in lines:
        timed = _with_same_time(reader, line, [*before, *found])
        found += read_lines(timed, _frame(reader), line_words_of(reader.language))
    return found


def _with_same_time(reader: Reader, line: str, before: Sequence[TypedLine]) -> str:
    """A line with the times of the one before it in place of words such as "same time"."""
    for starts_at, minutes in ((one.starts_at, one.minutes) for one in reversed(before)):
        if starts_at is not None and minutes is not None:
            ends_at = starts_at + timedelta(minutes=minutes)
            start, end = (f"{at.astimezone(reader.zone):%H:%M}" for at in (starts_at, ends_at))
            words = rf"\b(?:{one_of(_SAME_TIME, reader.language)})\b"
            return re.sub(words, f"{start}-{end}", line, flags=re.IGNORECASE)
    return line


def read_one(reader: Reader, typed: str) -> TypedLine:
    """One line as it was typed, and as much of it as could be read."""
    return read_line(typed, _frame(reader), line_words_of(reader.language))
