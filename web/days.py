"""Days as forms have them."""

from datetime import date

from services.rules.refusals.packages import DayNotRead


def day_of(typed: str) -> date:
    """Day that was typed. Refused: DayNotRead."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise DayNotRead from None
