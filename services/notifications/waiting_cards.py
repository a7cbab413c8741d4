"""Cards for a newly linked parent: sessions that await an answer, requests to move one, and matches
that are offered.
"""

from datetime import datetime

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment, Match, OutboxMessage, Person, StandingMessage
from models.enums import MessageKind, Origin
from services.db import Session
from services.lifecycle.open_requests import open_request
from services.lifecycle.status import last_move
from services.messaging.messages.matches import MatchOffered
from services.messaging.messages.sessions import (
    NoParentLinked,
    SessionCard,
    SessionCardRefresh,
    SessionChanged,
)
from services.messaging.outbox import message, tell_person, write_once
from services.messaging.standing import offer_key
from services.notifications.reminders.acknowledgements import remind_later
from services.queries.requests import answers_owed_for
from services.queries.sessions import children_of, of_children


def give_waiting_cards(
    session: Session, person: Person, now: datetime, *, student_id: int | None = None
) -> None:
    """Write a card, and later reminders, for each of a parent's native sessions awaiting an answer,
    and a card for each that a tutor has asked to move.

    `student_id`: only for this child. One card for each session and account, and none if one is
    still in the outbox. Children whom they teach do not count (SPEC 9); nobody is told about
    imported sessions (SPEC 5).
    """
    session.flush()
    children = children_of(session, person)
    if student_id is not None:
        children &= {student_id}
    _refresh_group(session, person, children, now)
    on_its_way = _on_its_way(session, person.id, now, SessionCard.kind)
    for appointment_id in _awaiting(session, children):
        if appointment_id in on_its_way:
            continue
        tell_person(
            session,
            person.id,
            SessionCard(appointment_id),
            key=f"ask:{appointment_id}:{person.id}:account:{person.telegram_user_id}",
            now=now,
        )
        move = last_move(session, appointment_id)
        remind_later(session, appointment_id, person.id, move.id if move else 0, now)
    on_its_way |= _on_its_way(session, person.id, now, SessionChanged.kind)
    for view in answers_owed_for(session, children, now):
        request = open_request(session, view.id)
        if request is not None and view.id not in on_its_way:
            tell_person(
                session,
                person.id,
                SessionCard(view.id),
                key=f"asked:{request.proposal.id}:{person.id}:account:{person.telegram_user_id}",
                now=now,
            )
    for match_id in _offered(session, person, children):
        _give_offer(session, match_id, person, now)


def refresh_unlinked(session: Session, person: Person, now: datetime) -> None:
    """Bring what the group was told up to date: a parent of these children can be reached now."""
    _refresh_group(session, person, children_of(session, person), now)


def _refresh_group(session: Session, person: Person, children: set[int], now: datetime) -> None:
    told = session.exec(
        select(StandingMessage.appointment_id)
        .join(OutboxMessage, col(OutboxMessage.id) == StandingMessage.outbox_message_id)
        .join(Appointment, col(Appointment.id) == StandingMessage.appointment_id)
        .where(OutboxMessage.kind == NoParentLinked.kind, of_children(children))
        .distinct()
    )
    rows = [
        message(
            None,
            SessionCardRefresh(appointment_id),
            key=f"refresh:{appointment_id}:reached:{person.id}:{now.isoformat()}",
            now=now,
        )
        for appointment_id in told.all()
        if appointment_id is not None
    ]
    write_once(session, rows)


def _offered(session: Session, person: Person, children: set[int]) -> list[int]:
    found = session.exec(
        select(Match.id)
        .where(
            text("match.status = 'offered'"),
            col(Match.student_id).in_(sorted(children)),
            Match.tutor_id != person.id,
        )
        .order_by(col(Match.id))
    )
    return list(found.all())


def _give_offer(session: Session, match_id: int, person: Person, now: datetime) -> None:
    """Write the card of a match, unless it is still in the outbox: once for each account."""
    first = offer_key(match_id, person.id)
    written = session.exec(
        select(OutboxMessage.sent_at).where(OutboxMessage.dedupe_key == first)
    ).all()
    if written and written[0] is None:
        return
    tell_person(
        session,
        person.id,
        MatchOffered(match_id),
        key=f"{first}:account:{person.telegram_user_id}" if written else first,
        now=now,
    )


def _on_its_way(session: Session, person_id: int, now: datetime, kind: MessageKind) -> set[int]:
    """Sessions of which this person is about to get a message of this kind, which is a card."""
    found = session.exec(
        select(OutboxMessage.appointment_id).where(
            OutboxMessage.person_id == person_id,
            OutboxMessage.kind == kind,
            col(OutboxMessage.sent_at).is_(None),
            col(OutboxMessage.failed_at).is_(None),
            or_(col(OutboxMessage.expires_at).is_(None), col(OutboxMessage.expires_at) > now),
        )
    )
    return {one for one in found.all() if one is not None}


def _awaiting(session: Session, children: set[int]) -> list[int]:
    """Native sessions that await an answer, the oldest first."""
    waiting = (
        select(Appointment.id)
        .where(
            of_children(children),
            text("appointment.status = 'awaiting_approval_parent'"),
            Appointment.origin == Origin.NATIVE,
        )
        .order_by(col(Appointment.checked_out_at), col(Appointment.id))
    )
    return list(session.exec(waiting).all())
