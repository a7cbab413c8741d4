"""What every step of a problem report shares: its lock, its facts, its record (SPEC 5)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from models import Person, ProblemReply, ProblemReport
from models.enums import Action, ProblemStatus, Role
from services.db import Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor, Source
from services.lifecycle.status import record
from services.messaging import cards, outbox
from services.messaging.messages.approvals import ProblemCardRefresh
from services.rules.problem_reports import ReportFacts
from services.rules.refusals.sessions import NotFound
from services.rules.session_facts import Done
from services.rules.texts import require_reason


def read_report(session: Session, report_id: int) -> ProblemReport:
    """Report with this id. Refused: NotFound."""
    report = session.get(ProblemReport, report_id)
    if report is None:
        raise NotFound
    return report


def locked(session: Session, report_id: int) -> ProblemReport:
    """Report; its session's lock protects it, as it does everything that belongs to a session."""
    report = read_report(session, report_id)
    for_update(session, report.appointment_id)
    session.refresh(report)
    return report


def facts_of(session: Session, report: ProblemReport) -> ReportFacts:
    """Status of a report, and who claimed and who closed it."""
    return ReportFacts(
        report.status,
        claimed=_done(session, Action.CLAIM_PROBLEM, report.claimed_by_id, report.claimed_at),
        closed=_done(session, Action.CLOSE_PROBLEM, report.closed_by_id, report.closed_at),
    )


def _done(
    session: Session, action: Action, person_id: int | None, at: datetime | None
) -> Done | None:
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or at is None:
        return None
    return Done(action, Role.COORDINATOR, at, person.id, person.name)


def move(session: Session, report: ProblemReport, status: ProblemStatus, **values: object) -> None:
    """Give the report another status, with what comes with it."""
    session.exec(
        update(ProblemReport)
        .where(col(ProblemReport.id) == report.id)
        .values(status=status, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(report)


def record_step(
    session: Session, report: ProblemReport, action: Action, role: Role, actor: Actor
) -> int:
    """Record a step in the audit trail; the event's id."""
    return record(
        session,
        action,
        role,
        actor,
        appointment_id=report.appointment_id,
        details={"report_id": report.id},
    )


def write_down(
    session: Session,
    report: ProblemReport,
    role: Role,
    actor: Actor,
    text: str | None,
    source: Source | None,
) -> ProblemReply:
    """Add to what was written about a report. Refused: ReasonRequired, TextTooLong."""
    written = ProblemReply(
        report_id=report.id,
        person_id=actor.identified,
        role=role,
        text=require_reason(text),
        at=actor.now,
        chat_id=source.chat_id if source else None,
        message_id=source.message_id if source else None,
    )
    session.add(written)
    session.flush()
    return written


def written_by(session: Session, source: Source | None) -> ProblemReply | None:
    """What this message has added to a report, if anything."""
    if source is None:
        return None
    found = session.exec(
        select(ProblemReply).where(
            ProblemReply.chat_id == source.chat_id, ProblemReply.message_id == source.message_id
        )
    )
    return found.first()


def refreshes(
    session: Session,
    report: ProblemReport,
    key: str,
    now: datetime,
    *,
    besides: Collection[int | None] = (),
    also: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Messages that bring every card of the report up to date.

    `besides`: readers who are told themselves; `also`: those who are told of it without a card.
    """
    readers = dict.fromkeys([*cards.readers_of_report(session, report.id), *also])
    return [
        outbox.message(
            person_id,
            ProblemCardRefresh(report.appointment_id, report.id),
            key=f"{key}:refresh:{person_id or 'group'}",
            now=now,
        )
        for person_id in readers
        if person_id not in besides
    ]
