"""When instead? Times as buttons, then a calendar, then typing (SPEC 6; UX 10).

Each function gives a question and its buttons, with the dialogue's own ways out below. The
buttons are the same in every dialogue: the one that is active takes them.
"""

from datetime import UTC, date, datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.calendar import first_day, hour_rows, month_of, month_rows, within_reach
from conversations.wizard import Question
from locales.reader import Reader
from models import Appointment
from services.db import Session
from services.queries.offered_slots import starts_of_day, suggested_starts
from services.rules.refusals.typed import TimeTwice
from services.rules.typed_slots import read_slot_start

MINUTE = 60


def when_instead(
    session: Session, reader: Reader, appointment: Appointment, *ways_out: InlineKeyboardButton
) -> Question:
    """The first free times, and the way to the calendar."""
    starts = suggested_starts(session, appointment, reader.now, reader.zone)
    offered = (
        keyboards.button(reader.moment(start), slot_button(appointment.id, start))
        for start in starts
    )
    rows = (
        *keyboards.one_a_row(*offered),
        *keyboards.in_pairs(_other_day(reader, appointment.id, reader.today), *ways_out),
    )
    return Question(_with_hint(reader, reader.text("<b>When instead?</b>")), rows)


def which_day(
    reader: Reader, appointment_id: int, month: int, *ways_out: InlineKeyboardButton
) -> Question:
    """A month of the calendar."""
    month = within_reach(reader, month)
    text = reader.text("<b>On which day?</b>\n{month}", month=reader.month_name(first_day(month)))
    rows = (*month_rows(reader, appointment_id, month), ways_out)
    return Question(text, rows)


def which_hour(
    session: Session,
    reader: Reader,
    appointment: Appointment,
    day: date,
    *ways_out: InlineKeyboardButton,
) -> Question:
    """The free hours of one day."""
    free = starts_of_day(session, appointment, day, reader.now, reader.zone)
    text = (
        reader.text("<b>{day}: at what time?</b>", day=reader.day(day))
        if free
        else reader.text(
            "<b>{day}</b>\nNo hour of that day is free. Choose another day, or type a time.",
            day=reader.day(day),
        )
    )
    hours = hour_rows(reader, free, lambda start: slot_button(appointment.id, start))
    others = keyboards.in_pairs(_other_day(reader, appointment.id, day), *ways_out)
    return Question(_with_hint(reader, text), (*hours, *others))


def read_typed(
    reader: Reader, appointment: Appointment, typed: str, *ways_out: InlineKeyboardButton
) -> datetime | Question:
    """The start that somebody typed, in their zone and words; or which of two, if it comes twice.

    Refused as the rule does.
    """
    try:
        return read_slot_start(
            typed,
            near=appointment.starts_at,
            now=reader.now,
            zone=reader.zone,
            weekdays=reader.weekdays(),
            months=reader.months(),
        )
    except TimeTwice as twice:
        return _which_of_two(reader, appointment.id, twice, *ways_out)


def start_of(slot: callbacks.ChooseSlot) -> datetime:
    """The start that a button stands for."""
    return datetime.fromtimestamp(slot.minute * MINUTE, UTC)


def day_of(choice: callbacks.ChooseDay) -> date:
    """The day that a button stands for; nobody is asked to write such a number."""
    return date.fromordinal(min(max(1, choice.day), date.max.toordinal()))


def slot_button(appointment_id: int, start: datetime) -> callbacks.ChooseSlot:
    """A button's data for a start."""
    return callbacks.ChooseSlot(appointment_id, int(start.timestamp()) // MINUTE)


def _which_of_two(
    reader: Reader, appointment_id: int, twice: TimeTwice, *ways_out: InlineKeyboardButton
) -> Question:
    """The clocks go back that night, and the time that was typed comes twice."""
    one = reader.label("The first, before the change")
    other = reader.label("The second, after it")
    choices = keyboards.one_a_row(
        keyboards.button(one, slot_button(appointment_id, twice.first)),
        keyboards.button(other, slot_button(appointment_id, twice.second)),
    )
    return Question(
        reader.text("The clocks go back that night, so this time comes twice. Which one?"),
        (*choices, ways_out),
    )


def _other_day(reader: Reader, appointment_id: int, day: date) -> InlineKeyboardButton:
    return keyboards.button(
        reader.label("Other day"), callbacks.ShowMonth(appointment_id, month_of(day))
    )


def _with_hint(reader: Reader, question: Markup) -> Markup:
    hint = reader.text("Or type it, like <i>thu 4pm</i> or <i>26/11 16:00</i>.")
    return question + Markup("\n") + hint
