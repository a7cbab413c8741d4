"""Cells of one row, read as typed values; errors are noted, not raised."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from services.imports.problems import ProblemCode, Problems
from services.imports.sources import SourceRow
from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.money import Currency, read_amount
from services.rules.refusals.packages import AmountNotRead

WordType = TypeVar("WordType", bound=StrEnum)

TEXT_LIMIT = 200
"""Longest name, subject, address or ref, in characters."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
LIKE = 6050
"""Amount that a refusal gives as an example, in minor units: 60.50 where there are two digits."""
TIMES_KEPT = 4096
"""How many read times are kept, because other rows repeat them."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK = re.compile(r"\d{1,2}:\d\d(:00)?")
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?(Z|[+-]\d\d:\d\d))?")


class Cells:
    """Cells of one row. A wrong cell is noted as a problem and gives an empty value."""

    def __init__(self, row: SourceRow, problems: Problems) -> None:
        self.row = row
        self.is_good = True
        self._problems = problems

    def fail(self, column: str | None, code: ProblemCode, **params: object) -> None:
        """Note a problem with the row."""
        self.is_good = False
        self._problems.note(self.row.place, code, column, **params)

    def is_empty(self, column: str) -> bool:
        return not self.row.cells[column]

    def text(self, column: str) -> str:
        """Text on one line, which must not be empty."""
        value = self.optional_text(column)
        if value is None:
            self.fail(column, ProblemCode.EMPTY)
        return value or ""

    def optional_text(self, column: str) -> str | None:
        """Text on one line; None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        value = " ".join(value.split())
        if not value.isprintable() and _has_control_character(value):
            self.fail(column, ProblemCode.CONTROL_CHARACTER)
        elif len(value) > TEXT_LIMIT:
            self.fail(column, ProblemCode.TOO_LONG, limit=TEXT_LIMIT)
        return value

    def several(self, column: str, *, once: bool = True) -> list[str]:
        """Values separated by `;`, each `once` unless they belong to those of another column."""
        values = (value.strip() for value in (self.optional_text(column) or "").split(";"))
        found = [value for value in values if value]
        return list(dict.fromkeys(found)) if once else found

    def word(
        self, column: str, words: type[WordType], default: WordType | None = None
    ) -> WordType | None:
        """Word of a closed set; `default` where the cell is empty."""
        value = self.row.cells[column].lower()
        if not value:
            if default is None:
                self.fail(column, ProblemCode.EMPTY)
            return default
        word = _words(words).get(value)
        if word is None:
            self.fail(column, ProblemCode.NOT_ONE_OF, value=value, known=", ".join(words))
        return cast("WordType | None", word)

    def whole_number(self, column: str, lowest: int, highest: int) -> int | None:
        """Number from `lowest` to `highest`, both included; None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= len(str(highest)):
            number = int(value)
            if lowest <= number <= highest:
                return number
        self.fail(column, ProblemCode.NOT_A_NUMBER, value=value, lowest=lowest, highest=highest)
        return None

    def day(self, column: str) -> date | None:
        """Calendar day; None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        try:
            day = date.fromisoformat(value) if DAY.fullmatch(value) else _day_of_moment(value)
        except ValueError:
            self.fail(column, ProblemCode.NOT_A_DAY, value=value)
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(column, ProblemCode.TIME_OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
        return day

    def clocks(self, column: str) -> list[time]:
        """Clock times, several of them separated by `;`."""
        found = []
        for value in self.several(column, once=False):
            try:
                if not CLOCK.fullmatch(value):
                    raise ValueError  # noqa: TRY301 - told below, as an hour of 25 is
                found.append(time.fromisoformat(value.zfill(5)))
            except ValueError:
                self.fail(column, ProblemCode.NOT_A_CLOCK_TIME, value=value)
        return found

    def amount(self, column: str, currency: Currency | None) -> int | None:
        """Amount of money in minor units; None where the cell is empty."""
        return self.money(column, self.row.cells[column], currency)

    def money(
        self,
        column: str,
        value: str,
        currency: Currency | None,
        otherwise: ProblemCode = ProblemCode.NOT_AN_AMOUNT,
    ) -> int | None:
        """Amount of money in minor units that is written in a part of the cell."""
        if not value:
            return None
        if currency is None:
            self.fail(column, ProblemCode.NO_CURRENCY)
            return None
        try:
            return read_amount(value, currency)
        except AmountNotRead:
            whole, example = self.row.cells[column], currency.plain(LIKE)
            self.fail(column, otherwise, value=whole, currency=currency.code, example=example)
            return None

    def instant(self, column: str, zone: ZoneInfo) -> datetime | None:
        """Instant in UTC; without an offset it is in `zone`. None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        read = _instant(value, zone)
        if isinstance(read, datetime):
            return read
        self.fail(column, read, **_time_params(read, value, zone))
        return None


def _day_of_moment(value: str) -> date:
    """Day of a spreadsheet's date, which has a time of midnight. Raises ValueError."""
    moment = _parsed(value)
    if moment is None or moment.time() != time():
        raise ValueError
    return moment.date()


def _has_control_character(value: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in value)


@cache
def _words(words: type[StrEnum]) -> dict[str, StrEnum]:
    return {word.value: word for word in words}


@lru_cache(TIMES_KEPT)
def _instant(value: str, zone: ZoneInfo) -> datetime | ProblemCode:
    """Instant in UTC, or the problem with the time."""
    moment = _parsed(value)
    if moment is None:
        return ProblemCode.NOT_A_TIME
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return ProblemCode.TIME_OUT_OF_RANGE
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    try:
        return instant_of(moment, zone)
    except NonexistentTimeError:
        return ProblemCode.TIME_NONEXISTENT
    except AmbiguousTimeError:
        return ProblemCode.TIME_AMBIGUOUS


def _time_params(code: ProblemCode, value: str, zone: ZoneInfo) -> dict[str, object]:
    """Parameters for the wording of `code`."""
    if code is ProblemCode.NOT_A_TIME:
        return {"value": value}
    if code is ProblemCode.TIME_OUT_OF_RANGE:
        return {"first": FIRST_YEAR, "last": LAST_YEAR}
    return {"value": value, "zone": zone.key}


def _parsed(value: str) -> datetime | None:
    if not TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(
            value.replace(" +", "+").replace(" -", "-").replace(" Z", "Z")
        )
    except ValueError:  # the 30th of February
        return None
