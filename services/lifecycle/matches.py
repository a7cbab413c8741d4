"""Loading a match in order to change it, and who may answer it (SPEC 7)."""

from sqlmodel import col, select

from models import Match, MatchSlot, Person
from models.enums import Action, MatchStatus, Role
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.lifecycle.actors import Actor
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.refusals.standing import NotYourChild, OwnSession
from services.rules.weekly import Slot, WeeklyTime

_DONE = {
    MatchStatus.ACCEPTED: Action.ACCEPT_MATCH,
    MatchStatus.DECLINED: Action.DECLINE_MATCH,
    MatchStatus.WITHDRAWN: Action.END_MATCH,
    MatchStatus.ENDED: Action.END_MATCH,
}


def match_for_update(session: Session, match_id: int) -> Match:
    """Match, locked until this unit of work ends. Refused: NotFound.

    It is locked before sessions and calendars.
    """
    found = session.exec(
        select(Match)
        .where(Match.id == match_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def slots_of(session: Session, match_id: int) -> list[Slot]:
    """Weekly slots of a match, those that are over included."""
    found = session.exec(
        select(MatchSlot)
        .where(MatchSlot.match_id == match_id)
        .order_by(col(MatchSlot.weekday), col(MatchSlot.start_time), col(MatchSlot.id))
    )
    return [slot_of(row) for row in found.all()]


def slot_of(row: MatchSlot) -> Slot:
    """Slot of a row."""
    at = WeeklyTime(row.weekday, row.start_time, row.duration_minutes)
    return Slot(row.id, at, row.valid_from, row.valid_until)


def parents_of_match(session: Session, match: Match) -> list[int]:
    """Ids of those who may answer a match: the child's guardians, without who is to teach it."""
    return [one for one in guardian_ids(session, match.student_id) if one != match.tutor_id]


def require_parent_of(session: Session, match: Match, actor: Actor) -> None:
    """Check that the actor may answer for the family. Refused: NotYourChild, OwnSession."""
    if actor.person_id == match.tutor_id:
        raise OwnSession
    if actor.person_id not in parents_of_match(session, match):
        raise NotYourChild


def answered_first(session: Session, match: Match) -> Refusal:
    """Refusal that says who answered a match, or took it back, and when."""
    is_answer = match.status in (MatchStatus.ACCEPTED, MatchStatus.DECLINED)
    actor_id = match.answered_by_id if is_answer else match.ended_by_id
    at = match.answered_at if is_answer else match.ended_at
    who = None if actor_id is None else session.get(Person, actor_id)
    return ActedFirst(
        who="" if who is None else who.name,
        actor_id=actor_id,
        action=_DONE[match.status],
        role=Role.PARENT if is_answer else Role.COORDINATOR,
        at=at or match.created_at,
    )
