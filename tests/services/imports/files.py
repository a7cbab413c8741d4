"""Import files for tests: a good row of each table, to be spoilt."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from services.imports.sources import COLUMNS, Table

Row = Mapping[str, object]


def person(ref: str = "t1", **over: object) -> Row:
    return {"ref": ref, "name": "Tan Wei Ming", "roles": "tutor"} | over


def parent(ref: str = "p1", **over: object) -> Row:
    return person(ref, **({"name": "Grace Lim", "roles": "parent"} | over))


def student(ref: str = "s1", **over: object) -> Row:
    return {"ref": ref, "name": "Emily Lim", "guardian_refs": "p1"} | over


def session(ref: str = "a1", **over: object) -> Row:
    """Native, and an hour after `builders.NOW`."""
    return {
        "ref": ref,
        "tutor_ref": "t1",
        "student_ref": "s1",
        "subject": "Mathematics",
        "starts_at": "2026-11-25 16:00",
        "duration_minutes": 90,
        "kind": "regular",
        "origin": "native",
        "status": "scheduled",
    } | over


def past(ref: str = "a1", **over: object) -> Row:
    """A native session of the day before that awaits its parents' answer."""
    return session(
        ref,
        **(
            {
                "starts_at": "2026-11-24 16:00",
                "status": "awaiting_approval_parent",
                "checked_in_at": "2026-11-24 15:58",
                "checked_out_at": "2026-11-24 17:31",
            }
            | over
        ),
    )


def match(ref: str = "m1", **over: object) -> Row:
    """Thursdays at 16:00, from the day after `builders.NOW` on, agreed."""
    return {
        "ref": ref,
        "tutor_ref": "t1",
        "student_ref": "s1",
        "subject": "Mathematics",
        "weekday": "thu",
        "start_time": "16:00",
        "duration_minutes": 90,
        "starts_on": "2026-11-26",
        "accepted": "yes",
    } | over


def package(ref: str = "k1", **over: object) -> Row:
    return {
        "ref": ref,
        "student_ref": "s1",
        "sessions_total": 10,
        "starts_on": "2026-11-01",
        "expires_on": "2027-01-31",
    } | over


def holiday(date: str = "2026-12-24", **over: object) -> Row:
    return {"date": date, "name": "Christmas Eve"} | over


def write(
    folder: Path,
    *,
    people: Sequence[Row] = (person(), parent()),
    students: Sequence[Row] = (student(),),
    sessions: Sequence[Row] = (session(),),
    **records: Sequence[Row],
) -> Path:
    """A folder with a CSV file of each table."""
    folder.mkdir(exist_ok=True)
    for table, rows in tables(people, students, sessions, **records).items():
        write_csv(folder / f"{table}.csv", rows)
    return folder


def tables(
    people: Sequence[Row],
    students: Sequence[Row],
    sessions: Sequence[Row],
    **records: Sequence[Row],
) -> dict[str, list[list[object]]]:
    """Each table with its header, every column in it."""
    given = {Table.PEOPLE: people, Table.STUDENTS: students, Table.SESSIONS: sessions}
    given |= {Table(name): rows for name, rows in records.items()}
    return {
        table.value: [
            list(COLUMNS[table].all),
            *([row.get(column, "") for column in COLUMNS[table].all] for row in rows),
        ]
        for table, rows in given.items()
    }


def write_csv(path: Path, rows: Sequence[Sequence[object]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    workbook.save(path)
    return path
