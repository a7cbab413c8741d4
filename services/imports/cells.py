"""The cells of one row, read as what they should be; what is wrong is noted, not raised."""

import re
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.imports.problems import ProblemCode, Problems
from services.imports.sources import SourceRow
from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of

WordType = TypeVar("WordType", bound=StrEnum)

TEXT_LIMIT = 200
"""The longest name, subject, address or ref, in characters."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?(Z|[+-]\d\d:\d\d))?")


class Cells:
    """One row; each reading notes a problem and gives nothing where the cell is not as it must."""

    def __init__(self, row: SourceRow, problems: Problems) -> None:
        self.row = row
        self.is_good = True
        self._problems = problems

    def fail(self, column: str | None, code: ProblemCode, **params: object) -> None:
        """Note what is wrong with the row."""
        self.is_good = False
        self._problems.note(self.row.place, code, column, **params)

    def is_empty(self, column: str) -> bool:
        return not self.row.cells[column]

    def text(self, column: str) -> str:
        """A text that must be there, on one line."""
        value = self.optional_text(column)
        if value is None:
            self.fail(column, ProblemCode.EMPTY)
        return value or ""

    def optional_text(self, column: str) -> str | None:
        """A text on one line; None where the cell is empty."""
        value = " ".join(self.row.cells[column].split())
        if any(unicodedata.category(character) == "Cc" for character in value):
            self.fail(column, ProblemCode.CONTROL_CHARACTER)
        elif len(value) > TEXT_LIMIT:
            self.fail(column, ProblemCode.TOO_LONG, limit=TEXT_LIMIT)
        return value or None

    def several(self, column: str) -> list[str]:
        """The values that `;` separates, each once."""
        values = (value.strip() for value in (self.optional_text(column) or "").split(";"))
        return list(dict.fromkeys(value for value in values if value))

    def word(
        self, column: str, words: type[WordType], default: WordType | None = None
    ) -> WordType | None:
        """A word of a closed set; `default` where the cell is empty."""
        value = self.row.cells[column].lower()
        if not value and default is not None:
            return default
        if not value:
            self.fail(column, ProblemCode.EMPTY)
        elif value not in set(words):
            self.fail(column, ProblemCode.NOT_ONE_OF, value=value, known=", ".join(words))
        else:
            return words(value)
        return None

    def whole_number(self, column: str, lowest: int, highest: int) -> int | None:
        """A number from `lowest` to `highest`, both included; None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= len(str(highest)):
            number = int(value)
            if lowest <= number <= highest:
                return number
        self.fail(column, ProblemCode.NOT_A_NUMBER, value=value, lowest=lowest, highest=highest)
        return None

    def instant(self, column: str, zone: ZoneInfo) -> datetime | None:
        """An instant in UTC; one without an offset is in `zone`. None where the cell is empty."""
        value = self.row.cells[column]
        if not value:
            return None
        moment = _parsed(value)
        if moment is None:
            self.fail(column, ProblemCode.NOT_A_TIME, value=value)
        elif not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(column, ProblemCode.TIME_OUT_OF_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
        elif moment.tzinfo is not None:
            return moment.astimezone(UTC)
        else:
            return self._local(column, moment, zone)
        return None

    def _local(self, column: str, moment: datetime, zone: ZoneInfo) -> datetime | None:
        try:
            return instant_of(moment, zone)
        except NonexistentTimeError:
            code = ProblemCode.TIME_NONEXISTENT
        except AmbiguousTimeError:
            code = ProblemCode.TIME_AMBIGUOUS
        self.fail(column, code, value=self.row.cells[column], zone=zone.key)
        return None


def _parsed(value: str) -> datetime | None:
    if not TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(
            value.replace(" +", "+").replace(" -", "-").replace(" Z", "Z")
        )
    except ValueError:  # the 30th of February
        return None
