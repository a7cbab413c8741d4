"""A dispute that a parent is writing in the chat, and that nobody has read yet (SPEC 5)."""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import col, select

from models import Dialogue
from models.enums import DisputeReason, PartKind
from services.db import Session

DISPUTE = "dispute"
"""Name of the dialogue."""


@dataclass(frozen=True)
class BegunDispute:
    """What was chosen, written and sent so far."""

    question_id: int
    """Id of the message with the question to which it belongs."""
    reason: DisputeReason | None
    text: str | None
    files: Counter[PartKind]


def begun_dispute(session: Session, appointment_id: int, chat_id: int) -> BegunDispute | None:
    """Dispute of a session that is being written in a private chat.

    None where none is, or nothing was said yet.
    """
    found = session.exec(
        select(Dialogue.draft).where(
            Dialogue.chat_id == chat_id,
            Dialogue.user_id == chat_id,
            Dialogue.name == DISPUTE,
            col(Dialogue.state).is_not(None),
        )
    )
    draft = found.first()
    if draft is None or draft.get("appointment_id") != appointment_id:
        return None
    question_id = draft.get("question_id")
    if question_id is None:
        return None
    reason = DisputeReason(draft["reason"]) if draft.get("reason") else None
    files = Counter(PartKind(one["kind"]) for one in draft.get("files", ()))
    begun = BegunDispute(question_id, reason, draft.get("text"), files)
    return begun if begun.reason or begun.text or begun.files else None
