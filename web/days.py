"""Days as forms have them."""

from datetime import date

from services.rules.refusals.packages import DayNotRead

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def day_if_any(given: str) -> date | None:
    """The day that an address gives; None where it is none, or one far from any session."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def day_of(typed: str) -> date:
    """Day that was typed. Refused: DayNotRead."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise DayNotRead from None
