"""Sessions of a list with what their rows show: open request, notes, summary (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, text
from sqlmodel import col, func, select

from models import NotePart, NoteSummary, Person, RescheduleProposal, RescheduleThread
from models.enums import Status, SummaryStatus
from services.db import Session
from services.lifecycle.facts import facts_of_row, open_proposal
from services.lifecycle.open_requests import OpenRequest
from services.prepared import Prepared
from services.queries.listed_rows import ListedRow
from services.queries.requests import OPEN_PROPOSAL, OPEN_THREAD
from services.rules.agency import Agency
from services.rules.session_facts import SessionFacts
from services.rules.summaries import language_of


@dataclass(frozen=True)
class ListedSession:
    """Session in a list."""

    row: ListedRow
    request: OpenRequest | None
    notes: int
    """Number of its note parts."""
    summary: NoteSummary | None
    """Newest summary, in the reader's language if possible."""

    def facts(self, agency: Agency) -> SessionFacts:
        """Facts for `services.rules.actions`: enough for what a list offers."""
        return facts_of_row(
            self.row,
            agency.zone,
            proposal=open_proposal(self.request),
            has_notes=self.notes > 0,
        )


def listed(session: Session, rows: Sequence[ListedRow], language: str) -> list[ListedSession]:
    """These sessions with what their rows show, in their order; three statements at most."""
    if not rows:
        return []
    requests = _requests(session, [row.id for row in rows if row.status is Status.SCHEDULED])
    notes = _note_counts(session, [row.id for row in rows])
    summaries = _summaries(session, list(notes), language)
    return [
        ListedSession(row, requests.get(row.id), notes.get(row.id, 0), summaries.get(row.id))
        for row in rows
    ]


def _requests(session: Session, ids: list[int]) -> dict[int, OpenRequest]:
    """Open requests about these sessions, which are scheduled: others have none."""
    if not ids:
        return {}
    found = _OPEN_REQUESTS.rows(session, ids=ids)
    return {row[0].appointment_id: OpenRequest(*row) for row in found}


def _note_counts(session: Session, ids: list[int]) -> dict[int, int]:
    return dict(_NOTES.rows(session, ids=ids))


def _summaries(session: Session, ids: list[int], language: str) -> dict[int, NoteSummary]:
    if not ids:
        return {}
    found = _MADE.firsts(session, ids=ids, language=language_of(language))
    return {one.appointment_id: one for one in found}  # the last one stays


_IDS = bindparam("ids", type_=Integer, expanding=True)
_OPEN_REQUESTS = Prepared(
    select(RescheduleThread, RescheduleProposal, Person)
    .join(RescheduleProposal, col(RescheduleProposal.thread_id) == RescheduleThread.id)
    .join(Person, col(Person.id) == RescheduleProposal.proposed_by_id)
    .where(OPEN_THREAD, OPEN_PROPOSAL, col(RescheduleThread.appointment_id).in_(_IDS))
)
_NOTES = Prepared(
    select(NotePart.appointment_id, func.count())
    .where(col(NotePart.appointment_id).in_(_IDS), col(NotePart.removed_at).is_(None))
    .group_by(col(NotePart.appointment_id))
)
_MADE = Prepared(
    select(NoteSummary)
    .where(
        col(NoteSummary.appointment_id).in_(_IDS),
        text(f"note_summary.status = '{SummaryStatus.MADE.value}'"),
    )
    .order_by(
        col(NoteSummary.version),
        (col(NoteSummary.language) == bindparam("language")),
        col(NoteSummary.id).desc(),
    )
)
