"""A tutor logs several extra sessions in one go: all of them, or none (SPEC 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Appointment, Person
from models.enums import Action, Kind, Origin, Role, Status
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.slots import lock_calendars
from services.lifecycle.status import create
from services.notifications.announcements import ask_parents
from services.queries.adhoc import circumstances_of, logged_as, logged_together
from services.queries.matches import agreed_with
from services.rules.adhoc import MOST_LINES, AdhocLine, Trouble, numbers_in_trouble, troubles_of
from services.rules.agency import Agency
from services.rules.refusals.adhoc import BatchNotClear, BatchTooLong
from services.rules.refusals.sessions import StaleButton
from services.rules.refusals.standing import NotTutor


@dataclass(frozen=True)
class LoggedBatch:
    """The sessions of a batch, by start."""

    appointments: tuple[Appointment, ...]
    at: datetime
    """When they were logged: now, or earlier if it is `repeated`."""
    repeated: bool = False


def log_batch(
    session: Session, actor: Actor, agency: Agency, lines: Sequence[AdhocLine]
) -> LoggedBatch:
    """Log these sessions, each for its parents to answer as after a check-out (SPEC 7).

    They count as attended at their own times, and go to the parents; nothing is deducted. Price and
    pay are those of the tutor's newest match with the child, where it has any. The same batch
    again, by the same tutor, is the one that there is.

    Refused: NotTutor, StaleButton (no line), BatchTooLong, BatchNotClear; then nothing is saved.
    """
    tutor_id = _require_tutor(session, actor)
    _require_some(lines)
    for student_id in sorted({line.student_id for line in lines}):
        lock_calendars(session, tutor_id, student_id)
    if earlier := _logged(session, tutor_id, lines):
        return earlier
    troubles = troubles_of(lines, circumstances_of(session, tutor_id, lines, agency, actor.now))
    if numbers := numbers_in_trouble(troubles):
        raise BatchNotClear(lines=tuple(numbers))
    made = [
        _log(session, actor, tutor_id, line, in_batch=len(lines) > 1)
        for line in sorted(lines, key=lambda one: (one.starts_at, one.student_id))
    ]
    return LoggedBatch(tuple(made), actor.now)


def check_batch(
    session: Session, actor: Actor, agency: Agency, lines: Sequence[AdhocLine | None]
) -> tuple[Trouble | None, ...]:
    """The trouble of each line, as `log_batch` would find it; None stands for a line unread.

    Refused: NotTutor.
    """
    tutor_id = _require_tutor(session, actor)
    known = [line for line in lines if line is not None]
    return troubles_of(lines, circumstances_of(session, tutor_id, known, agency, actor.now))


def logged_before(
    session: Session, actor: Actor, student_id: int, starts_at: datetime
) -> LoggedBatch | None:
    """The batch of this tutor that has this session; None where there is none."""
    found = logged_together(session, actor.identified, student_id, starts_at)
    return LoggedBatch(tuple(found), found[0].created_at, repeated=True) if found else None


def _log(
    session: Session, actor: Actor, tutor_id: int, line: AdhocLine, *, in_batch: bool
) -> Appointment:
    agreed = agreed_with(session, tutor_id, line.student_id)
    new = Appointment(
        tutor_id=tutor_id,
        student_id=line.student_id,
        subject=line.topic,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        status=Status.AWAITING_APPROVAL_PARENT,
        kind=Kind.ADHOC,
        origin=Origin.NATIVE,
        billed_as_addon=1,
        checked_in_at=line.starts_at,
        checked_out_at=line.ends_at,
        price=agreed.price,
        pay=agreed.pay,
        price_unit=agreed.price_unit,
        created_at=actor.now,
    )
    outcome = create(session, new, Action.LOG_ADHOC, Role.TUTOR, actor)
    ask_parents(session, new, actor, move_id=outcome.event_id, in_batch=in_batch)
    return new


def _logged(session: Session, tutor_id: int, lines: Sequence[AdhocLine]) -> LoggedBatch | None:
    """The batch, where all of it was logged before."""
    found = [logged_as(session, tutor_id, line) for line in lines]
    there = [one for one in found if one is not None]
    if len(there) < len(found):
        return None
    there.sort(key=lambda one: (one.starts_at, one.student_id))
    return LoggedBatch(tuple(there), max(one.created_at for one in there), repeated=True)


def _require_tutor(session: Session, actor: Actor) -> int:
    person = session.get(Person, actor.person_id)
    if person is None or not person.is_tutor:
        raise NotTutor
    return person.id


def _require_some(lines: Sequence[AdhocLine]) -> None:
    if not lines:
        raise StaleButton
    if len(lines) > MOST_LINES:
        raise BatchTooLong(limit=MOST_LINES)
