"""What is said about a typed day that the calendar does not have."""

from datetime import date

from locales.reader import Reader


def no_such_day(reader: Reader, last_of_month: date) -> str:
    """That the month has no such day: "There is no such day: November 2026 has only 30 days."."""
    return reader.label(
        "There is no such day: {month} has only {days} days.",
        month=reader.month(last_of_month),
        days=last_of_month.day,
    )
