"""Problem reports as coordinators and their authors read them (SPEC 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, EvidenceFile, Person, ProblemReply, ProblemReport
from models.enums import PartKind
from services.db import Session
from services.queries.sessions import SessionView, views_where
from services.rules.refusals.sessions import NotFound

_LIVE = text("problem_report.status IN ('open', 'claimed', 'answered')")


@dataclass(frozen=True)
class Reply:
    """Reply of a coordinator."""

    id: int
    who: str
    person_id: int
    text: str
    at: datetime


@dataclass(frozen=True)
class ReportedProblem:
    """Report, with its author, its session, the coordinators who acted, and their replies."""

    report: ProblemReport
    parent: str
    view: SessionView
    claimed_by: str | None
    closed_by: str | None
    replies: tuple[Reply, ...] = ()
    """Oldest first."""
    files: tuple[PartKind, ...] = ()
    """Kinds of the files that came with it."""


def problem_of(session: Session, report_id: int) -> ReportedProblem:
    """Problem report with this id. Refused: NotFound."""
    found = _found(session, ProblemReport.id == report_id)
    if not found:
        raise NotFound
    return found[0]


def open_problems(session: Session) -> list[ReportedProblem]:
    """Reports that nobody has closed, oldest first."""
    return _found(session, _LIVE)


def problems_by(session: Session, appointment_id: int, author_id: int) -> list[ReportedProblem]:
    """Reports of one session by one parent, oldest first."""
    return _found(
        session,
        and_(
            col(ProblemReport.appointment_id) == appointment_id,
            col(ProblemReport.person_id) == author_id,
        ),
    )


def count_open(session: Session) -> int:
    """Number of reports that nobody has closed."""
    return session.exec(select(func.count()).select_from(ProblemReport).where(_LIVE)).one()


def _found(session: Session, condition: object) -> list[ReportedProblem]:
    author, claimer, closer = aliased(Person), aliased(Person), aliased(Person)
    rows = session.exec(
        select(ProblemReport, author.name, claimer.name, closer.name)
        .join(author, col(author.id) == ProblemReport.person_id)
        .outerjoin(claimer, col(claimer.id) == ProblemReport.claimed_by_id)
        .outerjoin(closer, col(closer.id) == ProblemReport.closed_by_id)
        .where(condition)  # type: ignore[arg-type]  # a comparison of columns is no boolean
        .order_by(col(ProblemReport.id))
    ).all()
    if not rows:
        return []
    ids = {report.appointment_id for report, *_ in rows}
    views = views_where(session, col(Appointment.id).in_(ids), limit=None)
    by_id = {view.id: view for view in views}
    report_ids = [report.id for report, *_ in rows]
    replies, files = _replies(session, report_ids), _files(session, report_ids)
    return [
        ReportedProblem(
            report, parent, by_id[report.appointment_id], claimed_by, closed_by,
            tuple(reply for of, reply in replies if of == report.id),
            tuple(kind for of, kind in files if of == report.id),
        )
        for report, parent, claimed_by, closed_by in rows
    ]  # fmt: skip


def _replies(session: Session, report_ids: Sequence[int]) -> list[tuple[int, Reply]]:
    found = session.exec(
        select(ProblemReply, Person.name)
        .join(Person, col(Person.id) == ProblemReply.person_id)
        .where(col(ProblemReply.report_id).in_(report_ids))
        .order_by(col(ProblemReply.id))
    )
    return [
        (row.report_id, Reply(row.id, who, row.person_id, row.text, row.at))
        for row, who in found.all()
    ]


def _files(session: Session, report_ids: Sequence[int]) -> list[tuple[int, PartKind]]:
    found = session.exec(
        select(EvidenceFile.report_id, EvidenceFile.kind)
        .where(col(EvidenceFile.report_id).in_(report_ids), col(EvidenceFile.removed_at).is_(None))
        .order_by(col(EvidenceFile.id))
    )
    return [(report_id, PartKind(kind)) for report_id, kind in found.all() if report_id]
