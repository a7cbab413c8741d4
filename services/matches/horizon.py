"""The rolling horizon: every day the sessions of one more day are made (SPEC 7, 8)."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, text
from sqlmodel import col, func, select

from models import Match
from models.enums import Kind, MatchStatus
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.matches import match_for_update
from services.matches.booking import extend
from services.matches.news import tell_not_booked
from services.rules.agency import Agency
from services.rules.weekly import HORIZON_WEEKS, horizon

DAY = timedelta(days=1)
_ACCEPTED = text("match.status = 'accepted'")
_GOES_ON = or_(col(Match.ends_on).is_(None), col(Match.booked_until) < col(Match.ends_on))


def due_matches(session: Session, agency: Agency, now: datetime) -> list[int]:
    """Matches with days to book, and those whose last day is over."""
    today = now.astimezone(agency.zone).date()
    found = session.exec(
        select(Match.id)
        .where(
            _ACCEPTED,
            or_(
                (col(Match.kind) == Kind.REGULAR)
                & (col(Match.booked_until) < horizon(today))
                & _GOES_ON,
                col(Match.ends_on) < today,
            ),
        )
        .order_by(col(Match.id))
    )
    return list(found.all())


def extend_match(session: Session, match_id: int, agency: Agency, now: datetime) -> None:
    """Book what the horizon has reached; end a match whose last day is over.

    Twice at once, or again, it changes nothing more. Coordinators are told what could not be
    booked.
    """
    match = match_for_update(session, match_id)
    if match.status is not MatchStatus.ACCEPTED:
        return
    today = now.astimezone(agency.zone).date()
    if match.ends_on is not None and match.ends_on < today:
        match.status, match.ended_at = MatchStatus.ENDED, now
        session.add(match)
        return
    if match.kind is Kind.TRIAL or (match.booked_until or date.min) >= horizon(today):
        return
    booking = extend(session, match, agency, now)
    tell_not_booked(session, match, booking.hindered, Actor.system(now))


def next_horizon(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Midnight at which there is next a day to book, or a match is over."""
    today = now.astimezone(agency.zone).date()
    booked = session.exec(
        select(func.min(Match.booked_until)).where(_ACCEPTED, Match.kind == Kind.REGULAR, _GOES_ON)
    ).one()
    last = session.exec(select(func.min(Match.ends_on)).where(_ACCEPTED)).one()
    days = []
    if booked is not None:
        days.append(booked + 2 * DAY - timedelta(weeks=HORIZON_WEEKS))
    if last is not None:
        days.append(last + DAY)
    if not days:
        return None
    day = max(min(days), today + DAY)
    return datetime.combine(day, time.min, tzinfo=agency.zone).astimezone(UTC)
