"""Evidence files of a session's disputes, for those who may see them (SPEC 5)."""

from sqlmodel import col, select

from models import Appointment, Dispute, EvidenceFile, Person
from models.enums import Role
from services.db import Session
from services.ports import Presentation
from services.queries.files import SHOWN, NoteFile
from services.queries.sessions import roles_in
from services.rules.refusals.sessions import NotFound

READERS = frozenset({Role.PARENT, Role.COORDINATOR})
"""Roles that see what a parent adds to a dispute; what the parent writes is not the tutor's."""


def evidence_of(session: Session, dispute_id: int) -> list[EvidenceFile]:
    """Files of a dispute, in the order in which they were added."""
    found = session.exec(
        select(EvidenceFile)
        .where(EvidenceFile.dispute_id == dispute_id)
        .order_by(col(EvidenceFile.id))
    )
    return list(found.all())


def evidence_for(session: Session, viewer: Person, file_id: int) -> NoteFile:
    """File of a dispute for a `viewer` who may see it. Refused: NotFound."""
    found = session.exec(
        select(EvidenceFile, Appointment)
        .join(Dispute, col(Dispute.id) == EvidenceFile.dispute_id)
        .join(Appointment, col(Appointment.id) == Dispute.appointment_id)
        .where(EvidenceFile.id == file_id)
    )
    row = found.one_or_none()
    if row is None or not roles_in(session, row[1], viewer) & READERS:
        raise NotFound
    file = row[0]
    is_shown = file.media_type.startswith(SHOWN)
    return NoteFile(file.media_key, Presentation(file.file_name, file.media_type, is_shown))
