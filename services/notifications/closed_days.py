"""Sessions that stay on a day without sessions: coordinators are told (SPEC 7)."""

from datetime import timedelta

from models import Appointment, RescheduleProposal
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging import outbox
from services.messaging.messages.sessions import StaysClosed
from services.queries.closed_days import closed_days

DAY = timedelta(days=1)


def tell_if_closed(
    session: Session, appointment: Appointment, declined: RescheduleProposal, actor: Actor
) -> None:
    """Tell the coordinators of a session that another time was declined for, if it stays on a
    holiday or on a day when its tutor is away.

    A day next to one is enough: the message is sent only if it is that day in the agency's zone.
    """
    day = appointment.starts_at.date()
    if not closed_days(session, appointment.tutor_id, day - DAY, day + DAY):
        return
    outbox.tell_coordinators(
        session,
        StaysClosed(appointment.id, appointment.starts_at),
        key=f"stays_closed:{declined.id}",
        now=actor.now,
    )
