"""A tutor's digest in the morning, and a family's list the evening before (SPEC 8)."""

import asyncio
from datetime import UTC, datetime

import pytest

from models.enums import MessageKind, Role, Status, ThreadStatus
from services.notifications.reminders.days import announce_tomorrow, send_digests
from services.sessions.attendance import correct_attendance
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import DAY, HOUR, SECOND, change, request, swept
from tests.services.proofs import every_row, outbox_rows, recipients
from tests.services.scenes import Scene, another_session, scene

DIGEST, TOMORROW = MessageKind.TUTOR_DIGEST, MessageKind.DAY_BEFORE


def local(*parts: int) -> datetime:
    return datetime(2026, 11, *parts, tzinfo=ZONE).astimezone(UTC)  # type: ignore[arg-type, misc]


SEVEN, NOON = local(25, 7), local(25, 12)
"""Of the Wednesday at whose 15:00 the session starts."""
SIX, TEN = local(24, 18), local(24, 22)
"""In the evening before."""


def note(database: OpenDatabase, there: Scene) -> None:
    with database.unit_of_work() as session:
        builders.note_part(session, there.session)


def test_a_tutor_with_a_session_today_gets_one_digest_from_seven_on(
    database: OpenDatabase,
) -> None:
    there = scene(database)

    swept(database, send_digests, SEVEN - SECOND)
    assert recipients(database, DIGEST) == []
    swept(database, send_digests, SEVEN)
    once = every_row(database)
    swept(database, send_digests, SEVEN, SEVEN + SECOND, NOON - SECOND)

    (row,) = outbox_rows(database, DIGEST)
    assert (row.person_id, row.payload) == (there.tutor.id, {"day": "2026-11-25"})
    assert (row.due_at, row.expires_at) == (SEVEN, NOON)
    assert every_row(database) == once


def test_the_next_day_has_a_digest_of_its_own(database: OpenDatabase) -> None:
    there = scene(database)
    another_session(database, there, starts_at=NOW + DAY)

    swept(database, send_digests, SEVEN, SEVEN + DAY)

    rows = outbox_rows(database, DIGEST)
    assert [row.payload["day"] for row in rows] == ["2026-11-25", "2026-11-26"]


@pytest.mark.parametrize(
    ("at", "sent"), [(NOON - SECOND, 1), (NOON, 0), (NOON + SECOND, 0), (local(25, 23), 0)]
)
def test_after_a_night_without_the_bot_it_comes_before_noon_or_not_at_all(
    database: OpenDatabase, at: datetime, sent: int
) -> None:
    scene(database)

    swept(database, send_digests, at)

    assert len(outbox_rows(database, DIGEST)) == sent


@pytest.mark.parametrize(
    "over",
    [
        {"status": Status.CANCELLED_BY_PARENT, "starts_at": NOW},
        {"status": Status.NOT_COMPLETED, "starts_at": NOW},
        {"starts_at": local(26, 0)},
        {"starts_at": local(24, 23, 59)},
        {"created_at": SEVEN + SECOND},
    ],
    ids=["cancelled", "not completed", "tomorrow", "yesterday", "booked after seven"],
)
def test_nothing_is_sent_to_a_tutor_who_has_nothing(
    database: OpenDatabase, over: dict[str, object]
) -> None:
    scene(database, **over)  # type: ignore[arg-type]  # columns

    swept(database, send_digests, SEVEN, NOON - SECOND)

    assert recipients(database, DIGEST) == []


@pytest.mark.parametrize("starts_at", [local(25, 0), local(25, 23, 59)])
def test_the_day_is_the_agencys(database: OpenDatabase, starts_at: datetime) -> None:
    there = scene(database, starts_at=starts_at)

    swept(database, send_digests, SEVEN)

    assert recipients(database, DIGEST) == [there.tutor.id]


def test_missing_notes_alone_make_a_digest_until_there_are_some_or_two_weeks_are_over(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.APPROVED, starts_at=local(24, 9), checked_out_at=local(24, 10))
    swept(database, send_digests, SEVEN)
    note(database, there)
    swept(database, send_digests, SEVEN + DAY)

    assert [row.payload["day"] for row in outbox_rows(database, DIGEST)] == ["2026-11-25"]


def test_notes_missing_of_a_session_two_weeks_ago_are_let_go(database: OpenDatabase) -> None:
    scene(database, Status.APPROVED, starts_at=SEVEN - 14 * DAY)

    swept(database, send_digests, SEVEN)

    assert recipients(database, DIGEST) == []


def test_a_check_out_after_seven_makes_no_late_digest(database: OpenDatabase) -> None:
    scene(
        database,
        Status.AWAITING_APPROVAL_PARENT,
        starts_at=SEVEN - HOUR,
        checked_out_at=SEVEN + SECOND,
    )

    swept(database, send_digests, SEVEN + HOUR)

    assert recipients(database, DIGEST) == []


