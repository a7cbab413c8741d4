"""What would become of every matter of a filter, before anything is done (SPEC 10)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Integer, bindparam, select
from sqlmodel import col

from models import Dispute, Person, ProblemReport
from models.enums import DisputeStatus, Role
from models.matters import Matter
from services.db import Session
from services.lifecycle.facts import facts_of_row
from services.prepared import Prepared
from services.queries.found_people import parents_of
from services.queries.problems import IS_LIVE
from services.queries.queue_rows import QueueRow
from services.queries.sessions import SessionView, views_of
from services.rules.actions import refusal_of
from services.rules.queue import BulkAct, Doubt, nudge_refusal
from services.rules.refusals import Refusal
from services.rules.refusals.queue import MessageOver
from services.rules.session_actions import SessionAction
from services.rules.session_facts import DisputeRecord


@dataclass(frozen=True)
class Foreseen:
    """One matter, and why nothing can be done about it; None where it can."""

    row: QueueRow
    refusal: Refusal | None
    doubts: tuple[Doubt, ...] = ()
    """What should be looked at before, although it can be done."""


@dataclass(frozen=True)
class Case:
    """One matter, as a rule judges it."""

    row: QueueRow
    view: SessionView | None
    """Its session; None where it is about none, or the act is not about sessions."""
    parents: Mapping[int, Sequence[Person]]
    """Guardians of every child, by the child's id."""


def foresee(
    session: Session, act: BulkAct, rows: Sequence[QueueRow], now: datetime
) -> list[Foreseen]:
    """What would become of each matter. A few statements, however many there are."""
    numbers = sorted({row.session.id for row in rows if row.session})
    is_about_sessions = bool(numbers) and act in (BulkAct.NUDGE, BulkAct.VERIFY)
    views = {view.id: view for view in views_of(session, numbers)} if is_about_sessions else {}
    children = {view.student.id for view in views.values()}
    parents = parents_of(session, children) if children and act is BulkAct.NUDGE else {}
    doubts = _doubts(session, numbers) if numbers and act is BulkAct.VERIFY else {}
    return [
        Foreseen(
            row,
            _RULES[act](Case(row, views.get(row.session_id), parents), now),
            tuple(doubts.get(row.session_id, ())),
        )
        for row in rows
    ]


def _doubts(session: Session, numbers: Sequence[int]) -> Mapping[int, list[Doubt]]:
    """What speaks against verifying these sessions."""
    found: defaultdict[int, list[Doubt]] = defaultdict(list)
    for doubt, statement in _DOUBTS.items():
        for number in statement.firsts(session, numbers=numbers):
            found[number].append(doubt)
    return found


def _verify(case: Case, now: datetime) -> Refusal | None:
    if case.view is None:
        return None
    facts, action = facts_of_row(case.view.appointment), SessionAction.VERIFY
    if case.row.item.matter is Matter.DISPUTE:
        facts = replace(facts, dispute=DisputeRecord(DisputeStatus.OPEN))
        action = SessionAction.VERIFY_DISPUTE
    return refusal_of(facts, action, Role.COORDINATOR, now)


def _nudge(case: Case, now: datetime) -> Refusal | None:
    row, view = case.row, case.view
    if view is None:
        return None
    tutor, is_tutors = view.tutor, row.request and row.request.owed_by is Role.TUTOR
    family = [one for one in case.parents.get(view.student.id, ()) if one.id != tutor.id]
    asked = [tutor] if is_tutors else family
    in_reach = [one for one in asked if one.is_in_reach]
    nudged = row.nudged
    last = (nudged.who, nudged.person_id, nudged.at) if nudged else None
    return nudge_refusal(last, len(in_reach), now)


def _send_again(case: Case, now: datetime) -> Refusal | None:
    until = case.row.message.expires_at if case.row.message else None
    return MessageOver() if until is not None and until <= now else None


def _nothing_against(_case: Case, _now: datetime) -> Refusal | None:
    return None


_RULES: Mapping[BulkAct, Callable[[Case, datetime], Refusal | None]] = MappingProxyType(
    {
        BulkAct.VERIFY: _verify,
        BulkAct.NUDGE: _nudge,
        BulkAct.CLOSE: _nothing_against,
        BulkAct.SEND_AGAIN: _send_again,
        BulkAct.SET_ASIDE: _nothing_against,
        BulkAct.DONE: _nothing_against,
    }
)

_NUMBERS = bindparam("numbers", type_=Integer, expanding=True)
_DOUBTS = {
    Doubt.PROBLEM: Prepared(
        select(col(ProblemReport.appointment_id))
        .where(
            col(ProblemReport.appointment_id).in_(_NUMBERS),
            IS_LIVE,
        )
        .distinct()
    ),
    Doubt.RETURNED: Prepared(
        select(col(Dispute.appointment_id))
        .where(
            col(Dispute.appointment_id).in_(_NUMBERS),
            col(Dispute.status) == DisputeStatus.RETURNED,
        )
        .distinct()
    ),
}
