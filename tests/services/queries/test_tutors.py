"""Who could take over a session (SPEC 2, 6)."""

from datetime import timedelta
from typing import Any

import pytest

from models import Holiday
from models.enums import Status
from services.queries.tutors import free_tutors
from tests import builders
from tests.builders import NOW, ZONE
from tests.open_database import OpenDatabase
from tests.services.scenes import another_session, scene

MINUTE = timedelta(minutes=1)
END = NOW + 90 * MINUTE


def free(database: OpenDatabase, over: dict[str, Any], *, siblings: bool = False) -> list[str]:
    """Who is free for a session at `NOW`, where Nurul has another one with `over`."""
    there = scene(database)
    with database.unit_of_work() as session:
        builders.tutor(session, name="Siti Aminah")
        nurul = builders.tutor(session, name="Nurul Huda")
        child = builders.student(session, [there.daniel] if siblings else [])
    another_session(database, there, tutor=nurul, student=child, **over)
    with database.reading() as session:
        return [one.name for one in free_tutors(session, there.session, ZONE)]


@pytest.mark.parametrize(
    ("over", "is_free"),
    [
        ({"starts_at": END}, True),
        ({"starts_at": END - MINUTE}, False),
        ({"starts_at": NOW - 60 * MINUTE, "minutes": 60}, True),
        ({"starts_at": NOW - 60 * MINUTE, "minutes": 61}, False),
        ({"starts_at": NOW, "status": Status.CHECKED_IN}, False),
        ({"starts_at": NOW, "status": Status.CANCELLED_BY_TUTOR}, True),
        ({"starts_at": NOW}, False),
    ],
)
def test_other_tutors_without_a_live_session_then_by_name(
    database: OpenDatabase, over: dict[str, Any], is_free: bool
) -> None:
    assert free(database, over) == [*(["Nurul Huda"] if is_free else []), "Siti Aminah"]


@pytest.mark.parametrize(("minutes", "is_free"), [(90, True), (89, False), (91, False)])
def test_who_teaches_a_sibling_at_exactly_that_time_is_free(
    database: OpenDatabase, minutes: int, is_free: bool
) -> None:
    found = free(database, {"starts_at": NOW, "minutes": minutes}, siblings=True)

    assert ("Nurul Huda" in found) is is_free


@pytest.mark.parametrize(
    ("status", "names"), [(Status.SCHEDULED, ["Arjun Rao"]), (Status.CANCELLED_BY_TUTOR, [])]
)
def test_on_a_holiday_a_session_can_be_handed_over_but_not_replaced(
    database: OpenDatabase, status: Status, names: list[str]
) -> None:
    there = scene(database, status)
    with database.unit_of_work() as session:
        builders.tutor(session, name="Arjun Rao")
        session.add(Holiday(date=NOW.astimezone(ZONE).date(), name="Office move"))

    with database.reading() as session:
        assert [one.name for one in free_tutors(session, there.session, ZONE)] == names
