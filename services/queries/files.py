"""The file of a note part, for whoever may read the notes (SPEC 4)."""

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
"""What opens in a page: images, which were made anew, and sound. All else is saved."""


@dataclass(frozen=True)
class NoteFile:
    """Where the store keeps a file, and as what a browser is given it."""

    key: str
    presentation: Presentation


def file_for(session: Session, viewer: Person, part_id: int) -> NoteFile:
    """The file of a part of notes that `viewer` may read: the tutor, the parents, coordinators.

    Refused: NotFound, also for whom the session is not, for a text, and for what was taken back;
    FileOnItsWay while it is not stored.
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
