"""Closing a billing month: its statements and lines become rows that stay (SPEC 7)."""

from datetime import date

from sqlalchemy import insert, text
from sqlmodel import func, select

from models import AuditEvent, BillingLine, BillingMonth, BillingStatement, PackageEntry
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.queries.billing_lines import EVERYBODY
from services.queries.billing_months import by_party, first_open, lines_of, name_of
from services.rules.agency import Agency
from services.rules.billing import Line, month_of, months_between
from services.rules.refusals.billing import MonthClosed, MonthNotOver


def close_month(session: Session, month: date, agency: Agency, actor: Actor) -> list[BillingMonth]:
    """Close a month as a coordinator, and every earlier one that is still open; which were closed.

    Refused: NotCoordinator, MonthNotOver, MonthClosed.
    """
    require_coordinator(session, actor)
    if session.get_bind().dialect.name == "postgresql":  # one closing after the other
        session.execute(text("LOCK TABLE billing_month IN SHARE ROW EXCLUSIVE MODE"))
    first = first_open(session, agency, actor.now)
    require_closable(month, first, agency, actor)
    return [_close(session, one, agency, actor) for one in months_between(first, month)]


def require_closable(month: date, first: date, agency: Agency, actor: Actor) -> None:
    """Check that a month can be closed; `first`: the first open one.

    Refused: MonthNotOver, MonthClosed.
    """
    if month >= month_of(actor.now, agency.zone):
        raise MonthNotOver(month=month)
    if month < first:
        raise MonthClosed(month=month)


def _close(session: Session, month: date, agency: Agency, actor: Actor) -> BillingMonth:
    lines = lines_of(session, agency, month, EVERYBODY, month)
    closed = BillingMonth(
        month=month,
        closed_at=actor.now,
        closed_by_id=actor.identified,
        agency=agency.name,
        time_zone=agency.zone.key,
        currency=agency.currency.code if agency.currency else None,
        currency_digits=agency.currency.digits if agency.currency else 0,
        last_event_id=session.exec(select(func.max(AuditEvent.id))).one() or 0,
        last_entry_id=session.exec(select(func.max(PackageEntry.id))).one() or 0,
    )
    session.add(closed)
    session.flush()
    rows = []
    for (side, party_id), theirs in sorted(by_party(session, lines).items()):
        statement = BillingStatement(
            month_id=closed.id, side=side, party_id=party_id, name=name_of(side, theirs)
        )
        session.add(statement)
        session.flush()
        rows += [_row(line, statement.id, place) for place, line in enumerate(theirs)]
    if rows:
        session.connection().execute(insert(BillingLine.__table__), rows)  # type: ignore[attr-defined]
    about = {"month": month.isoformat(), "lines": len(rows)}
    record(session, Action.CLOSE_MONTH, Role.COORDINATOR, actor, details=about)
    return closed


def _row(line: Line, statement_id: int, position: int) -> dict[str, object]:
    about = line.subject_of
    return {
        "statement_id": statement_id,
        "side": line.side,
        "position": position,
        "kind": line.kind,
        "why": line.why,
        "student_id": line.student_id,
        "tutor_id": line.tutor_id,
        "appointment_id": about.appointment_id or None,
        "package_id": about.package_id or None,
        "entry_id": about.entry_id or None,
        "adjustment_id": about.adjustment_id or None,
        "is_penalty": about.is_penalty,
        "child": line.child,
        "tutor": line.tutor,
        "subject": line.subject,
        "at": line.at,
        "minutes": line.minutes,
        "sessions": line.sessions,
        "credits": line.credits,
        "amount": line.amount,
        "reason": line.reason,
    }
