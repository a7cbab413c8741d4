"""Looking at the pages through somebody else's eyes, read-only and audited (SPEC 10).

The browser's session names whom its coordinator looks as. Nothing else knows of it: no right of
theirs is gained, and no form of theirs counts.
"""

from models import Person, WebSession
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record_of_person
from services.rules.refusals.links import NothingToSee
from services.rules.refusals.sessions import NotFound


def see_as(session: Session, actor: Actor, device: WebSession, person_id: int) -> Person:
    """Let a coordinator look at the pages in this browser as a tutor or a parent sees them.

    Raises `Refusal`: NotCoordinator, NotFound, NothingToSee for somebody who is neither, and for
    themselves.
    """
    require_coordinator(session, actor)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.id == actor.person_id or not (person.is_tutor or person.is_parent):
        raise NothingToSee(who=person.name)
    if device.seen_as_id == person.id:
        return person
    note_end(session, device, actor)
    device.seen_as_id, device.seen_as_since = person.id, actor.now
    record_of_person(session, Action.SEE_AS, Role.COORDINATOR, actor, person_id=person.id)
    return person


def stop_seeing(session: Session, actor: Actor, device: WebSession) -> int | None:
    """Let a coordinator look with their own eyes again; whom they saw, if anybody."""
    seen = device.seen_as_id
    note_end(session, device, actor)
    return seen


def note_end(session: Session, device: WebSession, actor: Actor) -> None:
    """Record that a coordinator looks as nobody else any more, if they did."""
    if device.seen_as_id is None:
        return
    seen = device.seen_as_id
    device.seen_as_id = device.seen_as_since = None
    looking = Actor(device.person_id, actor.channel, actor.now)
    record_of_person(session, Action.STOP_SEEING, Role.COORDINATOR, looking, person_id=seen)
