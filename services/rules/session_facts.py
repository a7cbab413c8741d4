"""Facts about a session, as plain values, from which `services.rules.actions` decides.

Facts that do not matter to a question may be left out.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.enums import Action, DisputeStatus, Origin, Role, Status, ThreadStatus


@dataclass(frozen=True)
class Done:
    """Person who did something, and when."""

    action: Action
    role: Role
    at: datetime
    actor_id: int | None
    """None for the system."""
    who: str


@dataclass(frozen=True)
class OpenProposal:
    """The open version of a request to move the session (SPEC 6)."""

    id: int
    side: Role
    """Side that proposed it: `Role.TUTOR` or `Role.PARENT`."""
    new_starts_at: datetime
    new_ends_at: datetime
    proposer_id: int
    proposer: str
    expires_at: datetime
    """Start that the session had when the request was opened."""


@dataclass(frozen=True)
class ClosedThread:
    """Settled request of which a version is being answered too late."""

    status: ThreadStatus
    expires_at: datetime
    settled: Done | None = None
    """Who settled it; None where it expired."""


@dataclass(frozen=True)
class DisputeRecord:
    """Dispute that is to be settled, otherwise the session's newest."""

    status: DisputeStatus
    claimed_by_id: int | None = None
    claimed_by: str = ""
    claimed_at: datetime | None = None
    settled_by_id: int | None = None
    settled_by: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True)
class MadeSummary:
    """Summary of the notes that is shown (SPEC 4)."""

    is_right: bool | None = None
    """Tutor's judgement; None while there is none."""
    is_newest: bool = True
    """Whether no newer version has been made."""


@dataclass(frozen=True)
class NamedPenalty:
    """Penalty that was named when the session was cancelled (SPEC 6)."""

    waived: Done | None = None


@dataclass(frozen=True)
class BookedInstead:
    """Replacement of a lost session, and who booked it."""

    who: str
    actor_id: int | None
    at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class SessionFacts:
    """Session's current state. Instants are aware."""

    appointment_id: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    """Agency's zone, in which days end."""
    origin: Origin = Origin.NATIVE
    is_logged: bool = False
    """Whether a tutor logged it afterwards, without check-in."""
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    last_move: Done | None = None
    """Newest status change by a person; None also while the session has its first status."""
    proposal: OpenProposal | None = None
    closed_thread: ClosedThread | None = None
    """Request of the version that is being answered, if it is settled."""
    dispute: DisputeRecord | None = None
    has_notes: bool = False
    summary: MadeSummary | None = None
    penalty: NamedPenalty | None = None
    replacement_asked: Done | None = None
    replaced_by: BookedInstead | None = None
