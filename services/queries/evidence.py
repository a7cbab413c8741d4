"""Files that parents sent as evidence, for coordinators (SPEC 5)."""

from sqlmodel import col, select

from models import EvidenceFile
from services.db import Session


def evidence_of_dispute(session: Session, dispute_id: int) -> list[EvidenceFile]:
    """Files of a dispute, those still to be stored included."""
    return _files(session, EvidenceFile.dispute_id == dispute_id)


def evidence_of_report(session: Session, report_id: int) -> list[EvidenceFile]:
    """Files of a problem report, those still to be stored included."""
    return _files(session, EvidenceFile.report_id == report_id)


def _files(session: Session, condition: object) -> list[EvidenceFile]:
    found = session.exec(
        select(EvidenceFile)
        .where(condition, col(EvidenceFile.removed_at).is_(None))  # type: ignore[arg-type]  # a comparison of columns is no boolean
        .order_by(col(EvidenceFile.id))
    )
    return list(found.all())
