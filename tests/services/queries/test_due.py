"""When a reminder falls due next, for the sandbox's clock (SPEC 8, 11)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models.enums import Role, Status
from services.approvals.approvals import acknowledge
from services.due import next_due
from services.sessions.attendance import check_out
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import DAY, HOUR, SECOND, request
from tests.services.scenes import carry_out, scene


def local(*parts: int) -> datetime:
    return datetime(2026, 11, *parts, tzinfo=ZONE).astimezone(UTC)  # type: ignore[arg-type, misc]


def due_after(database: OpenDatabase, now: datetime) -> datetime | None:
    with database.reading() as session:
        return next_due(session, AGENCY, now)


def far_away(database: OpenDatabase) -> None:
    scene(database, starts_at=local(30, 15))


def asked_by_a_parent(database: OpenDatabase) -> None:
    request(database, scene(database, starts_at=local(30, 15)), proposed_at=NOW)


def asked_by_the_tutor(database: OpenDatabase) -> None:
    there = scene(database, starts_at=local(26, 15))
    request(database, there, side=Role.TUTOR, proposed_at=NOW)


def without_notes(database: OpenDatabase) -> None:
    scene(database, Status.APPROVED)


@pytest.mark.parametrize(
    ("begin", "now", "due_at"),
    [
        (far_away, NOW, local(29, 18)),
        (far_away, local(29, 18), local(30, 7)),
        (far_away, local(30, 7), local(30, 14, 30)),
        (asked_by_a_parent, NOW, local(26, 7)),
        (asked_by_a_parent, local(29, 18), local(30, 3)),
        (asked_by_a_parent, local(30, 7), local(30, 14, 30)),
        (asked_by_the_tutor, NOW, local(25, 18)),
        (asked_by_the_tutor, local(25, 18), local(26, 3)),
        (without_notes, NOW, local(26, 7)),
        (without_notes, local(26, 6, 59), local(26, 7)),
        (without_notes, NOW + 14 * DAY, None),
    ],
)
def test_the_next_reminder_is_something_that_time_brings(
    database: OpenDatabase,
    begin: Callable[[OpenDatabase], None],
    now: datetime,
    due_at: datetime | None,
) -> None:
    begin(database)

    assert due_after(database, now) == due_at


def test_a_question_brings_reminders_and_the_coordinators_line_until_it_is_answered(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    carry_out(database, check_out, there.id, acting(there.tutor))
    morning = local(26, 7)  # of the notes, which are missing
    assert due_after(database, NOW) == morning
    assert due_after(database, morning) == NOW + DAY
    assert due_after(database, NOW + 2 * DAY - SECOND) == NOW + 2 * DAY
    assert due_after(database, local(28, 7)) == local(28, 9)

    carry_out(database, acknowledge, there.id, acting(there.grace, NOW + HOUR))

    assert due_after(database, morning) == local(27, 7)
    assert due_after(database, local(28, 7)) == local(29, 7)
