"""Sessions of a list with what their rows show: open request, notes, summary (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlmodel import col, func, select

from models import NotePart, NoteSummary, Person, RescheduleProposal, RescheduleThread
from models.enums import SummaryStatus
from services.db import Session
from services.lifecycle.facts import facts_of_row, open_proposal
from services.lifecycle.open_requests import OpenRequest
from services.queries.requests import OPEN_PROPOSAL, OPEN_THREAD
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.session_facts import SessionFacts
from services.rules.summaries import language_of


@dataclass(frozen=True)
class ListedSession:
    """Session in a list."""

    view: SessionView
    request: OpenRequest | None
    notes: int
    """Number of its note parts."""
    summary: NoteSummary | None
    """Newest summary, in the reader's language if possible."""

    def facts(self, agency: Agency) -> SessionFacts:
        """Facts for `services.rules.actions`: enough for what a list offers."""
        return replace(
            facts_of_row(self.view.appointment, agency.zone),
            proposal=open_proposal(self.request),
            has_notes=self.notes > 0,
        )


def listed(session: Session, views: Sequence[SessionView], language: str) -> list[ListedSession]:
    """These sessions with what their rows show, in their order; four statements at most."""
    ids = [view.id for view in views]
    if not ids:
        return []
    requests = _requests(session, ids)
    notes = _note_counts(session, ids)
    summaries = _summaries(session, list(notes), language)
    return [
        ListedSession(view, requests.get(view.id), notes.get(view.id, 0), summaries.get(view.id))
        for view in views
    ]


def _requests(session: Session, ids: list[int]) -> dict[int, OpenRequest]:
    found = session.exec(
        select(RescheduleThread, RescheduleProposal, Person)
        .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
        .join(Person, col(Person.id) == RescheduleProposal.proposed_by_id)
        .where(OPEN_THREAD, OPEN_PROPOSAL, col(RescheduleThread.appointment_id).in_(ids))
    )
    return {row[0].appointment_id: OpenRequest(*row) for row in found.all()}


def _note_counts(session: Session, ids: list[int]) -> dict[int, int]:
    found = session.exec(
        select(NotePart.appointment_id, func.count())
        .where(col(NotePart.appointment_id).in_(ids), col(NotePart.removed_at).is_(None))
        .group_by(col(NotePart.appointment_id))
    )
    return dict(found.all())


def _summaries(session: Session, ids: list[int], language: str) -> dict[int, NoteSummary]:
    if not ids:
        return {}
    found = session.exec(
        select(NoteSummary)
        .where(
            col(NoteSummary.appointment_id).in_(ids),
            text(f"note_summary.status = '{SummaryStatus.MADE.value}'"),
        )
        .order_by(
            col(NoteSummary.version),
            (col(NoteSummary.language) == language_of(language)),
            col(NoteSummary.id).desc(),
        )
    )
    return {one.appointment_id: one for one in found.all()}  # the last one stays
