"""When a reminder falls due next, and what it is, for the sandbox's clock (SPEC 8, 11)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from models import Card, Person
from models.enums import Role, Status
from services.approvals.approvals import acknowledge
from services.due import Event, What, next_due, next_event
from services.notifications.missed import alert_missed
from services.sessions.attendance import check_out
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import DAY, HOUR, SECOND, request
from tests.services.scenes import another_session, carry_out, scene, with_cards


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
        (far_away, local(30, 7), local(30, 11)),
        (far_away, local(30, 11), local(30, 14, 30)),
        (asked_by_a_parent, NOW, local(26, 7)),
        (asked_by_a_parent, local(29, 18), local(29, 20, 30)),
        (asked_by_a_parent, local(30, 7), local(30, 11)),
        (asked_by_a_parent, local(30, 11), local(30, 14, 30)),
        (asked_by_the_tutor, NOW, local(25, 18)),
        (asked_by_the_tutor, local(25, 18), local(25, 20, 30)),
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
    assert due_after(database, local(27, 7)) is None  # they are asked for on two mornings


def event_after(database: OpenDatabase, now: datetime) -> Event | None:
    with database.reading() as session:
        return next_event(session, AGENCY, now)


@pytest.mark.parametrize(
    ("begin", "now", "at", "what", "children"),
    [
        (far_away, NOW, local(29, 18), What.TOMORROW, []),
        (far_away, local(29, 18), local(30, 7), What.DIGEST, []),
        (far_away, local(30, 7), local(30, 14, 30), What.CHECK_IN_OPENS, ["Emily"]),
        (far_away, local(30, 14, 30), local(30, 0) + DAY, What.ATTENDANCE_MISSED, ["Emily"]),
        (asked_by_a_parent, NOW, local(26, 7), What.DIGEST, []),
        (asked_by_a_parent, local(29, 18), local(29, 20, 30), What.ANSWER_REMINDER, []),
        (asked_by_a_parent, local(30, 7), local(30, 14, 30), What.EXPIRY_WARNING, ["Emily"]),
        (asked_by_a_parent, local(30, 14, 30), local(30, 15), What.REQUEST_EXPIRES, ["Emily"]),
        (without_notes, NOW, local(26, 7), What.DIGEST, []),
    ],
)
def test_the_next_event_says_what_somebody_will_see(
    database: OpenDatabase,
    begin: Callable[[OpenDatabase], None],
    now: datetime,
    at: datetime,
    what: What,
    children: list[str],
) -> None:
    begin(database)

    event = event_after(database, now)

    assert event is not None
    assert (event.at, event.what, list(event.children)) == (at, what, children)


def test_a_running_session_brings_the_reminder_and_the_open_window_before_is_no_event(
    database: OpenDatabase,
) -> None:
    scene(database, Status.CHECKED_IN)  # until NOW

    assert due_after(database, NOW - HOUR) == NOW - HOUR / 2
    assert event_after(database, NOW - HOUR) == Event(NOW, What.CHECK_OUT_REMINDER, ["Emily"])


def test_cards_that_are_written_anew_at_midnight_do_not_end_the_search(
    database: OpenDatabase,
) -> None:
    with_cards(database, scene(database, starts_at=local(30, 15)))
    with database.unit_of_work() as session:
        for card in session.exec(select(Card)).all():
            card.true_until = local(27, 0)

    assert due_after(database, local(26, 18)) == local(27, 0)
    assert event_after(database, local(26, 18)) == Event(local(29, 18), What.TOMORROW)


def test_children_of_the_same_instant_are_named_together(database: OpenDatabase) -> None:
    there = scene(database, starts_at=local(30, 15))
    with database.unit_of_work() as session:
        ryan = builders.student(session, [there.grace], name="Ryan Lim")
    another_session(database, there, starts_at=local(30, 15), student=ryan, tutor=there.tutor)

    event = event_after(database, local(30, 7))

    assert event is not None
    assert list(event.children) == ["Emily", "Ryan"]


def test_a_missed_session_that_was_alerted_already_is_no_event(database: OpenDatabase) -> None:
    scene(database, Status.CHECKED_IN)  # until NOW
    just_over = NOW + DAY + SECOND / 2
    assert due_after(database, just_over) == NOW + DAY + SECOND
    event = event_after(database, just_over)
    assert event == Event(NOW + DAY + SECOND, What.ATTENDANCE_MISSED, ["Emily"])

    carry_out(database, alert_missed, AGENCY, just_over)

    assert due_after(database, just_over) == NOW + DAY + SECOND
    later = event_after(database, just_over)
    assert later is None or later.what is not What.ATTENDANCE_MISSED


def test_what_is_told_to_somebody_out_of_reach_is_no_event(database: OpenDatabase) -> None:
    scene(database, starts_at=local(30, 15))
    with database.unit_of_work() as session:
        for person in session.exec(select(Person)).all():
            person.telegram_user_id = None

    assert due_after(database, local(30, 12)) == local(30, 14, 30)
    assert event_after(database, local(30, 12)) == Event(
        local(30, 0) + DAY, What.ATTENDANCE_MISSED, ["Emily"]
    )


def test_a_question_brings_reminders_to_acknowledge_until_it_is_answered(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    carry_out(database, check_out, there.id, acting(there.tutor))
    morning = local(26, 7)  # of the notes, which are missing

    assert event_after(database, morning) == Event(
        NOW + DAY, What.ACKNOWLEDGEMENT_REMINDER, ["Emily"]
    )
    overdue = event_after(database, local(28, 7))
    assert overdue == Event(local(28, 9), What.OVERDUE)

    carry_out(database, acknowledge, there.id, acting(there.grace, NOW + HOUR))

    assert event_after(database, morning) == Event(local(27, 7), What.DIGEST)
