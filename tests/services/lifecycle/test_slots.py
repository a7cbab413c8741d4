"""Whether tutor and student are free; siblings taught together do not clash (SPEC 6)."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from models import Appointment, Student
from models.enums import Role, Status
from services.lifecycle.slots import require_free
from services.reschedules.negotiation import accept
from services.rules.refusals import Refusal
from services.rules.refusals.requests import SlotTaken
from tests import builders
from tests.builders import ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, refused
from tests.services.reschedules.test_reschedules import NEW_START, START, proposed, tomorrow
from tests.services.scenes import Scene, another_session, carry_out

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
FROM, UNTIL = START + 5 * HOUR, START + 6 * HOUR
"""The slot that is asked for."""


def free(
    database: OpenDatabase,
    there: Scene,
    *,
    student: Student | None = None,
    besides: int | None = None,
) -> None:
    carry_out(
        database,
        require_free,
        tutor_id=there.tutor.id,
        student_id=(student or there.student).id,
        starts_at=FROM,
        ends_at=UNTIL,
        besides=besides,
    )


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "clashes"),
    [
        (FROM - HOUR, FROM, False),
        (FROM - HOUR, FROM + SECOND, True),
        (FROM, UNTIL, True),
        (FROM + SECOND, UNTIL - SECOND, True),
        (FROM - HOUR, UNTIL + HOUR, True),
        (UNTIL - SECOND, UNTIL + HOUR, True),
        (UNTIL, UNTIL + HOUR, False),
    ],
)
def test_slots_that_only_touch_do_not_clash(
    database: OpenDatabase, starts_at: datetime, ends_at: datetime, clashes: bool
) -> None:
    there = tomorrow(database)
    another_session(database, there, starts_at=starts_at, ends_at=ends_at)

    if clashes:
        with refused(SlotTaken, starts_at=starts_at, ends_at=ends_at):
            free(database, there)
    else:
        free(database, there)


@pytest.mark.parametrize("status", Status)
def test_only_live_sessions_take_a_slot(database: OpenDatabase, status: Status) -> None:
    there = tomorrow(database)
    another_session(database, there, starts_at=FROM, status=status)

    if status in (Status.SCHEDULED, Status.CHECKED_IN):
        with refused(SlotTaken):
            free(database, there)
    else:
        free(database, there)


def test_it_says_whose_other_session_it_is(database: OpenDatabase) -> None:
    there = tomorrow(database)
    with database.unit_of_work() as session:
        stranger = builders.student(session, name="Ben Ong")
        tutor = builders.tutor(session, name="Nurul Huda")
    others = another_session(database, there, student=stranger, starts_at=FROM)
    with refused(SlotTaken, whose=Role.TUTOR):
        free(database, there)
    free(database, there, besides=others.id)

    another_session(database, there, tutor=tutor, starts_at=UNTIL - SECOND)
    with refused(SlotTaken, whose=Role.PARENT):
        free(database, there, besides=others.id)


@pytest.mark.parametrize(
    ("is_sibling", "later", "longer", "clashes"),
    [
        (True, 0, 0, False),
        (True, 1, 0, True),
        (True, 0, 1, True),
        (False, 0, 0, True),
    ],
)
def test_siblings_do_not_clash_at_exactly_the_same_times(
    database: OpenDatabase, is_sibling: bool, later: int, longer: int, clashes: bool
) -> None:
    there = tomorrow(database)
    with database.unit_of_work() as session:
        ben = builders.student(
            session, [there.daniel] if is_sibling else [there.coordinator], name="Ben Lim"
        )
    times = {
        "starts_at": FROM + later * SECOND,
        "ends_at": UNTIL + (later + longer) * SECOND,
    }
    another_session(database, there, student=ben, **times)

    if clashes:
        with refused(SlotTaken, whose=Role.TUTOR):
            free(database, there)
    else:
        free(database, there)


def test_a_child_is_not_its_own_sibling(database: OpenDatabase) -> None:
    there = tomorrow(database)
    another_session(database, there, starts_at=FROM, ends_at=UNTIL)

    with refused(SlotTaken):
        free(database, there)


def test_siblings_are_moved_together_one_after_the_other(database: OpenDatabase) -> None:
    emily = tomorrow(database)
    with database.unit_of_work() as session:
        child = builders.student(session, [emily.grace], name="Ben Lim")
    ben = another_session(database, emily, student=child, starts_at=START)

    for there in (emily, ben):
        version = proposed(database, there, emily.grace)
        carry_out(database, accept, version, acting(emily.tutor), zone=ZONE)

    moved = [as_it_stands(database, there.id) for there in (emily, ben)]
    assert [row.starts_at for row in moved] == [NEW_START, NEW_START]


async def test_of_two_sessions_moved_at_once_to_one_slot_one_gets_it(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    with database.unit_of_work() as session:
        child = builders.student(session, [there.coordinator], name="Ben Ong")
    other = another_session(database, there, student=child, starts_at=START + 3 * HOUR)
    versions = [proposed(database, one, there.tutor) for one in (there, other)]
    parents = (there.grace, there.coordinator)

    outcomes = await asyncio.gather(
        *(
            attempt(database.write(accept, version, acting(parent), zone=ZONE))
            for version, parent in zip(versions, parents, strict=True)
        )
    )

    assert sorted(outcomes) == ["SlotTaken", "accepted"]
    rows: list[Appointment] = [as_it_stands(database, one.id) for one in (there, other)]
    assert [row.starts_at == NEW_START for row in rows].count(True) == 1


async def attempt(action: Awaitable[object]) -> str:
    try:
        await action
    except Refusal as refusal:
        return type(refusal).__name__
    return "accepted"
