"""Import of a table of sessions: rows a second against a raw `executemany`, and memory."""

import csv
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.databases import migrate, sqlite_url, work_folder
from benchmarks.measuring import Spread, by_turns, load_average
from benchmarks.places import ROOT
from benchmarks.processes import environment
from benchmarks.results import Result

ROWS, MANY_ROWS = 10_000, 50_000
TUTORS, CHILDREN = 200, 400
COLUMNS = (
    *("ref", "tutor_ref", "student_ref", "subject", "starts_at", "duration_minutes"),
    *("status", "origin"),
)
INSERT = (
    "INSERT INTO appointment (ref, tutor_id, student_id, subject, starts_at, ends_at, status, kind,"
    " origin, billed_as_addon, student_absent, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 'regular', 'imported', 0, 0, '2026-01-01 00:00:00.000000')"
)


@dataclass(frozen=True)
class Imported:
    """Cost of an import, as a whole process with its start."""

    seconds: float
    peak_bytes: int


async def measure(*, quick: bool) -> list[Result]:
    """Time the command `import`, minus the same command with a single session."""
    rounds = 3 if quick else 5
    with work_folder() as folder:
        many, one = _tables(folder / "many", ROWS), _tables(folder / "one", 1)

        async def subject(number: int) -> float:
            least = _import(folder, f"one-{number}", one)
            return ROWS / (_import(folder, f"many-{number}", many).seconds - least.seconds)

        async def raw(number: int) -> float:
            return ROWS / _insert(folder, f"raw-{number}", many)

        turns = await by_turns(raw, subject, rounds)
        peaks = [
            _import(folder, f"peak-{rows}", _tables(folder / f"peak-of-{rows}", rows)).peak_bytes
            for rows in (ROWS, MANY_ROWS)
        ]
    ours, theirs = Spread.of(turns.subject).median, Spread.of(turns.floor).median
    shown = " and ".join(f"{peak / 2**20:.0f} MB" for peak in peaks)
    return [
        Result(
            f"import: rows/s over raw executemany, {ROWS:,} rows",
            turns.ratio,
            "times",
            ">= 0.2",
            f"{ours:,.0f}/s over {theirs:,.0f}/s",
            load_average(),
        ),
        Result(
            f"import: peak memory at {MANY_ROWS:,} rows over that at {ROWS:,}",
            Spread.of([peaks[1] / peaks[0]]),
            "times",
            "constant",
            shown,
            load_average(),
        ),
    ]


def _tables(folder: Path, rows: int) -> Path:
    """Import files of an agency with this number of past sessions, of 90 minutes each."""
    folder.mkdir(parents=True)
    people = [(f"t{n}", f"Tutor {n}", "tutor") for n in range(TUTORS)]
    people += [(f"p{n}", f"Parent {n}", "parent") for n in range(CHILDREN)]
    children = [(f"s{n}", f"Student {n}", f"p{n}", "12 Orchard Road") for n in range(CHILDREN)]
    _write(folder / "people.csv", ("ref", "name", "roles"), people)
    _write(folder / "students.csv", ("ref", "name", "guardian_refs", "address"), children)
    _write(folder / "sessions.csv", COLUMNS, _sessions(rows))
    return folder


def _sessions(rows: int) -> Iterator[tuple[str, ...]]:
    begins = datetime(2025, 1, 6, tzinfo=UTC)
    for n in range(rows):
        at = begins + timedelta(hours=2 * (n // TUTORS))
        who = n % TUTORS
        when = (at.isoformat(), "90")
        yield (f"a{n}", f"t{who}", f"s{who}", "Maths", *when, "approved", "imported")


def _write(path: Path, header: tuple[str, ...], rows: object) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]


def _import(folder: Path, name: str, tables: Path) -> Imported:
    """Run the command on a new database."""
    url = sqlite_url(folder / f"{name}.sqlite")
    migrate(url)
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "bot.py"), "import", str(tables)],
        cwd=ROOT,
        env=environment(DATABASE_URL=url),
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"the import ended with {process.returncode}")
    return Imported(time.perf_counter() - began, used.ru_maxrss * 1024)


def _insert(folder: Path, name: str, tables: Path) -> float:
    """Seconds to read the same file and insert its rows without checks."""
    path = folder / f"{name}.sqlite"
    migrate(sqlite_url(path))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = FULL")
    began = time.perf_counter()
    with (tables / "sessions.csv").open(newline="", encoding="utf-8") as file:
        connection.executemany(INSERT, map(_row, csv.DictReader(file)))
    connection.commit()
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def _row(cells: dict[str, str]) -> tuple[object, ...]:
    starts_at = datetime.fromisoformat(cells["starts_at"])
    ends_at = starts_at + timedelta(minutes=int(cells["duration_minutes"]))
    tutor, child = int(cells["tutor_ref"][1:]) + 1, int(cells["student_ref"][1:]) + 1
    times = (f"{at:%Y-%m-%d %H:%M:%S.000000}" for at in (starts_at, ends_at))
    return (cells["ref"], tutor, child, cells["subject"], *times, cells["status"])
