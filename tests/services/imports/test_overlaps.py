"""Rows of sessions to come at one time for a tutor or a child: each is a mistake (SPEC 2, 6, 7)."""

from datetime import timedelta
from pathlib import Path

import pytest

from locales.import_wording import problem_line
from models import Appointment
from models.enums import Status
from services.imports.importing import import_paths
from services.imports.problems import Place, ProblemCode
from services.imports.sources import Table
from services.sessions.coordinator_actions import move
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.files import Row
from tests.services.imports.runs import codes, contents, counts, imported, rows_of
from tests.services.scenes import carry_out

HALF_PAST = "2026-11-25 16:30"
"""Half an hour after `files.session` begins, and an hour before it ends."""
AFTER = "2026-11-25 17:30"
PEOPLE = [
    files.person(),
    files.person("t2", name="Arun Pillai"),
    files.parent(),
    files.parent("p2", name="Rosa Chan"),
]
CHILDREN = [
    files.student(),
    files.student("s2", name="Ryan Lim"),
    files.student("s3", name="Ada Chan", guardian_refs="p2"),
]


def write(folder: Path, *sessions: Row) -> Path:
    return files.write(folder, people=PEOPLE, students=CHILDREN, sessions=sessions)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"student_ref": "s3"}, ProblemCode.TUTOR_TWICE),
        ({"student_ref": "s3", "starts_at": HALF_PAST}, ProblemCode.TUTOR_TWICE),
        ({"student_ref": "s3", "starts_at": "2026-11-25 15:45"}, ProblemCode.TUTOR_TWICE),
        ({"student_ref": "s2", "starts_at": HALF_PAST}, ProblemCode.TUTOR_TWICE),
        ({"student_ref": "s2", "duration_minutes": 60}, ProblemCode.TUTOR_TWICE),
        ({"tutor_ref": "t2"}, ProblemCode.CHILD_TWICE),
        ({"tutor_ref": "t2", "starts_at": "2026-11-25 17:29"}, ProblemCode.CHILD_TWICE),
        ({"origin": "imported"}, ProblemCode.CHILD_TWICE),
    ],
)
async def test_a_row_at_the_time_of_one_before_it_says_so_and_nothing_is_saved(
    database: OpenDatabase, tmp_path: Path, other: Row, code: ProblemCode
) -> None:
    folder = write(tmp_path, files.session(), files.session("a2", **other))

    report = await imported(database, folder)

    assert codes(report) == [("sessions.csv", 3, "starts_at", code)]
    assert report.problems[0].params["first"] == Place("sessions.csv", 2)
    assert contents(database) == [[], [], [], [], [], []]


@pytest.mark.parametrize(
    "other",
    [
        {"student_ref": "s3", "starts_at": AFTER},
        {"student_ref": "s3", "starts_at": "2026-11-25 15:15", "duration_minutes": 45},
        {"student_ref": "s2"},
        {"student_ref": "s3", "tutor_ref": "t2"},
        {"student_ref": "s3", "status": "cancelled_by_tutor"},
    ],
    ids=["right after", "right before", "a sibling taught together", "others", "cancelled"],
)
async def test_what_does_not_clash_comes_in(
    database: OpenDatabase, tmp_path: Path, other: Row
) -> None:
    folder = write(tmp_path, files.session(), files.session("a2", **other))

    report = await imported(database, folder)

    assert codes(report) == []
    assert len(rows_of(database, Appointment)) == 2


async def test_history_comes_in_as_it_was(database: OpenDatabase, tmp_path: Path) -> None:
    over = {"status": "scheduled", "starts_at": "2026-11-24 10:00"}
    rows = [files.past(), files.past("a2"), *(files.session(ref, **over) for ref in ("b1", "b2"))]

    report = await imported(database, write(tmp_path, *rows))

    assert report.is_saved


async def test_each_of_several_is_told_with_the_row_that_was_first(
    database: OpenDatabase, tmp_path: Path
) -> None:
    """What is refused takes nobody's time itself."""
    rows = [
        files.session(starts_at="2026-11-25 18:00"),
        files.session("a2", starts_at="2026-11-25 19:00", duration_minutes=120),
        files.session("a3", starts_at="2026-11-25 20:00", student_ref="s3"),
        files.session("a4", starts_at="2026-11-25 19:00", student_ref="s3", duration_minutes=60),
        files.session("a5", starts_at="2026-11-25 19:00", kind="?"),
    ]

    report = await imported(database, write(tmp_path, *rows))

    first = "another session at this time: sessions.csv, row 2"
    assert [problem_line(one) for one in report.problems][:2] == [
        f"sessions.csv, row 3, starts_at: the child has {first}",
        f"sessions.csv, row 5, starts_at: the tutor has {first}",
    ]
    assert [one.code for one in report.problems][2:] == [ProblemCode.NOT_ONE_OF]


async def test_rows_of_two_files_are_compared_too(database: OpenDatabase, tmp_path: Path) -> None:
    folders = [
        write(tmp_path / "one", files.session()),
        files.write(tmp_path / "two", people=[], students=[], sessions=[files.session("a2")]),
    ]

    report = await import_paths(database, folders, AGENCY, NOW, dry_run=True)

    assert codes(report) == [("sessions.csv", 2, "starts_at", ProblemCode.CHILD_TWICE)]


async def test_a_session_that_is_booked_already_is_named_by_its_start(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, write(tmp_path / "first", files.session()))
    rows = [
        files.session(),
        files.session("a2", student_ref="s3", starts_at=HALF_PAST),
        files.session("a3", tutor_ref="t2", starts_at=HALF_PAST),
        files.session("a4", student_ref="s2"),
        files.session("a5", student_ref="s3", starts_at=AFTER),
    ]

    report = await imported(database, write(tmp_path / "then", *rows))

    first = "another session at this time, from 2026-11-25 16:00"
    assert [problem_line(one) for one in report.problems] == [
        f"sessions.csv, row 3, starts_at: the tutor has {first}",
        f"sessions.csv, row 4, starts_at: the child has {first}",
    ]
    again = await imported(database, write(tmp_path / "again", files.session()))
    assert counts(again)[Table.SESSIONS].unchanged == 1


async def test_a_known_session_takes_the_time_that_it_has_now(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, write(tmp_path / "first", files.session()))
    with database.unit_of_work() as session:
        priya = builders.coordinator(session)
    (row,) = rows_of(database, Appointment)
    away, why = row.starts_at + timedelta(days=1), "Both have agreed."
    carry_out(database, move, row.id, acting(priya), away, why, seen=row.starts_at, zone=ZONE)
    rows = [files.session(), files.session("a2", student_ref="s3")]

    report = await imported(database, write(tmp_path / "then", *rows))

    assert report.is_saved
    assert {one.status for one in rows_of(database, Appointment)} == {Status.SCHEDULED}


async def test_who_become_siblings_by_the_same_import_are_taught_together(
    database: OpenDatabase, tmp_path: Path
) -> None:
    await imported(database, write(tmp_path / "first", files.session()))
    children = [files.student("s3", name="Ada Chan", guardian_refs="p1;p2")]
    rows = [files.session("a2", student_ref="s3")]

    report = await imported(
        database, files.write(tmp_path / "then", students=children, sessions=rows)
    )

    assert report.is_saved
