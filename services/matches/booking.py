"""The sessions of a match: made from its weekly slots, each once (SPEC 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlmodel import select

from models import Appointment, Match
from models.enums import Action, Kind, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.matches import slots_of
from services.lifecycle.slots import lock_calendars, taken_by
from services.lifecycle.status import create
from services.notifications.free_times import offer_no_more
from services.queries.closed_days import closed_days
from services.rules.agency import Agency
from services.rules.weekly import Hindrance, Occurrence, Slot, horizon, occurrences

TRIAL_WEEKS = timedelta(weeks=1)
"""Within which the one session of a trial lies, counted from its first day."""


class Lessons(Protocol):
    """Who teaches whom, and when it begins and ends: a match, or what is to become one."""

    @property
    def tutor_id(self) -> int: ...
    @property
    def student_id(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


@dataclass(frozen=True)
class Booking:
    """Sessions that were made, and days of the slots on which none could be."""

    sessions: tuple[Appointment, ...] = ()
    hindered: tuple[Occurrence, ...] = ()


def book(session: Session, match: Match, agency: Agency, now: datetime) -> Booking:
    """Make the sessions of an accepted match up to the horizon; the caller has locked it.

    A day of a slot that has a session is passed over, wherever that session was moved; so is what
    is over. A trial has one session only.
    """
    first, last = first_span(match, now.astimezone(agency.zone).date())
    return _book(session, match, first, last, agency, now)


def first_span(lessons: Lessons, today: date) -> tuple[date, date]:
    """First and last day on which sessions are made at once, on acceptance."""
    first = max(lessons.starts_on, today)
    return first, first + TRIAL_WEEKS if lessons.kind is Kind.TRIAL else horizon(today)


def extend(session: Session, match: Match, agency: Agency, now: datetime) -> Booking:
    """Make the sessions of the days that the horizon has reached since it was last extended."""
    today = now.astimezone(agency.zone).date()
    after = match.booked_until + timedelta(days=1) if match.booked_until else match.starts_on
    return _book(session, match, max(match.starts_on, today, after), horizon(today), agency, now)


def wanted(
    session: Session, match: Match, first: date, last: date, agency: Agency, now: datetime
) -> list[Occurrence]:
    """Days of the slots from `first` to `last`, both included, without what is over."""
    return days_within(session, match, slots_of(session, match.id), (first, last), agency, now)


def days_within(
    session: Session,
    lessons: Lessons,
    slots: Iterable[Slot],
    span: tuple[date, date],
    agency: Agency,
    now: datetime,
) -> list[Occurrence]:
    """Days of these slots from the first to the last of `span`, without what is over."""
    first, last = span
    if lessons.ends_on is not None:
        last = min(last, lessons.ends_on)
    closed = closed_days(session, lessons.tutor_id, first, last)
    found = occurrences(slots, first, last, agency.zone, closed)
    return [one for one in found if one.starts_at is None or one.starts_at > now]


def hindered_by_others(
    session: Session, lessons: Lessons, one: Occurrence, besides: Iterable[int] = ()
) -> Occurrence:
    """The occurrence, with its hindrance where tutor or student has another session then."""
    if one.starts_at is None or one.ends_at is None:
        return one
    taken = taken_by(
        session,
        tutor_id=lessons.tutor_id,
        student_id=lessons.student_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        besides=tuple(besides),
    )
    if taken is None:
        return one
    is_student = taken.student_id == lessons.student_id
    hindrance = Hindrance.STUDENT_TAKEN if is_student else Hindrance.TUTOR_TAKEN
    return replace(one, hindrance=hindrance)


def make(session: Session, match: Match, one: Occurrence, now: datetime) -> Appointment:
    """Make one session of a match; the caller holds the locks. Raises ValueError without times."""
    if one.starts_at is None or one.ends_at is None:
        raise ValueError("this day of the slot has no time")
    new = Appointment(
        tutor_id=match.tutor_id,
        student_id=match.student_id,
        subject=match.subject,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        kind=match.kind,
        match_id=match.id,
        match_slot_id=one.slot_id,
        match_day=one.day,
        price=match.price,
        pay=match.pay,
        price_unit=match.price_unit,
        created_at=now,
    )
    actor = Actor.system(now)
    create(session, new, Action.CREATE, Role.SYSTEM, actor, details={"match_id": match.id})
    return new


def days_taken(session: Session, match_id: int) -> set[tuple[int | None, date | None]]:
    """Days of slots that have a session, whatever became of it."""
    found = session.exec(select(Appointment).where(Appointment.match_id == match_id))
    return {(one.match_slot_id, one.match_day) for one in found.all()}


def _book(
    session: Session, match: Match, first: date, last: date, agency: Agency, now: datetime
) -> Booking:
    is_trial = match.kind is Kind.TRIAL
    lock_calendars(session, match.tutor_id, match.student_id)
    taken = days_taken(session, match.id)
    days = wanted(session, match, first, last, agency, now)
    if is_trial:
        days = [] if taken else days[:1]
    made, hindered = [], []
    for one in days:
        if (one.slot_id, one.day) in taken:
            continue
        checked = hindered_by_others(session, match, one)
        if checked.hindrance is None:
            made.append(make(session, match, checked, now))
        else:
            hindered.append(checked)
    match.booked_until = last
    if is_trial and made:
        match.ends_on = made[0].match_day
    session.add(match)
    session.flush()
    offer_no_more(session, made, now)
    return Booking(tuple(made), tuple(hindered))
