"""What was read of a session, as the plain facts by which `services.rules.actions` decides."""

from zoneinfo import ZoneInfo

from models import Appointment, Cancellation, Dispute, NoteSummary
from models.enums import Action, Role
from services.lifecycle.open_requests import OpenRequest
from services.queries.replacements import AskedFor
from services.queries.sessions import LastMove, SessionDetail
from services.rules.session_facts import (
    BookedInstead,
    DisputeRecord,
    Done,
    MadeSummary,
    NamedPenalty,
    OpenProposal,
    SessionFacts,
)

BEGINNINGS = frozenset({Action.CREATE, Action.REPLACE, Action.LOG_ADHOC, Action.IMPORT})
"""How a session comes to its first status: nobody was first with anything by that."""


def facts_of_row(appointment: Appointment, zone: ZoneInfo) -> SessionFacts:
    """What a session's own row tells: enough for lists, where nothing is known of a request."""
    return SessionFacts(
        appointment_id=appointment.id,
        status=appointment.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        zone=zone,
        origin=appointment.origin,
        checked_in_at=appointment.checked_in_at,
        checked_out_at=appointment.checked_out_at,
    )


def facts_of(detail: SessionDetail, zone: ZoneInfo) -> SessionFacts:
    """What a card knows of its session. Who booked a replacement is not read for it."""
    row = detail.view.appointment
    return SessionFacts(
        appointment_id=row.id,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=zone,
        origin=row.origin,
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        last_move=_last_move(detail.last_move),
        proposal=open_proposal(detail.request),
        dispute=dispute_record(detail.dispute, detail.claimed_by, detail.settled_by),
        has_notes=bool(detail.notes),
        summary=_summary(detail.summary),
        penalty=named_penalty(detail.cancellation, detail.waived_by),
        replacement_asked=_asked(row, detail.replacement.asked),
        replaced_by=_booked(detail.replacement.by),
    )


def open_proposal(request: OpenRequest | None) -> OpenProposal | None:
    """The open version of an open request."""
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
    """A dispute, with the names of who claimed it and who settled it."""
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
    """The penalty that was named, if one was, and who waived it."""
    if cancellation is None or cancellation.penalty is None:
        return None
    if cancellation.waived_at is None:
        return NamedPenalty()
    return NamedPenalty(
        Done(
            Action.WAIVE_PENALTY,
            Role.COORDINATOR,
            cancellation.waived_at,
            cancellation.waived_by_id,
            waived_by or "",
        )
    )


def _last_move(move: LastMove | None) -> Done | None:
    if move is None or move.action in BEGINNINGS:
        return None
    return Done(move.action, move.role, move.at, move.actor_id, move.who)


def _summary(summary: NoteSummary | None) -> MadeSummary | None:
    return None if summary is None else MadeSummary(summary.is_right)


def _asked(row: Appointment, asked: AskedFor | None) -> Done | None:
    if asked is None:
        return None
    side = Role.TUTOR if asked.actor_id == row.tutor_id else Role.PARENT
    return Done(Action.ASK_REPLACEMENT, side, asked.at, asked.actor_id, asked.who)


def _booked(new: Appointment | None) -> BookedInstead | None:
    if new is None:
        return None
    return BookedInstead("", None, new.created_at, new.starts_at, new.ends_at)
