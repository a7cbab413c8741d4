"""Sessions with an attendance flag (SPEC 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from models import Appointment, NotePart
from services.db import Session
from services.lifecycle.facts import flags_of_row
from services.queries.sessions import SessionView, views_where
from services.rules.attendance_flags import Flag, Raised

BACK = timedelta(days=14)
"""How far back sessions are looked for."""
_HAS_NOTES = (
    select(NotePart.id)
    .where(NotePart.appointment_id == Appointment.id, col(NotePart.removed_at).is_(None))
    .exists()
)


@dataclass(frozen=True)
class Flagged:
    """Session, and its flags."""

    view: SessionView
    raised: tuple[Raised, ...]

    def has(self, flag: Flag) -> bool:
        """Whether it has this flag."""
        return any(one.flag is flag for one in self.raised)


def flagged(session: Session, now: datetime) -> list[Flagged]:
    """Sessions of the last two weeks with a flag, newest first."""
    views = views_where(
        session,
        col(Appointment.starts_at) > now - BACK,
        col(Appointment.starts_at) <= now,
        col(Appointment.checked_in_at).is_not(None),
        or_(
            col(Appointment.checked_in_at) > col(Appointment.starts_at),
            col(Appointment.checked_out_at) < col(Appointment.ends_at),
            col(Appointment.checked_out_at).is_not(None) & ~_HAS_NOTES,
        ),
        newest_first=True,
        limit=None,
    )
    noted = session.exec(
        select(Appointment.id).where(
            col(Appointment.starts_at) > now - BACK,
            col(Appointment.starts_at) <= now,
            _HAS_NOTES,
        )
    )
    with_notes = set(noted.all())
    found = (
        Flagged(view, flags_of_row(view.appointment, has_notes=view.id in with_notes))
        for view in views
    )
    return [one for one in found if one.raised]
