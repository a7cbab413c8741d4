"""Finding who is to be erased, and whether they can be (SPEC 11)."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from models import Appointment, Guardianship, Match, Person, Student
from models.enums import MatchStatus, Status
from services.db import Session

TO_COME = (Status.SCHEDULED, Status.CHECKED_IN)
LIVE_MATCHES = (MatchStatus.OFFERED, MatchStatus.ACCEPTED)

Named = TypeVar("Named", Person, Student)


class ErasureError(Exception):
    """Nobody was erased; the text is one line that says why."""


def person_named(session: Session, who: str) -> Person:
    """Person with this ref, this id written as `#12`, or this name. Raises `ErasureError`."""
    return _only(session, Person, who)


def child_named(session: Session, who: str) -> Student:
    """Child with this ref, this id written as `#12`, or this name. Raises `ErasureError`."""
    return _only(session, Student, who)


def require_nothing_to_come_of_child(session: Session, child: Student) -> None:
    """Raise `ErasureError` where the child has sessions that are still to be held or made."""
    _require_no_match(session, child.name, Match.student_id == child.id)
    _require_none(child.name, _to_come(session, Appointment.student_id == child.id))


def require_nothing_to_come_of_person(session: Session, person: Person) -> None:
    """Raise `ErasureError` where they are to teach, or alone answer for a child's sessions."""
    _require_no_match(session, person.name, Match.tutor_id == person.id)
    _require_none(person.name, _to_come(session, Appointment.tutor_id == person.id))
    alone = (
        select(Guardianship.student_id)
        .group_by(col(Guardianship.student_id))
        .having(func.count() == 1, func.max(Guardianship.person_id) == person.id)
    )
    _require_none(person.name, _to_come(session, col(Appointment.student_id).in_(alone)))
    _require_no_match(session, person.name, col(Match.student_id).in_(alone))


def _only(session: Session, table: type[Named], who: str) -> Named:
    conditions = [table.ref == who, table.name == who]
    if who.startswith("#") and who[1:].isdigit():
        conditions.insert(0, table.id == int(who[1:]))
    for condition in conditions:
        found = session.exec(select(table).where(condition).order_by(col(table.id))).all()
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"#{one.id}" for one in found)
            raise ErasureError(f"several are called {who}: name one of them by {several}")
    raise ErasureError(f"nobody has the ref or the name {who}")


def _to_come(session: Session, whose: ColumnElement[bool] | bool) -> tuple[int, datetime | None]:
    found = session.exec(
        select(func.count(), func.max(Appointment.starts_at)).where(
            whose,
            col(Appointment.status).in_(TO_COME),
        )
    ).one()
    return found[0], found[1]


def _require_none(name: str, found: tuple[int, datetime | None]) -> None:
    count, last = found
    if count:
        sessions = "a session" if count == 1 else f"{count} sessions"
        raise ErasureError(
            f"{name} has {sessions} to come, the last on {last:%Y-%m-%d}: cancel them, or give "
            f"them to another tutor, first. A coordinator finds them by /find {name} in the bot"
        )


def _require_no_match(session: Session, name: str, whose: ColumnElement[bool] | bool) -> None:
    found = session.exec(
        select(func.count()).select_from(Match).where(whose, col(Match.status).in_(LIVE_MATCHES))
    ).one()
    if found:
        raise ErasureError(f"{name} has {found} matches that are not over: end them first")
