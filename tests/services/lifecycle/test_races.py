"""Two actions on one session at once have the same results as one after the other.

Every pair of actions, in every status where one of them is possible: first in both orders, then
together. The rows, the messages and the answers must be those of one of the orders (SPEC 2).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations_with_replacement

import pytest
from sqlmodel import col, select

from models import Dispute, OutboxMessage, Person
from models.enums import DisputeReason, DisputeStatus, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import claim, dispute, return_to_parent, uphold
from services.db import Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.rules import lifecycle
from services.rules.refusals import Refusal
from services.sessions.attendance import (
    check_in,
    check_out,
    clear_check_in,
    correct_attendance,
    mark_absent,
)
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, trail
from tests.services.scenes import Scene, another_session, scene

WHY = "Both sides heard"
START = NOW - timedelta(minutes=80)
"""Of a session of 90 minutes that can be checked into, and out of, and corrected."""


@dataclass(frozen=True)
class Pair:
    """A session, its dispute if it has one, and two people for every part."""

    scene: Scene
    dispute_id: int
    colleague: Person

    def coordinators(self) -> tuple[Person, Person]:
        return self.scene.coordinator, self.colleague

    def parents(self) -> tuple[Person, Person]:
        return self.scene.grace, self.scene.daniel

    def tutors(self) -> tuple[Person, Person]:
        return self.scene.tutor, self.scene.tutor


UseCase = Callable[[Session, Pair, Actor], object]
Cast = Callable[[Pair], tuple[Person, Person]]

ACTIONS: dict[str, tuple[Cast, UseCase]] = {
    "check in": (Pair.tutors, lambda s, p, a: check_in(s, p.scene.id, a, AGENCY)),
    "check out": (Pair.tutors, lambda s, p, a: check_out(s, p.scene.id, a)),
    "mark absent": (Pair.tutors, lambda s, p, a: mark_absent(s, p.scene.id, a, absent=True)),
    "acknowledge": (Pair.parents, lambda s, p, a: acknowledge(s, p.scene.id, a)),
    "dispute": (
        Pair.parents,
        lambda s, p, a: dispute(s, p.scene.id, a, DisputeReason.CONDUCT, None),
    ),
    "clear": (Pair.coordinators, lambda s, p, a: clear_check_in(s, p.scene.id, a, WHY)),
    "correct": (
        Pair.coordinators,
        lambda s, p, a: correct_attendance(s, p.scene.id, a, START, NOW, WHY),
    ),
    "verify": (Pair.coordinators, lambda s, p, a: verify(s, p.scene.id, a, WHY)),
    "claim": (Pair.coordinators, lambda s, p, a: claim(s, p.dispute_id, a)),
    "uphold": (Pair.coordinators, lambda s, p, a: uphold(s, p.dispute_id, a, WHY)),
    "return": (Pair.coordinators, lambda s, p, a: return_to_parent(s, p.dispute_id, a, WHY)),
}
POSSIBLE = {
    Status.SCHEDULED: {"check in", "correct"},
    Status.CHECKED_IN: {"check out", "correct", "clear"},
    Status.AWAITING_APPROVAL_PARENT: {"acknowledge", "dispute", "verify", "mark absent"},
    Status.DISPUTED: {"verify", "claim", "uphold", "return"},
}
OF_A_DISPUTE = {"claim", "uphold", "return"}


def pairs(status: Status) -> list[tuple[str, str]]:
    """Those of which one is possible at least; the other may become so by it."""
    actions = [name for name in ACTIONS if status is Status.DISPUTED or name not in OF_A_DISPUTE]
    both = combinations_with_replacement(actions, 2)
    return [pair for pair in both if set(pair) & POSSIBLE[status]]


@pytest.mark.parametrize("status", POSSIBLE, ids=lambda status: status.value)
async def test_two_at_once_come_to_what_they_do_one_after_the_other(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        colleague = builders.coordinator(session, name="Farah Aziz")

    def begin(*names: str) -> tuple[Pair, list[Awaitable[str]]]:
        begun = another_session(database, there, status=status, starts_at=START)
        opened = disputed(database, begun) if status is Status.DISPUTED else 0
        pair = Pair(begun, opened, colleague)
        return pair, [attempt(database, pair, name, n) for n, name in enumerate(names)]

    for one, other in pairs(status):
        pair, (first, second) = begin(one, other)
        in_order = [await first, await second], came_to(database, pair)
        pair, (first, second) = begin(one, other)
        second_came, first_came = await second, await first
        in_reverse = [first_came, second_came], came_to(database, pair)
        pair, both = begin(one, other)
        at_once = list(await asyncio.gather(*both)), came_to(database, pair)

        assert at_once in (in_order, in_reverse), (one, other)
        require_lawful_trail(database, pair.scene.id, status)


async def attempt(database: OpenDatabase, pair: Pair, name: str, number: int) -> str:
    """Take the action, as the first or second person who may; return its outcome in a word."""
    cast, action = ACTIONS[name]
    try:
        done = await database.write(action, pair, acting(cast(pair)[number]))
    except Refusal as refusal:
        told = vars(refusal)
        return f"{refusal!r} {told.get('actor_id')} {told.get('action')}"
    return "repeated" if isinstance(done, Outcome) and done.repeated else "done"


def came_to(database: OpenDatabase, pair: Pair) -> list[object]:
    """The results: the session, its dispute, its audit trail and its messages."""
    row = as_it_stands(database, pair.scene.id)
    with database.reading() as session:
        disputes = session.exec(
            select(Dispute.status, Dispute.claimed_by_id, Dispute.settled_by_id)
            .where(Dispute.appointment_id == row.id)
            .order_by(col(Dispute.id))
        )
        told = session.exec(
            select(OutboxMessage.kind, OutboxMessage.person_id)
            .where(OutboxMessage.appointment_id == row.id)
            .order_by(col(OutboxMessage.id))
        )
        events = [
            (event.action, event.actor_id, event.from_status, event.to_status)
            for event in trail(database, row.id)
        ]
        attendance = (row.checked_in_at, row.checked_out_at, row.student_absent)
        return [row.status, attendance, disputes.all(), events, told.all()]


def require_lawful_trail(database: OpenDatabase, appointment_id: int, status: Status) -> None:
    """Each move begins where the last one ended, along an arrow of the table."""
    at = status
    for event in trail(database, appointment_id):
        if event.to_status is None or event.from_status == event.to_status:
            continue
        assert event.from_status is at
        assert lifecycle.next_status(at, event.action, event.role) is event.to_status
        at = event.to_status
    assert as_it_stands(database, appointment_id).status is at


def disputed(database: OpenDatabase, there: Scene) -> int:
    """The number of an open dispute of Grace's."""
    with database.unit_of_work() as session:
        for_update(session, there.id)
        row = Dispute(
            appointment_id=there.id,
            opened_by_id=there.grace.id,
            opened_at=NOW,
            reason=DisputeReason.CONDUCT,
            evidence={},
            status=DisputeStatus.OPEN,
        )
        session.add(row)
        session.flush()
        return row.id
