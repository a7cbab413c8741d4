"""The parents' answer to a match (SPEC 7). The first parent decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from models import Match
from models.enums import Action, MatchStatus, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.matches import answered_first, match_for_update, require_parent_of
from services.lifecycle.status import record
from services.matches.booking import Booking, book
from services.matches.news import refresh_cards, tell_accepted, tell_coordinators
from services.rules.agency import Agency
from services.rules.texts import require_reason


@dataclass(frozen=True)
class Answered:
    """A match with its answer, and whether the same parent had given it before."""

    match: Match
    at: datetime
    booking: Booking
    repeated: bool = False


def accept(session: Session, match_id: int, actor: Actor, agency: Agency) -> Answered:
    """Accept as a parent: the sessions up to the horizon are made, once.

    The tutor and the coordinators are told, the latter also of what could not be booked. Refused:
    NotFound, NotYourChild, OwnSession, ActedFirst.
    """
    match = match_for_update(session, match_id)
    if earlier := _answered(session, match, actor, MatchStatus.ACCEPTED):
        return earlier
    _answer(session, match, actor, MatchStatus.ACCEPTED, Action.ACCEPT_MATCH)
    booking = book(session, match, agency, actor.now)
    tell_accepted(session, match, booking, actor)
    return Answered(match, actor.now, booking)


def decline(session: Session, match_id: int, actor: Actor, reason: str | None = None) -> Answered:
    """Decline as a parent: nothing is booked, and the coordinators are told, with the reason.

    Refused: NotFound, NotYourChild, OwnSession, ActedFirst, and TextTooLong.
    """
    match = match_for_update(session, match_id)
    if earlier := _answered(session, match, actor, MatchStatus.DECLINED):
        return earlier
    why = require_reason(reason) if reason else None
    _answer(session, match, actor, MatchStatus.DECLINED, Action.DECLINE_MATCH, why)
    tell_coordinators(session, match, (), actor)
    return Answered(match, actor.now, Booking())


def _answered(session: Session, match: Match, actor: Actor, status: MatchStatus) -> Answered | None:
    """The same answer, where this parent gave it before; None where the match is open."""
    require_parent_of(session, match, actor)
    if match.status is MatchStatus.OFFERED:
        return None
    is_own = match.answered_by_id == actor.person_id
    if match.status is status and is_own and match.answered_at is not None:
        return Answered(match, match.answered_at, Booking(), repeated=True)
    raise answered_first(session, match)


def _answer(
    session: Session,
    match: Match,
    actor: Actor,
    status: MatchStatus,
    action: Action,
    reason: str | None = None,
) -> None:
    changed = session.exec(
        update(Match)
        .where(col(Match.id) == match.id, col(Match.status) == MatchStatus.OFFERED)
        .values(
            status=status,
            answered_by_id=actor.person_id,
            answered_at=actor.now,
            decline_reason=reason,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(match)
    if changed.rowcount != 1:  # only possible where the caller did not lock the row
        raise answered_first(session, match)
    record(session, action, Role.PARENT, actor, details={"match_id": match.id})
    refresh_cards(session, match, actor, status.value)
