"""A coordinator cancels on a side's behalf, and waives a penalty (SPEC 2, 3, 6)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import Cancellation, Person, RescheduleThread
from models.enums import Action, ChangeReason, MessageKind, Role, Status, ThreadStatus
from services.rules.penalties import Guidance
from services.rules.refusals import Refusal
from services.rules.refusals.requests import RequestExpired
from services.rules.refusals.sessions import ActedFirst, NoPenalty, WrongStatus
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.sessions.cancellations import cancel, cancel_for
from services.sessions.waivers import require_waivable, waive_penalty
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, open_thread, scene

START = NOW + timedelta(hours=2)
WHY = "The tutor telephoned."
SHOWN = Guidance("One strike", "Three in a term are discussed.")
LATER = NOW + timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def cancelled_for(
    database: OpenDatabase,
    there: Scene,
    side: Role = Role.TUTOR,
    *,
    who: Person | None = None,
    now: datetime = NOW,
    why: str = WHY,
    shown: Guidance | None = SHOWN,
) -> Any:
    actor = acting(who or there.coordinator, now)
    return carry_out(database, cancel_for, there.id, actor, side, why, shown)


def kept(database: OpenDatabase) -> Cancellation:
    with database.reading() as session:
        return session.exec(select(Cancellation)).one()


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


@pytest.mark.parametrize(
    ("side", "action", "status"),
    [
        (Role.TUTOR, Action.CANCEL_FOR_TUTOR, Status.CANCELLED_BY_TUTOR),
        (Role.PARENT, Action.CANCEL_FOR_PARENT, Status.CANCELLED_BY_PARENT),
    ],
)
def test_a_coordinator_cancels_for_a_side(
    database: OpenDatabase, side: Role, action: Action, status: Status
) -> None:
    there = scene(database, starts_at=START)

    cancelled_for(database, there, side, why=f" {WHY} ")

    assert as_it_stands(database, there.id).status is status
    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.reason) == (action, Role.COORDINATOR, WHY)
    row = kept(database)
    assert (row.side, row.cancelled_by_id, row.at) == (side, there.coordinator.id, NOW)
    assert (row.reason, row.text) == (ChangeReason.OTHER, WHY)
    assert (row.penalty, row.guidance) == (SHOWN.penalty, SHOWN.guidance)


@pytest.mark.parametrize(
    "now",
    [START - timedelta(hours=4), START - SECOND, START, START + timedelta(days=3)],
    ids=["at four hours", "a second before", "at the start", "days after a missed check-in"],
)
def test_they_know_no_lockout(database: OpenDatabase, now: datetime) -> None:
    there = scene(database, starts_at=START)

    cancelled_for(database, there, now=now)

    assert as_it_stands(database, there.id).status is Status.CANCELLED_BY_TUTOR


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
def test_only_a_scheduled_session_is_cancelled_for_a_side(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)
    before = every_row(database)

    with refused(WrongStatus, status=status):
        cancelled_for(database, there)
    assert every_row(database) == before


def test_only_coordinators_cancel_for_a_side_or_waive(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)
    before = every_row(database)

    for who in (there.tutor, there.grace):
        with refused(NotCoordinator):
            cancelled_for(database, there, who=who)
        with refused(NotCoordinator):
            carry_out(database, waive_penalty, there.id, acting(who), WHY)
    assert every_row(database) == before


@pytest.mark.parametrize(
    ("why", "kind"),
    [(" \n", ReasonRequired), ("x" * 1001, TextTooLong)],
)
def test_the_reason_is_required(database: OpenDatabase, why: str, kind: type[Refusal]) -> None:
    there = scene(database, starts_at=START)
    before = every_row(database)

    with refused(kind):
        cancelled_for(database, there, why=why)
    assert every_row(database) == before


def test_both_sides_get_a_new_card_and_the_group_hears_nothing(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)

    cancelled_for(database, there)

    told = recipients(database, MessageKind.SESSION_CANCELLED)
    assert told == [there.tutor.id, there.grace.id, there.daniel.id]


def test_an_open_request_ends_with_it_until_its_start_and_not_from_then_on(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=START)
    open_thread(database, there)
    before = every_row(database)

    for now in (START, START + SECOND):
        with refused(RequestExpired, starts_at=START):
            cancelled_for(database, there, now=now)
    assert every_row(database) == before

    cancelled_for(database, there, now=START - SECOND)
    with database.reading() as session:
        thread = session.exec(select(RescheduleThread)).one()
    assert (thread.status, thread.closed_at) == (ThreadStatus.CLOSED, START - SECOND)


def test_again_by_the_same_coordinator_it_is_the_same_and_by_another_refused(
    database: OpenDatabase,
) -> None:
    there, farah = scene(database, starts_at=START), colleague(database)
    cancelled_for(database, there)
    before = every_row(database)

    outcome = cancelled_for(database, there, now=LATER, why="Again.")
    assert (outcome.repeated, outcome.at) == (True, NOW)
    first = {"actor_id": there.coordinator.id, "action": Action.CANCEL_FOR_TUTOR, "at": NOW}
    with refused(ActedFirst, **first):
        cancelled_for(database, there, who=farah, now=LATER)
    with refused(ActedFirst, **first):
        cancelled_for(database, there, Role.PARENT, now=LATER)
    assert every_row(database) == before


def test_a_coordinator_who_is_a_parent_too_gets_no_message_of_their_own_action(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=START)
    with database.unit_of_work() as session:
        child = builders.student(session, [there.grace, there.coordinator])
        row = builders.appointment(session, tutor=there.tutor, student=child, starts_at=START)

    carry_out(database, cancel_for, row.id, acting(there.coordinator), Role.PARENT, WHY, None)

    told = recipients(database, MessageKind.SESSION_CANCELLED)
    assert told == [there.tutor.id, there.grace.id]


# ---------------------------------------------------------------------------------- the waiver


def cancelled_by_grace(database: OpenDatabase, shown: Guidance | None = SHOWN) -> Scene:
    there = scene(database, starts_at=NOW + timedelta(hours=5))
    reason = ChangeReason.FAMILY_MATTER
    carry_out(database, cancel, there.id, acting(there.grace), reason, None, shown)
    return there


def test_a_penalty_is_waived_with_a_reason(database: OpenDatabase) -> None:
    there = cancelled_by_grace(database)

    carry_out(database, waive_penalty, there.id, acting(there.coordinator, LATER), f" {WHY} ")

    row = kept(database)
    assert (row.waived_at, row.waived_by_id) == (LATER, there.coordinator.id)
    assert row.waiver_reason == WHY
    assert row.penalty == SHOWN.penalty
    event = trail(database, there.id)[-1]
    assert (event.action, event.role, event.reason) == (
        Action.WAIVE_PENALTY,
        Role.COORDINATOR,
        WHY,
    )
    assert (event.from_status, event.to_status) == (None, None)
    assert event.details == {"penalty": SHOWN.penalty}


@pytest.mark.parametrize("side", [Role.TUTOR, Role.PARENT])
def test_the_side_whose_penalty_it_was_gets_a_new_card(database: OpenDatabase, side: Role) -> None:
    there = scene(database, starts_at=START)
    cancelled_for(database, there, side)

    carry_out(database, waive_penalty, there.id, acting(there.coordinator, LATER), WHY)

    told = recipients(database, MessageKind.APPOINTMENT_CARD)
    parents = [there.grace.id, there.daniel.id]
    assert told == ([there.tutor.id] if side is Role.TUTOR else parents)


def test_without_a_penalty_there_is_none_to_waive(database: OpenDatabase) -> None:
    still_on = scene(database, starts_at=START)
    free = cancelled_by_grace(database, None)
    before = every_row(database)

    for there in (still_on, free):
        with refused(NoPenalty):
            carry_out(database, waive_penalty, there.id, acting(there.coordinator), WHY)
        with refused(NoPenalty):
            carry_out(database, require_waivable, there.id, acting(there.coordinator))
    assert every_row(database) == before


def test_a_waiver_needs_a_reason(database: OpenDatabase) -> None:
    there = cancelled_by_grace(database)
    before = every_row(database)

    with refused(ReasonRequired):
        carry_out(database, waive_penalty, there.id, acting(there.coordinator), " ")
    assert every_row(database) == before


def test_it_is_waived_once(database: OpenDatabase) -> None:
    there, farah = cancelled_by_grace(database), colleague(database)
    carry_out(database, waive_penalty, there.id, acting(there.coordinator), WHY)
    before = every_row(database)

    again = carry_out(database, waive_penalty, there.id, acting(there.coordinator, LATER), "Twice.")
    assert (again.repeated, again.at) == (True, NOW)
    first = {"actor_id": there.coordinator.id, "action": Action.WAIVE_PENALTY, "at": NOW}
    with refused(ActedFirst, **first):
        carry_out(database, waive_penalty, there.id, acting(farah, LATER), WHY)
    for who in (there.coordinator, farah):
        with refused(ActedFirst, **first):
            carry_out(database, require_waivable, there.id, acting(who, LATER))
    assert every_row(database) == before
