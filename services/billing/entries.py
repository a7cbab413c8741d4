"""What coordinators enter on statements: amounts with a reason, and marks on pay (SPEC 7)."""

from collections.abc import Collection

from sqlmodel import col, select

from models import BillingAdjustment, BillingStatement, Person, StatementMark, Student
from models.enums import Action, PayMark, Role, Side
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.rules.agency import Agency
from services.rules.refusals.billing import AlreadyMarked
from services.rules.refusals.packages import AmountNotRead, NoCurrency
from services.rules.refusals.sessions import NotFound
from services.rules.texts import require_reason


def enter_amount(
    session: Session,
    side: Side,
    party_id: int,
    amount: int,
    reason: str,
    agency: Agency,
    actor: Actor,
) -> BillingAdjustment:
    """Enter an amount on a family's or a tutor's statement of this month, with a reason.

    `party_id`: a child of the family, or the tutor; `amount` in minor units, below zero in the
    family's or against the tutor's favour. Refused: NotCoordinator, NotFound, NoCurrency,
    AmountNotRead (zero), ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    if agency.currency is None:
        raise NoCurrency
    if not amount:
        raise AmountNotRead
    reason = require_reason(reason)
    if session.get(Student if side is Side.FAMILY else Person, party_id) is None:
        raise NotFound
    entered = BillingAdjustment(
        side=side,
        student_id=party_id if side is Side.FAMILY else None,
        tutor_id=party_id if side is Side.TUTOR else None,
        amount=amount,
        reason=reason,
        at=actor.now,
        actor_id=actor.identified,
    )
    session.add(entered)
    session.flush()
    about = {"billing_adjustment_id": entered.id, "amount": amount}
    record(session, Action.ENTER_AMOUNT, Role.COORDINATOR, actor, reason=reason, details=about)
    return entered


def mark_pay(
    session: Session, statement_id: int, mark: PayMark, reason: str, actor: Actor
) -> StatementMark:
    """Mark a tutor's closed statement as held back (with a reason), released or paid.

    Refused: NotCoordinator, NotFound, AlreadyMarked, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    locked = select(BillingStatement).where(
        BillingStatement.id == statement_id, BillingStatement.side == Side.TUTOR
    )
    statement = session.exec(locked.with_for_update(key_share=True)).first()
    if statement is None:
        raise NotFound
    newest = newest_mark(session, statement_id)
    if mark is (newest.mark if newest else PayMark.RELEASED):
        raise AlreadyMarked
    checked = require_reason(reason) if mark is PayMark.HELD_BACK or reason.strip() else None
    made = StatementMark(
        statement_id=statement_id,
        mark=mark,
        reason=checked,
        at=actor.now,
        actor_id=actor.identified,
    )
    session.add(made)
    session.flush()
    about = {"statement_id": statement_id, "mark": mark.value}
    record(session, Action.MARK_PAY, Role.COORDINATOR, actor, reason=checked, details=about)
    return made


def newest_mark(session: Session, statement_id: int) -> StatementMark | None:
    """Mark that counts; None where the statement has none."""
    found = session.exec(
        select(StatementMark)
        .where(StatementMark.statement_id == statement_id)
        .order_by(col(StatementMark.id).desc())
        .limit(1)
    )
    return found.first()


def marks_of(session: Session, statement_ids: Collection[int]) -> dict[int, StatementMark]:
    """Mark that counts of each of these statements that has any."""
    found = session.exec(
        select(StatementMark)
        .where(col(StatementMark.statement_id).in_(statement_ids))
        .order_by(col(StatementMark.id))
    )
    return {one.statement_id: one for one in found.all()}
