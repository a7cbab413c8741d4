"""Problem reports: made by parents; claimed, answered and closed by coordinators (SPEC 5).

No session's status changes. The author is told of each step, in their private chat.
"""

from collections.abc import Sequence

from sqlmodel import select

from models import Appointment, ProblemReport
from models.enums import Action, DisputeReason, ProblemStatus, Role
from services.approvals import report_steps
from services.approvals.evidence_files import SentFile, keep_evidence
from services.db import Session
from services.lifecycle.access import for_update, require_coordinator, require_guardian
from services.lifecycle.actors import Actor, Source
from services.lifecycle.decisions import read_appointment
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import record
from services.media.storing import StoredFile
from services.messaging import outbox
from services.messaging.messages.approvals import (
    AboutReport,
    ProblemAnswered,
    ProblemClaimed,
    ProblemClosed,
    ProblemReported,
)
from services.rules.actions import require
from services.rules.problem_reports import done_at, next_status
from services.rules.session_actions import SessionAction
from services.rules.texts import require_reason


def require_reportable(session: Session, appointment_id: int, actor: Actor) -> None:
    """Check that this parent may report a problem now. Refused as `report_problem` would be."""
    _require(session, read_appointment(session, appointment_id), actor)


def report_problem(
    session: Session,
    appointment_id: int,
    actor: Actor,
    text: str | None,
    source: Source | None,
    *,
    reason: DisputeReason | None = None,
    files: Sequence[SentFile | StoredFile] = (),
) -> ProblemReport:
    """Record a parent's report and tell the coordinators; from the session's start on (SPEC 5).

    `source`: None from a page, whose form counts once. `reason` and `files`: those of a dispute
    which somebody's answer has overtaken; it needs no text.
    Refused: NotYourChild, OwnSession, NotStartedYet, ReasonRequired, TextTooLong.
    """
    _require(session, for_update(session, appointment_id), actor)
    if source is not None and (kept := reported_by(session, source)):
        return kept
    report = ProblemReport(
        appointment_id=appointment_id,
        person_id=actor.identified,
        text=require_reason(text) if text or reason is None else None,
        reason=reason,
        at=actor.now,
        chat_id=source.chat_id if source else None,
        message_id=source.message_id if source else None,
    )
    session.add(report)
    session.flush()
    keep_evidence(session, appointment_id, actor, files, report_id=report.id)
    record(session, Action.REPORT_PROBLEM, Role.PARENT, actor, appointment_id=appointment_id)
    outbox.tell_coordinators(
        session,
        ProblemReported(report.appointment_id, report.id),
        key=f"problem:{report.id}",
        now=actor.now,
    )
    return report


def reported_by(session: Session, source: Source) -> ProblemReport | None:
    """Report that this message made, if it made one."""
    found = session.exec(
        select(ProblemReport).where(
            ProblemReport.chat_id == source.chat_id, ProblemReport.message_id == source.message_id
        )
    )
    return found.first()


def claim(session: Session, report_id: int, actor: Actor) -> ProblemReport:
    """Claim a report as a coordinator. Refused: NotCoordinator, NotFound, ActedFirst."""
    report, after = _decide(session, report_id, Action.CLAIM_PROBLEM, actor)
    if after is not None:
        claimed = {"claimed_by_id": actor.person_id, "claimed_at": actor.now}
        report_steps.move(session, report, after, **claimed)
        event_id = _record(session, report, Action.CLAIM_PROBLEM, actor)
        told = ProblemClaimed(report.appointment_id, report.id)
        _tell_author(session, report, told, event_id, actor)
    return report


def reply(
    session: Session, report_id: int, actor: Actor, text: str | None, source: Source | None
) -> ProblemReport:
    """Answer the author as a coordinator; who answers first, and nobody claimed it, claims it.

    A redelivered message is one reply. `source`: None from a page, whose form counts once.
    Refused: NotCoordinator, NotFound, ActedFirst, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    report = report_steps.locked(session, report_id)
    said = report_steps.written_by(session, source)
    if said is not None and said.report_id == report_id:
        return report
    after = next_status(report_steps.facts_of(session, report), Action.ANSWER_PROBLEM)
    written = report_steps.write_down(session, report, Role.COORDINATOR, actor, text, source)
    claimed = {"claimed_by_id": actor.person_id, "claimed_at": actor.now}
    values = {} if report.claimed_by_id is not None else claimed
    report_steps.move(session, report, after, **values)
    event_id = _record(session, report, Action.ANSWER_PROBLEM, actor)
    told = ProblemAnswered(report.appointment_id, report.id, written.id)
    _tell_author(session, report, told, event_id, actor)
    return report


def close(session: Session, report_id: int, actor: Actor) -> ProblemReport:
    """Close a report as a coordinator, for good. Refused: NotCoordinator, NotFound, ActedFirst."""
    report, after = _decide(session, report_id, Action.CLOSE_PROBLEM, actor)
    if after is not None:
        report_steps.move(session, report, after, closed_by_id=actor.person_id, closed_at=actor.now)
        event_id = _record(session, report, Action.CLOSE_PROBLEM, actor)
        told = ProblemClosed(report.appointment_id, report.id)
        _tell_author(session, report, told, event_id, actor)
    return report


def require_answerable(session: Session, report_id: int, actor: Actor) -> ProblemReport:
    """Check that this coordinator can answer now; asked before a dialogue.

    Refused: NotCoordinator, NotFound, ActedFirst.
    """
    require_coordinator(session, actor)
    report = report_steps.read_report(session, report_id)
    next_status(report_steps.facts_of(session, report), Action.ANSWER_PROBLEM)
    return report


def _require(session: Session, appointment: Appointment, actor: Actor) -> None:
    require_guardian(session, appointment, actor)
    facts = facts_of_row(appointment)
    require(facts, SessionAction.REPORT_PROBLEM, Role.PARENT, actor.now)


def _decide(
    session: Session, report_id: int, action: Action, actor: Actor
) -> tuple[ProblemReport, ProblemStatus | None]:
    """Report, locked, and its status after the action; None where this person has done it."""
    require_coordinator(session, actor)
    report = report_steps.locked(session, report_id)
    facts = report_steps.facts_of(session, report)
    if done_at(facts, action, actor.identified) is not None:
        return report, None
    return report, next_status(facts, action)


def _record(session: Session, report: ProblemReport, action: Action, actor: Actor) -> int:
    return report_steps.record_step(session, report, action, Role.COORDINATOR, actor)


def _tell_author(
    session: Session, report: ProblemReport, told: AboutReport, event_id: int, actor: Actor
) -> None:
    """Tell the author, and bring every card of the report up to date."""
    key = f"problem:{report.id}:{event_id}"
    rows = [outbox.message(report.person_id, told, key=key, now=actor.now)]
    rows += report_steps.refreshes(session, report, key, actor.now, besides=[report.person_id])
    outbox.write_once(session, rows)
