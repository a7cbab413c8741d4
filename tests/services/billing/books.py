"""Whether an agency's books add up: entries, sessions and statements, line by line (SPEC 7).

Everything that can be reckoned from rows is reckoned here once more, by other means than the
program's. After an event the lines of those open months are read anew that its rows touch, and
now and then those of all of them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlmodel import SQLModel

from models import (
    Appointment,
    AuditEvent,
    BillingAdjustment,
    BillingLine,
    BillingMonth,
    BillingStatement,
    Cancellation,
    Package,
    PackageEntry,
)
from models.enums import EntryKind, PriceUnit, Side, Status
from services.db import Session
from services.queries.billing_lines import EVERYBODY
from services.queries.billing_months import by_party, line_of, lines_of
from services.rules.billing import Line, Subject, month_of, months_between, next_month
from services.rules.packages import uses_credit
from tests.services.billing.simulated import MONEYED, months_so_far

Sums = dict[tuple[Side, Subject], tuple[int, int, int]]
WITHOUT_LINES = frozenset({Status.SCHEDULED, Status.CHECKED_IN, Status.NOT_COMPLETED})
MOVES_ALL = frozenset({EntryKind.PURCHASE, EntryKind.ADJUSTMENT, EntryKind.REVERSAL})
"""Kinds of entries after which the lines of every open month are read anew."""


def table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


@dataclass
class Rows:
    """What the database holds, as plain rows."""

    entries: list[Any]
    packages: list[Any]
    sessions: list[Any]
    """Approved ones."""
    cancellations: list[Any]
    amounts: list[Any]

    @property
    def undone(self) -> set[int]:
        return {one.reverses_id for one in self.entries if one.reverses_id is not None}


_APPROVED = select(table(Appointment)).where(table(Appointment).c.status == Status.APPROVED)
_READ = {
    "entries": select(table(PackageEntry)).order_by(table(PackageEntry).c.id),
    "packages": select(table(Package)),
    "sessions": _APPROVED,
    "cancellations": select(table(Cancellation)),
    "amounts": select(table(BillingAdjustment)),
}
_FROZEN = {
    model: select(table(model)).order_by(table(model).c.id)
    for model in (BillingMonth, BillingStatement, BillingLine)
}
_NEWEST = select(func.max(table(AuditEvent).c.id))


def rows_of(session: Session) -> Rows:
    return Rows(**{name: list(session.execute(one).all()) for name, one in _READ.items()})


@dataclass
class Books:
    """The books as they were when they were last looked at."""

    session: Session
    newest_event: int = -1
    newest_entry: int = -1
    months: tuple[date, date] | None = None
    open_lines: dict[date, list[Line]] = field(default_factory=dict)
    frozen: dict[type[SQLModel], list[Any]] = field(default_factory=dict)
    frozen_lines: list[Line] = field(default_factory=list)

    def require_true(self, now: datetime, told: str, *, whole: bool) -> None:
        """Check everything, after an event or none; `whole`: read every line anew."""
        months = months_so_far(self.session, now)
        newest = self.session.execute(_NEWEST).scalar_one() or 0
        if not whole and (newest, months) == (self.newest_event, self.months):
            return
        rows = rows_of(self.session)
        require_ledger_adds_up(rows, told)
        self._read_frozen(told)
        self._read_open(rows, months, whole=whole)
        lines = [line for line in self.every_line() if line.counts]
        require_each_billed_once(rows, lines, told)
        require_same_sessions(lines, told)
        require_moved_credits_told(rows, lines, told)
        self.newest_event, self.months = newest, months
        self.newest_entry = max((one.id for one in rows.entries), default=-1)

    def every_line(self) -> list[Line]:
        """Lines of all statements, closed and open, also those that do not count."""
        return [*self.frozen_lines, *(line for one in self.open_lines.values() for line in one)]

    def require_parties(self, told: str) -> None:
        """Check that each line is on one statement."""
        lines = self.every_line()
        parties = by_party(self.session, lines)
        assert sum(map(len, parties.values())) == len(lines), told

    def _read_frozen(self, told: str) -> None:
        """Rows of closed months: those that there were must be the same."""
        for model, statement in _FROZEN.items():
            found, before = list(self.session.execute(statement).all()), self.frozen.get(model, [])
            assert found[: len(before)] == before, told
            if model is BillingLine:
                self.frozen_lines += [
                    line_of(cast(BillingLine, row)) for row in found[len(before) :]
                ]
            self.frozen[model] = found

    def _read_open(self, rows: Rows, months: tuple[date, date], *, whole: bool) -> None:
        first, running = months
        wanted = months_between(first, next_month(running))  # a session to come is cancelled, too
        anew = set(wanted)
        if not whole and self.months is not None and self.months[0] == first:
            anew -= self.open_lines.keys() - self._touched(rows, first)
        self.open_lines = {
            month: lines_of(self.session, MONEYED, month, EVERYBODY, first)
            if month in anew
            else self.open_lines[month]
            for month in wanted
        }

    def _touched(self, rows: Rows, first: date) -> set[date]:
        """Open months whose lines the events since then can have changed."""
        entries = [one for one in rows.entries if one.id > self.newest_entry]
        events = self.session.execute(
            select(table(AuditEvent).c.appointment_id).where(
                table(AuditEvent).c.id > self.newest_event
            )
        ).all()
        if any(one.kind in MOVES_ALL for one in entries) or (None,) in events:
            return set(self.open_lines)
        ids = {one.appointment_id for one in (*entries, *events)}
        about = table(Appointment).c
        found = self.session.execute(
            select(about.starts_at, about.status).where(about.id.in_(sorted(ids)))
        ).all()
        return {
            max(first, month_of(one.starts_at, MONEYED.zone))
            for one in found
            if one.status not in WITHOUT_LINES
        }


def require_ledger_adds_up(rows: Rows, told: str) -> None:
    """The sums of entries are the packages less the sessions that they paid for, line by line."""
    balance: dict[int | None, int] = defaultdict(int)
    bought: dict[int | None, int] = defaultdict(int)
    noted: dict[int | None, list[EntryKind]] = defaultdict(list)
    undone = rows.undone
    for one in rows.entries:
        balance[one.package_id] += one.sessions
        if one.id not in undone:
            if one.kind in {EntryKind.PURCHASE, EntryKind.ADJUSTMENT}:
                bought[one.package_id] += one.sessions
            elif one.kind is EntryKind.DEDUCTION:
                bought[one.package_id] -= 1
        if one.kind in {EntryKind.DEDUCTION, EntryKind.OWED}:
            noted[one.appointment_id].append(one.kind)
    for package in rows.packages:
        assert balance[package.id] == bought[package.id], told
    wanting = {
        one.id for one in rows.sessions if uses_credit(one.kind, one.origin, one.billed_as_addon)
    }
    assert noted.keys() == wanting, told
    assert all(len(set(kinds)) == len(kinds) for kinds in noted.values()), told


def require_each_billed_once(rows: Rows, lines: list[Line], told: str) -> None:
    """Each subject's lines, on all statements together, say what is true now."""
    sums: dict[tuple[Side, Subject], list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        found = sums[line.side, line.subject_of]
        found[0] += line.sessions
        found[1] += line.credits
        found[2] += line.amount or 0
    expected = expected_sums(rows)
    for key in sums.keys() | expected.keys():
        assert tuple(sums[key]) == expected.get(key, (0, 0, 0)), (told, key)


def expected_sums(rows: Rows) -> Sums:
    """Sessions, credits and amount of each subject, reckoned from the rows alone."""
    undone = rows.undone
    covered = {
        one.appointment_id
        for one in rows.entries
        if one.kind is EntryKind.DEDUCTION and one.id not in undone
    }
    expected: Sums = {}
    for row in rows.sessions:
        about, is_covered = Subject(appointment_id=row.id), row.id in covered
        charged = 0 if is_covered else priced(row, row.price)
        expected[Side.FAMILY, about] = (1, int(is_covered), charged)
        expected[Side.TUTOR, about] = (1, 0, priced(row, row.pay))
    for found in rows.cancellations:
        if found.waived_at is None and found.amount is not None:
            about = Subject(appointment_id=found.appointment_id, is_penalty=True)
            is_tutors = found.side.value == Side.TUTOR.value
            side = Side.TUTOR if is_tutors else Side.FAMILY
            expected[side, about] = (0, 0, -found.amount if is_tutors else found.amount)
    price_of = {one.id: one.price or 0 for one in rows.packages}
    for one in rows.entries:
        if one.kind is EntryKind.PURCHASE and one.id not in undone:
            about = Subject(package_id=one.package_id or 0)
            expected[Side.FAMILY, about] = (0, 0, price_of[one.package_id])
    for entered in rows.amounts:
        expected[entered.side, Subject(adjustment_id=entered.id)] = (0, 0, entered.amount)
    return expected


def priced(row: Any, price: int | None) -> int:
    """A line's amount in whole cents, half a cent up, by other arithmetic than the product's."""
    if price is None or row.price_unit is PriceUnit.SESSION:
        return price or 0
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    return (price * minutes * 2 + 60) // 120


def require_same_sessions(lines: list[Line], told: str) -> None:
    """Families' and tutors' statements name the same sessions."""
    named: dict[Side, set[int]] = defaultdict(set)
    for line in lines:
        if line.sessions > 0 and not line.subject_of.is_penalty:
            named[line.side].add(line.subject_of.appointment_id)
    assert named[Side.FAMILY] == named[Side.TUTOR], told


def require_moved_credits_told(rows: Rows, lines: list[Line], told: str) -> None:
    """Credits that a coordinator gave or took stand on the family's statements, and no others."""
    stated: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.subject_of.entry_id:
            stated[line.subject_of.entry_id] += int(line.subject)
    undone = rows.undone
    given = {
        one.id: one.sessions
        for one in rows.entries
        if one.kind is EntryKind.ADJUSTMENT and one.id not in undone
    }
    assert {entry_id: moved for entry_id, moved in stated.items() if moved} == given, told
