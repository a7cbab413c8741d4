"""Texts of an import's report: on pages, and on the command line, which speaks English."""

from collections.abc import Callable, Mapping

from locales.catalogue import phrase
from locales.reader import Reader
from services.imports.importing import Counts, ImportReport
from services.imports.problems import Place, Problem, ProblemCode

_REASONS: Mapping[ProblemCode, str] = {
    ProblemCode.FILE_NOT_FOUND: phrase("there is no such file or folder"),
    ProblemCode.FILE_TYPE_UNKNOWN: phrase("is neither a folder nor a .csv or .xlsx file"),
    ProblemCode.NOT_UTF8: phrase("is not in UTF-8; save it as “CSV UTF-8”"),
    ProblemCode.CSV_DAMAGED: phrase("is not a CSV file that can be read"),
    ProblemCode.WORKBOOK_DAMAGED: phrase("is not a workbook that can be read"),
    ProblemCode.WORKBOOK_TOO_LARGE: phrase(
        "unpacks to more than {limit_mb} MB, or holds more than a table needs; "
        "save its sheets as CSV files"
    ),
    ProblemCode.TOO_MANY_ROWS: phrase("has more than {limit} rows; split it into several imports"),
    ProblemCode.TABLE_UNKNOWN: phrase("is not a table that can be imported; there are: {known}"),
    ProblemCode.NOTHING_FOUND: phrase("has nothing to import; tables are: {known}"),
    ProblemCode.HEADER_MISSING: phrase("has no first row with the names of the columns"),
    ProblemCode.COLUMN_UNKNOWN: phrase("there is no such column; there are: {known}"),
    ProblemCode.COLUMN_MISSING: phrase("this column is missing"),
    ProblemCode.COLUMN_TWICE: phrase("this column is there twice"),
    ProblemCode.TOO_MANY_CELLS: phrase("has more cells than the first row has columns"),
    ProblemCode.EMPTY: phrase("must not be empty"),
    ProblemCode.TOO_LONG: phrase("has more than {limit} characters"),
    ProblemCode.CONTROL_CHARACTER: phrase("has a character that cannot be shown"),
    ProblemCode.NOT_ONE_OF: phrase("“{value}” is none of: {known}"),
    ProblemCode.NOT_A_NUMBER: phrase("“{value}” is not a whole number from {lowest} to {highest}"),
    ProblemCode.NOT_A_TIME: phrase(
        "“{value}” is not a time like 2026-11-25 15:00 or 2026-11-25T15:00+08:00"
    ),
    ProblemCode.TIME_OUT_OF_RANGE: phrase("the year must be from {first} to {last}"),
    ProblemCode.TIME_NONEXISTENT: phrase(
        "clocks in {zone} never show “{value}”: they are put forward over it"
    ),
    ProblemCode.TIME_AMBIGUOUS: phrase(
        "clocks in {zone} show “{value}” twice; add an offset, as in +08:00"
    ),
    ProblemCode.TIME_ZONE_UNKNOWN: phrase("“{value}” is not a time zone; one is Asia/Singapore"),
    ProblemCode.REF_TWICE: phrase("“{value}” is the ref of another row too: {first}"),
    ProblemCode.ACCOUNT_TWICE: phrase("{value} is the account of another row too: {first}"),
    ProblemCode.ACCOUNT_TAKEN: phrase("{value} is the account of {name} already"),
    ProblemCode.REF_UNKNOWN: phrase("nothing has the ref “{value}”, in {table} or in the database"),
    ProblemCode.ROLE_MISSING: phrase("“{value}” does not have the role {role}"),
    ProblemCode.ORIGIN_REQUIRED: phrase(
        "must say native or imported, since the session is yet to come"
    ),
    ProblemCode.NATIVE_APPROVED: phrase(
        "a native session cannot come in as approved: that is for a parent or a coordinator to do"
    ),
    ProblemCode.NOT_BEGUN: phrase("cannot be {status} before the session has begun"),
    ProblemCode.ATTENDANCE_MISSING: phrase("must not be empty where the status is {status}"),
    ProblemCode.ATTENDANCE_UNEXPECTED: phrase("must be empty where the status is {status}"),
    ProblemCode.ATTENDANCE_ORDER: phrase("must be later than checked_in_at"),
    ProblemCode.ATTENDANCE_IN_FUTURE: phrase("is yet to come"),
    ProblemCode.NOT_A_DAY: phrase("“{value}” is not a day like 2026-11-25"),
    ProblemCode.NOT_A_CLOCK_TIME: phrase("“{value}” is not a time of day like 16:00"),
    ProblemCode.NOT_AN_AMOUNT: phrase("“{value}” is not an amount in {currency} like {example}"),
    ProblemCode.NOT_A_PRICE: phrase(
        "“{value}” is not a price in {currency} like {example}, {example}/hour or {example}/session"
    ),
    ProblemCode.NO_CURRENCY: phrase("must be empty: AGENCY_CURRENCY is not set"),
    ProblemCode.UNITS_DIFFER: phrase("must be for the same as the price, an hour or a session"),
    ProblemCode.COUNTS_DIFFER: phrase(
        "must have one value, or one for each of the {count} weekdays"
    ),
    ProblemCode.SLOTS_OVERLAP: phrase("two of the weekly times overlap"),
    ProblemCode.TOO_MANY_SLOTS: phrase("a match of this kind has at most {most} weekly times"),
    ProblemCode.ENDS_BEFORE_START: phrase("must not be before {than}"),
    ProblemCode.IS_OVER: phrase("is over: a match is made for sessions to come"),
    ProblemCode.DAY_TWICE: phrase("{value} is the date of another row too: {first}"),
    ProblemCode.MORE_PROBLEMS: phrase("has {count} more problems, which are not listed"),
    ProblemCode.RECORD_DIFFERS: phrase(
        "this is known already with other values ({columns}); change it on the pages, "
        "or give the row the values it had"
    ),
    ProblemCode.SESSION_DIFFERS: phrase(
        "this session was imported already with other values ({columns}); "
        "change it where both sides hear of it, or give the row the values it had"
    ),
}


