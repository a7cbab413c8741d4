"""Notes of a session, as their readers see them (SPEC 4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import NotePart, Person
from services.db import Session


@dataclass(frozen=True)
class NoteView:
    """Part of a note, with its author."""

    part: NotePart
    author: str


def notes_of(session: Session, appointment_id: int) -> list[NoteView]:
    """Parts of a session's notes that were not removed, in the order in which they were sent."""
    found = session.execute(_OF_SESSION, {"appointment_id": appointment_id})
    return [NoteView(part, author) for part, author in found]


_OF_SESSION = (
    select(NotePart, Person.name)
    .join(Person, col(Person.id) == NotePart.author_id)
    .where(
        NotePart.appointment_id == bindparam("appointment_id"),
        col(NotePart.removed_at).is_(None),
    )
    .order_by(col(NotePart.id))
)


def late_parts(session: Session, part_ids: list[int]) -> list[NotePart]:
    """Parts with these ids whose file is not stored yet."""
    found = session.exec(
        select(NotePart)
        .where(
            col(NotePart.id).in_(part_ids),
            col(NotePart.stored_at).is_(None),
            col(NotePart.removed_at).is_(None),
        )
        .order_by(col(NotePart.id))
    )
    return list(found.all())


def part_removed_at(session: Session, batch_id: int, at: datetime) -> int | None:
    """The part that was removed from a batch at this very instant; None where none was."""
    return session.exec(
        select(NotePart.id).where(NotePart.batch_id == batch_id, NotePart.removed_at == at)
    ).first()


def has_notes(session: Session, appointment_id: int) -> bool:
    """Whether a session has a note part that was not removed."""
    return (
        session.execute(_OF_SESSION.limit(1), {"appointment_id": appointment_id}).first()
        is not None
    )
