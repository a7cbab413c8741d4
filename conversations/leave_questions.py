"""Questions of the dialogue in which a tutor enters leave (SPEC 7; UX 10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.callbacks import LeaveStep
from chat.cards.reason import written_reason
from chat.cards.screens import ROOM, and_more, length_of
from chat.keyboards import Rows
from chat.screen import Screen
from conversations.draft import Draft
from locales.match_wording import day_span, leave_days, way_label
from locales.reader import Reader
from models import TutorLeave
from services.closures.booked import Found
from services.closures.leave import LeaveWanted
from services.rules.closures import BookedThen, Choice, Way, first_choice

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
    digest: str = ""
    """Value of what is booked, as it was shown."""

    def wanted(self, tutor_id: int) -> LeaveWanted | None:
        """The leave; None while something is missing."""
        if self.first is None or self.last is None or self.reason is None:
            return None
        return LeaveWanted(tutor_id, self.first, self.last, self.reason)

    def choosing(self, appointment_id: int, way: Way) -> "LeaveDraft":
        """With another choice for a session."""
        kept = tuple(one for one in self.ways if one[0] != appointment_id)
        return replace(self, ways=(*kept, (appointment_id, way)))

    def choices(self, found: Sequence[Found]) -> dict[int, Choice]:
        """What becomes of each session."""
        chosen = dict(self.ways)
        return {one.view.id: _choice(one.booked, chosen.get(one.view.id)) for one in found}


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
    buttons = [
        keyboards.button(
            day_span(reader, *days), callbacks.LeaveDays(*(day.toordinal() for day in days))
        )
        for days in read
    ]
    buttons += [
        keyboards.button(
            reader.label("Take back {days}", days=leave_days(reader, one)),
            callbacks.TakeBackLeave(one.id),
        )
        for one in entered
    ]
    return Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons, _stop(reader)))


def why(reader: Reader, draft: LeaveDraft) -> Screen:
    """The reason, to be typed."""
    lines = [
        _title(reader, draft),
        Markup(),
        reader.text("<b>Why?</b> A few words will do: families and coordinators will read them."),
    ]
    return Screen(Markup("\n").join(lines), keyboards.in_pairs(_back(reader), _stop(reader)))


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
        told_lines, rows = _sessions(reader, found, choices)
        blocks += told_lines
    confirm = callbacks.ConfirmLeave(_ordinal(draft.first), _ordinal(draft.last))
    rows += keyboards.in_pairs(
        keyboards.success(reader.label("Enter leave"), confirm), _back(reader), _stop(reader)
    )
    return Screen(Markup("\n\n").join(blocks), rows)


def _sessions(
    reader: Reader, found: Sequence[Found], choices: dict[int, Choice]
) -> tuple[list[Markup], Rows]:
    lines = [reader.text("Sessions booked then. Tap one to change what happens to it:")]
    buttons, room = [], ROOM
    for number, one in enumerate(found[:SHOWN], start=1):
        choice = choices[one.view.id]
        line = _line(reader, number, one, choice)
        room -= length_of(line)
        if room < 0:
            break
        lines.append(line)
        possible = _possible(one.booked)
        if len(possible) > 1:
            following = possible[(possible.index(choice.way) + 1) % len(possible)]
            label = f"{number}. {way_label(reader, choice.way)}"
            buttons.append(keyboards.button(label, callbacks.LeaveWay(one.view.id, following)))
    if len(lines) - 1 < len(found):
        lines.append(and_more(reader, len(found) - len(lines) + 1))
    rows = keyboards.one_a_row(*buttons)
    if len(found) > 1:
        rows += keyboards.in_pairs(
            keyboards.button(reader.label("Cancel all"), callbacks.LeaveAll(Way.CANCEL)),
            keyboards.button(reader.label("Keep all"), callbacks.LeaveAll(Way.LEAVE)),
        )
    return lines, rows


def _line(reader: Reader, number: int, one: Found, choice: Choice) -> Markup:
    row, booked = one.view.appointment, one.booked
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    who = Markup("{}. <b>{}</b>, {}, {}").format(number, one.view.student.name, row.subject, slot)
    match choice:
        case Choice(Way.ASK, datetime() as start):
            new = reader.dated_slot(start, start + (row.ends_at - row.starts_at))
            return who + Markup("\n") + reader.text("→ ask to move to {slot}", slot=new)
        case Choice(Way.CANCEL):
            if booked.penalty is None:
                return who + Markup("\n") + reader.text("→ cancel")
            penalty = booked.penalty.penalty
            told = (
                reader.text(
                    "→ cancel. Penalty: {penalty}; a coordinator can waive it.", penalty=penalty
                )
                if booked.penalty.amount != 0
                else reader.text("→ cancel. Penalty: {penalty}.", penalty=penalty)
            )
            return who + Markup("\n") + told
    if booked.ways == (Way.LEAVE,):
        told = reader.text("→ less than four hours away: tell the coordinators")
        return who + Markup("\n") + told
    return who + Markup("\n") + reader.text("→ stays as it is")


def _possible(booked: BookedThen) -> list[Way]:
    """Ways that a tap can choose: to ask needs a time to ask for."""
    return [one for one in booked.ways if one is not Way.ASK or booked.suggested is not None]


def _choice(booked: BookedThen, way: Way | None) -> Choice:
    if way is None or way not in _possible(booked):
        return first_choice(booked)
    return Choice(way, booked.suggested if way is Way.ASK else None)


def _title(reader: Reader, draft: LeaveDraft) -> Markup:
    if draft.first is None or draft.last is None:
        return Markup()
    days = day_span(reader, draft.first, draft.last)
    title = reader.text("🌴 <b>Away</b>: {days}", days=days)
    if draft.reason:
        title += Markup("\n{}").format(written_reason(reader, draft.reason))
    return title


def _back(reader: Reader) -> InlineKeyboardButton:
    return keyboards.button(reader.label("Back"), callbacks.LeaveStepBack(LeaveStep.DAYS))


def _stop(reader: Reader) -> InlineKeyboardButton:
    """Out of the dialogue. *Leave*, as elsewhere, would read as the leave itself."""
    return keyboards.button(reader.label("Stop"), callbacks.StopLeave())


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()
