"""Times that weekly lessons will take for which no sessions are made yet (SPEC 7)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Match, MatchSlot
from models.enums import Kind
from services.db import Session
from services.rules.weekly import DAY, Slot, WeeklyTime, occurrences

Times = list[tuple[datetime, datetime]]
"""Starts and ends."""


def weekly_to_come(
    session: Session,
    tutor_id: int,
    student_id: int,
    first: datetime,
    last: datetime,
    zone: ZoneInfo,
) -> Times:
    """Times from `first` to `last` that weekly lessons of tutor or student will take, in order.

    On days up to which sessions are made these themselves say what is taken. `zone`: the agency's.
    """
    begins, ends = first.astimezone(zone).date(), last.astimezone(zone).date()
    found = session.exec(
        select(MatchSlot, Match)
        .join(Match, col(Match.id) == MatchSlot.match_id)
        .where(
            text("match.status = 'accepted'"),
            Match.kind == Kind.REGULAR,
            col(Match.booked_until) < ends,
            or_(col(Match.tutor_id) == tutor_id, col(Match.student_id) == student_id),
        )
    )
    times: Times = []
    for row, match in found.all():
        if match.booked_until is None:
            continue
        at = WeeklyTime(row.weekday, row.start_time, row.duration_minutes)
        slot = Slot(row.id, at, row.valid_from, row.valid_until)
        until = ends if match.ends_on is None else min(ends, match.ends_on)
        after = max(begins, match.booked_until + DAY)
        times += [
            (one.starts_at, one.ends_at)
            for one in occurrences([slot], after, until, zone, {})
            if one.starts_at is not None and one.ends_at is not None
        ]
    return sorted(times)
