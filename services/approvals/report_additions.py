"""What a parent adds to their problem report: the answer to a coordinator's reply (SPEC 5).

Until the report is closed, it waits for the coordinators again: for the one who claimed it, or for
all of them.
"""

from collections.abc import Sequence

from sqlmodel import col, func, select

from models import Person, ProblemReport
from models.enums import Action, ProblemStatus, Role
from services.approvals import report_steps
from services.approvals.evidence_files import SentFile, keep_evidence
from services.db import Session
from services.lifecycle.access import require_guardian
from services.lifecycle.actors import Actor, Source
from services.lifecycle.decisions import read_appointment
from services.media.storing import StoredFile
from services.messaging import outbox
from services.messaging.messages.approvals import ProblemAddedTo
from services.queries.problems import IS_LIVE, LAST_REPLY
from services.rules.problem_reports import status_added_to
from services.rules.refusals.sessions import NotFound


def add_to_report(
    session: Session,
    report_id: int,
    actor: Actor,
    text: str | None,
    source: Source | None,
    *,
    files: Sequence[SentFile | StoredFile] = (),
) -> ProblemReport:
    """Add to a report as its author, and tell who claimed it, or else all coordinators.

    A redelivered message is added once. `source`: None from a page, whose form counts once.
    Refused: NotFound, NotYourChild, OwnSession, ActedFirst, ReasonRequired, TextTooLong.
    """
    report = report_steps.locked(session, report_id)
    _require_author(session, report, actor)
    added = report_steps.written_by(session, source)
    if added is not None and added.report_id == report_id:
        return report
    after = status_added_to(report_steps.facts_of(session, report))
    written = report_steps.write_down(session, report, Role.PARENT, actor, text, source)
    keep_evidence(session, report.appointment_id, actor, files, report_id=report.id)
    report_steps.move(session, report, after)
    event_id = report_steps.record_step(session, report, Action.ADD_TO_REPORT, Role.PARENT, actor)
    key, to = f"problem:{report.id}:{event_id}", _who_is_told(session, report)
    told = ProblemAddedTo(report.appointment_id, report.id, written.id)
    rows = [outbox.message(to, told, key=key, now=actor.now)]
    rows += report_steps.refreshes(
        session, report, key, actor.now, besides=[to], also=[report.person_id]
    )
    outbox.write_once(session, rows)
    return report


def require_open_to_author(session: Session, report_id: int, actor: Actor) -> ProblemReport:
    """Check that its author could add to a report now. Refused as `add_to_report` would be."""
    report = report_steps.read_report(session, report_id)
    _require_author(session, report, actor)
    status_added_to(report_steps.facts_of(session, report))
    return report


def open_report_of(session: Session, appointment_id: int, author_id: int) -> ProblemReport | None:
    """Author's report of a session that nobody has closed: of several the one that waits for their
    answer, else the one of which something was heard last.
    """
    found = session.exec(
        select(ProblemReport)
        .where(
            IS_LIVE,
            ProblemReport.appointment_id == appointment_id,
            ProblemReport.person_id == author_id,
        )
        .order_by(
            (col(ProblemReport.status) == ProblemStatus.ANSWERED).desc(),
            func.coalesce(LAST_REPLY, 0).desc(),
            col(ProblemReport.id).desc(),
        )
        .limit(1)
    )
    return found.first()


def _require_author(session: Session, report: ProblemReport, actor: Actor) -> None:
    if report.person_id != actor.person_id:
        raise NotFound
    require_guardian(session, read_appointment(session, report.appointment_id), actor)


def _who_is_told(session: Session, report: ProblemReport) -> int | None:
    """The coordinator who claimed it, if a message reaches them; None for the group."""
    claimer = session.get(Person, report.claimed_by_id) if report.claimed_by_id else None
    if claimer is None or not claimer.is_coordinator or claimer.id == report.person_id:
        return None
    is_reached = claimer.telegram_user_id is not None and claimer.unreachable_since is None
    return claimer.id if is_reached else None
