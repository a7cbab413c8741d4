"""Two at once about a request to move a session: one wins, the other is told who did (SPEC 6).

Every race from every state that a session can be in: first in both orders, then released together
as often as `ROUNDS` says: on SQLite, which has one writer, less often. Rows, messages and answers
must be those of one of the orders. `SOAK=10` in the environment makes it ten times as many.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import BindParameter, Table, bindparam, func, select

from models import (
    Appointment,
    AuditEvent,
    OutboxMessage,
    Person,
    RescheduleProposal,
    RescheduleThread,
)
from models.enums import ChangeReason, Status
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.reschedules.expiry import expire
from services.reschedules.negotiation import accept, counter, propose, reject, withdraw
from services.rules.refusals import Refusal
from services.sessions.attendance import check_in
from services.sessions.cancellations import cancel
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands
from tests.services.scenes import Scene, another_session, scene

ROUNDS = 8 * int(os.environ.get("SOAK", "1"))
ROUNDS_OF_ONE_WRITER = ROUNDS if "SOAK" in os.environ else 2
LEAST_RELEASES = 1_000 * int(os.environ.get("SOAK", "1"))
WHY = ChangeReason.SCHEDULE_CONFLICT
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = NOW + 30 * DAY
"""The first session's start; each after it is some days later, so that none is in another's way."""


@dataclass(frozen=True)
class Case:
    """One session on days of its own, and the version of the request on which people act."""

    people: Scene
    starts_at: datetime
    version: int = 0

    @property
    def id(self) -> int:
        return self.people.id

    @property
    def slot(self) -> datetime:
        return self.starts_at + DAY

    @property
    def early(self) -> datetime:
        """A day before: everything but attendance is possible."""
        return self.starts_at - DAY


UseCase = Callable[[Session, Case], object]


def by(person: Callable[[Case], Person], at: Callable[[Case], datetime], what: str) -> UseCase:
    """Somebody does something; when counts as it reached us."""

    def actor(case: Case) -> Actor:
        return acting(person(case), at(case))

    actions: dict[str, UseCase] = {
        "accept": lambda s, c: accept(s, c.version, actor(c), zone=ZONE),
        "reject": lambda s, c: reject(s, c.version, actor(c)),
        "withdraw": lambda s, c: withdraw(s, c.version, actor(c)),
        "counter": lambda s, c: counter(s, c.version, actor(c), c.slot + 3 * HOUR, zone=ZONE),
        "propose": lambda s, c: propose(s, c.id, actor(c), c.slot + 6 * HOUR, WHY, None, zone=ZONE),
        "cancel": lambda s, c: cancel(s, c.id, actor(c), WHY, None, None),
        "check in": lambda s, c: check_in(s, c.id, actor(c), AGENCY),
        "expire": lambda s, c: expire(s, c.id, at(c)),
    }
    return actions[what]


def tutor(case: Case) -> Person:
    return case.people.tutor


def grace(case: Case) -> Person:
    return case.people.grace


def daniel(case: Case) -> Person:
    return case.people.daniel


def early(case: Case) -> datetime:
    return case.early


def last_second(case: Case) -> datetime:
    return case.starts_at - SECOND


def at_start(case: Case) -> datetime:
    return case.starts_at


def before_the_four_hours(case: Case) -> datetime:
    return case.starts_at - 4 * HOUR - SECOND


def at_the_door(case: Case) -> datetime:
    return case.starts_at - 10 * MINUTE


RACES: dict[str, tuple[UseCase, UseCase]] = {
    "accept, expire": (by(tutor, last_second, "accept"), by(tutor, at_start, "expire")),
    "a parent accepts, expire": (by(grace, last_second, "accept"), by(tutor, at_start, "expire")),
    "accept, cancel": (by(tutor, early, "accept"), by(grace, early, "cancel")),
    "a parent accepts, cancel": (by(daniel, early, "accept"), by(tutor, early, "cancel")),
    "counter, accept": (by(grace, early, "counter"), by(daniel, early, "accept")),
    "the tutor counters, accepts": (by(tutor, early, "counter"), by(tutor, early, "accept")),
    "check in, propose": (
        by(tutor, at_the_door, "check in"),
        by(grace, before_the_four_hours, "propose"),
    ),
    "two parents accept": (by(grace, early, "accept"), by(daniel, early, "accept")),
    "a parent accepts, one rejects": (by(grace, early, "accept"), by(daniel, early, "reject")),
    "two parents counter": (by(grace, early, "counter"), by(daniel, early, "counter")),
    "two parents withdraw": (by(grace, early, "withdraw"), by(daniel, early, "withdraw")),
    "both sides propose": (by(tutor, early, "propose"), by(grace, early, "propose")),
    "accept, withdraw": (by(tutor, early, "accept"), by(grace, early, "withdraw")),
    "cancel, propose": (by(tutor, early, "cancel"), by(grace, early, "propose")),
    "expire twice": (by(tutor, at_start, "expire"), by(tutor, at_start, "expire")),
}
BOTH_CAN_BE = {"accept, cancel", "a parent accepts, cancel", "cancel, propose"}
"""A session can be cancelled after it was moved, or asked to; of all other two one wins at most."""

STATES: dict[str, tuple[UseCase, ...]] = {
    "nobody asked": (),
    "the parents ask": (by(grace, early, "propose"),),
    "the tutor asks": (by(tutor, early, "propose"),),
    "the tutor counters": (by(grace, early, "propose"), by(tutor, early, "counter")),
    "accepted": (by(grace, early, "propose"), by(tutor, early, "accept")),
    "rejected": (by(tutor, early, "propose"), by(daniel, early, "reject")),
    "withdrawn": (by(grace, early, "propose"), by(daniel, early, "withdraw")),
    "expired": (by(grace, early, "propose"), by(tutor, at_start, "expire")),
    "cancelled": (by(grace, early, "propose"), by(tutor, early, "cancel")),
}
numbers = count()

SESSION: Table = Appointment.__table__  # type: ignore[attr-defined]
THREAD: Table = RescheduleThread.__table__  # type: ignore[attr-defined]
VERSION: Table = RescheduleProposal.__table__  # type: ignore[attr-defined]
EVENT: Table = AuditEvent.__table__  # type: ignore[attr-defined]
MESSAGE: Table = OutboxMessage.__table__  # type: ignore[attr-defined]
VERSIONS = VERSION.join(THREAD, THREAD.c.id == VERSION.c.thread_id)
ID: BindParameter[int] = bindparam("id")
NEWEST = select(func.max(VERSION.c.id)).select_from(VERSIONS).where(THREAD.c.appointment_id == ID)
RESULTS = (
    select(
        *(SESSION.c[name] for name in ("status", "starts_at", "first_starts_at", "checked_in_at"))
    ).where(SESSION.c.id == ID),
    select(THREAD.c.status, THREAD.c.expires_at, THREAD.c.closed_at)
    .where(THREAD.c.appointment_id == ID)
    .order_by(THREAD.c.id),
    select(
        *(VERSION.c[name] for name in ("version", "status", "side")),
        *(VERSION.c[name] for name in ("new_starts_at", "closed_by_id")),
    )
    .select_from(VERSIONS)
    .where(THREAD.c.appointment_id == ID)
    .order_by(VERSION.c.id),
    select(*(EVENT.c[name] for name in ("action", "actor_id", "from_status", "to_status")))
    .where(EVENT.c.appointment_id == ID)
    .order_by(EVENT.c.id),
    select(MESSAGE.c.kind, MESSAGE.c.person_id)
    .where(MESSAGE.c.appointment_id == ID)
    .order_by(MESSAGE.c.id),
)
"""What is compared, built once: the rows of a session, its requests, its trail, what is told."""


@pytest.mark.parametrize("state", STATES)
async def test_two_at_once_come_to_what_they_do_one_after_the_other(
    database: OpenDatabase, state: str
) -> None:
    people = scene(database, starts_at=FIRST)
    rounds = ROUNDS_OF_ONE_WRITER if database.is_sqlite else ROUNDS
    for name, (one, other) in RACES.items():
        case = await begin(database, people, state)
        in_order = [await attempt(database, case, action) for action in (one, other)]
        orders = [(in_order, came_to(database, case))]
        case = await begin(database, people, state)
        in_reverse = [await attempt(database, case, action) for action in (other, one)]
        orders.append((in_reverse[::-1], came_to(database, case)))
        for _ in range(rounds):
            case = await begin(database, people, state)
            together = [attempt(database, case, action) for action in (one, other)]
            answers = list(await asyncio.gather(*together))

            assert (answers, came_to(database, case)) in orders, (state, name)
            if name not in BOTH_CAN_BE:
                assert answers.count("done") <= 1, (state, name, answers)


def test_they_are_released_a_thousand_times() -> None:
    assert len(STATES) * len(RACES) * ROUNDS >= LEAST_RELEASES


async def begin(database: OpenDatabase, people: Scene, state: str) -> Case:
    """A session of its own in this state, and the newest version of a request for it."""
    starts_at = FIRST + 4 * DAY * next(numbers)
    case = Case(another_session(database, people, starts_at=starts_at), starts_at)
    for action in STATES[state]:
        assert await attempt(database, case, action) == "done"
        case = replace(case, version=newest_version(database, case))
    return case


def newest_version(database: OpenDatabase, case: Case) -> int:
    with database.reading() as session:
        return session.connection().scalar(NEWEST, {"id": case.id}) or 0


async def attempt(database: OpenDatabase, case: Case, action: UseCase) -> str:
    """The outcome in a word; for a refusal, with who is said to have been first."""
    try:
        done = await database.write(action, case)
    except Refusal as refusal:
        told = vars(refusal)
        return f"{refusal!r} {told.get('actor_id')} {told.get('action')} {told.get('status')}"
    if isinstance(done, Outcome):
        return "repeated" if done.repeated else "done"
    return "done" if done else "nothing to do"


def came_to(database: OpenDatabase, case: Case) -> list[object]:
    """The results, with times relative to the session's start."""

    def since(value: object) -> object:
        return value - case.starts_at if isinstance(value, datetime) else value

    with database.reading() as session:
        connection = session.connection()
        found = [connection.execute(rows, {"id": case.id}).all() for rows in RESULTS]
    return [[tuple(map(since, row)) for row in rows] for rows in found]


async def test_a_race_leaves_at_most_one_open(database: OpenDatabase) -> None:
    people = scene(database, starts_at=FIRST)
    case = await begin(database, people, "nobody asked")
    proposals = [RACES["both sides propose"][number % 2] for number in range(6)]

    answers = await asyncio.gather(*(attempt(database, case, action) for action in proposals))

    assert answers.count("done") == 1
    assert as_it_stands(database, case.id).status is Status.SCHEDULED
