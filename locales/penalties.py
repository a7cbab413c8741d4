"""Penalties in words: as the agency's sheet says, with the amount where it gives one (SPEC 6, 7).

Plain text: escape it for HTML.
"""

from datetime import datetime

from locales.reader import Reader
from services.rules.penalties import Guidance


def penalty_words(reader: Reader, penalty: str, amount: int | None) -> str:
    """Penalty as the sheet words it: "50 % of the fee (SGD 40.00)"; nothing is no amount."""
    if not amount or reader.currency is None:
        return penalty
    return reader.label(
        "{penalty} ({amount})", penalty=penalty, amount=reader.money(amount, reader.currency)
    )


def guidance_words(reader: Reader, guidance: Guidance | None) -> str:
    """Penalty that the sheet names for a cancellation; empty where it names none."""
    return penalty_words(reader, guidance.penalty, guidance.amount) if guidance else ""


def until_words(reader: Reader, until: datetime | None) -> str:
    """Until when the penalty that is shown holds; empty where no other follows (UX 17)."""
    if until is None:
        return ""
    at = reader.dated_moment(until)
    return reader.label("After {until}, the sheet names another penalty.", until=at)


def penalty_changed(reader: Reader) -> str:
    """That the penalty is no longer the one that was read; plain text."""
    return reader.label("The penalty has changed in the meantime: please read it again.")
