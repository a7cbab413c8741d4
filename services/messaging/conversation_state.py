"""Where people are in dialogues, on disk (DESIGN 2, idea 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select

from models import Dialogue
from services.db import Session


@dataclass(frozen=True)
class Position:
    """How far somebody is in one dialogue, and their draft of it."""

    state: str | None
    """None while the dialogue is parked."""
    draft: dict[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Nothing worth keeping: not in it, and nothing drafted."""
        return self.state is None and self.draft is None


def load_all(session: Session) -> list[Dialogue]:
    """Every position of everybody."""
    return list(session.exec(select(Dialogue)).all())


def store(
    session: Session,
    chat_id: int,
    user_id: int,
    changes: Mapping[str, Position],
    now: datetime,
) -> None:
    """Writes one person's changed positions, by dialogue; an empty one removes the row."""
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
