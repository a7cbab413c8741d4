"""Import of matches, packages and holidays, through their use cases (SPEC 7, 11)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from locales.import_wording import report_lines
from models import Appointment, AuditEvent, Holiday, Match, MatchSlot, Package
from models.enums import Action, Kind, MatchStatus, MessageKind, Origin, PriceUnit, Status
from services.imports.importing import Counts, import_paths
from services.imports.problems import ProblemCode
from services.imports.sources import Table
from services.matches.ending import end
from services.queries.packages import package_view
from services.rules.money import Currency
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import PRICED, codes, counts, imported, rows_of
from tests.services.proofs import every_row, recipients

LATER = NOW + timedelta(days=1)


def sessions_of(database: OpenDatabase, match: Match) -> list[Appointment]:
    with database.reading() as session:
        found = session.exec(
            select(Appointment)
            .where(Appointment.match_id == match.id)
            .order_by(col(Appointment.starts_at))
        )
        return list(found.all())


async def test_an_accepted_match_has_its_sessions_at_once_but_for_holidays(
    database: OpenDatabase, tmp_path: Path
) -> None:
    match = files.match(
        weekday="thu; Mon",
        start_time="16:00;9:30",
        duration_minutes="90;60",
        price="60.50",
        pay="45/hour",
        ends_on="2026-12-28",
    )
    folder = files.write(
        tmp_path, sessions=[], matches=[match], holidays=[files.holiday()], packages=[]
    )

    report = await imported(database, folder, agency=PRICED)

    assert report.problems == ()
    assert counts(report)[Table.MATCHES] == counts(report)[Table.HOLIDAYS] == Counts(new=1)
    [row] = rows_of(database, Match)
    assert (row.ref, row.status, row.kind) == ("m1", MatchStatus.ACCEPTED, Kind.REGULAR)
    assert (row.price, row.pay, row.price_unit) == (6050, 4500, PriceUnit.HOUR)
    slots = {(one.weekday, f"{one.start_time:%H:%M}") for one in rows_of(database, MatchSlot)}
    assert slots == {(1, "09:30"), (4, "16:00")}
    found = sessions_of(database, row)
    days = [one.starts_at.astimezone(ZONE) for one in found]
    assert [f"{day:%a %d %b %H:%M}" for day in days] == [
        "Thu 26 Nov 16:00",
        "Mon 30 Nov 09:30",
        "Thu 03 Dec 16:00",
        "Mon 07 Dec 09:30",
        "Thu 10 Dec 16:00",
        "Mon 14 Dec 09:30",
        "Thu 17 Dec 16:00",
        "Mon 21 Dec 09:30",
        "Mon 28 Dec 09:30",  # not on Christmas Eve
    ]
    assert {(one.status, one.origin, one.price) for one in found} == {
        (Status.SCHEDULED, Origin.NATIVE, 6050)
    }


async def test_any_other_match_asks_the_parents(database: OpenDatabase, tmp_path: Path) -> None:
    folder = files.write(tmp_path, sessions=[], matches=[files.match(accepted="")])

    await imported(database, folder)

    [row] = rows_of(database, Match)
    assert row.status is MatchStatus.OFFERED
    assert sessions_of(database, row) == []
    assert len(recipients(database, MessageKind.MATCH_OFFERED)) == 1


async def test_a_package_is_recorded_with_its_ledger(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(tmp_path, sessions=[], packages=[files.package(price="800")])

    await imported(database, folder, agency=PRICED)

    [row] = rows_of(database, Package)
    assert (row.ref, row.sessions_total, row.price) == ("k1", 10, 80000)
    assert (row.starts_on, row.expires_on) == (date(2026, 11, 1), date(2027, 1, 31))
    with database.reading() as session:
        view = package_view(session, row.id)
    assert view is not None
    assert view.left == 10


async def test_running_it_twice_changes_nothing_also_after_what_was_done_since(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(
        tmp_path,
        matches=[files.match(), files.match("m2", accepted="no", weekday="fri")],
        packages=[files.package()],
        holidays=[files.holiday(), files.holiday("2026-12-25 00:00:00", name="Christmas")],
    )
    await imported(database, folder)
    before = every_row(database)
    again = await imported(database, folder, now=LATER)
    assert every_row(database) == before
    with database.unit_of_work() as session:
        coordinator = builders.coordinator(session)
        first = session.exec(select(Match).where(Match.ref == "m1")).one()
        end(session, first.id, acting(coordinator), date(2026, 12, 31), AGENCY)
    since = every_row(database)

    last = await imported(database, folder, now=LATER)

    for report in (again, last):
        assert report.problems == ()
        assert counts(report)[Table.MATCHES] == Counts(unchanged=2)
        assert counts(report)[Table.PACKAGES] == Counts(unchanged=1)
        assert counts(report)[Table.HOLIDAYS] == Counts(unchanged=2)
    assert every_row(database) == since


async def test_a_row_that_differs_is_told_and_changes_nothing(
    database: OpenDatabase, tmp_path: Path
) -> None:
    first = files.write(
        tmp_path / "first",
        matches=[files.match()],
        packages=[files.package()],
        holidays=[files.holiday()],
    )
    await imported(database, first)
    before = every_row(database)
    then = files.write(
        tmp_path / "then",
        matches=[files.match(start_time="17:00", subject="Physics")],
        packages=[files.package(sessions_total=20)],
        holidays=[files.holiday(name="Closed")],
    )

    report = await imported(database, then)

    assert [(one.code, one.params["columns"]) for one in report.problems] == [
        (ProblemCode.RECORD_DIFFERS, "subject, start_time"),
        (ProblemCode.RECORD_DIFFERS, "sessions_total"),
        (ProblemCode.RECORD_DIFFERS, "name"),
    ]
    assert every_row(database) == before


@pytest.mark.parametrize(
    ("table", "over", "column", "code"),
    [
        ("matches", {"ref": ""}, "ref", ProblemCode.EMPTY),
        ("matches", {"tutor_ref": "p1"}, "tutor_ref", ProblemCode.ROLE_MISSING),
        ("matches", {"tutor_ref": "t9"}, "tutor_ref", ProblemCode.REF_UNKNOWN),
        ("matches", {"student_ref": "s9"}, "student_ref", ProblemCode.REF_UNKNOWN),
        ("matches", {"subject": "x" * 61}, "subject", ProblemCode.TOO_LONG),
        ("matches", {"weekday": ""}, "weekday", ProblemCode.EMPTY),
        ("matches", {"weekday": "8"}, "weekday", ProblemCode.NOT_ONE_OF),
        ("matches", {"weekday": "thursdays"}, "weekday", ProblemCode.NOT_ONE_OF),
        ("matches", {"weekday": "thu;thu"}, "weekday", ProblemCode.SLOTS_OVERLAP),
        (
            "matches",
            {"weekday": "thu;fri", "kind": "trial"},
            "weekday",
            ProblemCode.TOO_MANY_SLOTS,
        ),
        ("matches", {"start_time": ""}, "start_time", ProblemCode.EMPTY),
        ("matches", {"start_time": "4pm"}, "start_time", ProblemCode.NOT_A_CLOCK_TIME),
        ("matches", {"start_time": "25:00"}, "start_time", ProblemCode.NOT_A_CLOCK_TIME),
        (
            "matches",
            {"weekday": "mon;thu;fri", "start_time": "16:00;17:00"},
            "start_time",
            ProblemCode.COUNTS_DIFFER,
        ),
        ("matches", {"duration_minutes": 10}, "duration_minutes", ProblemCode.NOT_A_NUMBER),
        ("matches", {"duration_minutes": 481}, "duration_minutes", ProblemCode.NOT_A_NUMBER),
        ("matches", {"starts_on": ""}, "starts_on", ProblemCode.EMPTY),
        ("matches", {"starts_on": "26/11/2026"}, "starts_on", ProblemCode.NOT_A_DAY),
        ("matches", {"starts_on": "2026-02-30"}, "starts_on", ProblemCode.NOT_A_DAY),
        ("matches", {"starts_on": "1999-01-01"}, "starts_on", ProblemCode.TIME_OUT_OF_RANGE),
        ("matches", {"ends_on": "2026-11-25"}, "ends_on", ProblemCode.ENDS_BEFORE_START),
        (
            "matches",
            {"starts_on": "2026-10-01", "ends_on": "2026-11-24"},
            "ends_on",
            ProblemCode.IS_OVER,
        ),
        ("matches", {"kind": "adhoc"}, "kind", ProblemCode.NOT_ONE_OF),
        ("matches", {"accepted": "maybe"}, "accepted", ProblemCode.NOT_ONE_OF),
        ("matches", {"price": "a lot"}, "price", ProblemCode.NOT_A_PRICE),
        ("matches", {"price": "60.505"}, "price", ProblemCode.NOT_A_PRICE),
        ("matches", {"price": "60/week"}, "price", ProblemCode.NOT_A_PRICE),
        ("matches", {"price": "90/session", "pay": "45"}, "pay", ProblemCode.UNITS_DIFFER),
        ("packages", {"student_ref": "s9"}, "student_ref", ProblemCode.REF_UNKNOWN),
        ("packages", {"sessions_total": ""}, "sessions_total", ProblemCode.EMPTY),
        ("packages", {"sessions_total": 0}, "sessions_total", ProblemCode.NOT_A_NUMBER),
        ("packages", {"sessions_total": 1001}, "sessions_total", ProblemCode.NOT_A_NUMBER),
        ("packages", {"expires_on": "2026-10-31"}, "expires_on", ProblemCode.ENDS_BEFORE_START),
        ("packages", {"price": "-1"}, "price", ProblemCode.NOT_AN_AMOUNT),
        ("holidays", {"date": ""}, "date", ProblemCode.EMPTY),
        ("holidays", {"date": "2026-12-24 10:00"}, "date", ProblemCode.NOT_A_DAY),
        ("holidays", {"name": ""}, "name", ProblemCode.EMPTY),
    ],
)
async def test_a_row_must_be_right(
    tmp_path: Path,
    one_database: OpenDatabase,
    table: str,
    over: dict[str, object],
    column: str,
    code: ProblemCode,
) -> None:
    makers: dict[str, Callable[..., files.Row]] = {
        "matches": files.match,
        "packages": files.package,
        "holidays": files.holiday,
    }
    records: dict[str, Any] = {table: [makers[table](**over)]}
    folder = files.write(tmp_path, sessions=[], **records)

    report = await imported(one_database, folder, agency=PRICED, dry_run=True)

    assert codes(report) == [(f"{table}.csv", 2, column, code)]


@pytest.mark.parametrize(
    ("currency", "like"),
    [
        (Currency("SGD", 2), "60.50, 60.50/hour or 60.50/session"),
        (Currency("JPY", 0), "6050, 6050/hour or 6050/session"),
        (Currency("KWD", 3), "6.050, 6.050/hour or 6.050/session"),
    ],
)
async def test_a_refused_price_says_how_it_is_written_in_the_agencys_currency(
    one_database: OpenDatabase, tmp_path: Path, currency: Currency, like: str
) -> None:
    folder = files.write(tmp_path, sessions=[], matches=[files.match(price="60/week")])
    agency = replace(PRICED, currency=currency)
    report = await imported(one_database, folder, agency=agency, dry_run=True)
    told = " ".join(report_lines(report))
    assert f"“60/week” is not a price in {currency.code} like {like}" in told


async def test_without_a_currency_there_are_no_prices_and_no_ref_or_day_comes_twice(
    one_database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(
        tmp_path,
        sessions=[],
        matches=[files.match(price="60"), files.match(weekday="fri")],
        packages=[files.package(price="800"), files.package()],
        holidays=[files.holiday(), files.holiday("2026-12-24 00:00:00")],
    )

    report = await imported(one_database, folder)

    assert codes(report) == [
        ("matches.csv", 2, "price", ProblemCode.NO_CURRENCY),
        ("matches.csv", 3, "ref", ProblemCode.REF_TWICE),
        ("packages.csv", 2, "price", ProblemCode.NO_CURRENCY),
        ("packages.csv", 3, "ref", ProblemCode.REF_TWICE),
        ("holidays.csv", 3, "date", ProblemCode.DAY_TWICE),
    ]
    assert rows_of(one_database, Match) == rows_of(one_database, Holiday) == []


async def test_a_page_imports_as_its_coordinator(database: OpenDatabase, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        coordinator = builders.coordinator(session)
    folder = files.write(tmp_path, matches=[files.match()])

    await import_paths(database, [folder], AGENCY, NOW, dry_run=False, by=coordinator.id)

    with database.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == Action.IMPORT)).all()
    assert {one.actor_id for one in events} == {coordinator.id}
    assert len(events) == 2  # the session and the match


async def test_extra_sessions_of_an_import_are_priced_as_the_match_says(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(
        tmp_path,
        sessions=[files.past(kind="adhoc"), files.past("a2", starts_at="2026-11-23 16:00")],
        matches=[files.match(price="60", pay="45")],
    )

    await imported(database, folder, agency=PRICED)

    extra, regular = (row for row in rows_of(database, Appointment) if row.ref)
    assert (extra.price, extra.pay, extra.price_unit) == (6000, 4500, PriceUnit.HOUR)
    assert (extra.billed_as_addon, regular.price) == (1, None)
