"""Who is told what has happened to an appointment: outbox rows in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import func, select

from models import Appointment, AuditEvent, Dispute
from services.db import Session
from services.lifecycle.access import guardians_locked
from services.lifecycle.actors import Actor
from services.lifecycle.status import last_move
from services.messaging import cards, outbox
from services.messaging.messages.approvals import DisputeCardRefresh
from services.messaging.messages.base import AboutSession
from services.messaging.messages.sessions import (
    AdhocLogged,
    NoParentLinked,
    SessionCard,
    SessionCardRefresh,
    SessionChanged,
    SessionVerified,
)
from services.notifications.reminders.acknowledgements import join_reminders, remind_later
from services.prepared import Prepared
from services.queries.people import has_reached_parent
from services.rules.action_checks import NOT_HELD


def ask_parents(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    *,
    move_id: int | None = None,
    in_batch: bool = False,
) -> None:
    """Send every linked parent a card to answer; without any, tell the coordinators.

    Parents without Telegram find it on the pages: there is nothing to tell coordinators then.

    `move_id`: audit event after which the session awaited an answer, if it is known. `in_batch`: it
    was logged with others, and one message asks about all of them (UX 21).
    """
    move = move_id or _move_id(session, appointment.id)
    parents = linked_parents(session, appointment)
    for person_id in parents:
        told = AdhocLogged(appointment.id, move) if in_batch else SessionCard(appointment.id)
        _ask(session, told, person_id, move, actor)
    if parents and not in_batch:
        join_reminders(session, parents, actor.now)
    if not parents and not has_reached_parent(session, appointment.student_id):
        outbox.tell_coordinators(
            session,
            NoParentLinked(appointment.id),
            key=f"no_parent:{appointment.id}:{move}",
            now=actor.now,
        )


def _ask(session: Session, told: AboutSession, person_id: int, move: int, actor: Actor) -> None:
    """Ask one parent, with reminders for later; once each time an answer is awaited."""
    outbox.tell_person(
        session,
        person_id,
        told,
        key=f"ask:{told.appointment_id}:{move}:{person_id}",
        now=actor.now,
    )
    remind_later(session, told.appointment_id, person_id, move, actor.now)


def refresh_cards(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    *,
    because: str | None = None,
    event_id: int | None = None,
    is_answered: bool = False,
) -> None:
    """Update every card of the session, sent or still in the outbox.

    That is the cards of the tutor, the parents, the group, and coordinators who looked at it.
    `because` names the news, where the audit trail has none; `event_id` is the audit event, if it
    is known. `is_answered` leaves out the chat in which `actor` acts: the answer shows the session
    there.
    """
    moment = because or event_id or newest_event(session, appointment.id)
    answered = actor.chat_id if is_answered else None
    shown = cards.shown_in(session, appointment.id, actor.now)
    people = {
        one.person_id
        for one in shown
        if one.person_id is not None
        and (one.stands or one.chat_id is None or one.chat_id != answered)
    }
    in_group = [one for one in shown if one.person_id is None]
    own = (actor.chat_id, actor.person_id)
    asked = {one.person_id for one in shown if one.asks and (one.chat_id, one.asked_id) != own}
    readers: list[int | None] = [*sorted(people)]
    if None in asked or any(one.stands for one in in_group):
        readers.append(None)
    rows = [
        outbox.message(
            person_id,
            SessionCardRefresh(appointment.id, asks=person_id in asked),
            key=f"refresh:{appointment.id}:{moment}:{person_id}",
            now=actor.now,
        )
        for person_id in readers
    ]
    rows += [
        outbox.message(
            None,
            DisputeCardRefresh(appointment.id, dispute_id),
            key=f"refresh:{appointment.id}:{moment}:dispute:{dispute_id}",
            now=actor.now,
        )
        for dispute_id in _disputes_shown(session, appointment, in_group)
    ]
    outbox.write_once(session, rows)
    if appointment.replaces_id is not None and appointment.status in NOT_HELD:
        _refresh_replaced(session, appointment, actor, moment)


def _refresh_replaced(
    session: Session, replacement: Appointment, actor: Actor, moment: str | int
) -> None:
    """Update the cards of the session that a lost one was to replace: it is not replaced, or by
    what replaces the lost one.
    """
    lost = session.get(Appointment, replacement.replaces_id)
    if lost is not None:
        refresh_cards(session, lost, actor, because=f"lost_again:{replacement.id}:{moment}")


def _disputes_shown(
    session: Session, appointment: Appointment, in_group: Sequence[cards.Shown]
) -> list[int]:
    """Ids of the session's disputes with a card in the group, sent or still in the outbox."""
    if any(one.chat_id is None for one in in_group):
        found = session.exec(select(Dispute.id).where(Dispute.appointment_id == appointment.id))
        return list(found.all())
    return sorted({one.dispute_id for one in in_group if one.dispute_id is not None})


