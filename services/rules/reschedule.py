"""Moving a session by agreement: who may answer what, and which slots can be (SPEC 6).

A thread's versions change hands:  propose --> [open] --counter--> [open, other side] ...
    [open] --accept-->   the session moves       [open] --reject-->   it stays
    [open] --withdraw--> it stays                [open] --its start--> expired, not completed
"""

from datetime import datetime
from enum import StrEnum

from models.enums import Action, ProposalStatus, Role, ThreadStatus
from services.rules.refusals.requests import NotYourProposal, OwnProposal, SameTime, SlotPassed


class Answer(StrEnum):
    """Answers to the open version of a request."""

    ACCEPT = "accept"
    REJECT = "reject"
    COUNTER = "counter"
    WITHDRAW = "withdraw"

    @property
    def action(self) -> Action:
        """Name of the answer in the audit trail."""
        return Action(self.value)

    @property
    def version_becomes(self) -> ProposalStatus:
        return _VERSION_BECOMES[self]

    @property
    def thread_becomes(self) -> ThreadStatus:
        return _THREAD_BECOMES[self]


_VERSION_BECOMES = {
    Answer.ACCEPT: ProposalStatus.APPROVED,
    Answer.REJECT: ProposalStatus.REJECTED,
    Answer.COUNTER: ProposalStatus.COUNTERED,
    Answer.WITHDRAW: ProposalStatus.WITHDRAWN,
}
_THREAD_BECOMES = {
    Answer.ACCEPT: ThreadStatus.AGREED,
    Answer.REJECT: ThreadStatus.REJECTED,
    Answer.COUNTER: ThreadStatus.OPEN,
    Answer.WITHDRAW: ThreadStatus.WITHDRAWN,
}


def passes_at(new_starts_at: datetime, expires_at: datetime) -> datetime | None:
    """When a proposed time begins, if the request is still open then: from that instant on it
    cannot be accepted (SPEC 6). None where it can be accepted to the end.
    """
    return new_starts_at if new_starts_at < expires_at else None


def require_right_side(answer: Answer, proposed_by: Role, answered_by: Role) -> None:
    """Check the side: only the proposer withdraws, only the other side gives another answer.

    Refused: OwnProposal, NotYourProposal.
    """
    is_own = proposed_by is answered_by
    if answer is Answer.WITHDRAW and not is_own:
        raise NotYourProposal
    if answer is not Answer.WITHDRAW and is_own:
        raise OwnProposal


def new_end(starts_at: datetime, ends_at: datetime, new_starts_at: datetime) -> datetime:
    """New end with the same elapsed length, also across a clock change."""
    return new_starts_at + (ends_at - starts_at)


def require_to_come(new_starts_at: datetime, now: datetime) -> None:
    """Check that the new time is in the future. Refused: SlotPassed."""
    if new_starts_at <= now:
        raise SlotPassed


def require_other_time(new_starts_at: datetime, *ruled_out: datetime) -> None:
    """Check that a proposal differs from the session's time and from the version answered.

    Refused: SameTime.
    """
    if new_starts_at in ruled_out:
        raise SameTime
