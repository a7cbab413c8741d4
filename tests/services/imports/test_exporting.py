"""What is exported can be imported into an empty database, and gives the same (SPEC 7, 11)."""

import random
import zipfile
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from models import Appointment, Holiday, Match, Person, Student
from models.enums import Kind, MatchStatus, Origin, PriceUnit, Role, Status
from services.db import Session
from services.imports.exporting import Line, export_tables
from services.imports.importing import Counts, import_paths
from services.imports.sources import Table
from services.imports.writing import write_workbook, write_zip
from services.matches.offers import Terms, offer
from services.packages.purchases import Purchase, buy
from services.rules.weekly import WeeklyTime
from services.sessions.cancellations import cancel_for
from services.sessions.coordinator_actions import move
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.imports.runs import PRICED
from tests.services.proofs import every_row

NAMES = ("=1+1", "-Ann", "'quoted", "Zoë “Z” O'Hara", "陈美玲", "a;b", " +65 ", "@home", "'=x")
FINAL = (Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT, Status.NOT_COMPLETED)


def exported(database: OpenDatabase) -> dict[Table, list[Line]]:
    with database.reading() as session:
        return {table: list(lines) for table, lines in export_tables(session, PRICED, NOW)}


def populate(session: Session, chance: random.Random) -> None:
    """An agency with everything that an export tells, by chance."""
    tutors = [builders.tutor(session, name=chance.choice(NAMES).strip()) for _ in range(3)]
    tutors[0].ref = "t-1"
    coordinator = builders.coordinator(session, language="ms", time_zone="Europe/London")
    children = []
    for number in range(4):
        parents = [builders.parent(session) for _ in range(chance.randint(0, 2))]
        address = chance.choice([None, "12 Orchard Road", "=HYPERLINK(1)"])
        ref = chance.choice([None, f"s-{number}"])
        children.append(builders.student(session, parents, ref=ref, address=address))
    for number in range(30):
        session_by_chance(session, chance, number, chance.choice(tutors), chance.choice(children))
    matches(session, chance, coordinator, tutors, children)
    for child in children[:2]:
        last = chance.choice([None, date(2027, 1, 31)])
        price = chance.choice([None, 80050])
        purchase = Purchase(child.id, chance.randint(1, 20), date(2026, 11, 1), last, price)
        buy(session, purchase, PRICED, acting(coordinator))
    session.add(Holiday(date=date(2026, 12, 25), name="Christmas"))


def session_by_chance(
    session: Session, chance: random.Random, number: int, tutor: Person, child: Student
) -> None:
    status = chance.choice(list(Status))
    days = -number - 1 if status is not Status.SCHEDULED else chance.choice([-number - 1, number])
    values: dict[str, Any] = {"status": status, "kind": chance.choice(list(Kind))}
    if status is Status.APPROVED and chance.random() < 0.5:
        values |= {"origin": Origin.IMPORTED, "checked_in_at": None, "checked_out_at": None}
    if chance.random() < 0.3:
        values["ref"] = f"a-{number}"
    builders.appointment(
        session,
        tutor=tutor,
        student=child,
        starts_at=NOW + timedelta(days=days, seconds=chance.choice([0, 0, 7])),
        minutes=chance.choice([45, 60, 90]),
        subject=chance.choice(NAMES),
        **values,
    )


def matches(
    session: Session,
    chance: random.Random,
    coordinator: Person,
    tutors: list[Person],
    children: list[Student],
) -> None:
    """Matches that were agreed, of which sessions were moved and cancelled, and one offered."""
    by = acting(coordinator)
    for number, child in enumerate(children):
        is_agreed = number != 1
        times = (WeeklyTime(4, time(9 + number), 60), WeeklyTime(2, time(14 + number, 30), 90))
        terms = Terms(
            chance.choice(tutors).id,
            child.id,
            "Mathematics",
            times[: chance.randint(1, 2)],
            date(2026, 11, 1),
            chance.choice([None, date(2027, 6, 30)]),
            price=chance.choice([None, 6050]),
            price_unit=chance.choice(list(PriceUnit)),
            ref=chance.choice([None, f"m~{number}"]),
        )
        made = offer(session, by, terms, PRICED, is_agreed=is_agreed)
        for one in made.booking.sessions:
            done = chance.random()
            if done < 0.1:
                cancel_for(session, one.id, by, Role.TUTOR, "Unwell", None)
            elif done < 0.2:
                new = one.starts_at + timedelta(hours=7)
                move(session, one.id, by, new, "As agreed", seen=one.starts_at, zone=ZONE)


