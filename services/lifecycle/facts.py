"""Facts for `services.rules.actions`, made from database rows."""

from typing import Protocol, TypedDict, Unpack
from zoneinfo import ZoneInfo

from models import Cancellation, Dispute, NoteSummary
from models.enums import Action, Kind, Origin, Role
from services.lifecycle.open_requests import OpenRequest
from services.rules.attendance import Attended
from services.rules.attendance_flags import Raised, flags
from services.rules.session_facts import (
    BookedInstead,
    DisputeRecord,
    Done,
    MadeSummary,
    NamedPenalty,
    OpenProposal,
    SessionFacts,
)

NO_ZONE = ZoneInfo("UTC")
"""Zone for questions in which the end of a day does not matter."""


class SessionRow(Attended, Protocol):
    """Row of a session, or that of a list."""

    @property
    def id(self) -> int: ...
    @property
    def origin(self) -> Origin: ...


class KnownBesides(TypedDict, total=False):
    """Facts about a session that its own row does not tell."""

    last_move: Done | None
    proposal: OpenProposal | None
    dispute: DisputeRecord | None
    has_notes: bool
    summary: MadeSummary | None
    penalty: NamedPenalty | None
    replacement_asked: Done | None
    replaced_by: BookedInstead | None


def facts_of_row(
    appointment: SessionRow,
    zone: ZoneInfo = NO_ZONE,
    **more: Unpack[KnownBesides],
) -> SessionFacts:
    """Facts from a session's own row, and what else is known of it."""
    return SessionFacts(
        appointment_id=appointment.id,
        status=appointment.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=zone,
        origin=appointment.origin,
        is_logged=appointment.kind is Kind.ADHOC,
        checked_in_at=appointment.checked_in_at,
        checked_out_at=appointment.checked_out_at,
        **more,
    )


def open_proposal(request: OpenRequest | None) -> OpenProposal | None:
    """Open version of an open request."""
    if request is None:
        return None
    proposal = request.proposal
    return OpenProposal(
        id=proposal.id,
        side=proposal.side,
        new_starts_at=proposal.new_starts_at,
        new_ends_at=proposal.new_ends_at,
        proposer_id=request.proposer.id,
        proposer=request.proposer.name,
        expires_at=request.thread.expires_at,
    )


def dispute_record(
    dispute: Dispute | None, claimed_by: str | None, settled_by: str | None
) -> DisputeRecord | None:
    """Dispute, with the names of the coordinators who claimed and settled it."""
    if dispute is None:
        return None
    return DisputeRecord(
        status=dispute.status,
        claimed_by_id=dispute.claimed_by_id,
        claimed_by=claimed_by or "",
        claimed_at=dispute.claimed_at,
        settled_by_id=dispute.settled_by_id,
        settled_by=settled_by or "",
        settled_at=dispute.settled_at,
    )


def named_penalty(cancellation: Cancellation | None, waived_by: str | None) -> NamedPenalty | None:
    """Penalty that was named, if any, and who waived it; one that costs nothing is none."""
    if cancellation is None or cancellation.penalty is None:
        return None
    if cancellation.waived_at is None:
        return None if cancellation.amount == 0 else NamedPenalty()
    return NamedPenalty(
        Done(
            Action.WAIVE_PENALTY,
            Role.COORDINATOR,
            cancellation.waived_at,
            cancellation.waived_by_id,
            waived_by or "",
        )
    )


def made_summary(summary: NoteSummary | None) -> MadeSummary | None:
    """Summary that is shown, with its tutor's judgement."""
    return None if summary is None else MadeSummary(summary.is_right)


def flags_of_row(session: Attended, *, has_notes: bool) -> tuple[Raised, ...]:
    """What stands out in the attendance of a session (SPEC 3)."""
    return flags(
        session.starts_at,
        session.ends_at,
        session.checked_in_at,
        session.checked_out_at,
        has_notes=has_notes,
    )
