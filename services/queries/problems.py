"""Problem reports as coordinators and their authors read them (SPEC 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import EvidenceFile, Person, ProblemReply, ProblemReport
from models.enums import Action, ProblemStatus, Role
from services.db import Session
from services.prepared import Prepared
from services.queries.sessions import SessionView, views_of
from services.rules.refusals.sessions import NotFound

IS_LIVE = text("problem_report.status IN ('open', 'claimed', 'answered')")
"""Condition that nobody has closed a report."""
LAST_REPLY = (
    select(func.max(ProblemReply.id))
    .where(ProblemReply.report_id == ProblemReport.id)
    .correlate(ProblemReport)
    .scalar_subquery()
)
"""Id of what was written last about a report; NULL where nothing was."""


@dataclass(frozen=True)
class Reply:
    """What was written after the report: by a coordinator, or by its author."""

    id: int
    who: str
    person_id: int
    text: str
    at: datetime
    is_authors: bool = False

    @property
    def action(self) -> Action:
        """What was done with it."""
        return Action.ADD_TO_REPORT if self.is_authors else Action.ANSWER_PROBLEM


@dataclass(frozen=True)
class ReportedProblem:
    """Report, with its author, its session, the coordinators who acted, and what was written
    since.
    """

    report: ProblemReport
    parent: str
    view: SessionView
    claimed_by: str | None
    closed_by: str | None
    replies: tuple[Reply, ...] = ()
    """Oldest first."""
    files: tuple[EvidenceFile, ...] = ()
    """Files that came with it, those still to be stored included."""

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.report.status is not ProblemStatus.CLOSED

    @property
    def was_added_to(self) -> bool:
        """Whether it waits for the coordinators with something new of its author's."""
        return self.is_open and bool(self.replies) and self.replies[-1].is_authors


def problem_of(session: Session, report_id: int) -> ReportedProblem:
    """Problem report with this id. Refused: NotFound."""
    found = _found(session, _ONE.rows(session, report_id=report_id))
    if not found:
        raise NotFound
    return found[0]


def open_problems(session: Session) -> list[ReportedProblem]:
    """Reports that nobody has closed, oldest first."""
    return _found(session, _OPEN.rows(session))


def problems_by(session: Session, appointment_id: int, author_id: int) -> list[ReportedProblem]:
    """Reports of one session by one parent, oldest first."""
    rows = _BY_AUTHOR.rows(session, appointment_id=appointment_id, author_id=author_id)
    return _found(session, rows)


def count_open(session: Session) -> int:
    """Number of reports that nobody has closed."""
    return session.exec(select(func.count()).select_from(ProblemReport).where(IS_LIVE)).one()


def _found(session: Session, rows: Sequence[Any]) -> list[ReportedProblem]:
    if not rows:
        return []
    ids = {report.appointment_id for report, *_ in rows}
    by_id = {view.id: view for view in views_of(session, sorted(ids))}
    report_ids = [report.id for report, *_ in rows]
    replies, files = _replies(session, report_ids), _FILES.firsts(session, report_ids=report_ids)
    return [
        ReportedProblem(
            report, parent, by_id[report.appointment_id], claimed_by, closed_by,
            tuple(reply for of, reply in replies if of == report.id),
            tuple(file for file in files if file.report_id == report.id),
        )
        for report, parent, claimed_by, closed_by in rows
    ]  # fmt: skip


def _replies(session: Session, report_ids: Sequence[int]) -> list[tuple[int, Reply]]:
    return [
        (
            row.report_id,
            Reply(row.id, who, row.person_id, row.text, row.at, row.role is Role.PARENT),
        )
        for row, who in _REPLIES.rows(session, report_ids=report_ids)
    ]


_author, _claimer, _closer = (aliased(Person) for _ in range(3))
_NAMED = (
    select(ProblemReport, _author.name, _claimer.name, _closer.name)
    .join(_author, col(_author.id) == ProblemReport.person_id)
    .outerjoin(_claimer, col(_claimer.id) == ProblemReport.claimed_by_id)
    .outerjoin(_closer, col(_closer.id) == ProblemReport.closed_by_id)
    .order_by(col(ProblemReport.id))
)
_ONE = Prepared(_NAMED.where(ProblemReport.id == bindparam("report_id")))
_OPEN = Prepared(_NAMED.where(IS_LIVE))
_BY_AUTHOR = Prepared(
    _NAMED.where(
        col(ProblemReport.appointment_id) == bindparam("appointment_id"),
        col(ProblemReport.person_id) == bindparam("author_id"),
    )
)
_REPORTS = bindparam("report_ids", type_=Integer, expanding=True)
_FILES = Prepared(
    select(EvidenceFile)
    .where(col(EvidenceFile.report_id).in_(_REPORTS), col(EvidenceFile.removed_at).is_(None))
    .order_by(col(EvidenceFile.id))
)
_REPLIES = Prepared(
    select(ProblemReply, Person.name)
    .join(Person, col(Person.id) == ProblemReply.person_id)
    .where(col(ProblemReply.report_id).in_(_REPORTS))
    .order_by(col(ProblemReply.id))
)
