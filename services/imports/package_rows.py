"""Rows of `packages` and of `holidays` (SPEC 7, 11)."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.imports.cells import Cells
from services.imports.match_rows import days_of, is_known
from services.imports.problems import Place, ProblemCode, Problems
from services.imports.record_rows import Document, HolidayRow, PackageRow, RecordPlan
from services.imports.references import References
from services.imports.sources import SourceRow
from services.imports.uniqueness import Uniqueness
from services.rules.agency import Agency
from services.rules.packages import MOST_SESSIONS


def read_packages(
    rows: Iterable[SourceRow],
    agency: Agency,
    references: References,
    problems: Problems,
    known: Mapping[str, list[Document]],
) -> RecordPlan:
    """Valid rows of `packages`; problems of the others are noted."""
    refs = Uniqueness("ref", ProblemCode.REF_TWICE)
    plan = RecordPlan([])
    for source in rows:
        cells = Cells(source, problems)
        row = _package_row(cells, refs, agency, references)
        if row is None:
            continue
        before = known.get(row.ref)
        if before is None:
            plan.new.append(row)
        elif is_known(cells, row.document(agency.currency), before):
            plan.unchanged += 1
    return plan


def _package_row(
    cells: Cells, refs: Uniqueness, agency: Agency, references: References
) -> PackageRow | None:
    ref, student_ref = refs.once(cells), cells.text("student_ref")
    if student_ref:
        references.require_student(cells, "student_ref", student_ref)
    if cells.is_empty("sessions_total"):
        cells.fail("sessions_total", ProblemCode.EMPTY)
    sessions_total = cells.whole_number("sessions_total", 1, MOST_SESSIONS)
    starts_on, expires_on = days_of(cells, "expires_on")
    price = cells.amount("price", agency.currency)
    if not (cells.is_good and sessions_total and starts_on):
        return None
    return PackageRow(ref, student_ref, sessions_total, starts_on, expires_on, price)


def read_holidays(
    rows: Iterable[SourceRow], problems: Problems, known: Mapping[date, str]
) -> RecordPlan:
    """Valid rows of `holidays`; problems of the others are noted. `known`: names by day."""
    seen: dict[date, Place] = {}
    plan = RecordPlan([])
    for source in rows:
        cells = Cells(source, problems)
        if cells.is_empty("date"):
            cells.fail("date", ProblemCode.EMPTY)
        day, name = cells.day("date"), cells.text("name")
        place = source.place
        if day is not None and seen.setdefault(day, place) is not place:
            cells.fail("date", ProblemCode.DAY_TWICE, value=day.isoformat(), first=seen[day])
        if not (cells.is_good and day):
            continue
        if day not in known:
            plan.new.append(HolidayRow(day, name))
        elif known[day] == name:
            plan.unchanged += 1
        else:
            cells.fail(None, ProblemCode.RECORD_DIFFERS, columns="name")
    return plan
