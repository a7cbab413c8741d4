"""The notes of a session, as its readers see them (SPEC 4)."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import NotePart, Person
from services.db import Session


@dataclass(frozen=True)
class NoteView:
    """One part of a note and who wrote it."""

    part: NotePart
    author: str


def notes_of(session: Session, appointment_id: int) -> list[NoteView]:
    """The parts of a session's notes that were not taken back, in the order of their coming."""
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
    """Those of these parts whose file is still on its way."""
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
