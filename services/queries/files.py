"""File of a note part, for people who may read the notes (SPEC 4)."""

from dataclasses import dataclass

from sqlmodel import col, select

from models import Appointment, NotePart, Person
from models.enums import PartKind
from services.db import Session
from services.ports import Presentation
from services.queries.sessions import roles_in
from services.rules.refusals.notes import FileOnItsWay
from services.rules.refusals.sessions import NotFound

SHOWN = ("image/", "audio/")
"""Media types that open in a page: re-encoded images, and sound. Others are saved."""


@dataclass(frozen=True)
class NoteFile:
    """Key of a file in the store, and how a browser receives it."""

    key: str
    presentation: Presentation


def file_for(session: Session, viewer: Person, part_id: int) -> NoteFile:
    """File of a note part for a `viewer` who may read it: tutor, parent or coordinator.

    Refused: NotFound where there is no such file for this viewer (also for a text and a removed
    part); FileOnItsWay while it is not stored.
    """
    found = session.exec(
        select(NotePart, Appointment)
        .join(Appointment, col(Appointment.id) == NotePart.appointment_id)
        .where(NotePart.id == part_id, col(NotePart.removed_at).is_(None))
    )
    row = found.one_or_none()
    if row is None or not roles_in(session, row[1], viewer):
        raise NotFound
    part = row[0]
    if part.kind is PartKind.TEXT:
        raise NotFound
    if part.media_key is None:
        raise FileOnItsWay
    return NoteFile(part.media_key, _presentation_of(part))


def _presentation_of(part: NotePart) -> Presentation:
    return Presentation(
        part.file_name or part.kind.value,
        part.media_type or "application/octet-stream",
        is_shown=(part.media_type or "").startswith(SHOWN),
    )
