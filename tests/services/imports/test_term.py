"""An agency's term: set up from one workbook, held for ten weeks, and its sums add up (SPEC 7)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import col, select

from models import Appointment, Guardianship, Match, Package, PackageEntry, Person, Student
from models.enums import Channel, DisputeReason, EntryKind, Kind, Origin, Role, Side, Status
from sandbox.demo.term import WEEKS, term_tables, write_term
from services.adhoc.batches import log_batch
from services.approvals.approvals import acknowledge
from services.approvals.disputes import dispute, latest_dispute, uphold
from services.db import Session
from services.imports.importing import Counts, import_paths
from services.imports.sources import Table
from services.lifecycle.actors import Actor
from services.matches.horizon import due_matches, extend_match
from services.queries.statements import statements_of
from services.rules.adhoc import AdhocLine
from services.rules.billing import Totals, totals
from services.rules.money import line_amount
from services.sessions.attendance import check_in, check_out
from services.sessions.cancellations import cancel_for
from tests.builders import ZONE
from tests.open_database import OpenDatabase
from tests.services.imports.runs import PRICED

FIRST = date(2026, 11, 30)
"""A Monday."""
BEFORE = datetime(2026, 11, 27, 4, tzinfo=UTC)
AFTER = BEFORE + timedelta(weeks=WEEKS + 1)
DAY = timedelta(days=1)
OLD = 3
"""Sessions that the old system has as held: they have no price here."""
LIVE = (Status.SCHEDULED,)


def acting(person_id: int, now: datetime) -> Actor:
    return Actor(person_id, Channel.TELEGRAM, now)


async def test_a_term_from_one_workbook_adds_up(database: OpenDatabase, tmp_path: Path) -> None:
    write_term(tmp_path / "term.xlsx", FIRST)
    path = [tmp_path / "term.xlsx"]
    checked = await import_paths(database, path, PRICED, BEFORE, dry_run=True)
    report = await import_paths(database, path, PRICED, BEFORE, dry_run=False)
    again = await import_paths(database, path, PRICED, BEFORE, dry_run=False)

    rows = {Table(name): len(lines) - 1 for name, lines in term_tables(FIRST).items()}
    assert checked.problems == report.problems == again.problems == ()
    assert report.tables == {table: Counts(new=count) for table, count in rows.items()}
    assert again.tables == {table: Counts(unchanged=count) for table, count in rows.items()}

    done = Term(database)
    for week in range(WEEKS + 1):
        done.hold_week(BEFORE + timedelta(weeks=week))

    with database.reading() as session:
        require_all_booked(session)
        require_ledger(session)
        require_sums(session, done)
        require_statements(session, done)
    last = await import_paths(database, path, PRICED, AFTER, dry_run=True)
    assert last.problems == ()
    assert last.tables == again.tables


class Term:
    """The agency at work, week by week: most sessions are held, some are not."""

    def __init__(self, database: OpenDatabase) -> None:
        self._database = database
        self.held: Counter[tuple[str, Kind]] = Counter()
        """Approved sessions, by child's ref and kind."""
        with database.reading() as session:
            people = session.exec(select(Person)).all()
            self._by_ref = {person.ref: person.id for person in people}
            self._children = {one.id: one for one in session.exec(select(Student)).all()}
            guardians = session.exec(select(Guardianship)).all()
            self._parents = {one.student_id: one.person_id for one in guardians}

    def hold_week(self, monday: datetime) -> None:
        """Extend the matches, and do what is to be done with each session of seven days."""
        with self._database.unit_of_work() as session:
            for match_id in due_matches(session, PRICED, monday):
                extend_match(session, match_id, PRICED, monday)
        with self._database.reading() as session:
            found = session.exec(
                select(Appointment)
                .where(
                    col(Appointment.status).in_(LIVE),
                    col(Appointment.starts_at) >= monday,
                    col(Appointment.starts_at) < monday + timedelta(weeks=1),
                )
                .order_by(col(Appointment.starts_at), col(Appointment.id))
            ).all()
        for row in found:
            with self._database.unit_of_work() as session:
                self._hold(session, row)
        with self._database.unit_of_work() as session:
            self._log_extra(session, monday)

    def _hold(self, session: Session, row: Appointment) -> None:
        coordinator, parent = self._by_ref["c-1"], self._parents[row.student_id]
        if row.id % 7 == 3:
            at = row.starts_at - DAY
            cancel_for(session, row.id, acting(coordinator, at), Role.TUTOR, "Unwell", None)
            return
        check_in(session, row.id, acting(row.tutor_id, row.starts_at), PRICED)
        check_out(session, row.id, acting(row.tutor_id, row.ends_at))
        evening = row.ends_at + timedelta(hours=2)
        if row.id % 11 == 5:
            reason, text = DisputeReason.DID_NOT_TAKE_PLACE, "Nobody came."
            dispute(session, row.id, acting(parent, evening), reason, text)
            made = latest_dispute(session, row.id)
            assert made is not None
            uphold(session, made.id, acting(coordinator, evening + DAY), "The log shows it.")
            return
        acknowledge(session, row.id, acting(parent, evening))
        self.held[self._children[row.student_id].ref or "", row.kind] += 1

    def _log_extra(self, session: Session, monday: datetime) -> None:
        """Two extra sessions of Emily's every fourth week, of which one is acknowledged."""
        if (monday - BEFORE).days % 28 != 14:
            return
        child = next(one for one in self._children.values() if one.ref == "s-1")
        start = (monday - DAY).astimezone(ZONE).replace(hour=10, minute=0).astimezone(UTC)
        lines = [
            AdhocLine(child.id, start, 60, "Exam revision"),
            AdhocLine(child.id, start + timedelta(hours=2), 45, "Past papers"),
        ]
        batch = log_batch(session, acting(self._by_ref["t-1"], monday), PRICED, lines)
        acknowledge(
            session, batch.appointments[0].id, acting(self._parents[child.id], monday + DAY)
        )
        self.held["s-1", Kind.ADHOC] += 1


