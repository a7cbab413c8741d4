"""The demo agency: the people in the sandbox, and the data that the application imports.

Tables are rows as the application's import reads them, made relative to now, so that something
can be done at once whenever the sandbox is started.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.demo.past import Past
from sandbox.demo.people import DANIEL, GRACE, MARCUS, MEI, PRIYA
from sandbox.demo.weekly import DAY, Rows, written


def tables(now: datetime) -> dict[str, Rows]:
    """The import files of the demo agency: `people`, `students`, `matches` and `sessions`."""
    return {
        "people": _people(),
        "students": _students(),
        "matches": _matches(now),
        "sessions": _sessions(now),
    }


def write_tables(folder: Path, now: datetime) -> None:
    """Write the demo agency's import files as CSV."""
    _write(folder, tables(now))


def write_past(folder: Path, now: datetime) -> None:
    """Write the import files that set the agency up, when it began."""
    people = {"people": _people(), "students": _students()}
    _write(folder, people | Past(now).tables())


def _write(folder: Path, tables: dict[str, Rows]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _people() -> Rows:
    rows = (
        ("t-grace", "Grace Tan", "tutor", GRACE),
        ("p-mei", "Mei Lim", "parent", MEI),
        ("p-daniel", "Daniel Lim", "parent", DANIEL),
        ("c-priya", "Priya Nair", "coordinator", PRIYA),
        ("c-marcus", "Marcus Lee", "coordinator", MARCUS),
        ("t-arjun", "Arjun Rao", "tutor", ""),
        ("p-nurul", "Nurul Rahman", "parent", ""),
    )
    return [
        {
            "ref": ref,
            "name": name,
            "roles": roles,
            "language": "",
            "time_zone": "",
            "telegram_user_id": str(account),
        }
        for ref, name, roles, account in rows
    ]


def _students() -> Rows:
    home = "18 Bishan Street 13"
    rows = (
        ("s-emily", "Emily Lim", "p-mei;p-daniel", home),
        ("s-ryan", "Ryan Lim", "p-mei;p-daniel", home),
        ("s-aisha", "Aisha Rahman", "p-nurul", "7 Tampines Avenue 4"),
    )
    return [
        {"ref": ref, "name": name, "guardian_refs": guardians, "address": address}
        for ref, name, guardians, address in rows
    ]


def _matches(now: datetime) -> Rows:
    """Weekly lessons that go on, with their sessions, and others that Emily's parents may accept.

    Their weekdays are some days ahead, clear of the single sessions.
    """
    past = Past(now)
    offered = ("m-emily", "t-arjun", "s-emily", "Physics", past.today + 6 * DAY, "17:00", "60")
    return [*past.going_on(), written(*offered, price="60/hour", pay="45/hour")]


def _sessions(now: datetime) -> Rows:
    """Sessions that start soon, run, await an answer, were missed, or come later.

    They start at full and half hours. The running one can be checked out of at once; for the
    next one it is still up to half an hour too early to check in.
    """
    half_hour = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    soon, running = half_hour + timedelta(hours=1), half_hour - timedelta(hours=1)
    day = timedelta(days=1)
    yesterday = soon - day - timedelta(hours=2)
    attended = (yesterday + timedelta(minutes=2), yesterday + timedelta(minutes=91))
    return [
        _session("a-soon", "s-emily", "Mathematics", soon, 90),
        _session("a-running", "s-ryan", "Science", running, 90, "checked_in", running - day / 480),
        _session(
            "a-awaiting", "s-emily", "English", yesterday, 90, "awaiting_approval_parent", *attended
        ),
        _session("a-missed", "s-ryan", "Science", running - 2 * day, 90),
        _session("a-tomorrow", "s-emily", "Mathematics", soon + day, 90),
        _session("a-after", "s-ryan", "Science", soon + 2 * day, 60),
        _session("a-aisha", "s-aisha", "Chemistry", soon + 3 * day, 60),
        *_extra_sessions(half_hour),
    ]


def _extra_sessions(half_hour: datetime) -> Rows:
    """A batch of extra sessions that Grace has logged."""
    rows = []
    for days, topic in ((5, "Exam revision"), (4, "Past papers")):
        start = half_hour - timedelta(days=days, hours=3)
        attended = (start, start + timedelta(hours=1))
        about = (f"a-extra-{days}", "s-ryan", topic, start, 60, "awaiting_approval_parent")
        rows.append(_session(*about, *attended) | {"kind": "adhoc"})
    return rows


def _session(
    ref: str,
    student: str,
    subject: str,
    starts_at: datetime,
    minutes: int,
    status: str = "scheduled",
    checked_in_at: datetime | None = None,
    checked_out_at: datetime | None = None,
) -> dict[str, str]:
    return {
        "ref": ref,
        "tutor_ref": "t-grace",
        "student_ref": student,
        "subject": subject,
        "starts_at": starts_at.isoformat(),
        "duration_minutes": str(minutes),
        "kind": "regular",
        "origin": "native",
        "status": status,
        "checked_in_at": checked_in_at.isoformat() if checked_in_at else "",
        "checked_out_at": checked_out_at.isoformat() if checked_out_at else "",
    }
