"""Sessions to check in to or out of, or the one that a refusal explains (SPEC 3)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from models import Appointment, Person
from services.db import Session
from services.lifecycle.facts import NO_ZONE, facts_of_row
from services.prepared import Prepared
from services.queries.session_lists import CHOICE, next_end, next_start
from services.queries.sessions import (
    LIMIT,
    SessionView,
    in_order,
    views_by,
    views_where,
    views_with,
)
from services.rules.actions import due_tap
from services.rules.agency import Agency
from services.rules.notes import WITH_NOTES
from services.rules.session_actions import SessionAction
from services.rules.windows import (
    CHECK_IN_LEAD,
    CHECK_OUT_GRACE,
    CHECK_OUT_LEAD,
    NOT_OVER,
    check_out_window,
)

RECENT = CHECK_OUT_GRACE + NOT_OVER + timedelta(days=1)
"""How long ago a session that was checked out of within a day can have begun."""


def to_check_in(
    session: Session, tutor: Person, agency: Agency, now: datetime
) -> list[SessionView]:
    """Tutor's scheduled sessions with an open check-in window."""
    near = views_with(_NEAR, session, **_near(tutor, now))
    return _due(near, SessionAction.CHECK_IN, now, agency.zone)


def ids_to_check_in(session: Session, tutor: Person, agency: Agency, now: datetime) -> list[int]:
    """Ids of the sessions of `to_check_in`, for a command that needs no more of them."""
    near = _NEAR_ROWS.rows(session, **_near(tutor, now))
    facts = [facts_of_row(row, agency.zone) for row in near]
    return [one.appointment_id for one in facts if due_tap(one, now) is SessionAction.CHECK_IN]


def _near(tutor: Person, now: datetime) -> dict[str, object]:
    return {"tutor_id": tutor.id, "until": now + CHECK_IN_LEAD, "after": now - NOT_OVER}


_IS_NEAR = (
    col(Appointment.tutor_id) == bindparam("tutor_id"),
    text("appointment.status = 'scheduled'"),
    col(Appointment.starts_at) <= bindparam("until"),
    col(Appointment.starts_at) > bindparam("after"),
)
_NEAR = Prepared(views_by(*_IS_NEAR))
_NEAR_ROWS = Prepared(
    in_order(
        select_columns(
            *(col(Appointment.id), col(Appointment.status), col(Appointment.origin)),
            *(col(Appointment.kind), col(Appointment.starts_at), col(Appointment.ends_at)),
            *(col(Appointment.checked_in_at), col(Appointment.checked_out_at)),
        ).where(*_IS_NEAR),
        newest_first=False,
    ).limit(LIMIT)
)


def to_check_out(session: Session, tutor: Person, now: datetime) -> list[SessionView]:
    """Tutor's sessions in progress with an open check-out window."""
    return _due(in_progress(session, tutor), SessionAction.CHECK_OUT, now)


def in_progress(session: Session, tutor: Person) -> list[SessionView]:
    """Tutor's sessions that are checked in."""
    return views_with(_IN_PROGRESS, session, tutor_id=tutor.id)


_IN_PROGRESS = Prepared(
    views_by(
        Appointment.tutor_id == bindparam("tutor_id"), text("appointment.status = 'checked_in'")
    )
)


def next_window(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next session starts, or the next check-out window opens."""
    starts_at, ends_at = next_start(session, now), next_end(session, now + CHECK_OUT_LEAD)
    opens_at = None if ends_at is None else check_out_window(ends_at).opens_at
    return min((at for at in (starts_at, opens_at) if at is not None), default=None)


def nearest_scheduled(session: Session, tutor: Person, now: datetime) -> SessionView | None:
    """Scheduled session whose start is nearest to `now`: ahead, or within the last two days."""
    scheduled = (Appointment.tutor_id == tutor.id, text("appointment.status = 'scheduled'"))
    later = views_where(session, *scheduled, Appointment.starts_at > now, limit=1)
    earlier = views_where(
        session,
        *scheduled,
        Appointment.starts_at <= now,
        Appointment.starts_at > now - NOT_OVER,
        newest_first=True,
        limit=1,
    )
    found = [*later, *earlier]
    return min(found, key=lambda view: abs(view.appointment.starts_at - now), default=None)


def nearest_to_check_out(
    session: Session, tutor: Person, agency: Agency, now: datetime
) -> SessionView | None:
    """Session that explains why there is none to check out of, or that it is done already.

    The one checked out of at this very instant (the command is repeated), else one in progress,
    else one that can be checked in to, else the one checked out of last, else the nearest scheduled
    one.
    """
    recent = (Appointment.tutor_id == tutor.id, Appointment.starts_at > now - RECENT)
    went_at = col(Appointment.checked_out_at)
    found = (
        views_where(session, *recent, went_at == now)
        or in_progress(session, tutor)
        or to_check_in(session, tutor, agency, now)
        or views_where(
            session, *recent, went_at > now - timedelta(days=1), newest_first=True, limit=1
        )
    )
    return found[0] if found else nearest_scheduled(session, tutor, now)


def for_notes(
    session: Session, tutor: Person, now: datetime, most: int = CHOICE
) -> list[SessionView]:
    """Sessions of the last two weeks to which the tutor can add notes, newest first.

    The first `most` of them.
    """
    return views_where(
        session,
        Appointment.tutor_id == tutor.id,
        col(Appointment.status).in_(WITH_NOTES),
        Appointment.starts_at > now - timedelta(days=14),
        Appointment.starts_at <= now + CHECK_IN_LEAD,
        newest_first=True,
        limit=most,
    )


def _due(
    views: list[SessionView], tap: SessionAction, now: datetime, zone: ZoneInfo = NO_ZONE
) -> list[SessionView]:
    """Sessions of `views` in which this tap is possible now."""
    return [view for view in views if due_tap(facts_of_row(view.appointment, zone), now) is tap]
