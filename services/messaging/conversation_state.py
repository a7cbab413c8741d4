"""Positions of people in dialogues, in the database (DESIGN 2, idea 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select

from models import Dialogue
from services.db import Session


@dataclass(frozen=True)
class Position:
    """Person's state in one dialogue, and their draft in it."""

    state: str | None
    """None while the dialogue is parked."""
    draft: dict[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep: no state and no draft."""
        return self.state is None and self.draft is None


def load_all(session: Session) -> list[Dialogue]:
    """Positions of all people."""
    return list(session.exec(select(Dialogue)).all())


def store(
    session: Session,
    chat_id: int,
    user_id: int,
    changes: Mapping[str, Position],
    now: datetime,
) -> None:
    """Write one person's changed positions, by dialogue; an empty position deletes the row."""
    if not changes:
        return
    session.exec(
        delete(Dialogue).where(
            col(Dialogue.chat_id) == chat_id,
            col(Dialogue.user_id) == user_id,
            col(Dialogue.name).in_(changes),
        )
    )
    for name, position in changes.items():
        if not position.is_empty:
            session.add(
                Dialogue(
                    chat_id=chat_id,
                    user_id=user_id,
                    name=name,
                    state=position.state,
                    draft=position.draft,
                    updated_at=now,
                )
            )
    session.flush()
