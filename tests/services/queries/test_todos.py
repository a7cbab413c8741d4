"""Sessions without notes that a tutor is asked for (SPEC 9)."""

from datetime import timedelta

import pytest

from models.enums import Status
from services.queries.todos import NOTES_OWED, without_notes
from services.rules.windows import CHECK_IN_LEAD
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import another_session, scene

A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("starts", "is_asked"),
    [
        (-NOTES_OWED, False),
        (-NOTES_OWED + A_MINUTE, True),
        (-A_MINUTE, True),
        (CHECK_IN_LEAD, True),
        (CHECK_IN_LEAD + A_MINUTE, False),
    ],
)
def test_notes_are_asked_for_from_the_first_check_in_until_two_weeks_after(
    database: OpenDatabase, starts: timedelta, is_asked: bool
) -> None:
    there = scene(database)
    one = another_session(database, there, status=Status.APPROVED, starts_at=NOW + starts)

    with database.reading() as session:
        found = [view.id for view in without_notes(session, there.tutor, NOW)]

    assert found == ([one.id] if is_asked else [])
