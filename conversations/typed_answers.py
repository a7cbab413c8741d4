"""Typed times: a clear one is taken, any other is asked about with buttons (SPEC 6; UX 19)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.wished_times import those_possible, times_named
from conversations.slot_questions import (
    SlotDraft,
    examples,
    other_day,
    slot_button,
    slot_rows,
    when_instead,
    which_hour,
)
from conversations.wizard import Question
from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_day_words import no_such_day
from models import Appointment
from services.db import Session
from services.queries.possible_times import PossibleTimes
from services.rules.typed_days import Doubt
from services.rules.typed_slots import TypedSlot

D = TypeVar("D", bound=SlotDraft)

_ASKED = MappingProxyType(
    {
        Doubt.HALF: phrase("<b>In the morning or in the evening?</b>"),
        Doubt.WHICH_DAY: phrase("<b>This week or next week?</b>"),
        Doubt.WHICH_WEEK: phrase("<b>Which of these days do you mean?</b>"),
        Doubt.FAR: phrase(
            "<b>Which day do you mean?</b>\nThe next one is {day}, more than sixty days away."
        ),
        Doubt.TWICE: phrase("The clocks go back that night, so this time comes twice. Which one?"),
        Doubt.SKIPPED: phrase(
            "The clocks go forward that night and skip this time. Which one do you mean?"
        ),
        Doubt.PASSED: phrase("That time has passed. Do you mean one of these?"),
        Doubt.NEAREST: phrase("<b>Do you mean this?</b> I am not sure I read it right."),
        Doubt.NO_TIME: phrase("<b>Which day do you mean?</b>"),
    }
)
"""Questions about a time, by the doubt."""


_GUESSED = (Doubt.FAR, Doubt.PASSED)
"""Doubts about which readings are offered that were not typed."""


@dataclass(frozen=True)
class TypedAnswer:
    """What was typed."""

    means: datetime | Question
    """A start, or what is asked about it."""
    day: date | None
    """The day that was meant, if there is one."""
    is_range: bool
    minutes: int | None = None
    """The length that was typed with an end, for a session that has none yet."""

    def noted_in(self, draft: D) -> D:
        """The draft, with the day and whether an end was typed."""
        day = self.day or draft.chosen_day
        return replace(draft, chosen_day=day, is_range=self.is_range, held_text=None)


def is_time(reader: Reader, appointment: Appointment, draft: SlotDraft, typed: str) -> bool:
    """Whether a text has anything of a day or a time."""
    return _slot(reader, appointment, draft, typed).doubt is not Doubt.NOTHING


def is_only_time(reader: Reader, appointment: Appointment, draft: SlotDraft, typed: str) -> bool:
    """Whether every word of a text is of a day or a time, though it may be one that is none."""
    slot = _slot(reader, appointment, draft, typed)
    return slot.is_whole or slot.is_broken


def read_typed(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    viewer_id: int,
    draft: SlotDraft,
    typed: str,
    *ways_out: keyboards.InlineButton,
    away: Collection[date] = (),
) -> TypedAnswer:
    """Read what somebody typed, in their zone and words. `viewer_id`: who has typed it."""
    slot = _slot(reader, appointment, draft, typed)
    can_be = PossibleTimes()
    means: datetime | Question
    if slot.doubt is None:
        means = slot.starts[0]
    else:
        can_be = those_possible(session, reader, appointment, slot, away)
        about = (session, reader, appointment, viewer_id)
        means = _question(*about, slot, can_be, *ways_out, away=away)
    days = can_be.days or slot.days
    day = days[0] if len(days) == 1 and days[0] >= reader.today else None
    return TypedAnswer(means, day, slot.is_range, slot.minutes)


def wished_starts(
    session: Session, reader: Reader, appointment: Appointment, draft: SlotDraft, text: str
) -> list[datetime]:
    """Times that a text may wish for, of those that can be had."""
    slot = _slot(reader, appointment, draft, text)
    return list(those_possible(session, reader, appointment, slot).starts)


def refused(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    viewer_id: int,
    starts_at: datetime,
    why: str,
    *ways_out: keyboards.InlineButton,
    away: Collection[date] = (),
) -> Question:
    """The free hours of the day of a typed time that cannot be."""
    day = reader.date_of(starts_at)
    about = (session, reader, appointment, viewer_id)
    return which_hour(*about, day, *ways_out, told=escape(why), away=away)


def reason_or_time(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    viewer_id: int,
    draft: SlotDraft,
    typed: str,
    *ways_out: keyboards.InlineButton,
    unasked: bool = False,
) -> Question | None:
    """Whether a text is a reason, if every word of it is of a day or time; None if it is not.

    One that can only be a time and is none is no reason: another time, or words, are asked for. If
    a reason is `unasked`, a time among other words is enough for the question.
    """
    slot = _slot(reader, appointment, draft, typed)
    may_be_time = slot.is_whole or (unasked and bool(slot.starts))
    if not slot.is_broken and (not may_be_time or typed.strip() == draft.held_text):
        return None
    can_be = those_possible(session, reader, appointment, slot)
    rows = _new_time_rows(reader, appointment, can_be)
    if slot.is_broken:
        return Question(_broken(session, reader, appointment), (*rows, ways_out))
    reason = keyboards.button(
        reader.label("It is the reason"), callbacks.TextIsReason(appointment.id)
    )
    text = reader.text(
        "<b>Is that another time, or the reason?</b>\n<blockquote>{text}</blockquote>",
        text=typed.strip(),
    )
    lines = [text]
    if (why := _why_not(reader, slot, can_be, viewer_id)) is not None:
        lines.append(why)
    if slot.is_range:
        lines.append(length_stays(reader, appointment))
    return Question(Markup("\n").join(lines), (*rows, (reason,), ways_out))


def _broken(session: Session, reader: Reader, appointment: Appointment) -> Markup:
    """What is asked, where a reason was, of a text that looks like a time and is none."""
    by_weekday, _ = examples(session, reader, appointment)
    asked = reader.text(
        "Type another one, like <i>{weekday}</i>, or write the reason in words.",
        weekday=by_weekday,
    )
    return _no_time(reader) + Markup("\n") + asked


def _new_time_rows(
    reader: Reader, appointment: Appointment, can_be: PossibleTimes
) -> keyboards.Rows:
    """A button for each start that a text beside a question for a reason can mean, or each day."""
    times = keyboards.one_a_row(
        *(
            keyboards.button(
                reader.label("New time: {time}", time=reader.dated_moment(start)),
                slot_button(appointment.id, start),
            )
            for start in can_be.starts
        )
    )
    return times or _day_rows(reader, appointment.id, can_be.days)


def _no_time(reader: Reader) -> Markup:
    return reader.text("<b>That looks like a time, but I cannot read it as one.</b>")


def length_stays(reader: Reader, appointment: Appointment) -> Markup:
    """What is said where an end was typed, too."""
    minutes = int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
    length = reader.duration(minutes)
    return reader.text("The length stays as it is: {length}.", length=length)


def _slot(reader: Reader, appointment: Appointment, draft: SlotDraft, typed: str) -> TypedSlot:
    return times_named(reader, appointment, typed, draft.chosen_day, draft.chosen_start)


def _question(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    viewer_id: int,
    slot: TypedSlot,
    can_be: PossibleTimes,
    *ways_out: keyboards.InlineButton,
    away: Collection[date],
) -> Question:
    """What is asked about a text that is not clear."""
    if slot.doubt is Doubt.NOTHING:
        by_weekday, by_date = examples(session, reader, appointment, away)
        asked = reader.text(
            "Please type a day and a time, like <i>{weekday}</i> or <i>{date}</i>, or choose one.",
            weekday=by_weekday,
            date=by_date,
        )
        if slot.is_broken:
            asked = _no_time(reader) + Markup("\n") + asked
        return when_instead(session, reader, appointment, *ways_out, told=asked, away=away)
    about = (session, reader, appointment, viewer_id)
    if slot.doubt is Doubt.NO_TIME and len(slot.days) == 1:
        told = _no_time(reader) if slot.is_broken else None
        told = reader.text("<b>That day has passed.</b>") if slot.is_over else told
        return which_hour(*about, slot.days[0], *ways_out, told=told, away=away)
    told = _why_not(reader, slot, can_be, viewer_id)
    if not can_be.count:
        day = reader.date_of(slot.starts[0]) if slot.starts else slot.days[0]
        return which_hour(*about, day, *ways_out, told=told, away=away)
    if told is not None and len(can_be.days) == 1:
        return which_hour(*about, can_be.days[0], *ways_out, told=told, away=away)
    choices = (
        _either(reader, appointment.id, can_be.starts)
        if slot.doubt is Doubt.TWICE and len(can_be.starts) == 2
        else slot_rows(reader, appointment.id, list(can_be.starts))
        or _day_rows(reader, appointment.id, can_be.days)
    )
    others = keyboards.in_pairs(other_day(reader, appointment), *ways_out)
    asked = _doubt(reader, slot) if told is None else told + Markup("\n") + _left(reader, can_be)
    return Question(asked, (*choices, *others))


def _why_not(
    reader: Reader, slot: TypedSlot, can_be: PossibleTimes, viewer_id: int
) -> Markup | None:
    """Why what was typed, or a part of what it can mean, cannot be; None where all of it can.

    Of a guess of ours that cannot be nothing is said where another one can: nobody has typed it.
    """
    why = []
    if slot.short_month is not None:
        why.append(no_such_day(reader, slot.short_month))
    is_guess = slot.short_month is not None or slot.doubt in _GUESSED
    if slot.doubt is Doubt.PASSED and not can_be.count:
        why.append(reader.text("<b>That time has passed.</b>"))
    elif can_be.refusal is not None and not (is_guess and can_be.count):
        why.append(refusal_text(reader, can_be.refusal, viewer_id))
    return Markup("\n").join(why) if why else None


def _left(reader: Reader, can_be: PossibleTimes) -> Markup:
    """What is asked about those that are left, after it was said why another cannot be."""
    if can_be.count == 1:
        return reader.text("Do you mean this?")
    return reader.text("Do you mean one of these?")


def _doubt(reader: Reader, slot: TypedSlot) -> Markup:
    """Why it is asked about."""
    if slot.is_broken:
        return _no_time(reader) + Markup("\n") + reader.text("Do you mean one of these?")
    if slot.is_over:
        return reader.text("That day has passed. Do you mean one of these?")
    asked = _ASKED[slot.doubt or Doubt.NEAREST]
    return reader.text(asked, day=reader.dated_day(slot.days[-1]))


def _either(reader: Reader, appointment_id: int, starts: tuple[datetime, ...]) -> keyboards.Rows:
    """The two that a time is that the clocks show twice."""
    first, second = starts
    return keyboards.one_a_row(
        keyboards.button(
            reader.label("The first, before the change"), slot_button(appointment_id, first)
        ),
        keyboards.button(reader.label("The second, after it"), slot_button(appointment_id, second)),
    )


def _day_rows(reader: Reader, appointment_id: int, days: tuple[date, ...]) -> keyboards.Rows:
    return keyboards.one_a_row(
        *(
            keyboards.button(
                reader.dated_day(day), callbacks.ChooseDay(appointment_id, day.toordinal())
            )
            for day in days
        )
    )