@pytest.mark.parametrize(("at", "sent"), [(SEVEN, 1), (SEVEN + SECOND, 0)])
def test_times_entered_after_seven_make_no_late_digest(
    database: OpenDatabase, at: datetime, sent: int
) -> None:
    there = scene(database, starts_at=local(24, 9))
    with database.unit_of_work() as session:
        priya = builders.person(session, name="Priya Nair", is_coordinator=True)
        times = (local(24, 9), local(24, 10))
        correct_attendance(session, there.id, acting(priya, at), *times, "He forgot.")

    swept(database, send_digests, SEVEN + HOUR)

    assert len(outbox_rows(database, DIGEST)) == sent


@pytest.mark.parametrize(
    ("over", "sent"),
    [
        ({}, True),
        ({"proposed_at": SEVEN}, True),
        ({"proposed_at": SEVEN + SECOND}, False),
        ({"side": Role.TUTOR}, False),
        ({"status": ThreadStatus.WITHDRAWN}, False),
    ],
    ids=["waits", "came at seven", "came later", "their own", "withdrawn"],
)
def test_a_request_that_waits_for_the_tutor_makes_a_digest(
    database: OpenDatabase, over: dict[str, object], sent: bool
) -> None:
    there = scene(database, starts_at=NOW + 2 * DAY)
    request(database, there, **({"proposed_at": SEVEN - DAY} | over))  # type: ignore[arg-type]

    swept(database, send_digests, SEVEN, SEVEN + HOUR)

    assert recipients(database, DIGEST) == ([there.tutor.id] if sent else [])


async def test_two_sweeps_at_once_make_one_digest_a_tutor(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        other = builders.tutor(session)
        builders.tutor(session, name="No Account", telegram_user_id=None, started_at=None)
    another_session(database, there, tutor=other)

    await asyncio.gather(*(database.write(send_digests, AGENCY, SEVEN) for _ in range(3)))

    assert sorted(filter(None, recipients(database, DIGEST))) == [there.tutor.id, other.id]


def test_each_parent_gets_one_list_of_tomorrow_from_six_on(database: OpenDatabase) -> None:
    there = scene(database)
    another_session(database, there, starts_at=NOW + HOUR)

    swept(database, announce_tomorrow, SIX - SECOND)
    assert recipients(database, TOMORROW) == []
    swept(database, announce_tomorrow, SIX)
    another_session(database, there, starts_at=NOW + 3 * HOUR)
    swept(database, announce_tomorrow, SIX + SECOND, TEN - SECOND, TEN)

    rows = outbox_rows(database, TOMORROW)
    assert [row.person_id for row in rows] == [there.grace.id, there.daniel.id]
    assert all(row.payload == {"day": "2026-11-25"} for row in rows)
    assert all((row.due_at, row.expires_at) == (SIX, TEN) for row in rows)


@pytest.mark.parametrize(("at", "sent"), [(TEN - SECOND, 2), (TEN, 0), (local(25, 0), 0)])
def test_after_an_evening_without_the_bot_it_comes_before_ten_or_not_at_all(
    database: OpenDatabase, at: datetime, sent: int
) -> None:
    scene(database)

    swept(database, announce_tomorrow, at)

    assert len(outbox_rows(database, TOMORROW)) == sent


@pytest.mark.parametrize(
    ("starts_at", "sent"),
    [
        (local(25, 0) - SECOND, False),
        (local(25, 0), True),
        (local(26, 0) - SECOND, True),
        (local(26, 0), False),
    ],
)
def test_tomorrow_is_the_agencys(database: OpenDatabase, starts_at: datetime, sent: bool) -> None:
    scene(database, starts_at=starts_at)

    swept(database, announce_tomorrow, SIX)

    assert bool(recipients(database, TOMORROW)) is sent


def test_a_session_that_does_not_take_place_is_not_announced(database: OpenDatabase) -> None:
    there = scene(database)
    change(database, there.id, status=Status.CANCELLED_BY_TUTOR)

    swept(database, announce_tomorrow, SIX)

    assert recipients(database, TOMORROW) == []


def test_neither_parents_without_an_account_nor_who_teach_the_child_are_told(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        unlinked = builders.parent(session, telegram_user_id=None, started_at=None)
        child = builders.student(session, [unlinked, there.tutor])
    another_session(database, there, student=child)
    change(database, there.id, status=Status.CANCELLED_BY_TUTOR)

    swept(database, announce_tomorrow, SIX)

    assert recipients(database, TOMORROW) == []


async def test_two_sweeps_at_once_make_one_list_a_parent(database: OpenDatabase) -> None:
    there = scene(database)

    await asyncio.gather(*(database.write(announce_tomorrow, AGENCY, SIX) for _ in range(3)))

    assert recipients(database, TOMORROW) == [there.grace.id, there.daniel.id]
