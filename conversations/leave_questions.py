"""Questions of the dialogue in which a tutor enters leave (SPEC 7; UX 10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.callbacks import LeaveStep
from chat.cards.reason import written_reason
from chat.cards.screens import ROOM, and_more, length_of, turning
from chat.keyboards import InlineButton, Rows
from chat.screen import Screen
from conversations.draft import Draft
from conversations.slot_questions import SlotDraft, slot_rows, when_instead, with_examples
from conversations.wizard import Case, Question, panel
from locales.match_wording import day_span, leave_days, way_label
from locales.reader import Reader
from locales.typed_day_words import no_such_day
from models import TutorLeave
from services.closures.booked import Found
from services.closures.leave import LeaveWanted
from services.db import Session
from services.rules.closures import BookedThen, Choice, Way, days_between, first_choice
from services.rules.reschedule import new_end
from services.rules.texts import with_more

SHOWN = 12
"""Most sessions with a button: Telegram shows so many without scrolling far."""
DAYS_EXAMPLE = timedelta(days=12)


@dataclass(frozen=True)
class LeaveDraft(Draft):
    """What was said so far; nothing is entered yet."""

    first: date | None = None
    last: date | None = None
    reason: str | None = None
    ways: tuple[tuple[int, Way], ...] = ()
    """What was chosen for sessions, by their ids; for the others it is what is likely."""
    starts: tuple[tuple[int, datetime], ...] = ()
    """Times that were chosen to ask for, by the sessions' ids."""
    offset: int = 0
    """How many sessions come before those that are listed."""
    held_text: str | None = None
    """What may be the reason or other days; they are asked which."""
    one: SlotDraft | None = None
    """The session about which is asked; None: about all of them."""
    digest: str = ""
    """Value of what is booked, as it was shown."""

    def wanted(self, tutor_id: int) -> LeaveWanted | None:
        """The leave; None while something is missing."""
        if self.first is None or self.last is None or self.reason is None:
            return None
        return LeaveWanted(tutor_id, self.first, self.last, self.reason)

    @property
    def away(self) -> list[date]:
        """The days of the leave."""
        if self.first is None or self.last is None:
            return []
        return days_between(self.first, self.last)

    def with_reason(self, text: str) -> "LeaveDraft":
        """With the reason, or more of it. Refused: ReasonRequired, TextTooLong."""
        return replace(self, reason=with_more(self.reason, text), held_text=None)

    def choosing(self, appointment_id: int, way: Way) -> "LeaveDraft":
        """With another choice for a session."""
        kept = tuple(one for one in self.ways if one[0] != appointment_id)
        return replace(self, ways=(*kept, (appointment_id, way)), one=None)

    def choosing_for(self, found: Sequence[Found], way: Way) -> "LeaveDraft":
        """With the same choice for each of these sessions for which it is possible."""
        draft = self
        for one in found:
            if way in one.booked.ways:
                draft = draft.choosing(one.view.id, way)
        return draft

    def asking_for(self, appointment_id: int, starts_at: datetime) -> "LeaveDraft":
        """With a time to which a session is asked to move."""
        kept = tuple(one for one in self.starts if one[0] != appointment_id)
        asked = replace(self, starts=(*kept, (appointment_id, starts_at)))
        return asked.choosing(appointment_id, Way.ASK)

    def choices(self, found: Sequence[Found]) -> dict[int, Choice]:
        """What becomes of each session."""
        ways, starts = dict(self.ways), dict(self.starts)
        return {
            one.view.id: _choice(one.booked, ways.get(one.view.id), starts.get(one.view.id))
            for one in found
        }


def which_days(
    reader: Reader,
    entered: Sequence[TutorLeave],
    told: Markup | None = None,
    read: Sequence[tuple[date, date]] = (),
) -> Screen:
    """The days, to be typed; with the leave that there is. `read`: days that a text may mean."""
    first = reader.agency_today + DAYS_EXAMPLE
    span = day_span(reader, first, first + timedelta(days=4))
    one = reader.dated_day(first)
    blocks = [] if told is None else [told]
    blocks.append(
        reader.text(
            "<b>On which days are you away?</b> Type them, like <code>{one}</code> or "
            "<code>{span}</code>.",
            one=one,
            span=span,
        )
    )
    if entered:
        lines = [reader.text("Entered so far:")]
        lines += [Markup("• {}: {}").format(leave_days(reader, one), one.reason) for one in entered]
        blocks.append(Markup("\n").join(lines))
    buttons = [keyboards.button(day_span(reader, *days), _days_button(days)) for days in read]
    buttons += [
        keyboards.button(
            reader.label("Take back {days}", days=leave_days(reader, one)),
            callbacks.TakeBackLeave(one.id),
        )
        for one in entered
    ]
    return Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons, _stop(reader)))


