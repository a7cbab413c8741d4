"""What of the coordinators' queue is wanted, and the values of its statements (SPEC 10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam

from models.columns import UtcDateTime
from services.queries.containing import contained
from services.rules.agency import Agency
from services.rules.queue import UNSTORED, URGENT, QueueKind
from services.rules.reminders import OVERDUE
from services.rules.session_changes import LOCKOUT
from services.rules.windows import CHECK_OUT_GRACE, bounds_of_day, start_of_day


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue is wanted; everything where nothing is said."""

    kind: QueueKind | None = None
    person_id: int | None = None
    """Tutor of the session, parent of the child, or reader of the message."""
    student_id: int | None = None
    words: str = ""
    """Part of the name of the child, the tutor or a parent, or of the subject."""
    since: date | None = None
    """First day of sessions, in the agency's zone."""
    until: date | None = None
    """Last day of sessions."""
    is_snoozed: bool = False
    """Whether what is put off is wanted, and nothing else."""

    @property
    def asks(self) -> "Asks":
        """Which conditions it makes."""
        return Asks(
            self.person_id is not None,
            self.student_id is not None,
            bool(self.words),
            self.since is not None,
            self.until is not None,
        )


class Asks(NamedTuple):
    """Which conditions a filter makes: statements are built once for each of these."""

    person: bool = False
    student: bool = False
    words: bool = False
    since: bool = False
    until: bool = False

    @property
    def is_about_sessions(self) -> bool:
        """Whether it asks for something that only a session has."""
        return self.student or self.since or self.until


def values_of(wanted: QueueFilter, agency: Agency, now: datetime) -> dict[str, object]:
    """Values of the statements for a filter; each takes some of them."""
    zone = agency.zone
    return {
        "person_id": wanted.person_id,
        "student_id": wanted.student_id,
        "words": contained(wanted.words),
        "since": bounds_of_day(wanted.since, zone)[0] if wanted.since else None,
        "until": bounds_of_day(wanted.until, zone)[1] if wanted.until else None,
        "now": now,
        "urgent_until": now + URGENT,
        "late_until": now + LOCKOUT,
        "told_after": now - LOCKOUT,
        "today": start_of_day(now, zone),
        "out_before": now - CHECK_OUT_GRACE,
        "asked_before": now - OVERDUE,
        "stored_before": now - UNSTORED,
    }


PERSON, STUDENT = (bindparam(name, type_=Integer) for name in ("person_id", "student_id"))
NOW = bindparam("now", type_=UtcDateTime)
SINCE, UNTIL, URGENT_UNTIL, LATE_UNTIL, TOLD_AFTER = (
    bindparam(name, type_=UtcDateTime)
    for name in ("since", "until", "urgent_until", "late_until", "told_after")
)
TODAY, OUT_BEFORE, ASKED_BEFORE, STORED_BEFORE = (
    bindparam(name, type_=UtcDateTime)
    for name in ("today", "out_before", "asked_before", "stored_before")
)
