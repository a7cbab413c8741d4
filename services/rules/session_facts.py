"""What is known of a session, as plain values, when it is asked what may be done with it.

`services.rules.actions` decides by them. What does not matter to a question may be left out.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.enums import Action, DisputeStatus, Origin, Role, Status, ThreadStatus


@dataclass(frozen=True)
class Done:
    """What somebody did, and when."""

    action: Action
    role: Role
    at: datetime
    actor_id: int | None
    """None: the system."""
    who: str


@dataclass(frozen=True)
class OpenProposal:
    """The open version of a request to move the session (SPEC 6)."""

    id: int
    side: Role
    """The side that proposed it: `Role.TUTOR` or `Role.PARENT`."""
    new_starts_at: datetime
    new_ends_at: datetime
    proposer_id: int
    proposer: str
    expires_at: datetime
    """The start that the session had when the request was opened."""


@dataclass(frozen=True)
class ClosedThread:
    """A request that is settled, of which somebody answers a version all the same."""

    status: ThreadStatus
    expires_at: datetime
    settled: Done | None = None
    """None: nobody did, so it expired."""


@dataclass(frozen=True)
class DisputeRecord:
    """A dispute: the one that is to be settled, otherwise the session's newest."""

    status: DisputeStatus
    claimed_by_id: int | None = None
    claimed_by: str = ""
    claimed_at: datetime | None = None
    settled_by_id: int | None = None
    settled_by: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True)
class MadeSummary:
    """A summary of the notes that was made: the one shown (SPEC 4)."""

    is_right: bool | None = None
    """What its tutor says of it, if anything."""
    is_newest: bool = True
    """No newer version has been made."""


@dataclass(frozen=True)
class NamedPenalty:
    """The penalty that was named when the session was cancelled (SPEC 6)."""

    waived: Done | None = None


@dataclass(frozen=True)
class BookedInstead:
    """The session that stands in the place of a lost one, and who booked it."""

    who: str
    actor_id: int | None
    at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class SessionFacts:
    """A session as it stands. Instants are aware."""

    appointment_id: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    """The agency's, in which a day ends."""
    origin: Origin = Origin.NATIVE
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    last_move: Done | None = None
    """The newest change of its status by somebody; None also where its first status is its last."""
    proposal: OpenProposal | None = None
    closed_thread: ClosedThread | None = None
    """The request of the version that is being answered, where that is settled."""
    dispute: DisputeRecord | None = None
    has_notes: bool = False
    summary: MadeSummary | None = None
    penalty: NamedPenalty | None = None
    replacement_asked: Done | None = None
    replaced_by: BookedInstead | None = None