def nearest_days(
    reader: Reader, read: Sequence[tuple[date, date]], short_month: date | None
) -> Markup:
    """What is said of days that were typed and are not clear; `short_month` has no such day."""
    if short_month is not None:
        told = escape(no_such_day(reader, short_month))
        return told + " " + reader.text("Do you mean this?") if read else told
    if len(read) == 1:
        return reader.text("Do you mean this?")
    if read:
        return reader.text("Do you mean one of these?")
    return reader.text("I could not find any days in that.")


def why(reader: Reader, draft: LeaveDraft) -> Screen:
    """The reason, to be typed."""
    lines = [
        _title(reader, draft),
        Markup(),
        reader.text("<b>Why?</b> A few words will do: families and coordinators will read them."),
    ]
    return Screen(Markup("\n").join(lines), keyboards.in_pairs(*_ways_out(reader)))


def reason_or_days(
    reader: Reader, draft: LeaveDraft, typed: str, days: Sequence[tuple[date, date]]
) -> Screen:
    """Whether a text that speaks of other days means these, or is the reason."""
    asked = reader.text(
        "<b>Are those other days, or the reason?</b>\n<blockquote>{text}</blockquote>", text=typed
    )
    buttons = [
        keyboards.button(
            reader.label("New days: {days}", days=day_span(reader, *one)), _days_button(one)
        )
        for one in days
    ]
    keep = keyboards.button(reader.label("It is the reason"), callbacks.LeaveReason())
    rows = (*keyboards.one_a_row(*buttons, keep), *keyboards.in_pairs(*_ways_out(reader)))
    return Screen(Markup("\n\n").join((_title(reader, draft), asked)), rows)


def _days_button(days: tuple[date, date]) -> callbacks.LeaveDays:
    return callbacks.LeaveDays(*(day.toordinal() for day in days))


def review(
    reader: Reader, draft: LeaveDraft, found: Sequence[Found], told: Markup | None = None
) -> Screen:
    """What is booked then, and what becomes of each session."""
    choices = draft.choices(found)
    blocks = [] if told is None else [told]
    blocks.append(_title(reader, draft))
    rows: Rows = ()
    if not found:
        blocks.append(reader.text("No sessions are booked then."))
    else:
        told_lines, rows = _sessions(reader, found, choices, draft.offset)
        blocks += told_lines
    confirm = callbacks.ConfirmLeave(_ordinal(draft.first), _ordinal(draft.last))
    rows += keyboards.in_pairs(
        keyboards.success(reader.label("Enter leave"), confirm),
        *_ways_out(reader, LeaveStep.REASON),
    )
    return Screen(Markup("\n\n").join(blocks), rows)


def what_becomes_of(
    session: Session, case: Case, draft: LeaveDraft, one: Found, choice: Choice
) -> Screen:
    """One session: a time to ask for, or what else becomes of it."""
    reader, ways = case.reader, _other_ways(case, one.booked)
    outcome = _outcome(reader, one, choice)
    asked = reader.text("<b>What happens to this session?</b>")
    if Way.ASK not in one.booked.ways:
        if one.booked.has_request:
            asked += Markup("\n") + reader.text("There is a request to move it already.")
        return panel(case, Question(asked, keyboards.in_pairs(*ways)), outcome)
    asked += Markup("\n") + reader.text("Choose a time to ask for, or cancel or keep it.")
    told = with_examples(session, reader, case.appointment, asked, draft.away)
    free = when_instead(session, reader, case.appointment, *ways, told=told, away=draft.away)
    likely = [] if one.booked.suggested is None else [one.booked.suggested]
    first = slot_rows(reader, case.view.id, likely)
    there = {row[0].callback_data for row in first}
    rest = (row for row in free.rows if row[0].callback_data not in there)
    return panel(case, Question(free.text, (*first, *rest)), outcome)


