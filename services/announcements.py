"""Who hears of what happened to an appointment: outbox rows in the caller's transaction."""

from sqlmodel import col, func, select

from models import Appointment, AuditEvent, Dispute, Person
from models.enums import MessageKind
from services import outbox
from services.actors import Actor
from services.appointments import guardian_ids
from services.db import Session
from services.transitions import last_move


async def ask_parents(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Give every linked parent a card to answer on; where there is none, tell the coordinators."""
    parents = await _linked(session, await guardian_ids(session, appointment.student_id))
    for person_id in parents:
        await ask_parent(session, appointment, person_id, actor)
    if not parents:
        move = await _move_id(session, appointment.id)
        await outbox.tell_coordinators(
            session,
            MessageKind.NO_PARENT_LINKED,
            {"appointment_id": appointment.id},
            key=f"no_parent:{appointment.id}:{move}",
            now=actor.now,
        )


async def ask_parent(
    session: Session, appointment: Appointment, person_id: int, actor: Actor
) -> None:
    """Give one parent the card; one for each time the session comes to await an answer."""
    move = await _move_id(session, appointment.id)
    await outbox.tell_person(
        session,
        person_id,
        MessageKind.APPOINTMENT_CARD,
        {"appointment_id": appointment.id},
        key=f"ask:{appointment.id}:{move}:{person_id}",
        now=actor.now,
    )


async def refresh_cards(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Bring every card of the session up to date: the tutor's, the parents', the group's."""
    move = await _event_id(session, appointment.id)
    for person_id in (
        appointment.tutor_id,
        *await guardian_ids(session, appointment.student_id),
    ):
        await outbox.tell_person(
            session,
            person_id,
            MessageKind.APPOINTMENT_CARD_REFRESH,
            {"appointment_id": appointment.id},
            key=f"refresh:{appointment.id}:{move}:{person_id}",
            now=actor.now,
        )
    disputes = await session.exec(
        select(Dispute.id).where(Dispute.appointment_id == appointment.id)
    )
    for dispute_id in disputes.all():
        await outbox.tell_coordinators(
            session,
            MessageKind.DISPUTE_CARD_REFRESH,
            {"appointment_id": appointment.id, "dispute_id": dispute_id},
            key=f"refresh:{appointment.id}:{move}:dispute:{dispute_id}",
            now=actor.now,
        )


async def tell_tutor(
    session: Session, appointment: Appointment, kind: MessageKind, actor: Actor
) -> None:
    """Tell the tutor what a parent or a coordinator did to one of their sessions."""
    move = await _event_id(session, appointment.id)
    await outbox.tell_person(
        session,
        appointment.tutor_id,
        kind,
        {"appointment_id": appointment.id},
        key=f"{kind}:{appointment.id}:{move}:{appointment.tutor_id}",
        now=actor.now,
    )


async def _linked(session: Session, person_ids: list[int]) -> list[int]:
    """Those with an account. One who links at this moment is waited for, lest nobody asks them."""
    found = await session.exec(
        select(Person.id, Person.telegram_user_id)
        .where(col(Person.id).in_(person_ids))
        .order_by(col(Person.id))
        .with_for_update(read=True)
    )
    return [person_id for person_id, account in found.all() if account is not None]


async def _move_id(session: Session, appointment_id: int) -> int:
    """Names the episode: since the session last changed its status."""
    move = await last_move(session, appointment_id)
    return move.id if move else 0


async def _event_id(session: Session, appointment_id: int) -> int:
    """Names the moment: the newest thing that happened to the session."""
    newest = select(func.max(AuditEvent.id)).where(AuditEvent.appointment_id == appointment_id)
    return (await session.exec(newest)).one() or 0
