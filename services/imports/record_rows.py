"""Valid rows of `matches`, `packages` and `holidays`, and their content as text (SPEC 7, 11)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from models.enums import Kind, PriceUnit
from services.rules.money import Currency
from services.rules.weekly import WeeklyTime

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Document = dict[str, Any]
"""Content of a row, as its audit event keeps it."""


class Accepted(StrEnum):
    """Whether the family has agreed already."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class MatchRow:
    """Valid row."""

    ref: str
    tutor_ref: str
    student_ref: str
    subject: str
    times: tuple[WeeklyTime, ...]
    starts_on: date
    ends_on: date | None
    kind: Kind
    price: int | None
    """Minor units."""
    pay: int | None
    price_unit: PriceUnit | None
    is_accepted: bool

    def document(self, currency: Currency | None) -> Document:
        """Content of the row: its cells, as an export writes them."""
        return {
            "ref": self.ref,
            "tutor_ref": self.tutor_ref,
            "student_ref": self.student_ref,
            "subject": self.subject,
            "weekday": ";".join(WEEKDAY_NAMES[one.weekday - 1] for one in self.times),
            "start_time": ";".join(f"{one.start_time:%H:%M}" for one in self.times),
            "duration_minutes": ";".join(str(one.minutes) for one in self.times),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else "",
            "kind": self.kind.value,
            "price": _priced(self.price, self.price_unit, currency),
            "pay": _priced(self.pay, self.price_unit, currency),
            "accepted": (Accepted.YES if self.is_accepted else Accepted.NO).value,
        }


@dataclass
class RecordPlan:
    """Rows of matches, packages or holidays that are new, and how many are known."""

    new: list[Any]
    unchanged: int = 0


@dataclass(frozen=True)
class PackageRow:
    """Valid row of `packages`."""

    ref: str
    student_ref: str
    sessions_total: int
    starts_on: date
    expires_on: date | None
    price: int | None
    """Minor units."""

    def document(self, currency: Currency | None) -> Document:
        """Content of the row: its cells, as an export writes them."""
        is_priced = self.price is not None and currency is not None
        return {
            "ref": self.ref,
            "student_ref": self.student_ref,
            "sessions_total": str(self.sessions_total),
            "starts_on": self.starts_on.isoformat(),
            "expires_on": self.expires_on.isoformat() if self.expires_on else "",
            "price": currency.plain(self.price or 0) if is_priced and currency else "",
        }


@dataclass(frozen=True)
class HolidayRow:
    """Valid row of `holidays`."""

    date: date
    name: str


def _priced(amount: int | None, unit: PriceUnit | None, currency: Currency | None) -> str:
    if amount is None or currency is None:
        return ""
    return f"{currency.plain(amount)}/{unit or PriceUnit.HOUR}"