def problem_line(problem: Problem) -> str:
    """One line: "people.csv, row 3, roles: “boss” is none of: tutor, parent, coordinator"."""
    column = f", {problem.column}" if problem.column else ""
    reason = _REASONS[problem.code].format(**_params(problem, _place))
    return f"{_place(problem.place)}{column}: {reason}"


def reason_text(reader: Reader, problem: Problem) -> str:
    """What is wrong with a cell or row, in the reader's language."""
    params = _params(problem, lambda place: place_text(reader, place))
    return reader.label(_REASONS[problem.code], **params)


def place_text(reader: Reader, place: Place) -> str:
    """Where a problem is: "people.csv, row 3"."""
    if place.row is None:
        return place.file
    return reader.label("{file}, row {row}", file=place.file, row=place.row)


def _params(problem: Problem, placed: Callable[[Place], str]) -> dict[str, object]:
    return {
        name: placed(value) if isinstance(value, Place) else value
        for name, value in problem.params.items()
    }


def report_lines(report: ImportReport) -> list[str]:
    """Lines of a report: its problems, or what was saved of each table."""
    if report.problems:
        problems = [problem_line(problem) for problem in report.problems]
        more = [one for one in report.problems if one.code is ProblemCode.MORE_PROBLEMS]
        count = len(problems) - len(more) + sum(int(str(one.params["count"])) for one in more)
        return [*problems, f"Nothing was saved: {_counted(count, 'problem')} to put right."]
    tables = [f"{table}: {_shown(counts)}" for table, counts in report.tables.items()]
    saved = "Saved." if report.is_saved else "A dry run: nothing was saved."
    return [*tables, saved]


def _place(place: Place) -> str:
    return place.file if place.row is None else f"{place.file}, row {place.row}"


def _shown(counts: Counts) -> str:
    return f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
