"""What coordinators may do with a problem report, and its author (SPEC 5).

open --claim--> claimed --answer--> answered --close--> closed
                   ^                   |
                   +----added to-------+
An answer needs no claim, and may be followed by others; every report can be closed. Its author can
add to a report until it is closed: it waits for the coordinators then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from models.enums import Action, ProblemStatus
from services.rules.action_checks import done_first
from services.rules.refusals.sessions import StaleButton
from services.rules.session_facts import Done

ARROWS: Mapping[tuple[ProblemStatus, Action], ProblemStatus] = MappingProxyType(
    {
        (ProblemStatus.OPEN, Action.CLAIM_PROBLEM): ProblemStatus.CLAIMED,
        (ProblemStatus.OPEN, Action.ANSWER_PROBLEM): ProblemStatus.ANSWERED,
        (ProblemStatus.OPEN, Action.CLOSE_PROBLEM): ProblemStatus.CLOSED,
        (ProblemStatus.CLAIMED, Action.ANSWER_PROBLEM): ProblemStatus.ANSWERED,
        (ProblemStatus.CLAIMED, Action.CLOSE_PROBLEM): ProblemStatus.CLOSED,
        (ProblemStatus.ANSWERED, Action.ANSWER_PROBLEM): ProblemStatus.ANSWERED,
        (ProblemStatus.ANSWERED, Action.CLOSE_PROBLEM): ProblemStatus.CLOSED,
    }
)
"""Status after each action of a coordinator; what is not here is refused."""

ACTIONS = (Action.CLAIM_PROBLEM, Action.ANSWER_PROBLEM, Action.CLOSE_PROBLEM)
"""Actions of coordinators, in the order of their buttons."""


@dataclass(frozen=True)
class ReportFacts:
    """Status of a report, and who claimed and who closed it."""

    status: ProblemStatus
    claimed: Done | None = None
    closed: Done | None = None


def available(status: ProblemStatus) -> tuple[Action, ...]:
    """Actions that a coordinator can take now."""
    return tuple(action for action in ACTIONS if (status, action) in ARROWS)


def next_status(facts: ReportFacts, action: Action) -> ProblemStatus:
    """Status after `action`. Refused: ActedFirst, where somebody has claimed or closed it."""
    after = ARROWS.get((facts.status, action))
    if after is not None:
        return after
    first = facts.closed or facts.claimed
    raise done_first(first) if first is not None else StaleButton


def status_added_to(facts: ReportFacts) -> ProblemStatus:
    """Status once the author has added something. Refused: ActedFirst, where it is closed."""
    if facts.status is ProblemStatus.CLOSED:
        raise done_first(facts.closed) if facts.closed is not None else StaleButton
    return ProblemStatus.OPEN if facts.claimed is None else ProblemStatus.CLAIMED


def done_at(facts: ReportFacts, action: Action, person_id: int) -> datetime | None:
    """When this person did this, where it still holds; None where it is to be done now.

    A reply is told from its repetition by its message, not here.
    """
    if action is Action.CLAIM_PROBLEM and facts.closed is None:
        earlier = facts.claimed
    else:
        earlier = facts.closed if action is Action.CLOSE_PROBLEM else None
    return earlier.at if earlier is not None and earlier.actor_id == person_id else None
