"""Which of the times that somebody may have typed a session can have (SPEC 6, 7; UX 19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models import Appointment
from services.db import Session
from services.queries.movable import require_startable
from services.queries.offered_slots import closed_all_day
from services.rules.refusals import Refusal
from services.rules.refusals.requests import SameTime
from services.rules.typed_slots import TypedSlot


@dataclass(frozen=True)
class PossibleTimes:
    """Readings of a typed text that can be had; days only where no time was typed."""

    starts: tuple[datetime, ...] = ()
    days: tuple[date, ...] = ()
    refusal: Refusal | None = None
    """Why another reading cannot be had; None where all can, or only the session's own time not."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.starts) + len(self.days)


def possible_times(
    session: Session,
    appointment: Appointment,
    typed: TypedSlot,
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> PossibleTimes:
    """Leave out the readings that would be refused. `away`: leave that is still to be entered."""
    if not typed.starts:
        return _possible_days(session, appointment, typed.days, zone, agency_zone, away)
    why: dict[datetime, Refusal] = {}
    for start in typed.starts:
        try:
            require_startable(session, appointment, start, now, agency_zone, away=away)
        except Refusal as refusal:
            why[start] = refusal
    starts = tuple(start for start in typed.starts if start not in why)
    told = (one for one in why.values() if not starts or not isinstance(one, SameTime))
    return PossibleTimes(starts, refusal=next(told, None))


def _possible_days(
    session: Session,
    appointment: Appointment,
    days: tuple[date, ...],
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    away: Collection[date],
) -> PossibleTimes:
    closed = {
        day: why
        for day in days
        if (why := closed_all_day(session, appointment, day, zone, agency_zone, away=away))
    }
    open_days = tuple(day for day in days if day not in closed)
    return PossibleTimes(days=open_days, refusal=next(iter(closed.values()), None))
