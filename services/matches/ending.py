"""Ending a match, or taking an offer back (SPEC 7).

No session is cancelled by it, but those after the last day where the coordinator asks for that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models import Match
from models.enums import Action, MatchStatus, Role, Status
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.cancelling import cancel_on_behalf
from services.lifecycle.matches import answered_first, match_for_update, parents_of_match
from services.lifecycle.status import record
from services.matches.news import refresh_cards
from services.messaging import outbox
from services.messaging.messages.matches import MatchEnded
from services.notifications.announcements import refresh_cards as refresh_session_cards
from services.queries.matches import sessions_of_match
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.refusals.matches import DatesFault, DatesWanted, MatchOver, PreviewOutdated
from services.rules.texts import require_reason
from services.rules.windows import bounds_of_day


@dataclass(frozen=True)
class Dropping:
    """Cancellation of the sessions after the last day."""

    side: Role
    """Side for which they are cancelled."""
    reason: str
    seen: str
    """Digest of the sessions that the coordinator has seen."""


def booked_after(
    session: Session, match_id: int, last_day: date, agency: Agency, now: datetime
) -> list[SessionView]:
    """Sessions of a match that are booked for later than its last day, by start."""
    since = max(bounds_of_day(last_day, agency.zone)[1], now)
    found = sessions_of_match(session, match_id, since)
    return [one for one in found if one.status is Status.SCHEDULED]


def digest_of(views: Iterable[SessionView]) -> str:
    """Value by which sessions are cancelled only as they were seen."""
    return "-".join(str(one.id) for one in views)


def end(
    session: Session,
    match_id: int,
    actor: Actor,
    last_day: date,
    agency: Agency,
    dropping: Dropping | None = None,
) -> Match:
    """End an accepted match after `last_day`: no session is made for a later day.

    Sessions that are booked for later stay until somebody cancels them, without `dropping`. Both
    sides are told. The same last day again changes nothing. Refused: NotCoordinator, NotFound,
    MatchOver, DatesWanted; ReasonRequired, TextTooLong, and PreviewOutdated where other sessions
    would be cancelled than were seen.
    """
    require_coordinator(session, actor)
    match = match_for_update(session, match_id)
    is_same = match.ended_by_id is not None and match.ends_on == max(last_day, match.starts_on)
    if is_same and dropping is None:
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
    dropped = _drop(session, match, actor, agency, dropping) if dropping else 0
    for person_id in (match.tutor_id, *parents_of_match(session, match)):
        outbox.tell_person(
            session,
            person_id,
            MatchEnded(match.id, dropped),
            key=f"match_ended:{match.id}:{event_id}:{person_id}",
            now=actor.now,
        )
    refresh_cards(session, match, actor, f"ended:{event_id}")
    return match


def _drop(session: Session, match: Match, actor: Actor, agency: Agency, dropping: Dropping) -> int:
    """Cancel the sessions after the last day; how many."""
    reason, last_day = require_reason(dropping.reason), match.ends_on or match.starts_on
    found = booked_after(session, match.id, last_day, agency, actor.now)
    if digest_of(found) != dropping.seen:
        raise PreviewOutdated
    for one in sorted(found, key=lambda view: view.id):
        row = for_update(session, one.id)
        cancel_on_behalf(session, row, actor, dropping.side, reason, None)
        refresh_session_cards(session, row, actor)
    return len(found)


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
