"""How many files of each kind a dispute has (SPEC 5)."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import EvidenceFile
from models.enums import PartKind
from services.db import Session
from services.prepared import Prepared


def evidence_counts(session: Session, dispute_id: int) -> Mapping[PartKind, int]:
    """Files of a dispute by kind, those still to be stored included."""
    return Counter(_KINDS.firsts(session, dispute_id=dispute_id))


_KINDS = Prepared(
    select(EvidenceFile.kind).where(
        EvidenceFile.dispute_id == bindparam("dispute_id"), col(EvidenceFile.removed_at).is_(None)
    )
)
