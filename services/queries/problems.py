"""Problem reports as coordinators read them (SPEC 5)."""

from dataclasses import dataclass

from models import Person, ProblemReport
from services.db import Session
from services.queries.sessions import SessionView, session_view


@dataclass(frozen=True)
class ReportedProblem:
    """Report, with its author and its session."""

    report: ProblemReport
    parent: str
    view: SessionView


def problem_of(session: Session, report_id: int) -> ReportedProblem | None:
    """Problem report with this id; None where there is none."""
    report = session.get(ProblemReport, report_id)
    if report is None:
        return None
    parent = session.get(Person, report.person_id)
    view = session_view(session, report.appointment_id)
    if parent is None or view is None:
        return None
    return ReportedProblem(report, parent.name, view)
