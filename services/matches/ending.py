"""Ending a match, or taking an offer back (SPEC 7). No session is cancelled by it."""

from datetime import date

from models import Match
from models.enums import Action, MatchStatus, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.matches import answered_first, match_for_update, parents_of_match
from services.lifecycle.status import record
from services.matches.news import refresh_cards
from services.messaging import outbox
from services.messaging.messages.matches import MatchEnded
from services.rules.agency import Agency
from services.rules.refusals.matches import DatesFault, DatesWanted, MatchOver


def end(session: Session, match_id: int, actor: Actor, last_day: date, agency: Agency) -> Match:
    """End an accepted match after `last_day`: no session is made for a later day.

    Sessions that are booked for later stay, until somebody cancels them. Both sides are told. The
    same last day again changes nothing. Refused: NotCoordinator, NotFound, MatchOver, DatesWanted.
    """
    require_coordinator(session, actor)
    match = match_for_update(session, match_id)
    if match.ended_by_id is not None and match.ends_on == max(last_day, match.starts_on):
        return match
    if match.status is not MatchStatus.ACCEPTED:
        raise MatchOver
    today = actor.now.astimezone(agency.zone).date()
    if last_day < today:
        raise DatesWanted(fault=DatesFault.PAST)
    match.ends_on = max(last_day, match.starts_on)
    match.ended_by_id, match.ended_at = actor.person_id, actor.now
    if last_day < match.starts_on or last_day == today:
        match.status = MatchStatus.ENDED
    session.add(match)
    event_id = _record(session, match, actor)
    for person_id in (match.tutor_id, *parents_of_match(session, match)):
        outbox.tell_person(
            session,
            person_id,
            MatchEnded(match.id),
            key=f"match_ended:{match.id}:{event_id}:{person_id}",
            now=actor.now,
        )
    refresh_cards(session, match, actor, f"ended:{event_id}")
    return match


def withdraw(session: Session, match_id: int, actor: Actor) -> Match:
    """Take back an offer that nobody has answered; the parents' cards say so.

    Refused: NotCoordinator, NotFound, ActedFirst.
    """
    require_coordinator(session, actor)
    match = match_for_update(session, match_id)
    if match.status is MatchStatus.WITHDRAWN and match.ended_by_id == actor.person_id:
        return match
    if match.status is not MatchStatus.OFFERED:
        raise answered_first(session, match)
    match.status = MatchStatus.WITHDRAWN
    match.ended_by_id, match.ended_at = actor.person_id, actor.now
    session.add(match)
    _record(session, match, actor)
    refresh_cards(session, match, actor, MatchStatus.WITHDRAWN.value)
    return match


def _record(session: Session, match: Match, actor: Actor) -> int:
    return record(
        session,
        Action.END_MATCH,
        Role.COORDINATOR,
        actor,
        details={
            "match_id": match.id,
            "ends_on": None if match.ends_on is None else match.ends_on.isoformat(),
        },
    )
