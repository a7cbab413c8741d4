"""The demo agency: who is in the sandbox, and what the application imports to begin with.

Tables are rows as the application's import reads them, made relative to now, so that something
can be done at once whenever the sandbox is started.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.phone import Phone
from sandbox.world import World

AGENCY_NAME = "Bright Minds Tuition"
AGENCY_TIME_ZONE = "Asia/Singapore"
GROUP_ID = -4_000_000_001
GRACE, MEI, DANIEL, PRIYA, MARCUS = range(5_000_000_001, 5_000_000_006)

Rows = list[dict[str, str]]
PENALTIES = """\
role,notice_hours_min,notice_hours_max,penalty,guidance
parent,0,24,50 % of the fee,Less than a day's notice: half the fee is charged.
parent,24,48,20 % of the fee,Less than two days' notice: a fifth of the fee is charged.
parent,48,,None,Two days' notice or more: nothing is charged.
tutor,0,24,One strike,Less than a day's notice counts as a strike; three in a term are discussed.
tutor,24,,None,A day's notice or more: nothing happens.
"""


def populate(world: World) -> None:
    """A tutor, two parents of the same children, and the coordinators with their group.

    All of them have pressed Start, so that the bot may write to them at once.
    """
    world.add_person("Grace", "Tan", user_id=GRACE, username="grace_tan")
    world.add_person("Mei", "Lim", user_id=MEI, username="mei_lim")
    world.add_person("Daniel", "Lim", user_id=DANIEL, username="daniel_lim")
    world.add_person("Priya", "Nair", user_id=PRIYA, username="priya_nair")
    world.add_person("Marcus", "Lee", user_id=MARCUS, username="marcus_lee")
    world.add_pane(GRACE, "Grace Tan", "Tutor")
    world.add_pane(MEI, "Mei Lim", "Mother of Emily and Ryan")
    world.add_pane(DANIEL, "Daniel Lim", "Father of Emily and Ryan")
    world.add_pane(PRIYA, "Priya Nair", "Coordinator")
    world.add_group("Coordinators", [PRIYA, MARCUS], group_id=GROUP_ID)
    for person_id in (GRACE, MEI, DANIEL, PRIYA, MARCUS):
        Phone(world, person_id).start()


def tables(now: datetime) -> dict[str, Rows]:
    """The import files of the demo agency: `people`, `students` and `sessions`."""
    return {"people": _people(), "students": _students(), "sessions": _sessions(now)}


def write_tables(folder: Path, now: datetime) -> None:
    """The demo agency's import files, as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables(now).items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def write_penalty_sheet(folder: Path) -> Path:
    """The demo agency's penalty sheet: free with two days' notice, dearer the later it is."""
    path = folder / "penalties.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PENALTIES, encoding="utf-8")
    return path


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


def _sessions(now: datetime) -> Rows:
    """About to start, in progress, awaiting an answer, missed, tomorrow, and later."""
    minute = now.replace(second=0, microsecond=0)
    soon = minute + timedelta(minutes=20 - minute.minute % 5)
    running = minute - timedelta(minutes=80 + minute.minute % 5)
    yesterday = soon - timedelta(days=1, hours=2)
    day = timedelta(days=1)
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
    ]


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