def require_all_booked(session: Session) -> None:
    """Require one session for each day of each weekly slot but the holidays."""
    closed = {FIRST + timedelta(weeks=2), FIRST + timedelta(weeks=2) + DAY}
    days = [FIRST + number * DAY for number in range(7 * WEEKS)]
    for ref, weekdays in (("m-1", (2, 4)), ("m-2", (3,)), ("m-3", (1,))):
        found = session.exec(select(Appointment).join(Match).where(Match.ref == ref)).all()
        wanted = [day for day in days if day.isoweekday() in weekdays and day not in closed]
        assert sorted(one.match_day for one in found if one.match_day) == wanted
    trial = session.exec(select(Appointment).where(Appointment.kind == Kind.TRIAL)).all()
    assert len(trial) == 1


def require_ledger(session: Session) -> None:
    """Require a credit, or a mark that one is owed, for each approved regular native session."""
    approved = session.exec(
        select(Appointment.id).where(
            Appointment.status == Status.APPROVED,
            Appointment.kind == Kind.REGULAR,
            Appointment.origin == Origin.NATIVE,
        )
    ).all()
    entries = session.exec(select(PackageEntry)).all()
    of_sessions = Counter(
        one.appointment_id for one in entries if one.kind in (EntryKind.DEDUCTION, EntryKind.OWED)
    )
    assert of_sessions == Counter(approved)
    for package in session.exec(select(Package)).all():
        moved = [one.sessions for one in entries if one.package_id == package.id]
        assert moved[0] == package.sessions_total
        assert 0 <= sum(moved) == package.sessions_total - len(moved) + 1


def require_sums(session: Session, done: Term) -> None:
    """Require that sessions, prices and pay are what the workbook's terms come to."""
    rows = session.exec(
        select(Appointment, Student.ref)
        .join(Student)
        .where(Appointment.status == Status.APPROVED, Appointment.origin == Origin.NATIVE)
    ).all()
    assert Counter((ref, row.kind) for row, ref in rows) == done.held
    prices, pays = Counter[str | None](), Counter[str | None]()
    for row, ref in rows:
        minutes = int((row.ends_at - row.starts_at).total_seconds()) // 60
        is_hourly = row.price_unit == "hour"
        prices[ref] += line_amount(row.price or 0, minutes, by_hour=is_hourly)
        pays[ref] += line_amount(row.pay or 0, minutes, by_hour=is_hourly)
    held = done.held
    emily = held["s-1", Kind.REGULAR] * Decimal(90) + held["s-1", Kind.ADHOC] * Decimal(60)
    assert Decimal(prices["s-1"]) / 100 == emily
    assert Decimal(pays["s-1"]) / 100 == emily * 45 / 60
    assert prices["s-2"] == held["s-2", Kind.REGULAR] * 7000
    assert prices["s-3"] == held["s-3", Kind.REGULAR] * 8063  # 80.625, rounded once, half up
    assert pays["s-3"] == held["s-3", Kind.REGULAR] * 6031  # 60.3125
    assert prices["s-4"] == pays["s-4"] == held["s-4", Kind.TRIAL] * 3000
    assert min(held.values()) >= 1


def require_statements(session: Session, done: Term) -> None:
    """Require that statements of families and tutors come to the same sessions, and to their sums.

    What a package covers is paid for by the package; a session that is owed has its own price.
    """
    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    sums: dict[Side, list[Totals]] = {side: [] for side in Side}
    for month in months:
        for one in statements_of(session, PRICED, month, AFTER):
            sums[one.side].append(totals(one.lines))
    held = sum(done.held.values())
    for side in Side:
        assert sum(one.sessions for one in sums[side]) == held + OLD
        assert sum(one.unpriced for one in sums[side]) == OLD
    rows = session.exec(
        select(Appointment).where(
            Appointment.status == Status.APPROVED, Appointment.origin == Origin.NATIVE
        )
    ).all()
    deducted = session.exec(
        select(PackageEntry.appointment_id).where(PackageEntry.kind == EntryKind.DEDUCTION)
    ).all()
    pay = price = 0
    for row in rows:
        minutes = int((row.ends_at - row.starts_at).total_seconds()) // 60
        is_hourly = row.price_unit == "hour"
        pay += line_amount(row.pay or 0, minutes, by_hour=is_hourly)
        if row.id not in deducted:
            price += line_amount(row.price or 0, minutes, by_hour=is_hourly)
    bought = sum(one.price or 0 for one in session.exec(select(Package)).all())
    assert sum(one.amount for one in sums[Side.TUTOR]) == pay
    assert sum(one.amount for one in sums[Side.FAMILY]) == price + bought
