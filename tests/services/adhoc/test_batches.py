"""A tutor logs several extra sessions in one go (SPEC 2, 7)."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import Appointment, Guardianship, Match
from models.enums import (
    Action,
    Channel,
    Kind,
    MatchStatus,
    MessageKind,
    Origin,
    PriceUnit,
    Role,
    Status,
)
from services.adhoc.batches import check_batch, log_batch, logged_before
from services.approvals.approvals import acknowledge
from services.queries.adhoc import LocalDay, free_starts, taught_child, taught_children
from services.queries.sessions import session_detail
from services.rules.adhoc import AdhocLine, Fault, Trouble
from services.rules.attendance_flags import TimeSource
from services.rules.refusals.adhoc import BatchNotClear, BatchTooLong
from services.rules.refusals.sessions import StaleButton
from services.rules.refusals.standing import NotTutor
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, scene

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=1)


def lines(there: Scene, *days_back: int) -> list[AdhocLine]:
    """An hour and a half of the child, so many days ago each."""
    return [
        AdhocLine(there.student.id, NOW - days * DAY, 90, f"Chapter {days}") for days in days_back
    ]


def logged(database: OpenDatabase) -> list[Appointment]:
    with database.reading() as session:
        found = session.exec(
            select(Appointment)
            .where(Appointment.kind == Kind.ADHOC)
            .order_by(col(Appointment.starts_at), col(Appointment.student_id))
        )
        return list(found.all())


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.WEB])
def test_each_session_awaits_the_parents_as_after_a_check_out(
    database: OpenDatabase, channel: Channel
) -> None:
    there = scene(database)

    batch = carry_out(
        database, log_batch, acting(there.tutor, channel=channel), AGENCY, lines(there, 2, 4)
    )

    first, second = logged(database)
    assert [one.id for one in batch.appointments] == [first.id, second.id]
    assert (batch.at, batch.repeated) == (NOW, False)
    for row, days in ((first, 4), (second, 2)):
        start, end = NOW - days * DAY, NOW - days * DAY + timedelta(minutes=90)
        assert (row.starts_at, row.ends_at) == (start, end)
        assert (row.checked_in_at, row.checked_out_at) == (start, end)
        assert (row.tutor_id, row.student_id) == (there.tutor.id, there.student.id)
        assert (row.subject, row.billed_as_addon, row.created_at) == (f"Chapter {days}", 1, NOW)
        assert (row.status, row.origin) == (Status.AWAITING_APPROVAL_PARENT, Origin.NATIVE)
        (event,) = trail(database, row.id)
        assert (event.action, event.role, event.channel, event.actor_id) == (
            Action.LOG_ADHOC,
            Role.TUTOR,
            channel,
            there.tutor.id,
        )
        assert (event.from_status, event.to_status) == (None, row.status)
    asked = outbox_rows(database, MessageKind.ADHOC_LOGGED)
    assert recipients(database, MessageKind.APPOINTMENT_CARD) == []
    assert [(one.appointment_id, one.person_id) for one in asked] == [
        (row.id, parent.id) for row in (first, second) for parent in (there.grace, there.daniel)
    ]
    reminded = set(recipients(database, MessageKind.ACKNOWLEDGEMENT_DUE))
    assert reminded == {there.grace.id, there.daniel.id}


def test_a_single_one_is_asked_about_with_its_card(database: OpenDatabase) -> None:
    there = scene(database)

    carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2))

    parents = [there.grace.id, there.daniel.id]
    assert recipients(database, MessageKind.APPOINTMENT_CARD) == parents
    assert recipients(database, MessageKind.ADHOC_LOGGED) == []


def test_a_parent_acknowledges_one_like_any_other(database: OpenDatabase) -> None:
    there = scene(database)
    batch = carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2))
    (row,) = batch.appointments

    outcome = carry_out(database, acknowledge, row.id, acting(there.grace, LATER))

    assert outcome.appointment.status is Status.APPROVED
    with database.reading() as session:
        detail = session_detail(session, row.id, there.coordinator)
    assert detail is not None
    assert detail.sources.checked_in is detail.sources.checked_out is TimeSource.LOGGED


def test_without_a_linked_parent_the_coordinators_are_told(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        for each in session.exec(select(Guardianship)).all():
            session.delete(each)

    carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2, 4))

    assert recipients(database, MessageKind.NO_PARENT_LINKED) == [None, None]


def test_with_one_line_in_trouble_nothing_is_saved(database: OpenDatabase) -> None:
    there = scene(database)
    before = every_row(database)
    good, old = lines(there, 2, 40)

    with refused(BatchNotClear, lines=(2, 4)):
        batch = [good, old, replace(good, starts_at=NOW - 3 * DAY), good]
        carry_out(database, log_batch, acting(there.tutor), AGENCY, batch)
    with refused(StaleButton):
        carry_out(database, log_batch, acting(there.tutor), AGENCY, [])
    with refused(BatchTooLong, limit=20):
        carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, *range(1, 22)))
    for who in (there.grace, there.coordinator):
        with refused(NotTutor):
            carry_out(database, log_batch, acting(who), AGENCY, [good])
        with refused(NotTutor):
            carry_out(database, check_batch, acting(who), AGENCY, [good])
    assert every_row(database) == before


def test_the_same_batch_again_is_the_one_that_there_is(database: OpenDatabase) -> None:
    there = scene(database)
    first = carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2, 4))
    before = every_row(database)

    again = carry_out(database, log_batch, acting(there.tutor, LATER), AGENCY, lines(there, 2, 4))
    known = carry_out(database, logged_before, acting(there.tutor), there.student.id, NOW - 2 * DAY)

    ids = [one.id for one in first.appointments]
    for batch in (again, known):
        assert batch is not None
        assert [one.id for one in batch.appointments] == ids
        assert (batch.at, batch.repeated) == (NOW, True)
    with refused(BatchNotClear, lines=(1,)):  # but not where there is something new beside it
        carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2, 3))
    nobody = (there.student.id, NOW - 9 * DAY)
    assert carry_out(database, logged_before, acting(there.tutor), *nobody) is None
    assert every_row(database) == before


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (Status.SCHEDULED, Fault.STUDENT_BUSY),
        (Status.CHECKED_IN, Fault.STUDENT_BUSY),
        (Status.AWAITING_APPROVAL_PARENT, Fault.STUDENT_BUSY),
        (Status.APPROVED, Fault.STUDENT_BUSY),
        (Status.DISPUTED, Fault.STUDENT_BUSY),
        (Status.CANCELLED_BY_TUTOR, None),
        (Status.CANCELLED_BY_PARENT, None),
        (Status.NOT_COMPLETED, None),
    ],
)
def test_what_was_called_off_takes_up_no_time(
    database: OpenDatabase, status: Status, fault: Fault | None
) -> None:
    there = scene(database, status, starts_at=NOW - 2 * DAY)

    found = carry_out(database, check_batch, acting(there.tutor), AGENCY, lines(there, 2))

    assert [one and one.fault for one in found] == [fault]


def test_siblings_are_taught_together_and_other_children_are_not(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        oliver = builders.student(session, [there.grace], name="Oliver Lim")
        ben = builders.student(session, name="Ben Ong")
        zoe = builders.student(session, name="Zoe Ong")
        for child in (oliver, ben):
            builders.appointment(session, tutor=there.tutor, student=child, starts_at=NOW + DAY)
    (line,) = lines(there, 2)
    batch = [line, *(replace(line, student_id=child.id) for child in (oliver, ben, zoe))]

    found = carry_out(database, check_batch, acting(there.tutor), AGENCY, batch)

    assert found == (
        None,
        None,
        Trouble(Fault.OVERLAPS_LINE, line=1),
        Trouble(Fault.STUDENT_UNKNOWN),
    )
    carry_out(database, log_batch, acting(there.tutor), AGENCY, batch[:2])
    assert [one.student_id for one in logged(database)] == [there.student.id, oliver.id]


async def test_of_two_that_come_at_once_one_logs(database: OpenDatabase) -> None:
    there = scene(database)

    def confirm() -> bool:
        batch = carry_out(database, log_batch, acting(there.tutor), AGENCY, lines(there, 2, 4))
        return batch.repeated

    results = await asyncio.gather(asyncio.to_thread(confirm), asyncio.to_thread(confirm))

    assert sorted(results) == [False, True]
    assert len(logged(database)) == 2


def test_children_of_a_tutor_with_what_is_usual(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        zoe = builders.student(session, name="Zoe Ong")

    with database.reading() as session:
        assert [one.id for one in taught_children(session, there.tutor.id)] == [there.student.id]
        found = taught_child(session, there.tutor.id, there.student.id)
        assert found is not None
        assert (found.student.id, found.subject, found.minutes) == (
            there.student.id,
            "Mathematics",
            90,
        )
        assert taught_child(session, there.tutor.id, zoe.id) is None


def test_hours_are_offered_that_are_over_and_were_free(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED, starts_at=NOW - timedelta(hours=3), minutes=60)

    with database.reading() as session:
        today = LocalDay(NOW.astimezone(ZONE).date(), ZONE)
        found = free_starts(session, there.tutor.id, there.student.id, today, AGENCY, NOW)

    assert [one.astimezone(ZONE).hour for one in found] == [7, 8, 9, 10, 11, 13, 14]


def agree(database: OpenDatabase, there: Scene, student_id: int, **over: Any) -> None:
    """A match of the tutor with a child."""
    values: dict[str, Any] = {
        "tutor_id": there.tutor.id,
        "student_id": student_id,
        "subject": "Mathematics",
        "starts_on": date(2026, 9, 1),
        "status": MatchStatus.ACCEPTED,
        "price": 6000,
        "pay": 4500,
        "price_unit": PriceUnit.HOUR,
        "created_at": NOW,
    }
    with database.unit_of_work() as session:
        session.add(Match(**(values | over)))


def test_price_and_pay_are_those_of_the_newest_priced_match(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        zoe = builders.student(session, name="Zoe Ong")
        ben = builders.student(session, name="Ben Ong")
    agree(database, there, there.student.id, price=100)
    agree(database, there, there.student.id, starts_on=date(2026, 10, 1))
    for unpriced in (
        {"status": MatchStatus.OFFERED},
        {"price": None, "pay": None, "price_unit": None},
    ):
        agree(database, there, there.student.id, starts_on=date(2026, 11, 1), **unpriced)
    agree(database, there, zoe.id, status=MatchStatus.ENDED, price_unit=PriceUnit.SESSION)
    agree(database, there, ben.id, status=MatchStatus.DECLINED)
    (line,) = lines(there, 2)
    of_zoe = replace(line, student_id=zoe.id, starts_at=NOW - 3 * DAY)

    carry_out(database, log_batch, acting(there.tutor), AGENCY, [line, of_zoe])

    assert [(one.price, one.pay, one.price_unit, one.match_id) for one in logged(database)] == [
        (6000, 4500, PriceUnit.SESSION, None),
        (6000, 4500, PriceUnit.HOUR, None),
    ]
    with refused(BatchNotClear):  # nobody has agreed that this tutor teaches Ben
        batch = [replace(line, student_id=ben.id, starts_at=NOW - 4 * DAY)]
        carry_out(database, log_batch, acting(there.tutor), AGENCY, batch)
