"""Files that parents sent as evidence, for those who may see them (SPEC 5)."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Appointment, EvidenceFile, Person
from models.enums import Role
from services.db import Session
from services.ports import Presentation
from services.prepared import Prepared
from services.queries.files import SHOWN, NoteFile
from services.queries.sessions import roles_in
from services.rules.refusals.notes import FileOnItsWay
from services.rules.refusals.sessions import NotFound

READERS = frozenset({Role.PARENT, Role.COORDINATOR})
"""Roles that see what a parent adds to a dispute; what the parent writes is not the tutor's."""


def evidence_of_dispute(session: Session, dispute_id: int) -> list[EvidenceFile]:
    """Files of a dispute, those still to be stored included."""
    return _OF_DISPUTE.firsts(session, dispute_id=dispute_id)


def evidence_for(session: Session, viewer: Person, file_id: int) -> NoteFile:
    """File of a dispute, or of a report, for a `viewer` who may see it.

    A report is between its author and the coordinators. Refused: NotFound, and FileOnItsWay while
    the file is not stored.
    """
    found = session.exec(
        select(EvidenceFile, Appointment)
        .join(Appointment, col(Appointment.id) == EvidenceFile.appointment_id)
        .where(EvidenceFile.id == file_id, col(EvidenceFile.removed_at).is_(None))
    )
    row = found.one_or_none()
    if row is None or not _may_see(session, row[0], row[1], viewer):
        raise NotFound
    file = row[0]
    if file.media_key is None:
        raise FileOnItsWay
    media_type = file.media_type or "application/octet-stream"
    name, is_shown = file.file_name or file.kind.value, media_type.startswith(SHOWN)
    return NoteFile(file.media_key, Presentation(name, media_type, is_shown))


def _may_see(
    session: Session, file: EvidenceFile, appointment: Appointment, viewer: Person
) -> bool:
    roles = roles_in(session, appointment, viewer) & READERS
    if file.report_id is None:
        return bool(roles)
    return Role.COORDINATOR in roles or (bool(roles) and file.author_id == viewer.id)


_OF_DISPUTE = Prepared(
    select(EvidenceFile)
    .where(
        EvidenceFile.dispute_id == bindparam("dispute_id"), col(EvidenceFile.removed_at).is_(None)
    )
    .order_by(col(EvidenceFile.id))
)