def _other_ways(case: Case, booked: BookedThen) -> list[InlineButton]:
    """*Cancel*, *Keep it* and *Back*."""
    reader, about = case.reader, case.view.id
    labels = {Way.CANCEL: reader.label("Cancel"), Way.LEAVE: reader.label("Keep it")}
    ways = [
        keyboards.button(label, callbacks.LeaveWay(about, way))
        for way, label in labels.items()
        if way in booked.ways
    ]
    return [*ways, back_to(reader, LeaveStep.REVIEW)]


def _sessions(
    reader: Reader, found: Sequence[Found], choices: dict[int, Choice], offset: int
) -> tuple[list[Markup], Rows]:
    lines = [reader.text("Sessions booked then. Tap one to change what happens to it:")]
    buttons, room = [], ROOM
    offset = min(offset, len(found) - 1)
    for number, one in enumerate(found[offset : offset + SHOWN], start=offset + 1):
        choice = choices[one.view.id]
        line = _line(reader, number, one, choice)
        room -= length_of(line)
        if room < 0:
            break
        lines.append(line)
        if len(one.booked.ways) > 1:
            label = f"{number}. {way_label(reader, choice.way)}"
            buttons.append(keyboards.button(label, callbacks.LeaveSession(one.view.id)))
    end = offset + len(lines) - 1
    after = end if end < len(found) else None
    if after is not None:
        lines.append(and_more(reader, len(found) - end))
    turn = turning(reader, offset, SHOWN, after=after, to=callbacks.LeavePage)
    rows = (*keyboards.one_a_row(*buttons), *turn)
    if len(found) > 1:
        rows += keyboards.in_pairs(
            keyboards.button(reader.label("Cancel all"), callbacks.LeaveAll(Way.CANCEL)),
            keyboards.button(reader.label("Keep all"), callbacks.LeaveAll(Way.LEAVE)),
        )
    return lines, rows


def _line(reader: Reader, number: int, one: Found, choice: Choice) -> Markup:
    row = one.view.appointment
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    who = Markup("{}. <b>{}</b>, {}, {}").format(number, one.view.student.name, row.subject, slot)
    return who + Markup("\n") + _outcome(reader, one, choice)


def _outcome(reader: Reader, one: Found, choice: Choice) -> Markup:
    """What becomes of a session."""
    row, booked = one.view.appointment, one.booked
    match choice:
        case Choice(Way.ASK, datetime() as start):
            new = reader.dated_slot(start, new_end(row.starts_at, row.ends_at, start))
            return reader.text("→ ask to move to {slot}", slot=new)
        case Choice(Way.CANCEL):
            if booked.penalty is None:
                return reader.text("→ cancel")
            penalty = booked.penalty.penalty
            if booked.penalty.amount == 0:
                return reader.text("→ cancel. Penalty: {penalty}.", penalty=penalty)
            return reader.text(
                "→ cancel. Penalty: {penalty}; a coordinator can waive it.", penalty=penalty
            )
    if booked.ways == (Way.LEAVE,):
        return reader.text("→ less than four hours away: tell the coordinators")
    return reader.text("→ stays as it is")


def _choice(booked: BookedThen, way: Way | None, starts_at: datetime | None) -> Choice:
    """What was chosen, as far as it is possible; to ask needs a time to ask for."""
    new_starts_at = (starts_at or booked.suggested) if way is Way.ASK else None
    is_possible = way in booked.ways and (way is not Way.ASK or new_starts_at is not None)
    if way is None or not is_possible:
        return first_choice(booked)
    return Choice(way, new_starts_at)


def _title(reader: Reader, draft: LeaveDraft) -> Markup:
    if draft.first is None or draft.last is None:
        return Markup()
    days = day_span(reader, draft.first, draft.last)
    title = reader.text("🌴 <b>Away</b>: {days}", days=days)
    if draft.reason:
        title += Markup("\n{}").format(written_reason(reader, draft.reason))
    return title


def back_to(reader: Reader, step: LeaveStep) -> InlineButton:
    """*Back*, to an earlier question."""
    return keyboards.button(reader.label("Back"), callbacks.LeaveStepBack(step))


def _ways_out(reader: Reader, before: LeaveStep = LeaveStep.DAYS) -> keyboards.Row:
    """*Back*, to the days or another question before, and *Stop*."""
    return back_to(reader, before), _stop(reader)


def _stop(reader: Reader) -> InlineButton:
    """Out of the dialogue. *Leave*, as elsewhere, would read as the leave itself."""
    return keyboards.button(reader.label("Stop"), callbacks.StopLeave())


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()
