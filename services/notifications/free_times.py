"""Free times that cards of cancelled sessions offer, once they are free no more (SPEC 6; UX 17).

A parent whose tutor cancelled is offered some (`services.queries.offered_slots`). Who takes time of
the tutor or of the child, or closes days, has those cards written anew.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from models import Appointment, Card, OutboxMessage
from models.delivery import IS_UNSENT
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.sessions import SessionCardRefresh
from services.notifications.announcements import newest_event
from services.prepared import Prepared
from services.rules.offered_slots import DAYS

REACH = timedelta(days=DAYS + 2)
"""How long after a cancelled session, or after now, the last time lies that is offered."""
EVER = datetime.min.replace(tzinfo=UTC)


def offer_no_more(session: Session, taken: Sequence[Appointment], now: datetime) -> None:
    """Edit the cards that may offer a time which these sessions have just taken.

    The sessions are of one tutor and one child.
    """
    if not taken:
        return
    first, last = min(taken, key=_start), max(taken, key=_start)
    since = first.starts_at - REACH
    found = _OF_TUTOR_OR_CHILD.rows(
        session,
        now=now,
        tutor_id=first.tutor_id,
        student_id=first.student_id,
        since=since if since > now else EVER,
        until=last.ends_at,
    )
    if found:
        because = f"taken:{newest_event(session, last.id)}"
        _refresh(session, found, now, because=because)


def _start(one: Appointment) -> datetime:
    return one.starts_at


def offer_anew(
    session: Session, now: datetime, *, because: str, tutor_id: int | None = None
) -> None:
    """Edit the cards that offer times: those of a tutor's cancelled sessions, or of everybody's.

    `because` names what has taken many times at once: days were closed, or sessions imported.
    """
    if tutor_id is None:
        found = _OF_ALL.rows(session, now=now)
    else:
        found = _OF_TUTOR.rows(session, now=now, tutor_id=tutor_id)
    _refresh(session, found, now, because=because)


def _refresh(
    session: Session, found: Sequence[tuple[int, int]], now: datetime, *, because: str
) -> None:
    outbox.write_once(
        session,
        [
            outbox.message(
                person_id,
                SessionCardRefresh(appointment_id),
                key=f"free_times:{appointment_id}:{because}:{person_id}",
                now=now,
            )
            for appointment_id, person_id in sorted(found)
        ],
    )


def _offering(*which: ColumnElement[bool]) -> CompoundSelect[Any, Any]:
    """Cancelled sessions of these whose cards may offer times, sent or on their way, and readers.

    A card that offers times has an instant at which it reads otherwise: the first of them.
    """
    lost = and_(text("appointment.status = 'cancelled_by_tutor'"), *which)
    shown: Select[Any, Any] = (
        select_columns(col(Card.appointment_id), col(Card.person_id))
        .join(Appointment, col(Appointment.id) == col(Card.appointment_id))
        .where(
            lost,
            col(Card.is_live),
            text("card.true_until IS NOT NULL"),
            col(Card.report_id).is_(None),
            col(Card.person_id) != col(Appointment.tutor_id),
        )
    )
    on_their_way: Select[Any, Any] = (
        select_columns(col(OutboxMessage.appointment_id), col(OutboxMessage.person_id))
        .join(Appointment, col(Appointment.id) == col(OutboxMessage.appointment_id))
        .where(
            lost,
            IS_UNSENT,
            col(OutboxMessage.due_at) <= bindparam("now"),
            col(OutboxMessage.person_id) != col(Appointment.tutor_id),
        )
    )
    return shown.union(on_their_way)


_IS_TUTOR = col(Appointment.tutor_id) == bindparam("tutor_id")
_OF_ALL = Prepared(_offering())
_OF_TUTOR = Prepared(_offering(_IS_TUTOR))
_OF_TUTOR_OR_CHILD = Prepared(
    _offering(
        or_(_IS_TUTOR, col(Appointment.student_id) == bindparam("student_id")),
        col(Appointment.starts_at) > bindparam("since"),
        col(Appointment.starts_at) < bindparam("until"),
    )
)
