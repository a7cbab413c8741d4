"""Conditions of the actions in `services.rules.actions`: each passes, or raises its refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models.enums import Action, DisputeStatus, Origin, Role, Status, ThreadStatus
from services.rules.lifecycle import next_status
from services.rules.notes import WITH_NOTES
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import AttendanceMissing, NotCheckedIn
from services.rules.refusals.requests import ProposalOutdated, RequestExpired, RescheduleOpen
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeClaimed,
    DisputeSettled,
    NoPenalty,
    NotFound,
    NotStartedYet,
    Replaced,
    StaleButton,
    WrongStatus,
)
from services.rules.reschedule import Answer, require_right_side, require_to_come
from services.rules.session_changes import is_late_change, require_changeable
from services.rules.session_facts import DisputeRecord, Done, OpenProposal, SessionFacts
from services.rules.windows import check_in_window, check_out_window

LOST = (Status.NOT_COMPLETED, Status.CANCELLED_BY_TUTOR)
"""Statuses of a session that a coordinator can replace (SPEC 6)."""

NOT_HELD = (*LOST, Status.CANCELLED_BY_PARENT)
"""Statuses of a session that is not going to take place."""

LIVE = (DisputeStatus.OPEN, DisputeStatus.CLAIMED)
"""Statuses of a dispute that nobody has settled."""


@dataclass(frozen=True)
class Question:
    """Facts of a session, with the action that is asked for, the role and the time."""

    facts: SessionFacts
    role: Role
    now: datetime
    proposal_id: int | None = None
    """Version of a request that is being answered; None for the open one."""


Check = Callable[[Question], None]


# ------------------------------------------------------------------------------------- the status


@dataclass(frozen=True)
class ByStatus:
    """Check of the status and the role alone. Refused: ActedFirst, WrongStatus."""

    action: Action
    allows: Callable[[Status, Role], bool]

    def __call__(self, question: Question) -> None:
        if not self.allows(question.facts.status, question.role):
            raise acted_first(question.facts, self.action)


def arrow(action: Action) -> ByStatus:
    """Check that the status table allows this step."""
    return ByStatus(action, lambda status, role: next_status(status, action, role) is not None)


def only_while(action: Action, *statuses: Status) -> ByStatus:
    """Check the status for an action that does not change it."""
    return ByStatus(action, lambda status, _role: status in statuses)


def acted_first(facts: SessionFacts, action: Action) -> Refusal:
    """Refusal that names who acted first, with what and when; otherwise the session's status."""
    last = facts.last_move
    if last is None or last.actor_id is None:
        return WrongStatus(action=action, status=facts.status)
    return done_first(last)


def done_first(done: Done) -> Refusal:
    """Refusal that names who has done this, or something that rules it out, and when."""
    return ActedFirst(
        who=done.who,
        actor_id=done.actor_id,
        action=done.action,
        role=done.role,
        at=done.at,
    )


# ----------------------------------------------------------------------- attendance, notes, answer


def checked_in(question: Question) -> None:
    """Check that the tutor has checked in. Refused: NotCheckedIn."""
    if question.facts.status is Status.SCHEDULED:
        raise NotCheckedIn


def check_in_is_open(question: Question) -> None:
    """Check the check-in window (SPEC 3). Refused: TooEarlyToCheckIn, TooLateToCheckIn."""
    facts = question.facts
    window = check_in_window(facts.starts_at, facts.ends_at, facts.zone)
    window.require_open(question.now, appointment_id=facts.appointment_id)


def check_out_is_open(question: Question) -> None:
    """Check the check-out window (SPEC 3).

    Refused: TooEarlyToCheckOut, TooLateToCheckOut.
    """
    facts = question.facts
    window = check_out_window(facts.ends_at)
    window.require_open(question.now, appointment_id=facts.appointment_id)


def takes_notes(question: Question) -> None:
    """Check that the session can have notes: from check-in on (SPEC 4). Refused: WrongStatus."""
    status = question.facts.status
    if status not in WITH_NOTES:
        raise WrongStatus(action=Action.ADD_NOTE, status=status)


def attended(question: Question) -> None:
    """Check that a native session has both attendance times (SPEC 2).

    Refused: AttendanceMissing.
    """
    facts = question.facts
    times = (facts.checked_in_at, facts.checked_out_at)
    if facts.origin is not Origin.IMPORTED and None in times:
        raise AttendanceMissing


def has_started(question: Question) -> None:
    """Check that the session has started; its start counts (SPEC 5). Refused: NotStartedYet."""
    starts_at = question.facts.starts_at
    if question.now < starts_at:
        raise NotStartedYet(starts_at=starts_at)


def has_summary(question: Question) -> None:
    """Check that a summary can be shown.

    Refused: NotFound; StaleButton for parents where the tutor says that it is wrong.
    """
    summary = question.facts.summary
    if summary is None:
        raise NotFound
    if summary.is_right is False and question.role is Role.PARENT:
        raise StaleButton


def summary_is_newest(question: Question) -> None:
    """Check that a tutor judges the newest summary. Refused: StaleButton."""
    summary = question.facts.summary
    if summary is None or not summary.is_newest:
        raise StaleButton


# --------------------------------------------------------------------- changes and their requests


def changeable(question: Question) -> None:
    """Check that the start is more than four hours away (SPEC 6). Refused: TooLateToChange."""
    facts = question.facts
    require_changeable(facts.starts_at, question.now, appointment_id=facts.appointment_id)


