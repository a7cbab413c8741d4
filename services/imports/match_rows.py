"""Rows of `matches` (SPEC 7, 11): a tutor, a child and weekly times.

Several weekly times of a match stand in one row, separated by `;`. A price is for an hour unless
`/session` follows it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.enums import Kind, PriceUnit, Role
from services.imports.cells import Cells
from services.imports.problems import ProblemCode, Problems
from services.imports.record_rows import WEEKDAY_NAMES, Accepted, Document, MatchRow, RecordPlan
from services.imports.references import References
from services.imports.sources import SourceRow
from services.imports.uniqueness import Uniqueness
from services.rules.agency import Agency
from services.rules.money import Currency
from services.rules.refusals.matches import SlotsOverlap, SlotsWanted
from services.rules.scheduling import KINDS, LONGEST, SHORTEST, SUBJECT_LIMIT
from services.rules.weekly import MOST_SLOTS, WeeklyTime, require_slots

_WEEKDAYS = {
    **{name: number for number, name in enumerate(WEEKDAY_NAMES, start=1)},
    **{
        name: number
        for number, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), start=1
        )
    },
    **{str(number): number for number in range(1, 8)},
}
_PRICE = re.compile(r"(?P<amount>[^/\s]+)(?:\s*(?:/|per\s)\s*(?P<unit>hour|h|session))?")


@dataclass(frozen=True)
class MatchReader:
    """Reads rows on a day, and compares them with what is known."""

    agency: Agency
    today: date
    references: References
    problems: Problems
    known: Mapping[str, list[Document]]
    """Content of each known match, by ref: that of its import, and what it is now."""

    def read(self, rows: Iterable[SourceRow]) -> RecordPlan:
        """Valid rows; problems of the others are noted."""
        refs = Uniqueness("ref", ProblemCode.REF_TWICE)
        plan = RecordPlan([])
        for source in rows:
            cells = Cells(source, self.problems)
            row = self._row(cells, refs)
            if row is not None:
                self._add(cells, row, plan)
        return plan

    def _add(self, cells: Cells, row: MatchRow, plan: RecordPlan) -> None:
        known = self.known.get(row.ref)
        if known is None:
            if row.ends_on is not None and row.ends_on < self.today:
                cells.fail("ends_on", ProblemCode.IS_OVER)
            else:
                plan.new.append(row)
        elif is_known(cells, row.document(self.agency.currency), known):
            plan.unchanged += 1

    def _row(self, cells: Cells, refs: Uniqueness) -> MatchRow | None:
        ref, subject = refs.once(cells), cells.text("subject")
        tutor_ref, student_ref = cells.text("tutor_ref"), cells.text("student_ref")
        if tutor_ref:
            self.references.require_person(cells, "tutor_ref", tutor_ref, Role.TUTOR)
        if student_ref:
            self.references.require_student(cells, "student_ref", student_ref)
        if len(subject) > SUBJECT_LIMIT:
            cells.fail("subject", ProblemCode.TOO_LONG, limit=SUBJECT_LIMIT)
        kind = cells.word("kind", Kind, Kind.REGULAR)
        if kind is not None and kind not in KINDS:
            known = ", ".join(KINDS)
            cells.fail("kind", ProblemCode.NOT_ONE_OF, value=kind.value, known=known)
        times = weekly_times(cells, kind or Kind.REGULAR)
        starts_on, ends_on = days_of(cells, "ends_on")
        price, unit = _price(cells, "price", self.agency.currency)
        pay, pay_unit = _price(cells, "pay", self.agency.currency)
        if unit and pay_unit and unit is not pay_unit:
            cells.fail("pay", ProblemCode.UNITS_DIFFER)
        accepted = cells.word("accepted", Accepted, Accepted.NO)
        if not (cells.is_good and starts_on and kind and accepted):
            return None
        return MatchRow(
            ref=ref,
            tutor_ref=tutor_ref,
            student_ref=student_ref,
            subject=subject,
            times=times,
            starts_on=starts_on,
            ends_on=ends_on,
            kind=kind,
            price=price,
            pay=pay,
            price_unit=unit or pay_unit,
            is_accepted=accepted is Accepted.YES,
        )


def days_of(cells: Cells, last: str) -> tuple[date | None, date | None]:
    """First day, which must be there, and the last one, which is not before it."""
    if cells.is_empty("starts_on"):
        cells.fail("starts_on", ProblemCode.EMPTY)
    starts_on, ends_on = cells.day("starts_on"), cells.day(last)
    if starts_on and ends_on and ends_on < starts_on:
        cells.fail(last, ProblemCode.ENDS_BEFORE_START, than="starts_on")
    return starts_on, ends_on


def is_known(cells: Cells, document: Document, known: list[Document]) -> bool:
    """Whether a known record has just this content; else that is noted."""
    if document in known:
        return True
    newest = known[-1]
    different = [name for name in document if newest.get(name) != document[name]]
    cells.fail(None, ProblemCode.RECORD_DIFFERS, columns=", ".join(different))
    return False


def weekly_times(cells: Cells, kind: Kind) -> tuple[WeeklyTime, ...]:
    """Weekly times of a row, in order; empty where they are wrong."""
    weekdays = _weekdays(cells)
    starts = _for_each(cells, "start_time", cells.clocks("start_time"), len(weekdays))
    lengths = _for_each(cells, "duration_minutes", _lengths(cells), len(weekdays))
    if not (weekdays and starts and lengths):
        return ()
    most = 1 if kind is Kind.TRIAL else MOST_SLOTS
    if len(weekdays) > most:
        cells.fail("weekday", ProblemCode.TOO_MANY_SLOTS, most=most)
        return ()
    times = [WeeklyTime(*one) for one in zip(weekdays, starts, lengths, strict=True)]
    try:
        return tuple(require_slots(times))
    except (SlotsOverlap, SlotsWanted):
        cells.fail("weekday", ProblemCode.SLOTS_OVERLAP)
        return ()


def _weekdays(cells: Cells) -> list[int]:
    found = []
    for value in cells.several("weekday", once=False):
        number = _WEEKDAYS.get(value.lower())
        if number is None:
            known = ", ".join(WEEKDAY_NAMES)
            cells.fail("weekday", ProblemCode.NOT_ONE_OF, value=value, known=known)
        else:
            found.append(number)
    if cells.is_empty("weekday"):
        cells.fail("weekday", ProblemCode.EMPTY)
    return found


def _lengths(cells: Cells) -> list[int]:
    found = []
    for value in cells.several("duration_minutes", once=False):
        if value.isascii() and value.isdigit() and SHORTEST <= int(value[:6]) <= LONGEST:
            found.append(int(value))
        else:
            bounds = {"lowest": SHORTEST, "highest": LONGEST}
            cells.fail("duration_minutes", ProblemCode.NOT_A_NUMBER, value=value, **bounds)
    return found


def _for_each(cells: Cells, column: str, values: list[Any], count: int) -> list[Any]:
    """One value for each weekday: a single one counts for all."""
    if cells.is_empty(column):
        cells.fail(column, ProblemCode.EMPTY)
    if len(values) == 1:
        return values * count
    if values and len(values) != count:
        cells.fail(column, ProblemCode.COUNTS_DIFFER, count=count)
        return []
    return values


def _price(
    cells: Cells, column: str, currency: Currency | None
) -> tuple[int | None, PriceUnit | None]:
    """Amount in minor units, and what it is for."""
    value = cells.row.cells[column].lower()
    if not value:
        return None, None
    found = _PRICE.fullmatch(value)
    written = found["amount"] if found else value
    amount = cells.money(column, written, currency, ProblemCode.NOT_A_PRICE)
    is_session = found is not None and found["unit"] == "session"
    return amount, PriceUnit.SESSION if is_session else PriceUnit.HOUR
