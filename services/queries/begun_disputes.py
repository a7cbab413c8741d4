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

    reason: DisputeReason | None
    text: str | None
    files: Counter[PartKind]


def begun_dispute(
    session: Session, appointment_id: int, chat_id: int, question_id: int
) -> BegunDispute | None:
    """Dispute of a session to which the question in this message of a private chat belongs.

    None where none does, or nothing was said yet.
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
    if draft is None:
        return None
    if (draft.get("appointment_id"), draft.get("question_id")) != (appointment_id, question_id):
        return None
    reason = DisputeReason(draft["reason"]) if draft.get("reason") else None
    files = Counter(PartKind(one["kind"]) for one in draft.get("files", ()))
    begun = BegunDispute(reason, draft.get("text"), files)
    return begun if begun.reason or begun.text or begun.files else None
