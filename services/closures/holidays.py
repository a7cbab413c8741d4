"""Dates on which the agency is closed (SPEC 7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from models import Appointment, Holiday
from models.enums import Action, Role
from services.closures.booked import Closure, Found, booked_then, lock_booked
from services.closures.reopening import refresh_told, take_back
from services.closures.settling import Settled, Why, settle, tell_families
from services.db import Session
from services.inserts import insert_once
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.notifications.free_times import offer_anew
from services.rules.agency import Agency
from services.rules.closures import Choice, digest_of
from services.rules.refusals.matches import DatesFault, DatesWanted, PreviewOutdated
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.windows import bounds_of_day

NAME_LIMIT = 80
"""The longest name of a holiday, in characters."""
MOST_AT_ONCE = 60


@dataclass(frozen=True)
class Day:
    """A date on which the agency is to be closed, and why."""

    date: date
    name: str


def sessions_on(session: Session, actor: Actor, days: Sequence[Day], agency: Agency) -> list[Found]:
    """What is booked on these days; changes nothing.

    Refused: NotCoordinator, DatesWanted, ReasonRequired (no name), TextTooLong.
    """
    require_coordinator(session, actor)
    _require(days)
    closure = Closure(tuple(one.date for one in days))
    return booked_then(session, closure, agency, actor.now, is_coordinator=True)


def add(
    session: Session,
    actor: Actor,
    days: Sequence[Day],
    choices: Mapping[int, Choice],
    agency: Agency,
    *,
    digest: str,
) -> Settled:
    """Add holidays, and settle the sessions that are booked then, all in one go.

    One that is there already stays as it is; where all are, and nothing is booked then, nothing is
    done. Each family and tutor gets one message. Refused as
    `sessions_on`, PreviewOutdated where something has changed since the digest was made; SameTime,
    SlotPassed, ClosedDay, SlotTaken.
    """
    require_coordinator(session, actor)
    _require(days)
    lock_booked(session, Closure(tuple(one.date for one in days)), agency, actor.now)
    found = sessions_on(session, actor, days, agency)
    if not found and _are_known(session, days):
        return Settled()
    if digest_of(one.booked for one in found) != digest:
        raise PreviewOutdated
    make_known(session, days)
    reason = ", ".join(dict.fromkeys(one.name.strip() for one in days))[:NAME_LIMIT]
    settled = settle(
        session, found, choices, actor, reason, agency.zone, as_tutor=False, is_holiday=True
    )
    event_id = record(
        session,
        Action.ADD_HOLIDAY,
        Role.COORDINATOR,
        actor,
        details={"dates": [one.date.isoformat() for one in days]},
    )
    key = f"holiday:{event_id}"
    offer_anew(session, actor.now, because=key)
    why = Why(agency.zone, holidays={one.date: one.name.strip() for one in days})
    tell_families(session, found, settled, actor, key, tutors=True, why=why)
    return settled


def _are_known(session: Session, days: Sequence[Day]) -> bool:
    wanted = {one.date for one in days}
    known = session.exec(select(Holiday).where(col(Holiday.date).in_(wanted)))
    return {one.date for one in known} == wanted


def make_known(session: Session, days: Iterable[Day]) -> None:
    """Add holidays without asking who does it, and without touching a session: for an import."""
    rows = [{"date": one.date, "name": one.name.strip()} for one in days]
    if rows:
        insert_once(session, Holiday, rows, "date")


def remove(session: Session, holiday_id: int, actor: Actor, agency: Agency) -> None:
    """Remove a holiday: sessions can be booked then again; none comes back by itself.

    Who was asked to move one because of it, and has not answered, hears that it stays; what stands
    in chats about that day says so. One that is gone already is no refusal.

    Refused: NotCoordinator.
    """
    require_coordinator(session, actor)
    row = session.exec(
        select(Holiday).where(Holiday.id == holiday_id).with_for_update()
    ).one_or_none()
    if row is None:
        return
    session.delete(row)
    session.flush()
    record(
        session,
        Action.REMOVE_HOLIDAY,
        Role.COORDINATOR,
        actor,
        details={"dates": [row.date.isoformat()]},
    )
    take_back(session, Closure((row.date,)), agency.zone, actor)
    on_that_day = col(Appointment.starts_at).between(*bounds_of_day(row.date, agency.zone))
    refresh_told(session, on_that_day, actor)


def holidays_from(session: Session, first: date) -> list[Holiday]:
    """Holidays from a day on, in order."""
    found = session.exec(select(Holiday).where(Holiday.date >= first).order_by(col(Holiday.date)))
    return list(found.all())


def _require(days: Sequence[Day]) -> None:
    if not days:
        raise DatesWanted(fault=DatesFault.NONE)
    if len(days) > MOST_AT_ONCE:
        raise DatesWanted(fault=DatesFault.TOO_MANY)
    for one in days:
        require_name(one.name)


def require_name(name: str) -> None:
    """Check the name of a holiday. Refused: ReasonRequired where there is none, TextTooLong."""
    if not name.strip():
        raise ReasonRequired
    if len(name.strip()) > NAME_LIMIT:
        raise TextTooLong(limit=NAME_LIMIT)
