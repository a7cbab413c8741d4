"""Questions of dialogues about a session, which stand in a private chat (UX 17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models import AuditEvent, Dialogue
from models.enums import Action
from services.db import Session


@dataclass(frozen=True)
class OpenQuestion:
    """Question of a dialogue, or the line that says that the dialogue was laid aside."""

    dialogue: str
    """Name of the dialogue."""
    state: str | None
    """None while it is laid aside."""
    draft: dict[str, Any]
    chat_id: int
    message_id: int
    asked_at: datetime


def open_questions(session: Session, appointment_id: int, account: int) -> list[OpenQuestion]:
    """Questions about a session in the private chat of a Telegram account.

    A draft that was set aside for one about another session counts with its dialogue.
    """
    rows = session.exec(
        select(Dialogue)
        .where(
            Dialogue.appointment_id == appointment_id,
            Dialogue.chat_id == account,
            Dialogue.user_id == account,
        )
        .order_by(col(Dialogue.name))
    )
    found = []
    for row in rows.all():
        draft = row.draft or {}
        if isinstance(question_id := draft.get("question_id"), int):
            name = row.name.partition("/")[0]
            found.append(OpenQuestion(name, row.state, draft, account, question_id, row.updated_at))
    return found


def has_moved_since(session: Session, appointment_id: int, at: datetime) -> bool:
    """Whether a session was moved after an instant: a question of then names its old time."""
    found = session.exec(
        select(AuditEvent.id)
        .where(
            AuditEvent.appointment_id == appointment_id,
            col(AuditEvent.action).in_((Action.ACCEPT, Action.MOVE)),
            col(AuditEvent.at) > at,
        )
        .limit(1)
    )
    return found.first() is not None
