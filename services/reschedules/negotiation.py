"""Moving a session by agreement between the tutor and the child's parents (SPEC 6).

The two sides ask and answer: any parent of the child speaks for the parents. Each use case locks
the session's row first, so that two answers follow one another.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from models import Appointment, RescheduleProposal
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.lifecycle.access import for_update, people_of, side_of
from services.lifecycle.actors import Actor
from services.lifecycle.decisions import read_appointment, require_possible, with_request
from services.lifecycle.facts import facts_of_row, open_proposal
from services.lifecycle.moves import move_to
from services.lifecycle.open_requests import (
    OpenRequest,
    close_version,
    end,
    open_request,
    open_thread,
    record_version,
)
from services.lifecycle.slots import lock_calendars
from services.lifecycle.status import Outcome
from services.notifications.announcements import tell_changed
from services.notifications.closed_days import tell_if_closed
from services.notifications.free_times import offer_no_more
from services.notifications.requests_in_vain import tell_if_in_vain
from services.queries.movable import require_movable
from services.reschedules.answers import Case, answerable, require_answerable
from services.rules.reschedule import (
    Answer,
    require_other_time,
)
from services.rules.session_actions import SessionAction
from services.rules.session_changes import (
    other_side,
    reason_if_given,
    require_change_reason,
)


def propose(
    session: Session,
    appointment_id: int,
    actor: Actor,
    new_starts_at: datetime,
    reason: ChangeReason,
    text: str | None,
    *,
    zone: ZoneInfo,
) -> Outcome:
    """Propose another time as the tutor or a parent, over four hours before the start (SPEC 6).

    The length stays. The same proposal by the same person is made once. `zone`: the agency's, in
    which days are closed. Refused: NotYourChild, OwnSession, WrongStatus, ActedFirst,
    RescheduleOpen, RequestExpired, TooLateToChange, ReasonRequired, TextTooLong, SameTime,
    SlotPassed, ClosedDay, SlotTaken.
    """
    appointment = for_update(session, appointment_id)
    side = side_of(session, appointment, actor)
    request = open_request(session, appointment_id)
    if asked_at := _asked_before(request, actor, new_starts_at):
        return Outcome(appointment, asked_at, repeated=True)
    facts = replace(facts_of_row(appointment), proposal=open_proposal(request))
    require_possible(session, facts, SessionAction.PROPOSE, side, actor.now)
    checked_text = require_change_reason(side, reason, text)
    ends_at = _take_slot(session, appointment, new_starts_at, actor.now, zone)
    slot = (new_starts_at, ends_at)
    version = open_thread(session, appointment, actor, side, slot, reason, checked_text)
    _tell_asked(session, appointment, version, actor)
    return Outcome(appointment, actor.now)


def require_proposable(
    session: Session,
    appointment_id: int,
    actor: Actor,
    *,
    zone: ZoneInfo,
    answers: int | None = None,
    new_starts_at: datetime | None = None,
) -> Role:
    """Side for which a person could propose another time; asked during the dialogue.

    `answers`: version to which it is a counter-proposal. `new_starts_at`: the time, once it is
    known. Refused as `propose` and `counter`, and ActedFirst where they have done it themselves.
    """
    if answers is None:
        appointment = read_appointment(session, appointment_id)
        side = side_of(session, appointment, actor)
        facts = with_request(session, facts_of_row(appointment))
        require_possible(session, facts, SessionAction.PROPOSE, side, actor.now)
    else:
        case = require_answerable(session, answers, actor, Answer.COUNTER, new_starts_at)
        appointment, side = case.appointment, case.side
        if new_starts_at is not None:
            require_other_time(new_starts_at, case.request.proposal.new_starts_at)
    if new_starts_at is not None:
        require_movable(session, appointment, new_starts_at, actor.now, zone)
    return side


def accept(session: Session, proposal_id: int, actor: Actor, *, zone: ZoneInfo) -> Outcome:
    """Accept as the other side: the session moves to the proposed time (SPEC 6).

    Refused as `answerable`, and SlotPassed, ClosedDay, SlotTaken.
    """
    case = answerable(session, proposal_id, actor, Answer.ACCEPT)
    if isinstance(case, Outcome):
        return case
    appointment, proposal = case.appointment, case.request.proposal
    _take_slot(session, appointment, proposal.new_starts_at, actor.now, zone)
    before = appointment.starts_at
    _end(session, case, Answer.ACCEPT, actor)
    moved = move_to(session, appointment, proposal.new_starts_at, proposal.new_ends_at)
    _tell(session, moved, actor, [Role.TUTOR, Role.PARENT], before)
    offer_no_more(session, [moved], actor.now)
    return Outcome(moved, actor.now)


def reject(session: Session, proposal_id: int, actor: Actor) -> Outcome:
    """Decline as the other side: the session stays as it is (SPEC 6). Refused as `answerable`."""
    return _leave_as_it_was(session, proposal_id, actor, Answer.REJECT)


def withdraw(session: Session, proposal_id: int, actor: Actor) -> Outcome:
    """Withdraw as the side that proposed: the session stays as it is (SPEC 6).

    Refused as `answerable`, and NotYourProposal to the other side.
    """
    return _leave_as_it_was(session, proposal_id, actor, Answer.WITHDRAW)


def counter(
    session: Session,
    proposal_id: int,
    actor: Actor,
    new_starts_at: datetime,
    reason: ChangeReason | None = None,
    text: str | None = None,
    *,
    zone: ZoneInfo,
) -> Outcome:
    """Propose a different time as the other side: a new version, and the sides change (SPEC 6).

    It is no new request: it is possible within the last four hours, too, and needs no reason; one
    that is given is told. Refused as `answerable`, and ReasonRequired where the reason is the other
    side's, TextTooLong, SameTime, SlotPassed, ClosedDay, SlotTaken.
    """
    case = answerable(session, proposal_id, actor, Answer.COUNTER, new_starts_at)
    if isinstance(case, Outcome):
        return case
    appointment, before = case.appointment, case.request.proposal
    require_other_time(new_starts_at, before.new_starts_at)
    given, checked_text = reason_if_given(case.side, reason, text)
    ends_at = _take_slot(session, appointment, new_starts_at, actor.now, zone)
    close_version(session, before, Answer.COUNTER.version_becomes, actor)
    version = RescheduleProposal(
        thread_id=before.thread_id,
        version=before.version + 1,
        side=case.side,
        proposed_by_id=actor.identified,
        new_starts_at=new_starts_at,
        new_ends_at=ends_at,
        reason=given,
        text=checked_text,
        proposed_at=actor.now,
    )
    session.add(version)
    record_version(session, Action.COUNTER, case.side, actor, appointment, version)
    _tell_asked(session, appointment, version, actor)
    return Outcome(appointment, actor.now)


def _leave_as_it_was(session: Session, proposal_id: int, actor: Actor, answer: Answer) -> Outcome:
    case = answerable(session, proposal_id, actor, answer)
    if isinstance(case, Outcome):
        return case
    _end(session, case, answer, actor)
    _tell(session, case.appointment, actor, [other_side(case.side)])
    tell_if_closed(session, case.appointment, case.request.proposal, actor)
    return Outcome(case.appointment, actor.now)


def _end(session: Session, case: Case, answer: Answer, actor: Actor) -> None:
    """Settle the thread by this answer, and record it in the audit trail."""
    end(session, case.request, answer.thread_becomes, answer.version_becomes, actor)
    record_version(
        session, answer.action, case.side, actor, case.appointment, case.request.proposal
    )


def _take_slot(
    session: Session,
    appointment: Appointment,
    new_starts_at: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> datetime:
    """Reserve the slot and return the session's new end; nobody else takes the slot meanwhile."""
    lock_calendars(session, appointment.tutor_id, appointment.student_id)
    return require_movable(session, appointment, new_starts_at, now, zone)


def _asked_before(
    request: OpenRequest | None, actor: Actor, new_starts_at: datetime
) -> datetime | None:
    """When this person asked for the same time, if that request is open."""
    if request is None or request.proposal.version != 1:
        return None
    asked = request.proposal
    is_same = (asked.proposed_by_id, asked.new_starts_at) == (actor.person_id, new_starts_at)
    return asked.proposed_at if is_same else None


def _tell_asked(
    session: Session, appointment: Appointment, version: RescheduleProposal, actor: Actor
) -> None:
    """Ask the other side; where nobody of it can be reached, tell the coordinators."""
    session.flush()  # the version needs its id
    _tell(session, appointment, actor, [other_side(version.side)])
    tell_if_in_vain(session, appointment, version, actor)


def _tell(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    sides: list[Role],
    before: datetime | None = None,
) -> None:
    """Send a new card to everybody on these sides except the actor; refresh the other cards."""
    told = [person_id for side in sides for person_id in people_of(session, appointment, side)]
    others = [person_id for person_id in told if person_id != actor.person_id]
    tell_changed(session, appointment, others, actor, before=before)
