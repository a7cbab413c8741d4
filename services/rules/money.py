"""Money in whole minor units, such as cents, and how a line is rounded, once (SPEC 7)."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from models.enums import PriceUnit
from services.rules.refusals.packages import AmountAmbiguous, AmountNotRead

MINUTES_AN_HOUR = 60
MOST_MINOR = 10**12
"""Largest amount that can be typed, in minor units; sums of many stay exact in the database."""
_PLAIN = re.compile(r"(\d{1,12})(?:[.,](\d{1,3}))?", re.ASCII)
_GROUPED = re.compile(
    r"([1-9]\d{0,2}(?:,\d{3}){1,4}|[1-9]\d?(?:,\d{2}){1,5},\d{3})(?:\.(\d{1,3}))?", re.ASCII
)
"""Thousands apart, as `Reader.money` writes them: "1,640.50"; in Tamil "1,23,640.50"."""


@dataclass(frozen=True)
class Currency:
    """Currency of the agency: its ISO code, and the digits of its minor unit."""

    code: str
    digits: int

    def major(self, minor: int) -> Decimal:
        """Amount in major units, exact: 1250 is 12.50 where there are two digits."""
        return Decimal(minor).scaleb(-self.digits)

    def plain(self, minor: int) -> str:
        """Amount for a table of numbers: "12.50", with a point, in every language."""
        return f"{self.major(minor):.{self.digits}f}"


def line_amount(price: int, minutes: int, *, by_hour: bool) -> int:
    """Amount of one line in minor units: rounded once, half up.

    `by_hour`: the price is for an hour of the booked `minutes`, not for the session. Half up
    rather than half to even: it is what people reckon by hand, and each line is rounded alone.
    """
    if not by_hour:
        return price
    exact = Decimal(price * minutes) / MINUTES_AN_HOUR
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def session_amount(price: int | None, unit: PriceUnit | None, minutes: int) -> int | None:
    """Amount of a session of `minutes` in minor units; None where nothing is agreed."""
    if price is None or unit is None:
        return None
    return line_amount(price, minutes, by_hour=unit is PriceUnit.HOUR)


def read_amount(typed: str, currency: Currency) -> int:
    """Minor units of an amount as somebody types it: "80", "80.5", "80,50", "1,640.50".

    Refused: AmountNotRead, also where it has more digits than the currency; AmountAmbiguous where
    a comma may be either mark, as in "1,640" of a currency with three digits.
    """
    readings = {
        _minor(found[1].replace(",", ""), found[2] or "", currency)
        for found in (pattern.fullmatch(typed.strip()) for pattern in (_PLAIN, _GROUPED))
        if found is not None and len(found[2] or "") <= currency.digits
    }
    if len(readings) > 1:
        low, high = (currency.plain(one) for one in sorted(readings))
        raise AmountAmbiguous(low=low, high=high)
    if not readings or max(readings) > MOST_MINOR:
        raise AmountNotRead
    return readings.pop()


def _minor(whole: str, fraction: str, currency: Currency) -> int:
    return int(whole + fraction.ljust(currency.digits, "0"))
