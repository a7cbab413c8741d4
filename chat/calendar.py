"""A month as buttons, and the hours of a day (UX 10).

These are grids, and so the only keyboards with more than two buttons a row (UX 4).
"""

from calendar import Calendar
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.keyboards import Rows
from locales.reader import Reader

HOURS_A_ROW = 4
WEEK = 7
MONTHS = 12
MONTHS_AHEAD = 12
"""How many months ahead the calendar goes."""

_BLANK = "·"


def month_rows(reader: Reader, appointment_id: int, month: int) -> Rows:
    """Buttons for the days of a month (counted from the year 0), without those that are past."""
    first = first_day(month)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    this = month_of(reader.today)
    turn = _turning(appointment_id, month, this)

    def button(day: date) -> InlineKeyboardButton:
        if month_of(day) != month or day < reader.today:
            return keyboards.button(_BLANK, callbacks.ShowMonth(appointment_id, month))
        return keyboards.button(str(day.day), callbacks.ChooseDay(appointment_id, day.toordinal()))

    shown = [week for week in weeks if any(_is_to_come(reader, day, month) for day in week)]
    names = tuple(
        keyboards.button(
            reader.weekday_name(weeks[0][0] + timedelta(days=ahead)),
            callbacks.ShowMonth(appointment_id, month),
        )
        for ahead in range(WEEK)
    )
    return (names, *(tuple(button(day) for day in week) for week in shown), turn)


def hour_rows(
    reader: Reader, starts: Sequence[datetime], does: Callable[[datetime], callbacks.Button]
) -> Rows:
    """A button for each start, labelled with its clock time."""
    buttons = [keyboards.button(reader.clock_time_only(start), does(start)) for start in starts]
    return tuple(tuple(buttons[i : i + HOURS_A_ROW]) for i in range(0, len(buttons), HOURS_A_ROW))


def month_of(day: date) -> int:
    """The number by which a button names a month."""
    return day.year * MONTHS + day.month - 1


def within_reach(reader: Reader, month: int) -> int:
    """This month, or the nearest one that the calendar shows."""
    this = month_of(reader.today)
    return min(max(month, this), this + MONTHS_AHEAD)


def first_day(month: int) -> date:
    """The first day of a month that a button names."""
    year, index = divmod(month, MONTHS)
    return date(year, index + 1, 1)


def _turning(appointment_id: int, month: int, this: int) -> tuple[InlineKeyboardButton, ...]:
    """Buttons to the months before and after, within the calendar."""
    ways = [("‹", month - 1), ("›", month + 1)]
    return tuple(
        keyboards.button(sign, callbacks.ShowMonth(appointment_id, to))
        for sign, to in ways
        if this <= to <= this + MONTHS_AHEAD
    )


def _is_to_come(reader: Reader, day: date, month: int) -> bool:
    return month_of(day) == month and day >= reader.today
