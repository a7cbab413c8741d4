"""Small agency for benchmarks: tutors and parents, one session each, all in the same state."""

from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.sql import Filling

TUTOR_ACCOUNT = 1_000_000_000
PARENT_ACCOUNT = 2_000_000_000
"""Lowest Telegram ids: tutor and parent i have these plus i."""
GROUP = -4_000_000_001


@dataclass(frozen=True)
class Stage:
    """State of a session, as columns of its row; times in minutes from now."""

    status: str
    starts: int
    ends: int
    checked_in: int | None = None
    checked_out: int | None = None


TO_CHECK_IN = Stage("scheduled", -45, 180)
"""It began so long ago that no reminder is sent, and check-in is still open."""
TO_CHECK_OUT = Stage("checked_in", -90, 25, checked_in=-90)
TO_ACKNOWLEDGE = Stage("awaiting_approval_parent", -150, -60, checked_in=-150, checked_out=-60)
LATER = Stage("scheduled", 3 * 1440, 3 * 1440 + 90)


def quiet_zone(now: datetime | None = None) -> str:
    """Time zone where it is early afternoon, when no daily messages are sent."""
    hour = (now or datetime.now(UTC)).hour
    ahead = (13 - hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


async def fill(url: str, count: int, stage: Stage) -> None:
    """Insert tutor, parent and child i + 1 for i below `count`, and session i + 1 between them."""
    filling = Filling(url, datetime.now(UTC).replace(second=0))
    at = filling.at
    people = {"is_coordinator": "FALSE", "started_at": at(-50_000)}
    tutors = {
        "id": "i + 1",
        "name": "'Tutor ' || i",
        "is_tutor": "TRUE",
        "is_parent": "FALSE",
        "telegram_user_id": f"{TUTOR_ACCOUNT} + i",
    }
    parents = {
        "id": f"{count} + i + 1",
        "name": "'Parent ' || i",
        "is_tutor": "FALSE",
        "is_parent": "TRUE",
        "telegram_user_id": f"{PARENT_ACCOUNT} + i",
    }
    session = {
        "id": "i + 1",
        "tutor_id": "i + 1",
        "student_id": "i + 1",
        "subject": "'Mathematics'",
        "starts_at": at(stage.starts),
        "ends_at": at(stage.ends),
        "status": f"'{stage.status}'",
        "kind": "'regular'",
        "origin": "'native'",
        "billed_as_addon": "0",
        "checked_in_at": "NULL" if stage.checked_in is None else at(stage.checked_in),
        "checked_out_at": "NULL" if stage.checked_out is None else at(stage.checked_out),
        "student_absent": "FALSE",
        "created_at": at(-20_000),
    }
    guardian = {"person_id": f"{count} + i + 1", "student_id": "i + 1"}
    student = {"id": "i + 1", "name": "'Student ' || i", "address": "'12 Orchard Road'"}
    await filling.run(
        [
            filling.insert("person", tutors | people, count),
            filling.insert("person", parents | people, count),
            filling.insert("student", student, count),
            filling.insert("guardianship", guardian, count),
            filling.insert("appointment", session, count),
        ]
    )
    await filling.count_up_from_here("person", "student", "appointment")
