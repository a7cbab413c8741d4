"""Questions of dialogues about a session, which stand in a private chat or in a group (UX 17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models import AuditEvent, Dialogue, Person
from models.enums import Action
from services.db import Session
from services.messaging.conversation_state import messages_of


@dataclass(frozen=True)
class OpenQuestion:
    """Question of a dialogue, or the line that says that the dialogue was laid aside."""

    dialogue: str
    """Name of the dialogue."""
    state: str | None
    """None while it is laid aside."""
    draft: dict[str, Any]
    person: Person
    """Whom it asks."""
    chat_id: int
    message_id: int
    asked_at: datetime

    @property
    def in_group(self) -> bool:
        """Whether others read it."""
        return self.chat_id < 0


def open_questions(
    session: Session, appointment_id: int, person_id: int | None
) -> list[OpenQuestion]:
    """Questions about a session in a person's private chat; in groups, of everybody, for None.

    A draft that was set aside for one about another session counts with its dialogue.
    """
    where = (
        (col(Dialogue.chat_id) < 0,)
        if person_id is None
        else (col(Dialogue.chat_id) == Dialogue.user_id, Person.id == person_id)
    )
    rows = session.exec(
        select(Dialogue, Person)
        .join(Person, col(Person.telegram_user_id) == Dialogue.user_id)
        .where(Dialogue.appointment_id == appointment_id, *where)
        .order_by(col(Dialogue.name), col(Dialogue.user_id))
    )
    return [
        OpenQuestion(
            row.name.partition("/")[0],
            row.state,
            row.draft or {},
            person,
            row.chat_id,
            message_id,
            row.updated_at,
        )
        for row, person in rows.all()
        for message_id in messages_of(row.draft)
    ]


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