@pytest.mark.parametrize("seed", range(6))
async def test_imported_into_an_empty_database_it_is_the_same(
    sqlite: SqliteDatabases, tmp_path: Path, seed: int
) -> None:
    with sqlite.fresh() as url, sqlite.fresh() as other_url:
        first, second = OpenDatabase(url), OpenDatabase(other_url)
        with first.unit_of_work() as session:
            populate(session, random.Random(seed))
        there = exported(first)
        path = tmp_path / "agency.xlsx"
        if seed % 2:
            write_workbook(path, there.items())
        else:
            write_zip(tmp_path / "agency.zip", there.items())
            with zipfile.ZipFile(tmp_path / "agency.zip") as archive:
                archive.extractall(path)

        report = await import_paths(second, [path], PRICED, NOW, dry_run=False)
        same = await import_paths(first, [path], PRICED, NOW, dry_run=True)

        assert report.problems == same.problems == ()
        assert exported(second) == there
        for table, counts in same.tables.items():  # and nothing is new where it comes from
            assert counts == Counts(unchanged=len(there[table]) - 1)
        before = every_row(second)
        again = await import_paths(second, [path], PRICED, NOW, dry_run=False)
        assert again.problems == ()
        assert every_row(second) == before
        require_linked(first, second)
        await first.close()
        await second.close()


async def test_from_either_kind_of_database_it_is_the_same_in_the_other(
    database: OpenDatabase, sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    with sqlite.fresh() as url:
        other = OpenDatabase(url)
        with database.unit_of_work() as session:
            populate(session, random.Random(7))
        there = exported(database)
        write_workbook(tmp_path / "agency.xlsx", there.items())

        report = await import_paths(other, [tmp_path / "agency.xlsx"], PRICED, NOW, dry_run=False)
        same = await import_paths(database, [tmp_path / "agency.xlsx"], PRICED, NOW, dry_run=True)

        assert report.problems == same.problems == ()
        assert exported(other) == there
        assert {counts.new + counts.changed for counts in same.tables.values()} == {0}
        await other.close()


def require_linked(first: OpenDatabase, second: OpenDatabase) -> None:
    """Require that the sessions of matches that go on stand for the same days in both."""
    found = []
    for database in (first, second):
        with database.reading() as session:
            rows = session.exec(
                select(Appointment, Match).join(Match).where(Match.status == MatchStatus.ACCEPTED)
            ).all()
            found.append(
                sorted(
                    (one.starts_at, one.match_day, one.status, one.price or 0, match.price or 0)
                    for one, match in rows
                )
            )
    assert found[0] == found[1]
    assert found[0]


async def test_nothing_in_an_exported_file_is_a_formula(
    sqlite: SqliteDatabases, tmp_path: Path
) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        with database.unit_of_work() as session:
            for name in NAMES:
                builders.tutor(session, name=name)
        there = exported(database)
        write_workbook(tmp_path / "agency.xlsx", there.items())
        write_zip(tmp_path / "agency.zip", there.items())
        await database.close()

    sheets = openpyxl.load_workbook(tmp_path / "agency.xlsx")
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    with zipfile.ZipFile(tmp_path / "agency.zip") as archive:
        text = archive.read("people.csv").decode("utf-8-sig")
    firsts = [line.split(",")[1].strip('"') for line in text.splitlines()]
    assert "'=1+1" in firsts
    assert "''=x" in firsts
    assert not [one for one in firsts if one[:1] in "=+-@"]
