"""Evidence of a dispute: the session as it was known when the dispute was opened (SPEC 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from models import (
    Appointment,
    AuditEvent,
    NotePart,
    OutboxMessage,
    RescheduleProposal,
    RescheduleThread,
)
from models.enums import EDITING_KINDS
from services.db import Session


def freeze(session: Session, appointment: Appointment) -> dict[str, Any]:
    """Everything known about the session now, as JSON; later edits do not change it."""
    return {
        "attendance": {
            "starts_at": appointment.starts_at.isoformat(),
            "ends_at": appointment.ends_at.isoformat(),
            "checked_in_at": _iso(appointment.checked_in_at),
            "checked_out_at": _iso(appointment.checked_out_at),
            "student_absent": appointment.student_absent,
        },
        "notes": _notes(session, appointment.id),
        "reschedules": _reschedules(session, appointment.id),
        "events": _events(session, appointment.id),
        "messages": _messages(session, appointment.id),
    }


def _notes(session: Session, appointment_id: int) -> list[dict[str, Any]]:
    parts = session.exec(
        select(NotePart)
        .where(NotePart.appointment_id == appointment_id, col(NotePart.removed_at).is_(None))
        .order_by(col(NotePart.id))
    )
    return [
        {
            "id": part.id,
            "kind": part.kind.value,
            "text": part.text,
            "file_name": part.file_name,
            "media_key": part.media_key,
            "at": _iso(part.created_at),
        }
        for part in parts.all()
    ]


def _reschedules(session: Session, appointment_id: int) -> list[dict[str, Any]]:
    proposals = session.exec(
        select(RescheduleProposal)
        .join(RescheduleThread, col(RescheduleThread.id) == RescheduleProposal.thread_id)
        .where(RescheduleThread.appointment_id == appointment_id)
        .order_by(col(RescheduleProposal.id))
    )
    return [
        {
            "version": proposal.version,
            "side": proposal.side.value,
            "status": proposal.status.value,
            "new_starts_at": _iso(proposal.new_starts_at),
            "reason": proposal.reason.value if proposal.reason else None,
            "text": proposal.text,
            "at": _iso(proposal.proposed_at),
        }
        for proposal in proposals.all()
    ]


def _events(session: Session, appointment_id: int) -> list[dict[str, Any]]:
    events = session.exec(
        select(AuditEvent)
        .where(AuditEvent.appointment_id == appointment_id)
        .order_by(col(AuditEvent.id))
    )
    return [
        {"action": event.action.value, "by": event.actor_id, "at": _iso(event.at)}
        for event in events.all()
    ]


def _messages(session: Session, appointment_id: int) -> list[dict[str, Any]]:
    """When each message about the session was sent, without those that were not sent after all,
    and without edits of what stood in a chat already.
    """
    rows = session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.appointment_id == appointment_id,
            col(OutboxMessage.sent_at).is_not(None),
            col(OutboxMessage.kind).not_in(EDITING_KINDS),
            or_(col(OutboxMessage.error).is_(None), col(OutboxMessage.message_id).is_not(None)),
        )
        .order_by(col(OutboxMessage.id))
    )
    return [
        {"kind": row.kind.value, "to": row.person_id, "sent_at": _iso(row.sent_at)}
        for row in rows.all()
    ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
