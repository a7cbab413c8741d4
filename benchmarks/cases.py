"""What to ask about in an agency with a long history."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks import history_rows as history
from models import Appointment, Person
from services.db import Session
from services.rules.agency import Agency

AGENCY = Agency("Tutorline", ZoneInfo("Asia/Singapore"))


@dataclass(frozen=True)
class Case:
    """People and sessions to ask about, in an agency of `history`."""

    now: datetime
    tutor: Person
    parent: Person
    coordinator: Person
    later: Appointment
    """Scheduled session of the days to come."""
    past: int
    """Ids of some of the newest finished sessions."""
    awaiting: int
    dispute: int
    open_batch: int
    stored_file: int


def later_id(count: int) -> int:
    """A scheduled session of the days to come, in a history of this many sessions."""
    return count + history.OPEN_BEFORE_LATER + 20


def awaiting_id(count: int) -> int:
    """A session that awaits its acknowledgement."""
    return count + history.SOON + history.RUNNING + 20


def case_of(session: Session, count: int) -> Case:
    """What to ask about, in a history of this many sessions."""
    later = session.get(Appointment, later_id(count))
    found = [
        session.get(Person, number)
        for number in (20, history.FIRST_PARENT + 19, history.FIRST_COORDINATOR)
    ]
    tutor, parent, coordinator = (one for one in found if one is not None)
    if later is None:
        raise RuntimeError("the history has no session to come")
    return Case(
        now=history.NOW,
        tutor=tutor,
        parent=parent,
        coordinator=coordinator,
        later=later,
        past=20,
        awaiting=awaiting_id(count),
        dispute=count + 1,
        open_batch=count + 1,
        stored_file=count + 1,
    )
