"""A dispute with its session, its evidence and everybody whom the record names (SPEC 5)."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam
from sqlmodel import col, select

from models import Dispute, EvidenceFile, Person
from models.enums import Role
from services.db import Session
from services.prepared import Prepared
from services.queries.dashboard import dispute_with_names
from services.queries.evidence import evidence_of_dispute
from services.queries.history import Happening, history_of
from services.queries.sessions import SessionView, session_view
from services.rules.refusals.sessions import NotFound


@dataclass(frozen=True)
class WholeDispute:
    """Everything about one dispute."""

    dispute: Dispute
    view: SessionView
    claimed_by: str
    settled_by: str
    evidence: list[EvidenceFile]
    history: list[Happening]
    names: dict[int, str]
    """Of those whom the record names, the parent who disputes included."""


def whole_dispute(session: Session, dispute_id: int, viewer: Person) -> WholeDispute:
    """A dispute as a coordinator reads it, settled or not. Refused: NotFound."""
    found = dispute_with_names(session, dispute_id)
    if found is None:
        raise NotFound
    dispute, claimed_by, settled_by = found
    view = session_view(session, dispute.appointment_id)
    if view is None:
        raise NotFound
    told = {one.get("to") for one in dispute.evidence.get("messages", [])}
    ids = {one for one in told if isinstance(one, int)} | {dispute.opened_by_id}
    names = dict(_NAMES.rows(session, ids=sorted(ids)))
    return WholeDispute(
        dispute,
        view,
        claimed_by or "",
        settled_by or "",
        evidence_of_dispute(session, dispute_id),
        history_of(session, view.id, Role.COORDINATOR, viewer.id),
        names,
    )


_NAMES = Prepared(
    select(Person.id, Person.name).where(
        col(Person.id).in_(bindparam("ids", type_=Integer, expanding=True))
    )
)
