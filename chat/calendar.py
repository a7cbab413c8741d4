"""Days of a fortnight as buttons, and the hours of a day (SPEC 6; UX 10)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from chat import callbacks, keyboards
from chat.keyboards import Rows
from locales.reader import Reader
from services.rules.offered_slots import CALENDAR_PAGES


def day_rows(reader: Reader, appointment_id: int, days: Sequence[date], page: int) -> Rows:
    """A button for each day, and those to the pages before and after."""
    buttons = [
        keyboards.button(
            reader.day_without_year(day), callbacks.ChooseDay(appointment_id, day.toordinal())
        )
        for day in days
    ]
    ways = [("‹", page - 1), ("›", page + 1)]
    turn = tuple(
        keyboards.button(sign, callbacks.ShowDays(appointment_id, to))
        for sign, to in ways
        if 0 <= to < CALENDAR_PAGES
    )
    return (*keyboards.in_pairs(*buttons), turn)


def hour_rows(
    reader: Reader, starts: Sequence[datetime], does: Callable[[datetime], callbacks.Button]
) -> Rows:
    """A button for each start, labelled with its clock time."""
    return keyboards.in_pairs(
        *(keyboards.button(reader.clock_time_only(start), does(start)) for start in starts)
    )
