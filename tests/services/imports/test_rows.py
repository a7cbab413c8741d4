"""Every bad row is told with its number, column and reason (SPEC 7, 11)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models import Appointment
from services.imports.importing import import_paths
from services.imports.problems import ProblemCode
from services.rules.agency import Agency
from services.rules.time_zones import zone_named
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import codes, imported, rows_of

SOON = NOW + timedelta(minutes=1)
LONG = "x" * 201


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"ref": ""}, "ref", ProblemCode.EMPTY),
        ({"ref": LONG}, "ref", ProblemCode.TOO_LONG),
        ({"name": ""}, "name", ProblemCode.EMPTY),
        ({"name": "Grace\x00Lim"}, "name", ProblemCode.CONTROL_CHARACTER),
        ({"roles": ""}, "roles", ProblemCode.EMPTY),
        ({"roles": " ; "}, "roles", ProblemCode.EMPTY),
        ({"roles": "tutor;boss"}, "roles", ProblemCode.NOT_ONE_OF),
        ({"roles": "system"}, "roles", ProblemCode.NOT_ONE_OF),
        ({"language": "fr"}, "language", ProblemCode.NOT_ONE_OF),
        ({"time_zone": "Singapore time"}, "time_zone", ProblemCode.TIME_ZONE_UNKNOWN),
        ({"telegram_user_id": "@grace"}, "telegram_user_id", ProblemCode.NOT_A_NUMBER),
        ({"telegram_user_id": "0"}, "telegram_user_id", ProblemCode.NOT_A_NUMBER),
        ({"telegram_user_id": "-5"}, "telegram_user_id", ProblemCode.NOT_A_NUMBER),
        ({"telegram_user_id": 2**52}, "telegram_user_id", ProblemCode.NOT_A_NUMBER),
        ({"telegram_user_id": "9" * 5000}, "telegram_user_id", ProblemCode.NOT_A_NUMBER),
        ({"ref": "t1"}, "ref", ProblemCode.REF_TWICE),
        ({"telegram_user_id": "11"}, "telegram_user_id", ProblemCode.ACCOUNT_TWICE),
    ],
)
async def test_a_person_must_be_right(
    database: OpenDatabase, tmp_path: Path, change: dict[str, Any], column: str, code: ProblemCode
) -> None:
    rows = [files.person(telegram_user_id="11"), files.person(**({"ref": "t2"} | change))]
    folder = files.write(tmp_path, people=rows, students=[], sessions=[])

    report = await imported(database, folder, dry_run=True)

    assert codes(report) == [("people.csv", 3, column, code)]


@pytest.mark.parametrize("language", ["en", "zh", "zh_Hans", "ZH-hans", "ms", "ta"])
async def test_the_four_languages_are_known(
    database: OpenDatabase, tmp_path: Path, language: str
) -> None:
    folder = files.write(
        tmp_path, people=[files.person(language=language)], students=[], sessions=[]
    )

    assert codes(await imported(database, folder, dry_run=True)) == []


async def test_an_account_of_somebody_else_is_not_given_away(
    database: OpenDatabase, tmp_path: Path
) -> None:
    with database.unit_of_work() as session:
        builders.coordinator(session, telegram_user_id=11)
    rows = [files.person(telegram_user_id="11")]

    report = await imported(database, files.write(tmp_path, people=rows, students=[], sessions=[]))

    assert codes(report) == [("people.csv", 2, "telegram_user_id", ProblemCode.ACCOUNT_TAKEN)]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"ref": "s1"}, "ref", ProblemCode.REF_TWICE),
        ({"name": " "}, "name", ProblemCode.EMPTY),
        ({"guardian_refs": "p1;p9"}, "guardian_refs", ProblemCode.REF_UNKNOWN),
        ({"guardian_refs": "t1"}, "guardian_refs", ProblemCode.ROLE_MISSING),
        ({"address": LONG}, "address", ProblemCode.TOO_LONG),
    ],
)
async def test_a_child_must_be_right(
    database: OpenDatabase, tmp_path: Path, change: dict[str, str], column: str, code: ProblemCode
) -> None:
    rows = [files.student(), files.student(**({"ref": "s2"} | change))]
    folder = files.write(tmp_path, students=rows, sessions=[])

    report = await imported(database, folder, dry_run=True)

    assert codes(report) == [("students.csv", 3, column, code)]


async def test_a_row_is_not_blamed_for_another_it_points_at(
    database: OpenDatabase, tmp_path: Path
) -> None:
    folder = files.write(tmp_path, people=[files.person(), files.parent(language="fr")])

    report = await imported(database, folder, dry_run=True)

    assert codes(report) == [("people.csv", 3, "language", ProblemCode.NOT_ONE_OF)]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"ref": "a0"}, "ref", ProblemCode.REF_TWICE),
        ({"tutor_ref": ""}, "tutor_ref", ProblemCode.EMPTY),
        ({"tutor_ref": "t9"}, "tutor_ref", ProblemCode.REF_UNKNOWN),
        ({"tutor_ref": "p1"}, "tutor_ref", ProblemCode.ROLE_MISSING),
        ({"student_ref": "s9"}, "student_ref", ProblemCode.REF_UNKNOWN),
        ({"subject": ""}, "subject", ProblemCode.EMPTY),
        ({"starts_at": ""}, "starts_at", ProblemCode.EMPTY),
        ({"starts_at": "tomorrow"}, "starts_at", ProblemCode.NOT_A_TIME),
        ({"starts_at": "2026-11-25"}, "starts_at", ProblemCode.NOT_A_TIME),
        ({"starts_at": "25/11/2026 16:00"}, "starts_at", ProblemCode.NOT_A_TIME),
        ({"starts_at": "2026-02-30 16:00"}, "starts_at", ProblemCode.NOT_A_TIME),
        ({"starts_at": "2026-11-25 24:01"}, "starts_at", ProblemCode.NOT_A_TIME),
        ({"starts_at": "0001-01-01 00:00"}, "starts_at", ProblemCode.TIME_OUT_OF_RANGE),
        ({"starts_at": "9999-12-31T23:59-12:00"}, "starts_at", ProblemCode.TIME_OUT_OF_RANGE),
        ({"duration_minutes": ""}, "duration_minutes", ProblemCode.EMPTY),
        ({"duration_minutes": "0"}, "duration_minutes", ProblemCode.NOT_A_NUMBER),
        ({"duration_minutes": "1441"}, "duration_minutes", ProblemCode.NOT_A_NUMBER),
        ({"duration_minutes": "1.5"}, "duration_minutes", ProblemCode.NOT_A_NUMBER),
        ({"kind": "makeup"}, "kind", ProblemCode.NOT_ONE_OF),
        ({"origin": "legacy"}, "origin", ProblemCode.NOT_ONE_OF),
        ({"origin": ""}, "origin", ProblemCode.ORIGIN_REQUIRED),
        ({"status": ""}, "status", ProblemCode.EMPTY),
        ({"status": "done"}, "status", ProblemCode.NOT_ONE_OF),
        ({"status": "approved"}, "status", ProblemCode.NATIVE_APPROVED),
        ({"status": "not_completed"}, "status", ProblemCode.NOT_BEGUN),
    ],
)
async def test_a_session_must_be_right(
    database: OpenDatabase, tmp_path: Path, change: dict[str, str], column: str, code: ProblemCode
) -> None:
    rows = [files.session("a0"), files.session(**change)]

    report = await imported(database, files.write(tmp_path, sessions=rows), dry_run=True)

    assert codes(report) == [("sessions.csv", 3, column, code)]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"checked_in_at": ""}, "checked_in_at", ProblemCode.ATTENDANCE_MISSING),
        ({"checked_out_at": ""}, "checked_out_at", ProblemCode.ATTENDANCE_MISSING),
        (
            {"checked_out_at": "", "status": "disputed"},
            "checked_out_at",
            ProblemCode.ATTENDANCE_MISSING,
        ),
        ({"status": "checked_in"}, "checked_out_at", ProblemCode.ATTENDANCE_UNEXPECTED),
        (
            {"status": "scheduled", "checked_out_at": ""},
            "checked_in_at",
            ProblemCode.ATTENDANCE_UNEXPECTED,
        ),
        (
            {"status": "cancelled_by_parent", "checked_in_at": ""},
            "checked_out_at",
            ProblemCode.ATTENDANCE_UNEXPECTED,
        ),
        ({"checked_out_at": "2026-11-24 15:58"}, "checked_out_at", ProblemCode.ATTENDANCE_ORDER),
        ({"checked_in_at": "soon"}, "checked_in_at", ProblemCode.NOT_A_TIME),
        (
            {"checked_out_at": SOON.isoformat()},
            "checked_out_at",
            ProblemCode.ATTENDANCE_IN_FUTURE,
        ),
        (
            {"origin": "imported", "status": "checked_in", "checked_in_at": ""},
            "checked_in_at",
            ProblemCode.ATTENDANCE_MISSING,
        ),
        (
            {"origin": "imported", "checked_out_at": "2026-11-24 15:58"},
            "checked_out_at",
            ProblemCode.ATTENDANCE_ORDER,
        ),
    ],
)
async def test_attendance_must_go_with_the_status(
    database: OpenDatabase, tmp_path: Path, change: dict[str, str], column: str, code: ProblemCode
) -> None:
    folder = files.write(tmp_path, sessions=[files.past(**change)])

    report = await imported(database, folder, dry_run=True)

    assert codes(report) == [("sessions.csv", 2, column, code)]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "awaiting_approval_parent"},
        {"status": "disputed"},
        {"status": "checked_in", "checked_out_at": ""},
        *(
            {"status": status, "checked_in_at": "", "checked_out_at": ""}
            for status in ("scheduled", "cancelled_by_tutor", "cancelled_by_parent")
        ),
        {"status": "not_completed", "checked_in_at": "", "checked_out_at": ""},
        {"origin": "imported", "status": "approved", "checked_in_at": "", "checked_out_at": ""},
        {"origin": "imported", "status": "disputed", "checked_in_at": ""},
        {"duration_minutes": "1"},
        {"duration_minutes": "1440"},
    ],
)
async def test_what_goes_together_is_saved(
    database: OpenDatabase, tmp_path: Path, change: dict[str, str]
) -> None:
    report = await imported(database, files.write(tmp_path, sessions=[files.past(**change)]))

    assert codes(report) == []
    assert len(rows_of(database, Appointment)) == 1


# -------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-07-01 10:00", "2026-07-01T09:00:00+00:00"),
        ("2026-07-01T10:00:30", "2026-07-01T09:00:30+00:00"),
        ("2026-07-01T10:00Z", "2026-07-01T10:00:00+00:00"),
        ("2026-07-01 10:00 +08:00", "2026-07-01T02:00:00+00:00"),
        ("2026-10-25T01:30+00:00", "2026-10-25T01:30:00+00:00"),
        ("2026-01-01 10:00", "2026-01-01T10:00:00+00:00"),
    ],
)
async def test_a_time_without_an_offset_is_in_the_agencys_zone(
    database: OpenDatabase, tmp_path: Path, written: str, instant: str
) -> None:
    folder = files.write(tmp_path, sessions=[_cancelled(written)])

    await import_paths(database, [folder], LONDON, NOW, dry_run=False)

    [session] = rows_of(database, Appointment)
    assert session.starts_at.isoformat() == instant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-03-29 01:00", ProblemCode.TIME_NONEXISTENT),
        ("2026-03-29 01:59", ProblemCode.TIME_NONEXISTENT),
        ("2026-10-25 01:00", ProblemCode.TIME_AMBIGUOUS),
        ("2026-10-25 01:59", ProblemCode.TIME_AMBIGUOUS),
    ],
)
async def test_a_local_time_that_clocks_skip_or_repeat_is_refused(
    database: OpenDatabase, tmp_path: Path, written: str, code: ProblemCode
) -> None:
    folder = files.write(tmp_path, sessions=[_cancelled(written)])

    report = await import_paths(database, [folder], LONDON, NOW, dry_run=True)

    assert codes(report) == [("sessions.csv", 2, "starts_at", code)]


LONDON = Agency("Bright Minds", zone_named("Europe/London"))


def _cancelled(starts_at: str) -> files.Row:
    return files.session(starts_at=starts_at, status="cancelled_by_tutor")
