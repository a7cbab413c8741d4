"""Late changes and asked replacements wait in the queue until they are dealt with (SPEC 6, 10)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import Person
from models.enums import Action, ChangeReason, Role, Status
from models.matters import Matter
from services.queries.queue import queue_page
from services.queries.queue_filter import QueueFilter
from services.queries.queue_rows import QueueRow, queue_rows
from services.queue.dealing import deal_with
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.refusals.standing import NotCoordinator
from services.sessions.attendance import check_in
from services.sessions.cancellations import cancel_for
from services.sessions.coordinator_actions import move, reassign
from services.sessions.late_changes import tell_coordinators
from services.sessions.replacements import Instead, ask_for_replacement, replace
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, refused, trail
from tests.services.scenes import Scene, carry_out, scene

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHY = "Agreed by telephone."


def soon(database: OpenDatabase, who: str = "grace") -> Scene:
    """A session in three hours, of which one side has told the coordinators."""
    there = scene(database, starts_at=NOW + 3 * HOUR)
    tell(database, there, who)
    return there


def tell(database: OpenDatabase, there: Scene, who: str) -> None:
    actor = acting(getattr(there, who))
    carry_out(
        database, tell_coordinators, there.id, actor, ChangeReason.OTHER, "The lift is broken."
    )


def lost(database: OpenDatabase) -> Scene:
    """A session that was lost yesterday, of which Grace would like another one."""
    there = scene(database, Status.NOT_COMPLETED, starts_at=NOW - DAY)
    carry_out(database, ask_for_replacement, there.id, acting(there.grace), NOW + DAY, zone=ZONE)
    return there


def queue(database: OpenDatabase, after: timedelta = timedelta(0)) -> list[QueueRow]:
    with database.unit_of_work() as session:
        items, _ = queue_page(session, QueueFilter(), AGENCY, NOW + after)
        return queue_rows(session, items, NOW + after)


def keys(database: OpenDatabase, after: timedelta = timedelta(0)) -> list[str]:
    return [row.item.key for row in queue(database, after)]


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


@pytest.mark.parametrize(("who", "side"), [("grace", Role.PARENT), ("tutor", Role.TUTOR)])
def test_a_late_change_waits_with_its_words_until_the_session_starts(
    database: OpenDatabase, who: str, side: Role
) -> None:
    there = soon(database, who)

    [row] = queue(database)
    assert (row.item.key, row.item.at) == (f"late_change-{there.id}", NOW + 3 * HOUR)
    assert row.change is not None
    assert (row.change.side, row.by, row.text) == (
        side,
        getattr(there, who).name,
        "The lift is broken.",
    )
    assert keys(database, 3 * HOUR - timedelta(seconds=1)) == [row.item.key]
    assert keys(database, 3 * HOUR) == []


def test_told_by_both_it_is_one_row_with_the_newest(database: OpenDatabase) -> None:
    there = soon(database, "tutor")
    tell(database, there, "daniel")

    [row] = queue(database)
    assert row.by == "Daniel Lim"


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_what_a_coordinator_does_deals_with_a_late_change(
    database: OpenDatabase, what: str
) -> None:
    there = soon(database)
    actor = acting(there.coordinator)
    if what == "move":
        at = there.session.starts_at
        carry_out(database, move, there.id, actor, at + HOUR / 2, WHY, seen=at, zone=ZONE)
    else:
        carry_out(database, cancel_for, there.id, actor, Role.PARENT, WHY, None)

    assert keys(database, HOUR) == []


@pytest.mark.parametrize(("who", "waiting"), [("tutor", 0), ("grace", 1)])
def test_a_tutor_who_checks_in_deals_with_what_they_told_themselves_only(
    database: OpenDatabase, who: str, waiting: int
) -> None:
    there, early = soon(database, who), 2 * HOUR + HOUR / 2
    carry_out(database, check_in, there.id, acting(there.tutor, NOW + early), AGENCY)

    assert len(keys(database, early)) == waiting
    assert keys(database, 3 * HOUR) == []


@pytest.mark.parametrize(("who", "waiting"), [("tutor", 0), ("grace", 1)])
def test_another_tutor_is_an_answer_to_what_the_tutor_told(
    database: OpenDatabase, who: str, waiting: int
) -> None:
    there = soon(database, who)
    with database.unit_of_work() as session:
        other = builders.tutor(session, name="Nurul Huda")
    carry_out(
        database, reassign, there.id, acting(there.coordinator), other.id, WHY,
        seen=there.tutor.id, zone=ZONE,
    )  # fmt: skip

    assert len(keys(database)) == waiting


def test_told_again_after_it_was_dealt_with_it_waits_again(database: OpenDatabase) -> None:
    there = soon(database)
    carry_out(database, deal_with, Matter.LATE_CHANGE, there.id, acting(there.coordinator))
    assert keys(database) == []

    carry_out(
        database, tell_coordinators, there.id, acting(there.grace), ChangeReason.CHILD_UNWELL, None
    )

    assert keys(database) == [f"late_change-{there.id}"]


def test_an_asked_replacement_waits_with_its_time_until_it_is_booked(
    database: OpenDatabase,
) -> None:
    there = lost(database)

    [row] = queue(database, 90 * DAY)
    assert row.item.key == f"replacement-{there.id}"
    assert row.wanted is not None
    assert (row.wanted.who, row.wanted.wished) == ("Grace Lim", NOW + DAY)
    actor = acting(there.coordinator)
    carry_out(database, replace, there.id, actor, Instead(NOW + DAY), WHY, zone=ZONE)
    assert keys(database) == []


@pytest.mark.parametrize(
    ("matter", "made"), [(Matter.LATE_CHANGE, soon), (Matter.REPLACEMENT, lost)]
)
def test_dealt_with_once_and_who_comes_second_is_told_who_did(
    database: OpenDatabase, matter: Matter, made: Callable[[OpenDatabase], Scene]
) -> None:
    there = made(database)
    other = colleague(database)
    carry_out(database, deal_with, matter, there.id, acting(there.coordinator))
    assert keys(database) == []
    event = trail(database, there.id)[-1]
    assert (event.action, event.role) == (Action.DEAL_WITH, Role.COORDINATOR)
    before = every_row(database)

    carry_out(database, deal_with, matter, there.id, acting(there.coordinator))
    with refused(ActedFirst, actor_id=there.coordinator.id, action=Action.DEAL_WITH):
        carry_out(database, deal_with, matter, there.id, acting(other))

    assert every_row(database) == before


def test_nothing_is_dealt_with_that_nobody_asked_and_only_by_coordinators(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW + 3 * HOUR)
    for matter in (Matter.LATE_CHANGE, Matter.REPLACEMENT):
        with refused(NotFound):
            carry_out(database, deal_with, matter, there.id, acting(there.coordinator))
        with refused(NotCoordinator):
            carry_out(database, deal_with, matter, there.id, acting(there.tutor))