def too_late_to_change(question: Question) -> None:
    """Check that only coordinators can change the session, which has not started (SPEC 6).

    Refused: StaleButton.
    """
    if not is_late_change(question.facts.starts_at, question.now):
        raise StaleButton


def no_open_request(question: Question) -> None:
    """Check that no request is open: it blocks attendance and another request (SPEC 3, 6).

    Refused: RescheduleOpen; RequestExpired once the session has started.
    """
    proposal = question.facts.proposal
    if proposal is None:
        return
    not_expiring(question)
    raise RescheduleOpen(
        who=proposal.proposer,
        actor_id=proposal.proposer_id,
        side=proposal.side,
        role=question.role,
        new_starts_at=proposal.new_starts_at,
        new_ends_at=proposal.new_ends_at,
        appointment_id=question.facts.appointment_id,
    )


def not_expiring(question: Question) -> None:
    """Check that an open request has not expired with the session's start (SPEC 6).

    Refused: RequestExpired.
    """
    proposal = question.facts.proposal
    if proposal is not None and question.now >= proposal.expires_at:
        raise RequestExpired(starts_at=proposal.expires_at)


def answerable(answer: Answer) -> Check:
    """Check that the version is open, and that this side may give this answer to it (SPEC 6).

    Refused: ActedFirst (the request is settled), RequestExpired, StaleButton (no request),
    ProposalOutdated (a newer version counts), OwnProposal, NotYourProposal.
    """

    def check(question: Question) -> None:
        facts = question.facts
        _require_unsettled(facts)
        not_expiring(question)
        if facts.proposal is None:
            raise StaleButton
        if question.proposal_id not in (None, facts.proposal.id):
            raise _outdated(facts.proposal, question.role)
        require_right_side(answer, facts.proposal.side, question.role)

    return check


def _require_unsettled(facts: SessionFacts) -> None:
    thread = facts.closed_thread
    if thread is None:
        return
    if thread.status is ThreadStatus.EXPIRED or thread.settled is None:
        raise RequestExpired(starts_at=thread.expires_at)
    raise done_first(thread.settled)


def time_is_to_come(question: Question) -> None:
    """Check that a proposed time has not passed when it is accepted (SPEC 6).

    Refused: SlotPassed.
    """
    if question.facts.proposal is not None:
        require_to_come(question.facts.proposal.new_starts_at, question.now)


def _outdated(proposal: OpenProposal, role: Role) -> ProposalOutdated:
    return ProposalOutdated(
        who=proposal.proposer,
        actor_id=proposal.proposer_id,
        is_own_side=proposal.side is role,
        new_starts_at=proposal.new_starts_at,
        new_ends_at=proposal.new_ends_at,
    )


# ------------------------------------------------------ disputes, penalties and lost sessions


def live_dispute(question: Question) -> None:
    """Check that the dispute is not settled (SPEC 5). Refused: NotFound, DisputeSettled."""
    dispute = question.facts.dispute
    if dispute is None:
        raise NotFound
    if dispute.status not in LIVE:
        raise _settled(dispute)


def not_upheld(question: Question) -> None:
    """Check that the dispute is not upheld, which is final (SPEC 2). Refused: DisputeSettled."""
    dispute = question.facts.dispute
    if dispute is not None and dispute.status is DisputeStatus.UPHELD:
        raise _settled(dispute)


def unclaimed(question: Question) -> None:
    """Check that nobody else has claimed the dispute (SPEC 5). Refused: DisputeClaimed."""
    dispute = question.facts.dispute
    if dispute is not None and dispute.status is DisputeStatus.CLAIMED:
        raise DisputeClaimed(
            who=dispute.claimed_by,
            actor_id=dispute.claimed_by_id,
            at=dispute.claimed_at,
        )


def _settled(dispute: DisputeRecord) -> Refusal:
    return DisputeSettled(
        who=dispute.settled_by,
        actor_id=dispute.settled_by_id,
        status=dispute.status,
        at=dispute.settled_at,
    )


def unwaived_penalty(question: Question) -> None:
    """Check that there is a penalty that is not waived (SPEC 6).

    Refused: NoPenalty, ActedFirst.
    """
    penalty = question.facts.penalty
    if penalty is None:
        raise NoPenalty
    if penalty.waived is not None:
        raise done_first(penalty.waived)


def nobody_asked_to_replace(question: Question) -> None:
    """Check that no replacement was requested: once a session (SPEC 6). Refused: ActedFirst."""
    asked = question.facts.replacement_asked
    if asked is not None:
        raise done_first(asked)


def lost_to_its_side(question: Question) -> None:
    """Check that the side did not give the session up itself. Refused: ActedFirst, WrongStatus."""
    status = question.facts.status
    if status is Status.CANCELLED_BY_TUTOR and question.role is Role.TUTOR:
        raise acted_first(question.facts, Action.REPLACE)


def not_logged(question: Question) -> None:
    """Check that it was no extra session: what was not held is not logged. Refused: StaleButton."""
    if question.facts.is_logged:
        raise StaleButton


def not_replaced(question: Question) -> None:
    """Check that the lost session has no replacement (SPEC 6). Refused: Replaced."""
    new = question.facts.replaced_by
    if new is not None:
        raise Replaced(
            who=new.who,
            actor_id=new.actor_id,
            at=new.at,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
        )
