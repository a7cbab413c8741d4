"""Imports of more rows than are looked at together: they come in whole, and in little memory."""

import tracemalloc
from pathlib import Path

import pytest

from models import Appointment, AuditEvent
from services.imports.importing import Counts, import_paths
from services.imports.packed_rows import AT_ONCE, PackedRows
from services.imports.problems import Place, ProblemCode
from services.imports.sources import Table
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import codes, contents, counts, imported, rows_of

MANY = 2 * AT_ONCE + 1
BYTES_A_ROW = 400
"""That a further row may take: its ref, where that was first, and the packed row itself."""


def sessions(count: int, prefix: str = "a", **over: object) -> list[files.Row]:
    return [files.session(f"{prefix}{number}", **over) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1, MANY])
def test_packed_rows_come_back_in_order_as_often_as_they_are_asked_for(count: int) -> None:
    packed: PackedRows[list[object]] = PackedRows()
    rows: list[list[object]] = [[number, "林 கவிதா", None] for number in range(count)]
    for row in rows:
        packed.add(row)

    assert [list(packed), list(packed)] == [rows, rows]
    assert len(packed) == count


async def test_every_session_comes_in_with_its_own_event(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(tmp_path, sessions=sessions(MANY))

    report = await imported(database, folder)

    assert counts(report)[Table.SESSIONS] == Counts(new=MANY)
    ids = {row.ref: row.id for row in rows_of(database, Appointment)}
    events = {row.details["row"]["ref"]: row for row in rows_of(database, AuditEvent)}
    assert ids.keys() == {f"a{number}" for number in range(MANY)}
    assert {ref: event.appointment_id for ref, event in events.items()} == ids


async def test_many_sessions_again_change_only_what_differs(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = sessions(MANY)
    await imported(database, files.write(tmp_path / "first", sessions=rows))
    rows[-1] = files.session(f"a{MANY - 1}", subject="Physics")
    changed = files.write(tmp_path / "then", sessions=[*rows, *sessions(2, "b")])

    report = await imported(database, changed)

    assert counts(report)[Table.SESSIONS] == Counts(new=2, changed=1, unchanged=MANY - 1)
    physics = [row.ref for row in rows_of(database, Appointment) if row.subject == "Physics"]
    assert physics == [f"a{MANY - 1}"]


async def test_a_bad_row_after_many_good_ones_keeps_all_of_them_out(
    database: OpenDatabase, tmp_path: Path
) -> None:
    rows = [*sessions(MANY), files.session("a0"), files.session("b", kind="makeup")]

    report = await imported(database, files.write(tmp_path, sessions=rows))

    assert codes(report) == [
        ("sessions.csv", MANY + 2, "ref", ProblemCode.REF_TWICE),
        ("sessions.csv", MANY + 3, "kind", ProblemCode.NOT_ONE_OF),
    ]
    assert report.problems[0].params["first"] == Place("sessions.csv", 2)
    assert contents(database) == [[], [], [], [], [], []]


async def test_a_ref_in_two_files_of_one_name_is_told(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folders = [
        files.write(tmp_path / "one"),
        files.write(tmp_path / "two", people=[], students=[]),
    ]

    report = await import_paths(database, folders, AGENCY, NOW, dry_run=True)

    assert codes(report) == [("sessions.csv", 2, "ref", ProblemCode.REF_TWICE)]


async def test_memory_hardly_grows_with_the_number_of_rows(
    database: OpenDatabase, tmp_path: Path
) -> None:
    few, many = 1_000, 6_000
    await imported(database, files.write(tmp_path / "first"))

    peaks = [
        await peak(database, files.write(tmp_path / prefix, sessions=sessions(count, prefix)))
        for prefix, count in (("few", few), ("many", many))
    ]

    assert (peaks[1] - peaks[0]) / (many - few) < BYTES_A_ROW


async def peak(database: OpenDatabase, folder: Path) -> int:
    """The most bytes that Python held at a time for an import."""
    tracemalloc.start()
    try:
        report = await imported(database, folder)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert report.is_saved
