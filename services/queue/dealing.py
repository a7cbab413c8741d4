"""Late changes and asked replacements that a coordinator has dealt with (SPEC 6, 10).

What was agreed on the telephone leaves nothing to book, move or cancel: they say so themselves.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from models import Appointment
from models.enums import Action, Role, Status
from models.matters import Matter
from services.db import Session
from services.lifecycle.access import for_update, people_of, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import done_first, last_done, record
from services.lifecycle.wanted import forget
from services.notifications.announcements import give_cards
from services.queries.late_changes import is_told, told_still
from services.rules.refusals.sessions import NotFound

_ENDS = (
    *(Action.DEAL_WITH, Action.REPLACE, Action.MOVE, Action.ACCEPT, Action.REASSIGN),
    *(Action.CANCEL_FOR_TUTOR, Action.CANCEL_FOR_PARENT),
    *(Action.CHECK_IN, Action.CORRECT_ATTENDANCE, Action.EXPIRE),
)
"""What can leave nothing to do about either of them."""


def deal_with(session: Session, matter: Matter, appointment_id: int, actor: Actor) -> None:
    """Take a late change, or a replacement that was asked for, out of the queue.

    Who asked for a replacement is told that none is booked, and can ask again. Who told of a late
    change is told that it was read, and that the session stays as it is.
    Done again by the same person, it changes nothing. Refused: NotCoordinator, NotFound, and
    ActedFirst where somebody has dealt with it.
    """
    require_coordinator(session, actor)
    appointment = for_update(session, appointment_id)
    if not _WAITS[matter](session, appointment):
        _require_done_by(session, appointment, actor)
        return
    waiting = _WHO_WAIT[matter](session, appointment)
    record(
        session,
        Action.DEAL_WITH,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        details={"matter": matter.value},
    )
    give_cards(session, appointment, waiting, actor)


def _askers(session: Session, appointment: Appointment) -> list[int]:
    """The side that asked for a replacement of the session."""
    asked = last_done(session, appointment.id, Action.ASK_REPLACEMENT)
    return [] if asked is None else people_of(session, appointment, asked.role)


def _tellers(session: Session, appointment: Appointment) -> list[int]:
    """Those who told the coordinators, and have not heard of it since."""
    told = told_still(session, appointment.id)
    return [one.actor_id for one in told if one.closed_at is None and one.actor_id is not None]


_WHO_WAIT: Mapping[Matter, Callable[[Session, Appointment], list[int]]] = MappingProxyType(
    {Matter.LATE_CHANGE: _tellers, Matter.REPLACEMENT: _askers}
)
"""Who is told that it was dealt with."""


def _require_done_by(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Check that this person has dealt with it. Refused: NotFound, ActedFirst."""
    last = last_done(session, appointment.id, *_ENDS)
    if last is None:
        raise NotFound
    if last.action is not Action.DEAL_WITH or last.actor_id != actor.person_id:
        raise done_first(session, last)


def _is_told(session: Session, appointment: Appointment) -> bool:
    may_wait = appointment.status in (Status.SCHEDULED, Status.CHECKED_IN)
    return may_wait and is_told(session, appointment.id)


_WAITS: Mapping[Matter, Callable[[Session, Appointment], bool]] = MappingProxyType(
    {Matter.LATE_CHANGE: _is_told, Matter.REPLACEMENT: forget}
)
"""Whether each of them still waited."""
