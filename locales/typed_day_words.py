"""What is said about typed days and times: examples, and a day that the calendar does not have."""

from collections.abc import Sequence
from datetime import date, timedelta

from locales.reader import Reader
from services.rules.typed_days import has_own_week

FIRST_EXAMPLE = timedelta(days=2)
"""How far away the examples of typed times begin."""
A_DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def no_such_day(reader: Reader, last_of_month: date) -> str:
    """That the month has no such day: "There is no such day: November 2026 has only 30 days."."""
    return reader.label(
        "There is no such day: {month} has only {days} days.",
        month=reader.month(last_of_month),
        days=last_of_month.day,
    )


def time_examples(reader: Reader, days: Sequence[date], own: date) -> tuple[str, str]:
    """Two times as they can be typed today, one with a weekday, one with a date.

    They are of the first two of the days; of the next ones, where there are not so many. Where
    the session's `own` day is weeks ahead, a weekday can be of that week too: both have a date.
    """
    first, second = [*days, *(reader.today + FIRST_EXAMPLE + A_DAY * number for number in (0, 1))][
        :2
    ]
    is_clear = first < reader.today + WEEK and not has_own_week(reader.today, own)
    said = reader.weekday_typed(first) if is_clear else _in_figures(first)
    # Translators: a time as somebody types it, such as "thu 4pm"
    by_weekday = reader.label("{weekday} 4pm", weekday=said)
    return by_weekday, f"{_in_figures(second)} 16:00"


def _in_figures(day: date) -> str:
    return f"{day.day}/{day.month}"
