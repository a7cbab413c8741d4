"""Loading an appointment in order to change it, and who may act on it (SPEC 1, 9)."""

from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Appointment, Guardianship, Person
from models.enums import Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.former_tutors import given_away
from services.prepared import Prepared
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotYourChild, NotYourSession
from services.rules.standing import Standing, require_role


def for_update(session: Session, appointment_id: int) -> Appointment:
    """Appointment, locked until this unit of work ends. Refused: NotFound.

    Rows that refer to it can be written meanwhile: only units that change it wait for each other.
    """
    appointment: Appointment | None = _LOCKED.one(session, appointment_id=appointment_id)
    if appointment is None:
        raise NotFound
    return appointment


_LOCKED = Prepared(
    select(Appointment)
    .where(Appointment.id == bindparam("appointment_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def require_tutor(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Check that the actor is the session's tutor.

    Refused: NotYourSession; ActedFirst, if it was theirs and is another tutor's now.
    """
    is_tutor = appointment.tutor_id == actor.person_id
    standing = Standing(frozenset({Role.TUTOR} if is_tutor else ()))
    _require(session, appointment, actor, standing, Role.TUTOR)


def require_guardian(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Check that the actor is a guardian of the child and does not teach it (SPEC 9)."""
    require_role(standing_of(session, appointment, actor), Role.PARENT)


def side_of(session: Session, appointment: Appointment, actor: Actor) -> Role:
    """Side of the session on which the actor is.

    Refused: NotYourChild, OwnSession; ActedFirst, if it was theirs and is another tutor's now.
    """
    standing = standing_of(session, appointment, actor)
    _require(session, appointment, actor, standing, standing.side)
    return standing.side


def _require(
    session: Session, appointment: Appointment, actor: Actor, standing: Standing, role: Role
) -> None:
    try:
        require_role(standing, role)
    except (NotYourSession, NotYourChild) as refusal:
        raise given_away(session, appointment.id, actor.person_id) or refusal from None


def require_coordinator(session: Session, actor: Actor) -> None:
    """Check that the actor is a coordinator (SPEC 5). Refused: NotCoordinator."""
    person = session.get(Person, actor.person_id)
    is_one = person is not None and person.is_coordinator
    require_role(Standing(frozenset({Role.COORDINATOR} if is_one else ())), Role.COORDINATOR)


def standing_of(session: Session, appointment: Appointment, actor: Actor) -> Standing:
    """Actor's side in a session; whether they are a coordinator is not read."""
    if appointment.tutor_id == actor.person_id:
        return Standing(frozenset({Role.TUTOR}))
    row = _GUARDIAN.first(session, student_id=appointment.student_id, person_id=actor.person_id)
    if row is None:
        return Standing()
    return Standing(frozenset(() if row.teaches else {Role.PARENT}), is_family=True)


def guardian_ids(session: Session, student_id: int) -> list[int]:
    """Child's guardians, without those who teach it and act only as its tutor (SPEC 9)."""
    return _GUARDIANS.firsts(session, student_id=student_id)


_TEACHES = (
    select(Appointment.id)
    .where(
        Appointment.student_id == bindparam("student_id"),
        Appointment.tutor_id == Guardianship.person_id,
    )
    .exists()
)
_GUARDIAN = Prepared(
    select(_TEACHES.label("teaches")).where(
        Guardianship.student_id == bindparam("student_id"),
        Guardianship.person_id == bindparam("person_id"),
    )
)
_GUARDIANS = Prepared(
    select(Guardianship.person_id)
    .where(Guardianship.student_id == bindparam("student_id"), ~_TEACHES)
    .order_by(col(Guardianship.person_id))
)


def guardians_locked(session: Session, student_id: int) -> list[Any]:
    """Ids and accounts of `guardian_ids`, which nobody can change until this unit of work ends."""
    return _GUARDIANS_LOCKED.rows(session, student_id=student_id)


_GUARDIANS_LOCKED = Prepared(
    select(Person.id, Person.telegram_user_id)
    .join(Guardianship, col(Guardianship.person_id) == Person.id)
    .where(Guardianship.student_id == bindparam("student_id"), ~_TEACHES)
    .order_by(col(Person.id))
    .with_for_update(read=True, of=Person)
)


def people_of(session: Session, appointment: Appointment, side: Role) -> list[int]:
    """People on one side of the session: the tutor, or the child's guardians."""
    if side is Role.TUTOR:
        return [appointment.tutor_id]
    return guardian_ids(session, appointment.student_id)


def others_in(session: Session, appointment: Appointment, actor: Actor) -> list[int]:
    """Everybody on both sides except the actor."""
    both = [appointment.tutor_id, *guardian_ids(session, appointment.student_id)]
    return [person_id for person_id in both if person_id != actor.person_id]
