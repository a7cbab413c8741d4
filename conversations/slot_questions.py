"""When instead? Times as buttons, then a calendar, then typing (SPEC 6; UX 10).

Each function gives a question and its buttons, with the dialogue's own ways out below. The
buttons are the same in every dialogue: the one that is active takes them. What is typed is read in
`conversations.typed_answers`. `away` are days of leave that is still to be entered.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.calendar import day_rows, hour_rows
from conversations.draft import SessionDraft
from conversations.wizard import Question
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_day_words import FIRST_EXAMPLE, WEEK, time_examples
from models import Appointment
from services.db import Session
from services.queries.closed_days import next_open_days
from services.queries.offered_slots import (
    closed_all_day,
    first_day,
    free_days,
    starts_of_day,
    suggested_starts,
)
from services.rules.minutes import instant_of, minute_of
from services.rules.offered_slots import CALENDAR_PAGES, calendar_days, page_with
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.requests import SameTime, SlotPassed, SlotTaken
from services.rules.typed_days import FAR, has_own_week

ANOTHER_TIME_WILL_DO = (SlotTaken, SlotPassed, SameTime, ClosedDay)
"""Refusals of a time after which the dialogue goes on with other times."""


@dataclass(frozen=True)
class SlotDraft(SessionDraft):
    """A draft for which a time is chosen."""

    chosen_day: date | None = field(default=None, kw_only=True)
    """The day of which a typed time is; None: the session's own."""
    is_range: bool = field(default=False, kw_only=True)
    """Whether an end was typed, too."""
    held_text: str | None = field(default=None, kw_only=True)
    """What may be a reason or another time; they are asked which."""


def when_instead(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    *ways_out: keyboards.InlineButton,
    told: Markup | None = None,
    away: Collection[date] = (),
) -> Question:
    """The first free times, and the way to the calendar; `told` is asked in place of "when"."""
    starts = suggested_starts(
        session, appointment, reader.now, reader.zone, reader.agency_zone, away=away
    )
    rows = (
        *slot_rows(reader, appointment.id, starts),
        *keyboards.in_pairs(other_day(reader, appointment), *ways_out),
    )
    if told is None:
        asked = reader.text("<b>When instead?</b>")
        told = with_examples(session, reader, appointment, asked, away)
    return Question(told, rows)


def which_day(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    page: int,
    *ways_out: keyboards.InlineButton,
    away: Collection[date] = (),
) -> Question:
    """Days of a fortnight that have a free hour; the first one begins on the first day offered."""
    page = min(page, CALENDAR_PAGES - 1)
    days = calendar_days(first_day(appointment, reader.now, reader.zone), page)
    free = free_days(
        session, appointment, days, reader.now, reader.zone, reader.agency_zone, away=away
    )
    text = (
        reader.text("<b>On which day?</b>")
        if free
        else reader.text("<b>On which day?</b>\nNothing is free in these two weeks.")
    )
    return Question(text, (*day_rows(reader, appointment.id, free, page), ways_out))


def which_hour(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    viewer_id: int,
    day: date,
    *ways_out: keyboards.InlineButton,
    told: Markup | None = None,
    away: Collection[date] = (),
) -> Question:
    """The free hours of one day; `told` is said first. Of a closed day it is said why it has none.

    `viewer_id`: the person who is asked.
    """
    zones = (reader.zone, reader.agency_zone)
    free = starts_of_day(session, appointment, day, reader.now, *zones, away=away)
    closed = closed_all_day(session, appointment, day, *zones, away=away) if not free else None
    if free:
        text = reader.text("<b>{day}: at what time?</b>", day=reader.dated_day(day))
    elif closed is not None:
        text = escape(refusal_text(reader, closed, viewer_id))
        told = None if told == text else told
    else:
        text = reader.text(
            "<b>{day}</b>\nNo hour of that day is free. Choose another day, or type a time.",
            day=reader.dated_day(day),
        )
    hours = hour_rows(reader, free, lambda start: slot_button(appointment.id, start))
    others = keyboards.in_pairs(other_day(reader, appointment, day), *ways_out)
    asked = with_examples(session, reader, appointment, text, away)
    return Question(asked if told is None else told + Markup("\n") + asked, (*hours, *others))


def slot_rows(reader: Reader, appointment_id: int, starts: list[datetime]) -> keyboards.Rows:
    """A button for each start, with its day."""
    return keyboards.one_a_row(
        *(
            keyboards.button(reader.dated_moment(start), slot_button(appointment_id, start))
            for start in starts
        )
    )


def other_day(
    reader: Reader, appointment: Appointment, day: date | None = None
) -> keyboards.InlineButton:
    """*Other day*: the calendar, at the page that has `day`; None: the session's own."""
    first = first_day(appointment, reader.now, reader.zone)
    page = page_with(day or reader.date_of(appointment.starts_at), first)
    return keyboards.button(reader.label("Other day"), callbacks.ShowDays(appointment.id, page))


def start_of(slot: callbacks.ChooseSlot) -> datetime:
    """The start that a button stands for."""
    return instant_of(slot.minute)


def day_of(choice: callbacks.ChooseDay) -> date:
    """The day that a button stands for; nobody is asked to write such a number."""
    return numbered_day(choice.day)


def numbered_day(number: int) -> date:
    """The day with a proleptic ordinal, however a button was forged."""
    return date.fromordinal(min(max(1, number), date.max.toordinal()))


def slot_button(appointment_id: int, start: datetime) -> callbacks.ChooseSlot:
    """A button's data for a start."""
    return callbacks.ChooseSlot(appointment_id, minute_of(start))


def examples(
    session: Session, reader: Reader, appointment: Appointment, away: Collection[date] = ()
) -> tuple[str, str]:
    """Two times as they can be typed today, on days on which the tutor can have sessions; of a
    session that is weeks ahead on days after its own, unless these are asked about without a year.
    """
    own, from_day = reader.date_of(appointment.starts_at), reader.today
    if has_own_week(from_day, own) and own + WEEK <= from_day + FAR:
        from_day = own
    first = from_day + FIRST_EXAMPLE
    days = next_open_days(session, appointment.tutor_id, first, 2, away=away)
    return time_examples(reader, days, own)


def with_examples(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    question: Markup,
    away: Collection[date] = (),
) -> Markup:
    """A question for a time, with how it can be typed."""
    by_weekday, by_date = examples(session, reader, appointment, away)
    hint = reader.text(
        "Or type it, like <i>{weekday}</i> or <i>{date}</i>.", weekday=by_weekday, date=by_date
    )
    return question + Markup("\n") + hint
