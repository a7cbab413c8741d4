"""Cards that time alone changes: their buttons come and go with the windows (SPEC 3, 6; UX 17)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col, select

from models import Appointment
from models.enums import Status
from services.db import Session
from services.messaging import cards, outbox
from services.messaging.messages.sessions import CheckOutOpen, SessionCardRefresh
from services.notifications.reminders.reminder import of_session
from services.queries.session_lists import next_start
from services.rules.agency import Agency
from services.rules.reminders import check_out_open
from services.rules.session_changes import LOCKOUT
from services.rules.windows import CHECK_OUT_LEAD

CAUGHT_UP = timedelta(minutes=30)
"""How late cards are still brought up to date, after a time without the bot."""


@dataclass(frozen=True)
class Turn:
    """Instant at which cards of a session change: so long before its start or end."""

    name: str
    status: Status
    counts_from: InstrumentedAttribute[datetime]
    lead: timedelta
    concerns: Callable[[Appointment, int], bool]
    """Whether it changes a person's card."""


TURNS = (
    Turn(
        "too_late_to_change",
        Status.SCHEDULED,
        col(Appointment.starts_at),  # type: ignore[arg-type]  # SQLModel's own name for it
        LOCKOUT,
        lambda _, __: True,
    ),
    Turn(
        "started",
        Status.SCHEDULED,
        col(Appointment.starts_at),  # type: ignore[arg-type]  # as above
        timedelta(0),
        lambda session, person_id: person_id != session.tutor_id,
    ),
    Turn(
        "started_checked_in",
        Status.CHECKED_IN,
        col(Appointment.starts_at),  # type: ignore[arg-type]  # as above
        timedelta(0),
        lambda session, person_id: person_id != session.tutor_id,
    ),
    Turn(
        "check_out",
        Status.CHECKED_IN,
        col(Appointment.ends_at),  # type: ignore[arg-type]  # as above
        CHECK_OUT_LEAD,
        lambda session, person_id: person_id == session.tutor_id,
    ),
)


def refresh_at_turns(session: Session, _agency: Agency, now: datetime) -> None:
    """Edit the cards that have just got or lost a button, once for each turn."""
    for turn in TURNS:
        due = session.exec(
            select(Appointment).where(
                text(f"appointment.status = '{turn.status.value}'"),
                turn.counts_from <= now + turn.lead,
                turn.counts_from > now + turn.lead - CAUGHT_UP,
            )
        )
        for appointment in due.all():
            _refresh(session, appointment, turn, now)


def next_turn(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When coordinators alone can change the next session; the other turns are windows."""
    starts_at = next_start(session, now + LOCKOUT)
    return None if starts_at is None else starts_at - LOCKOUT


def _refresh(session: Session, appointment: Appointment, turn: Turn, now: datetime) -> None:
    found = cards.shown_in(session, appointment.id, now)
    shown, asked = {one.person_id for one in found}, {one.person_id for one in found if one.asks}
    ends_at = appointment.ends_at
    people = [one for one in shown if one is not None and turn.concerns(appointment, one)]
    at = getattr(appointment, turn.counts_from.key).isoformat()
    keys = {
        f"turn:{appointment.id}:{turn.name}:{at}:{person_id}": person_id
        for person_id in sorted(people)
    }
    reminders = {
        person_id: of_session(appointment, person_id, CheckOutOpen, check_out_open(ends_at)).key
        for person_id in people
    }
    new = outbox.unwritten(session, [*keys, *reminders.values()]) if keys else set()
    outbox.write_once(
        session,
        [
            outbox.message(
                person_id,
                SessionCardRefresh(appointment.id, asks=person_id in asked),
                key=key,
                now=now,
            )
            for key, person_id in keys.items()
            if key in new and reminders[person_id] in new  # whose new card has the button
        ],
    )
