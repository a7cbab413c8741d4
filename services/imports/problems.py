"""Problems of an import: a code and its parameters for each file, row and column.

They are put into words in `locales.import_wording`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MOST_PROBLEMS = 20_000
"""Most problems that are listed; memory grows with them, and nobody reads as many."""

LONGEST_CELL = 1_000
"""Characters that are kept of a cell; no column may have as many."""


class ProblemCode(StrEnum):
    """Reasons, with the parameters of their wording."""

    FILE_NOT_FOUND = "file_not_found"
    FILE_TYPE_UNKNOWN = "file_type_unknown"
    NOT_UTF8 = "not_utf8"
    CSV_DAMAGED = "csv_damaged"
    WORKBOOK_DAMAGED = "workbook_damaged"
    WORKBOOK_TOO_LARGE = "workbook_too_large"  # limit_mb: unpacked
    TOO_MANY_ROWS = "too_many_rows"  # limit: rows of a file
    TABLE_UNKNOWN = "table_unknown"  # known: the names that a file or sheet may have
    NOTHING_FOUND = "nothing_found"  # known
    HEADER_MISSING = "header_missing"
    COLUMN_UNKNOWN = "column_unknown"  # known: the table's columns
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    TOO_MANY_CELLS = "too_many_cells"
    EMPTY = "empty"
    TOO_LONG = "too_long"  # limit: characters
    CONTROL_CHARACTER = "control_character"
    NOT_ONE_OF = "not_one_of"  # value, known
    NOT_A_NUMBER = "not_a_number"  # value, lowest, highest
    NOT_A_TIME = "not_a_time"  # value
    TIME_OUT_OF_RANGE = "time_out_of_range"  # first, last: years
    TIME_NONEXISTENT = "time_nonexistent"  # value, zone
    TIME_AMBIGUOUS = "time_ambiguous"  # value, zone
    TIME_ZONE_UNKNOWN = "time_zone_unknown"  # value
    REF_TWICE = "ref_twice"  # value, first: the row that had it before
    ACCOUNT_TWICE = "account_twice"  # value, first
    ACCOUNT_TAKEN = "account_taken"  # value, name
    REF_UNKNOWN = "ref_unknown"  # value, table
    ROLE_MISSING = "role_missing"  # value: the ref, role
    ORIGIN_REQUIRED = "origin_required"
    NATIVE_APPROVED = "native_approved"
    NOT_BEGUN = "not_begun"  # status
    ATTENDANCE_MISSING = "attendance_missing"  # status
    ATTENDANCE_UNEXPECTED = "attendance_unexpected"  # status
    ATTENDANCE_ORDER = "attendance_order"
    ATTENDANCE_IN_FUTURE = "attendance_in_future"
    NOT_A_DAY = "not_a_day"  # value
    NOT_A_CLOCK_TIME = "not_a_clock_time"  # value
    NOT_AN_AMOUNT = "not_an_amount"  # value, currency, example
    NOT_A_PRICE = "not_a_price"  # value, currency, example: for an hour or a session
    NO_CURRENCY = "no_currency"
    UNITS_DIFFER = "units_differ"
    COUNTS_DIFFER = "counts_differ"  # count: of weekdays
    SLOTS_OVERLAP = "slots_overlap"
    TOO_MANY_SLOTS = "too_many_slots"  # most
    ENDS_BEFORE_START = "ends_before_start"  # than: the column of the first day
    IS_OVER = "is_over"
    DAY_TWICE = "day_twice"  # value, first
    MORE_PROBLEMS = "more_problems"  # count
    RECORD_DIFFERS = "record_differs"  # columns: as of a session
    SESSION_DIFFERS = "session_differs"  # columns: those that differ from the earlier import


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a problem: the file, with its sheet if any, and the row, the header being 1."""

    file: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem that prevents an import from being saved."""

    place: Place
    code: ProblemCode
    column: str | None = None
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class Problems:
    """Collection of problems, so that all of them are reported together, up to a limit."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._unlisted: dict[str, int] = {}
        """How many further problems each file has."""

    def note(
        self, place: Place, code: ProblemCode, column: str | None = None, **params: object
    ) -> None:
        self._add(Problem(place, code, column, MappingProxyType(params)))

    def add(self, others: "Problems") -> None:
        """Add problems that were collected elsewhere."""
        for problem in others.in_order():
            self._add(problem)

    def _add(self, problem: Problem) -> None:
        is_count = problem.code is ProblemCode.MORE_PROBLEMS
        if not is_count and len(self._found) < MOST_PROBLEMS:
            self._found.append(problem)
            return
        count = int(str(problem.params["count"])) if is_count else 1
        self._unlisted[problem.place.file] = self._unlisted.get(problem.place.file, 0) + count

    def __bool__(self) -> bool:
        return bool(self._found)

    def in_order(self) -> tuple[Problem, ...]:
        """Problems by file, in the order of reading, and by row; then how many are not listed."""
        files = {problem.place.file: None for problem in self._found}
        order = {file: number for number, file in enumerate(files)}
        listed = sorted(self._found, key=lambda one: (order[one.place.file], one.place.row or 0))
        unlisted = (
            Problem(
                Place(file), ProblemCode.MORE_PROBLEMS, params=MappingProxyType({"count": count})
            )
            for file, count in self._unlisted.items()
        )
        return (*listed, *unlisted)


class UnreadableError(Exception):
    """A file cannot be read to its end."""

    def __init__(self, code: ProblemCode, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
