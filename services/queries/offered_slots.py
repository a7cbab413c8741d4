"""Free times that are offered as buttons when a session is moved (UX 10).

A time may be taken before it is chosen: `services.lifecycle.slots` decides then. The times of
weekly lessons are not offered where their sessions are still to be made: those would be lost.
`away` are days of leave that is still to be entered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import or_, text
from sqlmodel import col, select

from models import Appointment, RescheduleProposal, RescheduleThread
from models.enums import ProposalStatus, Role, Status
from services.db import Session
from services.queries.closed_days import closed_on, on_open_days
from services.queries.sessions import SessionDetail
from services.queries.weekly_to_come import weekly_to_come
from services.rules.action_checks import NOT_HELD
from services.rules.offered_slots import (
    DAYS,
    SUGGESTIONS,
    hours_of,
    overlaps,
    same_time_on_other_days,
    usual_times,
)
from services.rules.refusals.matches import ClosedDay
from services.rules.reschedule import new_end
from services.rules.windows import NOT_OVER, bounds_of_day

HABIT = timedelta(days=28)
"""How far back and ahead a tutor's usual times are looked for."""
NOT_ACCEPTED = (ProposalStatus.OPEN, ProposalStatus.REJECTED, ProposalStatus.COUNTERED)
"""Proposals whose times are not offered again: somebody refused them, or they are on the table."""


@dataclass(frozen=True)
class _Busy:
    """What is not offered for a session: times that are taken, and starts that were refused."""

    appointment: Appointment
    taken: list[tuple[datetime, datetime]]
    refused: frozenset[datetime]

    def leaves(self, start: datetime, now: datetime) -> bool:
        """Whether the session could be moved there, as far as is known."""
        appointment = self.appointment
        if start <= now or start == appointment.starts_at or start in self.refused:
            return False
        end = new_end(appointment.starts_at, appointment.ends_at, start)
        return not overlaps(start, end, self.taken)


def first_day(appointment: Appointment, now: datetime, zone: ZoneInfo) -> date:
    """The first day that is offered: today; in place of a lost session, its own if that is still
    to come.
    """
    today, own = (at.astimezone(zone).date() for at in (now, appointment.starts_at))
    return max(today, own) if appointment.status in NOT_HELD else today


def suggested_starts(
    session: Session,
    appointment: Appointment,
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> list[datetime]:
    """Free times around the session's own day, in order: the same time, the tutor's usual times.

    Days are the reader's, but those without sessions are the agency's. With days `away`, they are
    times after these; of a lost session from its own day on.
    """
    now = max(now, bounds_of_day(first_day(appointment, now, zone), zone)[0])
    if away:
        now = max(now, bounds_of_day(max(away), agency_zone)[1])
    own = appointment.starts_at
    middle, margin = max(now, own), timedelta(days=DAYS + 2)
    known = session.exec(
        select(Appointment.starts_at).where(
            Appointment.tutor_id == appointment.tutor_id,
            col(Appointment.starts_at) > middle - HABIT,
            col(Appointment.starts_at) < middle + HABIT,
        )
    )
    same = list(same_time_on_other_days(own, now, zone))
    usual = [start for start in usual_times(known.all(), own, now, zone) if start not in same]
    busy = _busy(session, appointment, max(now, middle - margin), middle + margin, agency_zone)
    open_ones = on_open_days(session, appointment, chain(same, usual), agency_zone)
    free = [start for start in open_ones if busy.leaves(start, now)]
    return sorted(free[:SUGGESTIONS])


INSTEAD = 3
"""Most times that are offered beside the news that a tutor cancelled."""


def offered_instead(
    session: Session,
    detail: SessionDetail,
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
) -> list[datetime]:
    """Free times for a parent whose tutor cancelled, while nobody has asked for one (SPEC 6)."""
    appointment, found = detail.view.appointment, detail.replacement
    is_open = found.asked is None and found.by is None
    if detail.role is not Role.PARENT or not is_open:
        return []
    if appointment.status is not Status.CANCELLED_BY_TUTOR:
        return []
    later = max(now, appointment.starts_at)  # not sooner: something has come between
    return suggested_starts(session, appointment, later, zone, agency_zone)[:INSTEAD]


def starts_of_day(
    session: Session,
    appointment: Appointment,
    day: date,
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> list[datetime]:
    """Free hours of one day, in order."""
    return _free_hours(session, appointment, [day], now, zone, agency_zone, away)


def closed_all_day(
    session: Session,
    appointment: Appointment,
    day: date,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> ClosedDay | None:
    """Why no hour of a day can be had whatever is booked; None where it is no closed day."""
    hours = list(hours_of(day, appointment.starts_at, zone))
    if not hours or on_open_days(session, appointment, hours, agency_zone, away=away):
        return None
    closed = hours[0].astimezone(agency_zone).date()
    return closed_on(session, appointment.tutor_id, closed, away=away)


def free_days(
    session: Session,
    appointment: Appointment,
    days: list[date],
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    *,
    away: Collection[date] = (),
) -> list[date]:
    """Those of the days, one after the other, that have a free hour (SPEC 6)."""
    free = {
        start.astimezone(zone).date()
        for start in _free_hours(session, appointment, days, now, zone, agency_zone, away)
    }
    return [day for day in days if day in free]


def _free_hours(
    session: Session,
    appointment: Appointment,
    days: list[date],
    now: datetime,
    zone: ZoneInfo,
    agency_zone: ZoneInfo,
    away: Collection[date],
) -> list[datetime]:
    hours = [start for day in days for start in hours_of(day, appointment.starts_at, zone)]
    hours = [start for start in hours if start > now]
    hours = on_open_days(session, appointment, hours, agency_zone, away=away)
    if not hours:
        return []
    length = appointment.ends_at - appointment.starts_at
    busy = _busy(session, appointment, hours[0], hours[-1] + length, agency_zone)
    return [start for start in hours if busy.leaves(start, now)]


def _busy(
    session: Session,
    appointment: Appointment,
    start: datetime,
    end: datetime,
    agency_zone: ZoneInfo,
) -> _Busy:
    """The tutor's and the student's other live sessions and weekly lessons to come, and what was
    not accepted before.
    """
    people = (appointment.tutor_id, appointment.student_id)
    weekly = weekly_to_come(session, *people, start, end, agency_zone)
    taken = session.exec(
        select(Appointment.starts_at, Appointment.ends_at).where(
            or_(
                col(Appointment.tutor_id) == appointment.tutor_id,
                col(Appointment.student_id) == appointment.student_id,
            ),
            text("appointment.status IN ('scheduled', 'checked_in')"),
            col(Appointment.id) != appointment.id,
            col(Appointment.starts_at) > start - NOT_OVER,
            col(Appointment.starts_at) < end,
            col(Appointment.ends_at) > start,
        )
    )
    refused = session.exec(
        select(RescheduleProposal.new_starts_at)
        .join(RescheduleThread, col(RescheduleThread.id) == col(RescheduleProposal.thread_id))
        .where(
            col(RescheduleThread.appointment_id) == appointment.id,
            col(RescheduleProposal.status).in_(NOT_ACCEPTED),
        )
    )
    return _Busy(appointment, [*taken.all(), *weekly], frozenset(refused.all()))
