"""A coordinator moves a session, or gives it to another tutor (SPEC 2, 9)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import Person, RescheduleProposal, RescheduleThread
from models.enums import (
    Action,
    MessageKind,
    ProposalStatus,
    Role,
    Status,
    ThreadStatus,
)
from services.approvals.approvals import acknowledge
from services.reschedules.negotiation import accept
from services.rules.refusals import Refusal
from services.rules.refusals.requests import RequestExpired, SameTime, SlotPassed, SlotTaken
from services.rules.refusals.sessions import ActedFirst, NotFound, TutorTaken, WrongStatus
from services.rules.refusals.standing import NotCoordinator, OwnSession
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.sessions.attendance import check_in
from services.sessions.cancellations import cancel_for
from services.sessions.coordinator_actions import move, reassign
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import (
    as_it_stands,
    every_row,
    outbox_rows,
    recipients,
    refused,
    trail,
)
from tests.services.scenes import Scene, another_session, carry_out, open_thread, scene

START = NOW + timedelta(hours=2)
END = START + timedelta(minutes=90)
NEW_START = NOW + timedelta(days=3)
NEW_END = NEW_START + timedelta(minutes=90)
WHY = "Both have agreed by telephone."
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(minutes=1)


def soon(database: OpenDatabase, **over: Any) -> Scene:
    return scene(database, **({"starts_at": START} | over))


def moved(
    database: OpenDatabase,
    there: Scene,
    to: datetime = NEW_START,
    *,
    who: Person | None = None,
    now: datetime = NOW,
    seen: datetime = START,
    why: str = WHY,
) -> Any:
    actor = acting(who or there.coordinator, now)
    return carry_out(database, move, there.id, actor, to, why, seen=seen, zone=ZONE)


def given(
    database: OpenDatabase,
    there: Scene,
    to: Person,
    *,
    who: Person | None = None,
    now: datetime = NOW,
    seen: Person | None = None,
    why: str = WHY,
) -> Any:
    actor, was = acting(who or there.coordinator, now), (seen or there.tutor).id
    return carry_out(database, reassign, there.id, actor, to.id, why, seen=was, zone=ZONE)


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


def a_tutor(database: OpenDatabase, **over: Any) -> Person:
    with database.unit_of_work() as session:
        return builders.tutor(session, **({"name": "Nurul Huda"} | over))


def attempt(database: OpenDatabase, action: str, there: Scene, **how: Any) -> Any:
    """Move the session or give it to another tutor."""
    if action == "move":
        return moved(database, there, **how)
    return given(database, there, a_tutor(database), **how)


ACTIONS = ["move", "give"]


# ------------------------------------------------------------------------------------ what it does


def test_a_session_is_moved_with_its_length_and_keeps_its_first_times(
    database: OpenDatabase,
) -> None:
    there = soon(database, missed_alerted_at=NOW)

    moved(database, there, why=f" {WHY} ")

    row = as_it_stands(database, there.id)
    assert (row.starts_at, row.ends_at) == (NEW_START, NEW_END)
    assert (row.first_starts_at, row.first_ends_at) == (START, END)
    assert (row.status, row.missed_alerted_at) == (Status.SCHEDULED, None)
    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.reason) == (Action.MOVE, Role.COORDINATOR, WHY)
    assert (event.from_status, event.to_status) == (None, None)
    assert event.details == {
        "starts_at": START.isoformat(),
        "new_starts_at": NEW_START.isoformat(),
    }
    assert recipients(database, MessageKind.SESSION_CHANGED) == [
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    ]


def test_moved_again_the_first_times_are_still_the_first(database: OpenDatabase) -> None:
    there = soon(database)
    moved(database, there)

    moved(database, there, NEW_START + timedelta(days=1), seen=NEW_START)

    row = as_it_stands(database, there.id)
    assert (row.starts_at, row.first_starts_at) == (NEW_START + timedelta(days=1), START)


def test_moved_there_and_back_by_one_coordinator(database: OpenDatabase) -> None:
    there = soon(database)
    moved(database, there)

    moved(database, there, START, seen=NEW_START)

    assert as_it_stands(database, there.id).starts_at == START


def test_a_session_is_given_to_another_tutor(database: OpenDatabase) -> None:
    there, nurul = soon(database), a_tutor(database)

    given(database, there, nurul, why=f" {WHY} ")

    row = as_it_stands(database, there.id)
    assert (row.tutor_id, row.starts_at, row.status) == (nurul.id, START, Status.SCHEDULED)
    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.reason) == (Action.REASSIGN, Role.COORDINATOR, WHY)
    assert event.details == {"tutor_id": there.tutor.id, "new_tutor_id": nurul.id}
    assert recipients(database, MessageKind.SESSION_REASSIGNED) == [there.tutor.id]
    assert recipients(database, MessageKind.SESSION_CHANGED) == [
        nurul.id,
        there.grace.id,
        there.daniel.id,
    ]
    with refused(ActedFirst, action=Action.REASSIGN):
        carry_out(database, check_in, there.id, acting(there.tutor, START), AGENCY)
    carry_out(database, check_in, there.id, acting(nurul, START), AGENCY)


def test_a_guardian_who_becomes_the_childs_tutor_acts_as_its_tutor_only(
    database: OpenDatabase,
) -> None:
    there = soon(database)
    over = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
    with database.unit_of_work() as session:
        daniel = session.get(Person, there.daniel.id)
        assert daniel is not None
        daniel.is_tutor = True

    given(database, there, there.daniel)

    assert recipients(database, MessageKind.SESSION_CHANGED) == [
        there.daniel.id,
        there.grace.id,
    ]
    with refused(OwnSession):
        carry_out(database, acknowledge, over.id, acting(there.daniel))


def test_given_back_the_former_tutor_is_told_anew(database: OpenDatabase) -> None:
    there, nurul = soon(database), a_tutor(database)
    given(database, there, nurul)

    given(database, there, there.tutor, seen=nurul)
    given(database, there, nurul, seen=there.tutor)

    told = recipients(database, MessageKind.SESSION_REASSIGNED)
    assert told == [there.tutor.id, nurul.id, there.tutor.id]


# ------------------------------------------------------------------------------- when it is refused


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
def test_only_a_scheduled_session_is_moved_or_given(
    database: OpenDatabase, status: Status, action: str
) -> None:
    there = soon(database, status=status)

    with refused(WrongStatus, status=status):
        attempt(database, action, there)
    assert trail(database, there.id) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_only_coordinators_move_and_give(database: OpenDatabase, action: str) -> None:
    there = soon(database)

    for who in (there.tutor, there.grace):
        with refused(NotCoordinator):
            attempt(database, action, there, who=who)
    assert trail(database, there.id) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_a_reason_is_required(database: OpenDatabase, action: str) -> None:
    there = soon(database)

    with refused(ReasonRequired):
        attempt(database, action, there, why=" ")
    with refused(TextTooLong):
        attempt(database, action, there, why="x" * 1001)
    assert trail(database, there.id) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_there_is_no_lockout_even_after_a_missed_check_in(
    database: OpenDatabase, action: str
) -> None:
    for now in (START - SECOND, START, START + timedelta(days=1)):
        there = soon(database)
        attempt(database, action, there, now=now)
        assert len(trail(database, there.id)) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_an_open_request_ends_with_it_until_its_start_and_not_from_then_on(
    database: OpenDatabase, action: str
) -> None:
    there = soon(database)
    open_thread(database, there)

    for now in (START, START + SECOND):
        with refused(RequestExpired, starts_at=START):
            attempt(database, action, there, now=now)
    assert trail(database, there.id) == []

    attempt(database, action, there, now=START - SECOND)
    with database.reading() as session:
        thread = session.exec(select(RescheduleThread)).one()
        proposal = session.exec(select(RescheduleProposal)).one()
    assert (thread.status, thread.closed_at) == (ThreadStatus.CLOSED, START - SECOND)
    assert proposal.status is ProposalStatus.CLOSED
    with refused(ActedFirst, actor_id=there.coordinator.id):
        carry_out(database, accept, proposal.id, acting(there.daniel), zone=ZONE)


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        (NOW, SlotPassed),
        (NOW - SECOND, SlotPassed),
        (START, SameTime),
    ],
)
def test_a_session_is_moved_to_another_time_to_come(
    database: OpenDatabase, to: datetime, kind: type[Refusal]
) -> None:
    there = soon(database)
    before = every_row(database)

    with refused(kind):
        moved(database, there, to)
    assert every_row(database) == before
    moved(database, there, NOW + SECOND)


def test_a_taken_slot_is_refused(database: OpenDatabase) -> None:
    there = soon(database)
    another_session(database, there, starts_at=NEW_START + timedelta(minutes=60))
    before = every_row(database)

    with refused(SlotTaken, whose=Role.PARENT):
        moved(database, there)
    assert every_row(database) == before
    moved(database, there, NEW_START - timedelta(minutes=30))


def test_a_tutor_who_is_busy_then_is_refused(database: OpenDatabase) -> None:
    there, nurul = soon(database), a_tutor(database)
    with database.unit_of_work() as session:
        ryan = builders.student(session)
    other = another_session(
        database, there, tutor=nurul, student=ryan, starts_at=END - timedelta(minutes=1)
    )
    before = every_row(database)

    with refused(TutorTaken, starts_at=other.session.starts_at):
        given(database, there, nurul)
    assert every_row(database) == before


def test_it_is_given_to_a_tutor_and_to_another_one(database: OpenDatabase) -> None:
    there = soon(database)
    before = every_row(database)

    for nobody in (there.grace, there.tutor):
        with refused(NotFound):
            given(database, there, nobody)
    assert every_row(database) == before


# ------------------------------------------------------------------------- repeated, or too late


@pytest.mark.parametrize("action", ACTIONS)
def test_again_by_the_same_coordinator_it_is_the_same(database: OpenDatabase, action: str) -> None:
    there, nurul = soon(database), a_tutor(database)

    def act(now: datetime) -> Any:
        if action == "move":
            return moved(database, there, now=now)
        return given(database, there, nurul, now=now)

    first = act(NOW)
    before = every_row(database)
    again = act(LATER)

    assert (first.repeated, again.repeated, again.at) == (False, True, NOW)
    assert every_row(database) == before


def test_who_comes_second_is_told_who_moved_it(database: OpenDatabase) -> None:
    there, farah = soon(database), colleague(database)
    moved(database, there)
    before = every_row(database)

    for to in (NEW_START, NEW_START + timedelta(days=1)):
        with refused(ActedFirst, actor_id=there.coordinator.id, action=Action.MOVE):
            moved(database, there, to, who=farah, now=LATER)
    assert every_row(database) == before


def test_who_had_the_old_time_before_them_is_told_that_the_tutor_accepted_another(
    database: OpenDatabase,
) -> None:
    there = soon(database)
    open_thread(database, there)
    with database.reading() as session:
        proposal = session.exec(select(RescheduleProposal)).one()
    carry_out(database, accept, proposal.id, acting(there.tutor), zone=ZONE)

    with refused(ActedFirst, actor_id=there.tutor.id, action=Action.ACCEPT):
        moved(database, there, now=LATER)


def test_who_comes_second_is_told_who_gave_it_away(database: OpenDatabase) -> None:
    there, farah = soon(database), colleague(database)
    nurul, siti = a_tutor(database), a_tutor(database, name="Siti Aminah")
    given(database, there, nurul)
    before = every_row(database)

    for to in (nurul, siti):
        with refused(ActedFirst, actor_id=there.coordinator.id):
            given(database, there, to, who=farah, now=LATER)
    assert every_row(database) == before


async def test_of_two_sessions_given_at_once_to_one_tutor_one_is(database: OpenDatabase) -> None:
    there, nurul = soon(database), a_tutor(database)
    other = replace(soon(database), coordinator=there.coordinator)

    results = await asyncio.gather(
        asyncio.to_thread(given, database, there, nurul),
        asyncio.to_thread(given, database, other, nurul),
        return_exceptions=True,
    )

    (late,) = [one for one in results if isinstance(one, Refusal)]
    assert isinstance(late, TutorTaken)
    assert len(outbox_rows(database, MessageKind.SESSION_REASSIGNED)) == 1


async def test_of_two_coordinators_who_move_it_at_once_one_does(database: OpenDatabase) -> None:
    there, farah = soon(database), colleague(database)

    results = await asyncio.gather(
        asyncio.to_thread(moved, database, there),
        asyncio.to_thread(moved, database, there, NEW_START + timedelta(days=1), who=farah),
        return_exceptions=True,
    )

    (late,) = [one for one in results if isinstance(one, Refusal)]
    assert isinstance(late, ActedFirst)
    assert len(trail(database, there.id)) == 1


@pytest.mark.parametrize("action", ["move", "give", "cancel"])
async def test_of_a_check_in_and_a_change_at_once_one_happens(
    database: OpenDatabase, action: str
) -> None:
    there, nurul, now = soon(database), a_tutor(database), START - timedelta(minutes=5)
    changes: dict[str, Callable[[], Awaitable[Any]]] = {
        "move": lambda: asyncio.to_thread(moved, database, there, now=now),
        "give": lambda: asyncio.to_thread(given, database, there, nurul, now=now),
        "cancel": lambda: database.write(
            cancel_for, there.id, acting(there.coordinator, now), Role.TUTOR, WHY, None
        ),
    }

    results = await asyncio.gather(
        database.write(check_in, there.id, acting(there.tutor, now), AGENCY),
        changes[action](),
        return_exceptions=True,
    )

    assert len([one for one in results if isinstance(one, Refusal)]) == 1
    assert len(trail(database, there.id)) == 1


async def test_of_an_acceptance_and_a_move_at_once_one_happens(database: OpenDatabase) -> None:
    there = soon(database)
    open_thread(database, there)
    with database.reading() as session:
        proposal = session.exec(select(RescheduleProposal)).one()

    results = await asyncio.gather(
        database.write(accept, proposal.id, acting(there.tutor), zone=ZONE),
        asyncio.to_thread(moved, database, there),
        return_exceptions=True,
    )

    (late,) = [one for one in results if isinstance(one, Refusal)]
    (event,) = trail(database, there.id)
    assert isinstance(late, ActedFirst)
    assert late.action is event.action
