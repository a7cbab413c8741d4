"""Days of a match without a session: why, and booking those that are free by now (SPEC 7)."""

from datetime import datetime

from models import Match
from models.enums import Kind, MatchStatus
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.matches import match_for_update
from services.lifecycle.slots import lock_calendars
from services.matches.booking import Booking, days_taken, hindered_by_others, make, wanted
from services.notifications.free_times import offer_no_more
from services.rules.agency import Agency
from services.rules.refusals.matches import MatchOver
from services.rules.weekly import Occurrence


def missing_days(session: Session, match: Match, agency: Agency, now: datetime) -> list[Occurrence]:
    """Days to come, up to where sessions were made, that have none; each with its hindrance.

    One without a hindrance could be booked now: what was in its way has gone.
    """
    if match.status is not MatchStatus.ACCEPTED or match.booked_until is None:
        return []
    first = max(match.starts_on, now.astimezone(agency.zone).date())
    taken = days_taken(session, match.id)
    days = wanted(session, match, first, match.booked_until, agency, now)
    if match.kind is Kind.TRIAL:
        days = [] if taken else days[:1]
    return [
        hindered_by_others(session, match, one)
        for one in days
        if (one.slot_id, one.day) not in taken
    ]


def book_missing(session: Session, match_id: int, actor: Actor, agency: Agency) -> Booking:
    """Book the days without a session that are free by now, as a coordinator; again, it is nothing.

    Refused: NotCoordinator, NotFound, MatchOver.
    """
    require_coordinator(session, actor)
    match = match_for_update(session, match_id)
    if match.status is not MatchStatus.ACCEPTED:
        raise MatchOver
    lock_calendars(session, match.tutor_id, match.student_id)
    days = missing_days(session, match, agency, actor.now)
    made = [make(session, match, one, actor.now) for one in days if one.hindrance is None]
    offer_no_more(session, made, actor.now)
    return Booking(tuple(made), tuple(one for one in days if one.hindrance is not None))
