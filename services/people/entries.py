"""Entries of people, made and changed by coordinators (SPEC 1, 10).

Their Telegram account is none of it: that moves by invitation only.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import col, func, select

from models import Appointment, Guardianship, Person, Student
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record_of_person
from services.notifications.menus import menu_follows
from services.notifications.own_cards import zone_follows
from services.rules.refusals.people import (
    LastCoordinator,
    NameMissing,
    NoRoles,
    OwnCoordination,
    RefTaken,
    StillGuardian,
    StillTeaches,
    ZoneUnknown,
)
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.typed import TextTooLong
from services.rules.time_zones import EXACTLY, zone_named, zone_of_city

NAME_LIMIT = 120
"""The longest name or reference, in characters."""
TO_COME = text("appointment.status IN ('scheduled', 'checked_in')")

Entry = TypeVar("Entry", Person, Student)


@dataclass(frozen=True)
class PersonEntry:
    """A person as a coordinator enters them."""

    name: str
    roles: frozenset[Role]
    language: str | None = None
    """None until the person's client tells it: English."""
    time_zone: str | None = None
    """None: the agency's."""
    ref: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Columns of the person's row."""
        return {
            "name": self.name,
            "is_tutor": Role.TUTOR in self.roles,
            "is_parent": Role.PARENT in self.roles,
            "is_coordinator": Role.COORDINATOR in self.roles,
            "language": self.language,
            "time_zone": self.time_zone,
            "ref": self.ref,
        }


def add_person(session: Session, actor: Actor, entry: PersonEntry) -> Person:
    """Add a person, who is linked to no account yet.

    Raises `Refusal`: NotCoordinator, NameMissing, NoRoles, TextTooLong, ZoneUnknown, RefTaken.
    """
    require_coordinator(session, actor)
    columns = _checked(session, actor, entry, None)
    person = Person(**columns)
    session.add(person)
    session.flush()
    record_of_person(
        session, Action.ADD_PERSON, Role.COORDINATOR, actor, person_id=person.id, details=columns
    )
    return person


def edit_person(session: Session, actor: Actor, person_id: int, entry: PersonEntry) -> Person:
    """Change a person's entry; the audit trail keeps what changed.

    With another time zone, what stands in their chat about sessions that go on follows. A role that
    somebody needs cannot be taken. Raises `Refusal` as `add_person` does, and NotFound,
    StillTeaches, StillGuardian, LastCoordinator, OwnCoordination.
    """
    require_coordinator(session, actor)
    person = locked(session, Person, person_id)
    columns = _checked(session, actor, entry, person)
    before, zone = (person.roles, person.language), person.time_zone
    change(session, person, columns, Action.EDIT_PERSON, actor, person_id=person.id)
    if (person.roles, person.language) != before:
        menu_follows(session, person, actor.now)
    if person.time_zone != zone:
        zone_follows(session, person, actor.now)
    return person


def change(
    session: Session,
    row: Person | Student,
    columns: dict[str, Any],
    action: Action,
    actor: Actor,
    **whom: int,
) -> None:
    """Set columns, with an audit event that holds what they were and are; nothing if the same."""
    before = {name: getattr(row, name) for name in columns}
    changed = [name for name in columns if before[name] != columns[name]]
    if not changed:
        return
    for name in changed:
        setattr(row, name, columns[name])
    session.flush()
    details = {
        "before": {name: before[name] for name in changed},
        "after": {name: columns[name] for name in changed},
    }
    record_of_person(session, action, Role.COORDINATOR, actor, details=details, **whom)


def locked(session: Session, table: type[Entry], row_id: int) -> Entry:
    """A person or a child, locked until the unit of work ends. Raises `Refusal` NotFound."""
    this = select(table).where(table.id == row_id).with_for_update(key_share=True)
    found = session.exec(this.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def short(given: str | None, limit: int = NAME_LIMIT) -> str | None:
    """Given text with single spaces, and none around it; None where it is empty.

    Raises TextTooLong.
    """
    value = " ".join((given or "").split())
    if len(value) > limit:
        raise TextTooLong(limit=limit)
    return value or None


def named(given: str) -> str:
    """A name. Raises `Refusal`: NameMissing, TextTooLong."""
    name = short(given)
    if name is None:
        raise NameMissing
    return name


def require_roles(
    session: Session, actor: Actor, roles: frozenset[Role], own: Person | None
) -> None:
    """Check that there is a role, and that `own` keeps those in which somebody needs them.

    Raises `Refusal`: NoRoles, StillTeaches, StillGuardian, LastCoordinator, OwnCoordination.
    """
    if not roles:
        raise NoRoles
    if own is None:
        return
    lost = own.roles - roles
    _require_not_needed(session, own, lost)
    if Role.COORDINATOR in lost and own.id == actor.person_id:
        raise OwnCoordination


def free_ref(
    session: Session, table: type[Entry], given: str | None, own: Entry | None
) -> str | None:
    """A reference that no other entry has; None where none was given.

    Raises `Refusal`: TextTooLong, RefTaken.
    """
    ref = short(given)
    if ref is None:
        return None
    holder = session.exec(select(table).where(table.ref == ref)).one_or_none()
    if holder is not None and (own is None or holder.id != own.id):
        raise RefTaken(who=holder.name)
    return ref


def _checked(
    session: Session, actor: Actor, entry: PersonEntry, own: Person | None
) -> dict[str, Any]:
    name = named(entry.name)
    require_roles(session, actor, entry.roles, own)
    zone = zone_or_none(entry.time_zone)
    ref = free_ref(session, Person, entry.ref, own)
    return entry.columns | {"name": name, "time_zone": zone, "ref": ref}


def zone_or_none(given: str | None) -> str | None:
    """Name of a time zone, or of a city that has one; None where none was given.

    Raises `Refusal` ZoneUnknown, TextTooLong.
    """
    name = short(given)
    if name is None:
        return None
    try:
        return zone_named(name).key
    except ValueError:
        if zone := zone_of_city(name, nearness=EXACTLY):
            return zone
        raise ZoneUnknown from None


def _require_not_needed(session: Session, person: Person, lost: frozenset[Role]) -> None:
    if Role.TUTOR in lost:
        teaching = select(func.count()).where(Appointment.tutor_id == person.id, TO_COME)
        if count := session.exec(teaching).one():
            raise StillTeaches(count=count)
    if Role.PARENT in lost:
        child = session.exec(
            select(Student.name)
            .join(Guardianship, col(Guardianship.student_id) == Student.id)
            .where(Guardianship.person_id == person.id)
            .order_by(col(Student.name), col(Student.id))
            .limit(1)
        ).first()
        if child is not None:
            raise StillGuardian(who=child)
    if Role.COORDINATOR in lost:
        # Of two who take it from each other at once, the second waits here.
        everyone = select(Person.id).where(col(Person.is_coordinator)).order_by(col(Person.id))
        if len(session.exec(everyone.with_for_update()).all()) == 1:
            raise LastCoordinator
