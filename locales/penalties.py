"""Penalties in words: as the agency's sheet says, with the amount where it gives one (SPEC 6, 7).

Plain text: escape it for HTML.
"""

from locales.reader import Reader


def penalty_words(reader: Reader, penalty: str, amount: int | None) -> str:
    """Penalty as the sheet words it: "50 % of the fee (SGD 40.00)"; nothing is no amount."""
    if not amount or reader.currency is None:
        return penalty
    return reader.label(
        "{penalty} ({amount})", penalty=penalty, amount=reader.money(amount, reader.currency)
    )
