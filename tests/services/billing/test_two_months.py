"""Two simulated months by chance: after each event the books add up (SPEC 7).

`SOAK_SEEDS=1000` plays as many; the test run plays a few, on both kinds of database.
"""

import contextlib
import os
from collections import defaultdict
from random import Random
from typing import Any

import pytest
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from models import (
    Appointment,
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
from services.queries.billing_months import by_party, frozen_lines, lines_of
from services.rules.billing import Line, Subject, months_between, next_month
from services.rules.packages import uses_credit
from tests.open_database import OpenDatabase
from tests.services.billing.simulated import END, MONEYED, Agency, months_so_far

SEEDS = range(int(os.environ.get("SOAK_SEEDS", "4")))
Sums = dict[tuple[Side, Subject], tuple[int, int, int]]


class UndoneError(Exception):
    """Ends the transaction of a seed, which leaves no trace."""


@pytest.mark.parametrize("seed", SEEDS)
def test_after_each_event_the_books_add_up(database: OpenDatabase, seed: int) -> None:
    with contextlib.suppress(UndoneError), database.unit_of_work() as session:
        play(session, seed)
        raise UndoneError


def play(session: Session, seed: int) -> None:
    """Two months; the first is closed when the second ends, if not before."""
    agency = Agency(session, Random(seed))
    frozen: dict[int, Any] = {}
    happened = []
    while agency.now < END:
        happened.append(agency.step())
        lines = every_line(session, agency)
        told = f"seed {seed} after {happened[-12:]}"
        require_ledger_adds_up(session, told)
        require_each_billed_once(session, lines, told)
        require_same_sessions(lines, told)
        frozen = unchanged(session, frozen, told)
    parties = by_party(session, lines)
    assert sum(map(len, parties.values())) == len(lines), told


def every_line(session: Session, agency: Agency) -> list[Line]:
    """Lines of all statements, closed and open."""
    first, running = months_so_far(session, agency.now)
    lines = frozen_lines(session)
    for month in months_between(first, next_month(running)):  # a session to come is cancelled, too
        found = lines_of(session, MONEYED, month, EVERYBODY, first)
        lines += found
    return [line for line in lines if line.counts]


def require_ledger_adds_up(session: Session, told: str) -> None:
    """The sums of entries are the packages less the sessions that they paid for, line by line."""
    entries = session.exec(select(PackageEntry)).all()
    undone = {one.reverses_id for one in entries}
    standing = [one for one in entries if one.id not in undone]
    for package in session.exec(select(Package)).all():
        own = [one for one in entries if one.package_id == package.id]
        bought = sum(
            one.sessions
            for one in standing
            if one.package_id == package.id
            and one.kind in {EntryKind.PURCHASE, EntryKind.ADJUSTMENT}
        )
        paid = [
            one
            for one in standing
            if one.package_id == package.id and one.kind is EntryKind.DEDUCTION
        ]
        assert sum(one.sessions for one in own) == bought - len(paid), told
    noted: dict[int | None, list[EntryKind]] = defaultdict(list)
    for one in entries:
        if one.kind in {EntryKind.DEDUCTION, EntryKind.OWED}:
            noted[one.appointment_id].append(one.kind)
    for row in session.exec(select(Appointment)).all():
        wants = row.status is Status.APPROVED and uses_credit(
            row.kind, row.origin, row.billed_as_addon
        )
        assert (row.id in noted) == wants, told
        assert len(set(noted[row.id])) == len(noted[row.id]), told


def require_each_billed_once(session: Session, lines: list[Line], told: str) -> None:
    """Each subject's lines, on all statements together, say what is true now."""
    sums: dict[tuple[Side, Subject], list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        found = sums[line.side, line.subject_of]
        for place, value in enumerate((line.sessions, line.credits, line.amount or 0)):
            found[place] += value
    expected = expected_sums(session)
    for key in sums.keys() | expected.keys():
        assert tuple(sums[key]) == expected.get(key, (0, 0, 0)), (told, key)


def expected_sums(session: Session) -> Sums:
    """Sessions, credits and amount of each subject, reckoned from the rows alone."""
    entries = session.exec(select(PackageEntry)).all()
    undone = {one.reverses_id for one in entries}
    covered = {
        one.appointment_id
        for one in entries
        if one.kind is EntryKind.DEDUCTION and one.id not in undone
    }
    expected: Sums = {}
    for row in session.exec(select(Appointment).where(Appointment.status == Status.APPROVED)).all():
        about, is_covered = Subject(appointment_id=row.id), row.id in covered
        charged = 0 if is_covered else priced(row, row.price)
        expected[Side.FAMILY, about] = (1, int(is_covered), charged)
        expected[Side.TUTOR, about] = (1, 0, priced(row, row.pay))
    for found in session.exec(select(Cancellation)).all():
        if found.waived_at is None and found.amount is not None:
            about = Subject(appointment_id=found.appointment_id, is_penalty=True)
            is_tutors = found.side.value == Side.TUTOR.value
            side = Side.TUTOR if is_tutors else Side.FAMILY
            expected[side, about] = (0, 0, -found.amount if is_tutors else found.amount)
    for one in entries:
        if one.kind is EntryKind.PURCHASE and one.id not in undone:
            price = session.get_one(Package, one.package_id).price or 0
            expected[Side.FAMILY, Subject(package_id=one.package_id or 0)] = (0, 0, price)
    for entered in session.exec(select(BillingAdjustment)).all():
        expected[entered.side, Subject(adjustment_id=entered.id)] = (0, 0, entered.amount)
    return expected


def priced(row: Appointment, price: int | None) -> int:
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


def unchanged(session: Session, before: dict[int, Any], told: str) -> dict[int, Any]:
    """Rows of every closed month by its id, the same as before for those closed before."""
    found: dict[int, Any] = {}
    for month in session.exec(select(BillingMonth).order_by(col(BillingMonth.id))).all():
        rows = session.execute(
            select_rows(BillingStatement.__table__, BillingLine.__table__)  # type: ignore[attr-defined]
            .join(BillingLine, col(BillingLine.statement_id) == BillingStatement.id)
            .where(col(BillingStatement.month_id) == month.id)
            .order_by(col(BillingLine.id))
        )
        found[month.id] = [tuple(row) for row in rows]
    for month_id, rows_before in before.items():
        assert found[month_id] == rows_before, told
    return found
