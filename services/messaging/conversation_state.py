"""Positions of people in dialogues, in the database (DESIGN 2, idea 7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_
from sqlmodel import col, delete, select

from models import Dialogue
from services.db import Session
from services.prepared import Prepared


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

    @property
    def appointment_id(self) -> int | None:
        """Session that the draft is about; None where it is about none that exists."""
        return (self.draft or {}).get("appointment_id") or None


def messages_of(draft: Mapping[str, Any] | None) -> list[int]:
    """Message ids of what a stored draft has said last and asked, in this order."""
    said = (draft.get(name) for name in ("question_id", "asked_id")) if draft else ()
    return [one for one in said if isinstance(one, int)]


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
    for name, position in changes.items():
        key = {"chat_id": chat_id, "user_id": user_id, "name": name}
        _DELETE.run_later(session, **key)
        if not position.is_empty:
            _INSERT.run_later(
                session,
                **key,
                state=position.state,
                draft=position.draft,
                appointment_id=position.appointment_id,
                updated_at=now,
            )


def drafts_in(session: Session, chat_id: int, name: str) -> list[dict[str, Any]]:
    """Drafts of a dialogue in a chat, whether it is active or was laid aside."""
    return _drafts(session, chat_id, col(Dialogue.name) == name)


def draft_asking(
    session: Session, chat_id: int, name: str, message_id: int
) -> dict[str, Any] | None:
    """The draft of a dialogue that this message asks about, those set aside included."""
    of_it = or_(col(Dialogue.name) == name, col(Dialogue.name).startswith(f"{name}/"))
    found = (one for one in _drafts(session, chat_id, of_it) if message_id in messages_of(one))
    return next(found, None)


def is_asked_in(session: Session, chat_id: int, message_id: int) -> bool:
    """Whether this message is the question of a dialogue in which somebody is now."""
    active = _drafts(session, chat_id, col(Dialogue.state).is_not(None))
    return any(message_id in messages_of(draft) for draft in active)


def asked_in(session: Session, chat_ids: Collection[int]) -> set[tuple[int, int]]:
    """Messages of these chats, each with its chat, that are the question of an active dialogue."""
    rows = _ACTIVE.rows(session, chat_ids=sorted(set(chat_ids))) if chat_ids else []
    return {(row.chat_id, asked) for row in rows for asked in messages_of(row.draft)}


def _drafts(session: Session, chat_id: int, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    found = session.exec(select(Dialogue.draft).where(Dialogue.chat_id == chat_id, which))
    return [dict(draft) for draft in found if draft is not None]


_ACTIVE = Prepared(
    select(Dialogue.chat_id, Dialogue.draft).where(
        col(Dialogue.chat_id).in_(bindparam("chat_ids", expanding=True)),
        col(Dialogue.state).is_not(None),
    )
)
_TABLE = Dialogue.__table__  # type: ignore[attr-defined]
_DELETE = Prepared(
    delete(_TABLE).where(
        *(_TABLE.c[name] == bindparam(name) for name in ("chat_id", "user_id", "name"))
    )
)
_INSERT = Prepared(
    insert(_TABLE).values(
        {column.name: bindparam(column.name, type_=column.type) for column in _TABLE.columns}
    )
)
