"""Sessions that are booked on days without sessions, and what can become of each (SPEC 7)."""

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import col, select

from models import Appointment, Person, RescheduleThread, Student
from models.enums import Role
from services.db import Session
from services.lifecycle.slots import taken_by
from services.queries.closed_days import closed_days
from services.queries.sessions import SessionView, views_where
from services.queries.together import taught_together
from services.queries.weekly_to_come import weekly_to_come
from services.rules.agency import Agency
from services.rules.closures import DAY, BookedThen, Way, ways_for
from services.rules.local_times import AmbiguousTimeError, NonexistentTimeError, instant_of
from services.rules.offered_slots import overlaps
from services.rules.penalties import PenaltySheet
from services.rules.windows import bounds_of_day

WEEKS = 6
"""How many weeks afterwards are searched for a free time."""


@dataclass(frozen=True)
class Closure:
    """Days on which a tutor, or the whole agency, has no sessions."""

    days: tuple[date, ...]
    tutor_id: int | None = None
    """None: the whole agency."""


@dataclass(frozen=True)
class Found:
    """A session that is booked then, with its names."""

    view: SessionView
    booked: BookedThen


def booked_then(
    session: Session,
    closure: Closure,
    agency: Agency,
    now: datetime,
    *,
    is_coordinator: bool,
    sheet: PenaltySheet | None = None,
) -> list[Found]:
    """Scheduled sessions to come that start on these days, by start.

    `sheet`: penalties that a cancellation for the tutor has; None where it has none.
    """
    views = _views(session, closure, agency.zone, now)
    requested = _requested(session, [view.id for view in views])
    ways = {
        view.id: ways_for(
            view.appointment.starts_at,
            now,
            has_request=view.id in requested,
            is_coordinator=is_coordinator,
        )
        for view in views
    }
    asked = [view for view in views if Way.ASK in ways[view.id]]
    suggested = _suggested(session, asked, closure, agency.zone)
    found: list[Found] = []
    for view in views:
        row, number = view.appointment, view.id
        penalty = sheet.guidance_for(Role.TUTOR, row.starts_at - now) if sheet else None
        about = (number in requested, suggested.get(number), penalty, ways[number])
        found.append(Found(view, BookedThen(number, row.starts_at, row.ends_at, *about)))
    return found


def lock_booked(session: Session, closure: Closure, agency: Agency, now: datetime) -> None:
    """Lock the sessions that are booked then, and the calendars of all whom they concern.

    What comes in between the two is found by who looks afterwards, and is not locked: the digest of
    what was shown differs then. Tutors are locked even without a session, so that none is booked.
    """
    views = _views(session, closure, agency.zone, now)
    ids = sorted(view.id for view in views)
    session.exec(
        select(Appointment.id)
        .where(col(Appointment.id).in_(ids))
        .order_by(col(Appointment.id))
        .with_for_update(key_share=True)
    ).all()
    tutors = {view.tutor.id for view in views}
    if closure.tutor_id is not None:
        tutors.add(closure.tutor_id)
    for table, rows in ((Person, tutors), (Student, {view.student.id for view in views})):
        session.exec(
            select(table.id)
            .where(col(table.id).in_(sorted(rows)))
            .order_by(col(table.id))
            .with_for_update(key_share=True)
        ).all()
    session.expire_all()


def _views(session: Session, closure: Closure, zone: ZoneInfo, now: datetime) -> list[SessionView]:
    if not closure.days:
        return []
    begins = bounds_of_day(min(closure.days), zone)[0]
    ends = bounds_of_day(max(closure.days), zone)[1]
    whose = () if closure.tutor_id is None else (Appointment.tutor_id == closure.tutor_id,)
    found = views_where(
        session,
        text("appointment.status = 'scheduled'"),
        Appointment.starts_at > now,
        Appointment.starts_at >= begins,
        Appointment.starts_at < ends,
        *whose,
        limit=None,
    )
    days = set(closure.days)
    return [one for one in found if one.appointment.starts_at.astimezone(zone).date() in days]


def _requested(session: Session, ids: Sequence[int]) -> set[int]:
    found = session.exec(
        select(RescheduleThread.appointment_id).where(
            text("reschedule_thread.status = 'open'"),
            col(RescheduleThread.appointment_id).in_(ids),
        )
    )
    return set(found.all())


Given = list[tuple[datetime, datetime, int]]
"""Slots that were suggested, each for a tutor or, by a negative id, for a child."""


def _suggested(
    session: Session, views: Sequence[SessionView], closure: Closure, zone: ZoneInfo
) -> dict[int, datetime]:
    """New starts by session: siblings who are taught together stay together, where they can."""
    groups = taught_together(session, views)
    together = {view.id: group for group in groups for view in group}
    given: Given = []
    found: dict[int, datetime] = {}
    for view in views:
        if view.id in found:
            continue
        for group in (together.get(view.id, [view]), [view]):
            rows = [one.appointment for one in group if one.id not in found]
            start = _free_afterwards(session, rows, closure, zone, given)
            if start is not None:
                found |= dict.fromkeys((row.id for row in rows), start)
                break
    return found


def _free_afterwards(
    session: Session,
    rows: Sequence[Appointment],
    closure: Closure,
    zone: ZoneInfo,
    given: Given,
) -> datetime | None:
    """First start after the days, on the same weekday at the same time, that is free for the tutor
    and the children of sessions at one time. What weekly lessons will take is not free, though
    their sessions are not made yet.

    `given`: slots that were suggested for other sessions; this one is added.
    """
    first, last = rows[0], max(closure.days)
    length, until = first.ends_at - first.starts_at, last + timedelta(weeks=WEEKS)
    closed = closed_days(session, first.tutor_id, last, until)
    days = (bounds_of_day(last, zone)[1], bounds_of_day(until, zone)[1], zone)
    people = {first.tutor_id, *(-row.student_id for row in rows)}
    busy = [(since, till) for since, till, who in given if who in people]
    for row in rows:
        busy += weekly_to_come(session, row.tutor_id, row.student_id, *days)
    for start in _starts_after(first.starts_at, last, until, closed, zone):
        end = start + length
        if overlaps(start, end, busy) or any(_taken(session, row, start, end) for row in rows):
            continue
        given += [(start, end, who) for who in people]
        return start
    return None


def _taken(session: Session, row: Appointment, start: datetime, end: datetime) -> bool:
    taken = taken_by(
        session,
        tutor_id=row.tutor_id,
        student_id=row.student_id,
        starts_at=start,
        ends_at=end,
        besides=(row.id,),
    )
    return taken is not None


def _starts_after(
    starts_at: datetime, last: date, until: date, closed: Container[date], zone: ZoneInfo
) -> Iterator[datetime]:
    """The same time on the same weekday, on open days after the `last` one."""
    local = starts_at.astimezone(zone)
    ahead = (local.weekday() - last.weekday() - 1) % 7 + 1
    days = [last + DAY * number for number in range(ahead, (until - last).days + 1, 7)]
    for day in days:
        if day not in closed:
            with suppress(NonexistentTimeError, AmbiguousTimeError):
                yield instant_of(datetime.combine(day, local.time()), zone)
