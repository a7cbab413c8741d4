"""Summaries of a session's notes, for cards and pages (SPEC 4)."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import NoteSummary
from models.enums import Role, SummaryStatus
from services.db import Session
from services.prepared import Prepared
from services.rules.summaries import language_of


def summary_for(session: Session, appointment_id: int, reads: str | None) -> NoteSummary | None:
    """Newest summary, in the reader's language if there is one, else in any other."""
    values = {"appointment_id": appointment_id, "language": language_of(reads)}
    found: NoteSummary | None = _NEWEST.one(session, **values)
    return found


_NEWEST = Prepared(
    select(NoteSummary)
    .where(
        NoteSummary.appointment_id == bindparam("appointment_id"),
        NoteSummary.status == SummaryStatus.MADE,
    )
    .order_by(
        col(NoteSummary.version).desc(),
        (col(NoteSummary.language) == bindparam("language")).desc(),
        col(NoteSummary.id),
    )
    .limit(1)
)


def is_withdrawn_from(summary: NoteSummary, role: Role) -> bool:
    """Whether a summary is hidden from this role, because the tutor says that it is wrong."""
    return summary.is_right is False and role is Role.PARENT
