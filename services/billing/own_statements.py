"""A family's and a tutor's own statement of a month, in their chat and on their page (SPEC 7)."""

from collections.abc import Sequence
from datetime import date, datetime

from models import Person, StatementMark
from models.enums import PayMark, Side
from services.billing.entries import newest_mark
from services.db import Session
from services.queries.statements import Statement, children_on, statement_of, statements_naming
from services.rules.agency import Agency


def of_family(
    session: Session,
    agency: Agency,
    month: date,
    student_ids: Sequence[int],
    student_id: int | None,
    now: datetime,
) -> tuple[Statement | None, list[Statement]]:
    """The statement that names this child, or else the first; and all that name `student_ids`."""
    theirs = statements_naming(session, agency, month, student_ids, now)
    named = (one for one in theirs if student_id in children_on(one))
    return next(named, next(iter(theirs), None)), theirs


def of_tutor(
    session: Session, agency: Agency, month: date, tutor: Person, now: datetime
) -> tuple[Statement | None, StatementMark | None]:
    """The tutor's statement, and whether it is paid or held back."""
    found = statement_of(session, agency, month, Side.TUTOR, tutor.id, now)
    return found, newest_mark(session, found.id) if found and found.id else None


def why_held_back(mark: StatementMark | None) -> str:
    """Why pay is held back, as its tutor reads it; empty where it is not."""
    return (mark.reason or "") if mark is not None and mark.mark is PayMark.HELD_BACK else ""
