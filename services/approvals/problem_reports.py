"""Problem reports by parents; no status changes (SPEC 5)."""

from sqlmodel import select

from models import Appointment, ProblemReport
from models.enums import Action, MessageKind, Role
from services.db import Session
from services.lifecycle.access import for_update, require_guardian
from services.lifecycle.actors import Actor, Source
from services.lifecycle.decisions import read_appointment
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import record
from services.messaging import outbox
from services.rules.actions import require
from services.rules.session_actions import SessionAction
from services.rules.texts import require_reason


def require_reportable(session: Session, appointment_id: int, actor: Actor) -> None:
    """Check that this parent may report a problem now. Refused as `report_problem` would be."""
    _require(session, read_appointment(session, appointment_id), actor)


def report_problem(
    session: Session, appointment_id: int, actor: Actor, text: str, source: Source | None
) -> ProblemReport:
    """Record a parent's report and tell the coordinators; from the session's start on (SPEC 5).

    `source`: None from a page, whose form counts once.
    Refused: NotYourChild, OwnSession, NotStartedYet, ReasonRequired, TextTooLong.
    """
    _require(session, for_update(session, appointment_id), actor)
    if source is not None and (kept := _reported_by(session, source)):
        return kept
    report = ProblemReport(
        appointment_id=appointment_id,
        person_id=actor.identified,
        text=require_reason(text),
        at=actor.now,
        chat_id=source.chat_id if source else None,
        message_id=source.message_id if source else None,
    )
    session.add(report)
    session.flush()
    record(session, Action.REPORT_PROBLEM, Role.PARENT, actor, appointment_id=appointment_id)
    outbox.tell_coordinators(
        session,
        MessageKind.PROBLEM_REPORTED,
        {"appointment_id": appointment_id, "report_id": report.id},
        key=f"problem:{report.id}",
        now=actor.now,
    )
    return report


def _reported_by(session: Session, source: Source) -> ProblemReport | None:
    """Report that this message made, if it was handled before."""
    found = session.exec(
        select(ProblemReport).where(
            ProblemReport.chat_id == source.chat_id, ProblemReport.message_id == source.message_id
        )
    )
    return found.first()


def _require(session: Session, appointment: Appointment, actor: Actor) -> None:
    require_guardian(session, appointment, actor)
    facts = facts_of_row(appointment)
    require(facts, SessionAction.REPORT_PROBLEM, Role.PARENT, actor.now)
