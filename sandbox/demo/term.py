"""The demo agency's term in one workbook: everything that sets it up (SPEC 7, 11).

`python -m sandbox.demo.term term.xlsx 2026-11-26` writes it for a term that begins on that day:
people, children, agreed matches, packages, holidays, and the last sessions of the old system.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openpyxl import Workbook

from sandbox.demo.agency import ZONE

Rows = list[list[str]]

WEEKS = 10
DAY = timedelta(days=1)


def term_tables(first_day: date) -> dict[str, Rows]:
    """The sheets of the workbook, each with its header."""
    last_day = first_day + timedelta(weeks=WEEKS) - DAY
    return {
        "people": _people(),
        "students": _students(),
        "matches": _matches(first_day, last_day),
        "packages": _packages(first_day, last_day),
        "holidays": _holidays(first_day),
        "sessions": _old_sessions(first_day),
    }


def write_term(path: Path, first_day: date) -> None:
    """Write the workbook."""
    workbook = Workbook(write_only=True)
    for title, rows in term_tables(first_day).items():
        sheet = workbook.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def _people() -> Rows:
    return [
        ["ref", "name", "roles", "language"],
        ["c-1", "Priya Nair", "coordinator", "en"],
        ["t-1", "Grace Tan", "tutor", "en"],
        ["t-2", "Arjun Rao", "tutor", "en"],
        ["p-1", "Mei Lim", "parent", "zh_Hans"],
        ["p-2", "Daniel Lim", "parent", "en"],
        ["p-3", "Nurul Rahman", "parent", "ms"],
        ["p-4", "Kavitha Raj", "parent", "ta"],
    ]


def _students() -> Rows:
    return [
        ["ref", "name", "guardian_refs", "address"],
        ["s-1", "Emily Lim", "p-1;p-2", "18 Bishan Street 13"],
        ["s-2", "Ryan Lim", "p-1;p-2", "18 Bishan Street 13"],
        ["s-3", "Aisha Rahman", "p-3", "7 Tampines Avenue 4"],
        ["s-4", "Dev Raj", "p-4", "31 Serangoon North"],
    ]


def _matches(first_day: date, last_day: date) -> Rows:
    first, last = first_day.isoformat(), last_day.isoformat()
    header = [
        *("ref", "tutor_ref", "student_ref", "subject", "weekday", "start_time"),
        *("duration_minutes", "starts_on", "ends_on", "kind", "price", "pay", "accepted"),
    ]
    agreed = [
        ["m-1", "t-1", "s-1", "Mathematics", "tue;thu", "16:00", "90", "60/hour", "45/hour"],
        ["m-2", "t-1", "s-2", "Science", "wed", "17:00", "60", "70/session", "50/session"],
        ["m-3", "t-2", "s-3", "Chemistry", "mon", "19:30", "75", "64.50/hour", "48.25/hour"],
    ]
    rows = [[*one[:7], first, last, "regular", *one[7:], "yes"] for one in agreed]
    trial = ["m-4", "t-2", "s-4", "Physics", "fri", "15:00", "60", first, "", "trial"]
    return [header, *rows, [*trial, "30/session", "30/session", "yes"]]


def _packages(first_day: date, last_day: date) -> Rows:
    first, expires = first_day.isoformat(), (last_day + timedelta(weeks=4)).isoformat()
    return [
        ["ref", "student_ref", "sessions_total", "starts_on", "expires_on", "price"],
        ["k-1", "s-1", "10", first, expires, "850.00"],
        ["k-2", "s-3", "4", first, "", "320.00"],
    ]


def _holidays(first_day: date) -> Rows:
    """Two days of the third week."""
    closed = first_day + timedelta(weeks=2)
    return [
        ["date", "name"],
        [closed.isoformat(), "Founders' day"],
        [(closed + DAY).isoformat(), "Day after Founders' day"],
    ]


def _old_sessions(first_day: date) -> Rows:
    """What was held before, as the old system has it: it has no price and takes no credit."""
    header = [
        *("ref", "tutor_ref", "student_ref", "subject", "starts_at", "duration_minutes"),
        *("kind", "origin", "status"),
    ]
    rows = []
    for number in range(1, 5):
        at = datetime.combine(first_day - timedelta(weeks=number), time(16), ZONE)
        status = "cancelled_by_parent" if number == 3 else "approved"
        about = [f"old-{number}", "t-1", "s-1", "Mathematics", at.isoformat()]
        rows.append([*about, "90", "regular", "imported", status])
    return [header, *rows]


if __name__ == "__main__":
    write_term(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
