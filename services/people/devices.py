"""Browsers in which people are signed in: seen, and ended at once (SPEC 10)."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from models import Person, WebSession
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor, capacity_of
from services.lifecycle.status import record_of_person
from services.people.seeing import note_end
from services.people.sign_in import end_access
from services.rules.refusals.sessions import NotFound


def end_device(session: Session, actor: Actor, device_id: int) -> None:
    """End one of the actor's own browser sessions; nothing where it has ended already.

    Somebody else's is as one that has ended: nobody learns that it exists.
    """
    _end_own(session, actor, col(WebSession.id) == device_id)


def end_others(session: Session, actor: Actor, kept: WebSession) -> None:
    """End the actor's browser sessions, but for the one in which they ask for it."""
    _end_own(session, actor, col(WebSession.id) != kept.id)


def end_this(session: Session, actor: Actor, device: WebSession) -> None:
    """Sign out of the browser in which this is asked for."""
    _end(session, actor, [device])


def end_all_of(session: Session, actor: Actor, person_id: int) -> None:
    """End every browser session of a person, and their unused links; for coordinators.

    Raises `Refusal`: NotCoordinator, NotFound.
    """
    require_coordinator(session, actor)
    if session.get(Person, person_id) is None:
        raise NotFound
    rows = _of(session, person_id)
    _end(session, actor, rows)
    end_access(session, person_id)
    record_of_person(session, Action.END_SIGN_IN, Role.COORDINATOR, actor, person_id=person_id)


def end_one_of(session: Session, actor: Actor, person_id: int, device_id: int) -> None:
    """End one browser session of a person, for coordinators; nothing where it has ended.

    Raises `Refusal`: NotCoordinator, and NotFound where there is no such person.
    """
    require_coordinator(session, actor)
    if session.get(Person, person_id) is None:
        raise NotFound
    rows = _of(session, person_id, col(WebSession.id) == device_id)
    _end(session, actor, rows)
    if rows:
        record_of_person(session, Action.END_SIGN_IN, Role.COORDINATOR, actor, person_id=person_id)


def _end_own(session: Session, actor: Actor, which: ColumnElement[bool]) -> None:
    person_id = actor.identified
    rows = _of(session, person_id, which)
    _end(session, actor, rows)
    if rows:
        person = session.exec(select(Person).where(Person.id == person_id)).one()
        record_of_person(
            session, Action.END_SIGN_IN, capacity_of(person), actor, person_id=person_id
        )


def _of(session: Session, person_id: int, *which: ColumnElement[bool]) -> list[WebSession]:
    mine = select(WebSession).where(WebSession.person_id == person_id, *which)
    return list(session.exec(mine.order_by(col(WebSession.id)).with_for_update()).all())


def _end(session: Session, actor: Actor, rows: list[WebSession]) -> None:
    for row in rows:
        note_end(session, row, actor)
        session.delete(row)
    session.flush()