def tell_changed(
    session: Session,
    appointment: Appointment,
    person_ids: list[int],
    actor: Actor,
    *,
    before: datetime | None = None,
) -> None:
    """Send these people a new card of a session that is moved, or may be (SPEC 6).

    Other people's cards are edited. `before`: former start, where it has changed.
    """
    event = newest_event(session, appointment.id)
    first = min(before or appointment.starts_at, appointment.starts_at)
    for person_id in person_ids:
        outbox.tell_person(
            session,
            person_id,
            SessionChanged(appointment.id, first),
            key=f"changed:{appointment.id}:{event}:{person_id}",
            now=actor.now,
        )
    refresh_cards(session, appointment, actor)


def tell_tutor(
    session: Session, appointment: Appointment, told: AboutSession, actor: Actor
) -> None:
    """Tell the tutor what a parent or a coordinator did to one of their sessions."""
    _tell(session, appointment, appointment.tutor_id, told, actor)


def give_cards(
    session: Session, appointment: Appointment, person_ids: list[int], actor: Actor
) -> None:
    """Send these people a new card, because it has news for them; edit all other cards."""
    for person_id in person_ids:
        _tell(session, appointment, person_id, SessionCard(appointment.id), actor)
    refresh_cards(session, appointment, actor)


def tell_settled(
    session: Session, appointment: Appointment, dispute: Dispute, actor: Actor
) -> None:
    """Send the parents and the tutor a new card: an edited one does not notify."""
    parents = {dispute.opened_by_id, *linked_parents(session, appointment)}
    for person_id in (*sorted(parents), appointment.tutor_id):
        _tell(session, appointment, person_id, SessionCard(appointment.id), actor)


def tell_verified(
    session: Session, appointment: Appointment, actor: Actor, told_at: datetime | None
) -> None:
    """Tell parents and tutor that a session counts as held: an edited card does not notify.

    `told_at`: when, where it is not at once; of what is due together a person gets one message.
    """
    event = newest_event(session, appointment.id)
    for person_id in (*linked_parents(session, appointment), appointment.tutor_id):
        outbox.tell_person(
            session,
            person_id,
            SessionVerified(appointment.id),
            key=f"verified:{appointment.id}:{event}:{person_id}",
            now=actor.now,
            due_at=told_at,
        )


def _tell(
    session: Session, appointment: Appointment, person_id: int, told: AboutSession, actor: Actor
) -> None:
    move = newest_event(session, appointment.id)
    outbox.tell_person(
        session,
        person_id,
        told,
        key=f"{told.kind}:{appointment.id}:{move}:{person_id}",
        now=actor.now,
    )


def linked_parents(session: Session, appointment: Appointment) -> list[int]:
    """Ids of linked parents. Waits for one who links now, who would otherwise not be asked."""
    guardians = guardians_locked(session, appointment.student_id)
    return [person.id for person in guardians if person.telegram_user_id is not None]


def _move_id(session: Session, appointment_id: int) -> int:
    """Id of the newest status change, which identifies this episode of the session."""
    move = last_move(session, appointment_id)
    return move.id if move else 0


def newest_event(session: Session, appointment_id: int) -> int:
    """Id of the session's newest event, which identifies this moment; 0 without one."""
    return _NEWEST.one(session, appointment_id=appointment_id) or 0


_NEWEST = Prepared(
    select(func.max(AuditEvent.id)).where(AuditEvent.appointment_id == bindparam("appointment_id"))
)
