"""Whether a session can be moved to another time (SPEC 6, 7)."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models import Appointment
from models.enums import Status
from services.db import Session
from services.lifecycle.slots import require_free
from services.queries.closed_days import require_open_day
from services.rules.reschedule import new_end, require_other_time, require_to_come


def require_movable(
    session: Session,
    row: Appointment,
    starts_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    *,
    may_stay: bool = True,
    away: Collection[date] = (),
) -> datetime:
    """New end of the session, if it could be moved to this start; `zone` is the agency's.

    `may_stay`: on its own day it may stay, also where that is closed. `away`: days of leave that is
    still to be entered. A caller that takes the slot holds `lock_calendars`. Refused: SameTime,
    SlotPassed, ClosedDay, SlotTaken.
    """
    require_other_time(starts_at, row.starts_at)
    return _require_slot(
        session, row, starts_at, now, zone, row.starts_at if may_stay else None, away
    )


def require_startable(
    session: Session,
    row: Appointment,
    starts_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> None:
    """Check that a session can begin then: one that is booked is moved, another one would be new.

    The rest is as `require_movable` has it.
    """
    if row.id > 0 and row.status is Status.SCHEDULED:
        require_movable(session, row, starts_at, now, zone, may_stay=not away, away=away)
    else:
        _require_slot(session, row, starts_at, now, zone, None, away)


def _require_slot(
    session: Session,
    row: Appointment,
    starts_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    own: datetime | None,
    away: Collection[date],
) -> datetime:
    """The end, if the slot is to come, on an open day or on that of `own`, and free."""
    require_to_come(starts_at, now)
    require_open_day(session, row.tutor_id, starts_at, zone, now_at=own, away=away)
    ends_at = new_end(row.starts_at, row.ends_at, starts_at)
    require_free(
        session,
        tutor_id=row.tutor_id,
        student_id=row.student_id,
        starts_at=starts_at,
        ends_at=ends_at,
        besides=row.id,
    )
    return ends_at
