"""Who hears of what happened to an appointment: outbox rows in the caller's transaction."""

from datetime import datetime

from sqlmodel import col, func, select

from models import Appointment, AuditEvent, Card, Dispute, Person
from models.enums import MessageKind
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.lifecycle.actors import Actor
from services.lifecycle.status import last_move
from services.messaging import outbox
from services.notifications.reminders.acknowledgements import remind_later


def ask_parents(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Give every linked parent a card to answer on; where there is none, tell the coordinators."""
    parents = linked_parents(session, appointment)
    for person_id in parents:
        ask_parent(session, appointment, person_id, actor)
    if not parents:
        move = _move_id(session, appointment.id)
        outbox.tell_coordinators(
            session,
            MessageKind.NO_PARENT_LINKED,
            {"appointment_id": appointment.id},
            key=f"no_parent:{appointment.id}:{move}",
            now=actor.now,
        )


def ask_parent(session: Session, appointment: Appointment, person_id: int, actor: Actor) -> None:
    """Give one parent the card, and reminders of it for later; one for each time the session
    comes to await an answer.
    """
    move = _move_id(session, appointment.id)
    outbox.tell_person(
        session,
        person_id,
        MessageKind.APPOINTMENT_CARD,
        {"appointment_id": appointment.id},
        key=f"ask:{appointment.id}:{move}:{person_id}",
        now=actor.now,
    )
    remind_later(session, appointment.id, person_id, move, actor.now)


def refresh_cards(
    session: Session, appointment: Appointment, actor: Actor, *, because: str | None = None
) -> None:
    """Bring every card of the session up to date: the tutor's, the parents', the group's, and
    that of every coordinator who looked at it.

    `because` names what is new, where that is nothing in the audit trail.
    """
    move = because or _event_id(session, appointment.id)
    theirs = [appointment.tutor_id, *guardian_ids(session, appointment.student_id)]
    onlookers = session.exec(
        select(Card.person_id)
        .where(
            Card.appointment_id == appointment.id,
            col(Card.is_live),
            col(Card.person_id).is_not(None),
            col(Card.person_id).not_in(theirs),
        )
        .distinct()
        .order_by(col(Card.person_id))
    )
    for person_id in (*theirs, *filter(None, onlookers.all())):
        outbox.tell_person(
            session,
            person_id,
            MessageKind.APPOINTMENT_CARD_REFRESH,
            {"appointment_id": appointment.id},
            key=f"refresh:{appointment.id}:{move}:{person_id}",
            now=actor.now,
        )
    disputes = session.exec(select(Dispute.id).where(Dispute.appointment_id == appointment.id))
    for dispute_id in disputes.all():
        outbox.tell_coordinators(
            session,
            MessageKind.DISPUTE_CARD_REFRESH,
            {"appointment_id": appointment.id, "dispute_id": dispute_id},
            key=f"refresh:{appointment.id}:{move}:dispute:{dispute_id}",
            now=actor.now,
        )


def tell_changed(
    session: Session,
    appointment: Appointment,
    person_ids: list[int],
    actor: Actor,
    *,
    before: datetime | None = None,
) -> None:
    """Give these people a new card of a session that is moved, or is asked to be (SPEC 6).

    Everybody else's cards of it are edited. `before`: its start until now, where that changed.
    """
    event = _event_id(session, appointment.id)
    first = min(before or appointment.starts_at, appointment.starts_at)
    for person_id in person_ids:
        outbox.tell_person(
            session,
            person_id,
            MessageKind.SESSION_CHANGED,
            {"appointment_id": appointment.id, "near": first.isoformat()},
            key=f"changed:{appointment.id}:{event}:{person_id}",
            now=actor.now,
        )
    refresh_cards(session, appointment, actor)


def tell_tutor(session: Session, appointment: Appointment, kind: MessageKind, actor: Actor) -> None:
    """Tell the tutor what a parent or a coordinator did to one of their sessions."""
    _tell(session, appointment, appointment.tutor_id, kind, actor)


def give_cards(
    session: Session, appointment: Appointment, person_ids: list[int], actor: Actor
) -> None:
    """Give these people a new card, for it says something new to them; edit all the others."""
    for person_id in person_ids:
        _tell(session, appointment, person_id, MessageKind.APPOINTMENT_CARD, actor)
    refresh_cards(session, appointment, actor)


def tell_settled(
    session: Session, appointment: Appointment, dispute: Dispute, actor: Actor
) -> None:
    """Give the parent who disputed, and the tutor, a new card: an edited one does not notify."""
    for person_id in (dispute.opened_by_id, appointment.tutor_id):
        _tell(session, appointment, person_id, MessageKind.APPOINTMENT_CARD, actor)


def _tell(
    session: Session, appointment: Appointment, person_id: int, kind: MessageKind, actor: Actor
) -> None:
    move = _event_id(session, appointment.id)
    outbox.tell_person(
        session,
        person_id,
        kind,
        {"appointment_id": appointment.id},
        key=f"{kind}:{appointment.id}:{move}:{person_id}",
        now=actor.now,
    )


def linked_parents(session: Session, appointment: Appointment) -> list[int]:
    """Those with an account. One who links at this moment is waited for, lest nobody asks them."""
    guardians = guardian_ids(session, appointment.student_id)
    found = session.exec(
        select(Person.id, Person.telegram_user_id)
        .where(col(Person.id).in_(guardians))
        .order_by(col(Person.id))
        .with_for_update(read=True)
    )
    return [person_id for person_id, account in found.all() if account is not None]


def _move_id(session: Session, appointment_id: int) -> int:
    """Names the episode: since the session last changed its status."""
    move = last_move(session, appointment_id)
    return move.id if move else 0


def _event_id(session: Session, appointment_id: int) -> int:
    """Names the moment: the newest thing that happened to the session."""
    newest = select(func.max(AuditEvent.id)).where(AuditEvent.appointment_id == appointment_id)
    return session.exec(newest).one() or 0
