"""A coordinator schedules one more session (SPEC 2)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import Appointment, Holiday, Match, TutorLeave
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
from services.rules.refusals import Refusal
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.requests import SlotPassed, SlotTaken
from services.rules.refusals.sessions import ActedFirst, LengthNotPossible, NotFound, StaleButton
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import TextTooLong
from services.sessions.cancellations import cancel_for
from services.sessions.scheduling import (
    Wanted,
    require_schedulable,
    schedule,
    scheduled_before,
)
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene

START = NOW + timedelta(days=3)
LATER = NOW + timedelta(minutes=1)


def wanted(there: Scene, **over: Any) -> Wanted:
    """Another hour and a half of the same tutor and child, in three days."""
    usual = Wanted(there.tutor.id, there.student.id, "Physics", START, 90)
    return replace(usual, **over)


def sessions(database: OpenDatabase) -> list[Appointment]:
    with database.reading() as session:
        return list(session.exec(select(Appointment).order_by(col(Appointment.id))).all())


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.TRIAL])
@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.WEB])
def test_a_session_is_scheduled_and_tutor_and_parents_are_told(
    database: OpenDatabase, kind: Kind, channel: Channel
) -> None:
    there = scene(database)

    actor = acting(there.coordinator, channel=channel)
    outcome = carry_out(database, schedule, actor, wanted(there, kind=kind, minutes=45), AGENCY)

    _, new = sessions(database)
    assert (outcome.appointment.id, outcome.repeated) == (new.id, False)
    assert (new.tutor_id, new.student_id, new.subject) == (
        there.tutor.id,
        there.student.id,
        "Physics",
    )
    assert (new.starts_at, new.ends_at) == (START, START + timedelta(minutes=45))
    assert (new.status, new.kind, new.origin) == (Status.SCHEDULED, kind, Origin.NATIVE)
    assert (new.created_at, new.billed_as_addon, new.replaces_id) == (NOW, 0, None)
    (event,) = trail(database, new.id)
    assert (event.action, event.role, event.channel) == (
        Action.SCHEDULE,
        Role.COORDINATOR,
        channel,
    )
    assert (event.from_status, event.to_status, event.actor_id) == (
        None,
        Status.SCHEDULED,
        there.coordinator.id,
    )
    told = outbox_rows(database, MessageKind.SESSION_SCHEDULED)
    assert {row.appointment_id for row in told} == {new.id}
    assert [row.person_id for row in told] == [there.tutor.id, there.grace.id, there.daniel.id]


def test_a_second_tap_schedules_nothing_and_gets_the_same_answer(database: OpenDatabase) -> None:
    there = scene(database)
    first = carry_out(database, schedule, acting(there.coordinator), wanted(there), AGENCY)
    before = every_row(database)

    again = carry_out(database, schedule, acting(there.coordinator, LATER), wanted(there), AGENCY)

    assert (again.appointment.id, again.at, again.repeated) == (first.appointment.id, NOW, True)
    known = carry_out(
        database,
        scheduled_before,
        acting(there.coordinator, LATER),
        there.tutor.id,
        there.student.id,
        START,
    )
    assert known == again
    assert every_row(database) == before


def test_a_colleague_who_schedules_the_same_is_told_who_was_first(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        farah = builders.coordinator(session, name="Farah Aziz")
    carry_out(database, schedule, acting(there.coordinator), wanted(there), AGENCY)

    with refused(ActedFirst, actor_id=there.coordinator.id, action=Action.SCHEDULE, at=NOW):
        carry_out(database, schedule, acting(farah, LATER), wanted(there), AGENCY)
    about = (there.tutor.id, there.student.id, START)
    assert carry_out(database, scheduled_before, acting(farah), *about) is None
    assert len(sessions(database)) == 2


def test_cancelled_it_can_be_scheduled_again(database: OpenDatabase) -> None:
    there = scene(database)
    actor = acting(there.coordinator)
    first = carry_out(database, schedule, actor, wanted(there), AGENCY)
    carry_out(database, cancel_for, first.appointment.id, actor, Role.TUTOR, "Unwell", None)

    second = carry_out(database, schedule, actor, wanted(there), AGENCY)

    assert second.appointment.id != first.appointment.id
    assert len(recipients(database, MessageKind.SESSION_SCHEDULED)) == 6


def test_it_starts_in_the_future(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW - timedelta(days=2))
    actor, second = acting(there.coordinator), timedelta(seconds=1)

    for start in (NOW - second, NOW):
        with refused(SlotPassed):
            carry_out(database, schedule, actor, wanted(there, starts_at=start), AGENCY)
    carry_out(database, schedule, actor, wanted(there, starts_at=NOW + second), AGENCY)
    assert len(sessions(database)) == 2


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"minutes": 14}, LengthNotPossible),
        ({"minutes": 481}, LengthNotPossible),
        ({"kind": Kind.ADHOC}, StaleButton),
        ({"tutor_id": 0}, NotFound),
        ({"student_id": 0}, NotFound),
        ({"subject": "x" * 61}, TextTooLong),
        ({"subject": " "}, StaleButton),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    there = scene(database)
    before = every_row(database)

    with refused(refusal):
        carry_out(database, schedule, acting(there.coordinator), wanted(there, **over), AGENCY)
    assert every_row(database) == before


def test_only_a_tutor_teaches_and_only_a_coordinator_schedules(database: OpenDatabase) -> None:
    there = scene(database)
    before = every_row(database)

    with refused(NotFound):
        actor = acting(there.coordinator)
        carry_out(database, schedule, actor, wanted(there, tutor_id=there.grace.id), AGENCY)
    for who in (there.tutor, there.grace):
        for use_case in (schedule, require_schedulable):
            with refused(NotCoordinator):
                carry_out(database, use_case, acting(who), wanted(there), AGENCY)
    assert every_row(database) == before


@pytest.mark.parametrize("whose", [Role.TUTOR, Role.PARENT])
def test_a_clash_of_tutor_or_student_is_refused(database: OpenDatabase, whose: Role) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        other_tutor = builders.tutor(session, name="Nurul Huda")
        other_child = builders.student(session, name="Ben Ong")
    busy = {"tutor": other_tutor} if whose is Role.PARENT else {"student": other_child}
    another_session(database, there, starts_at=START + timedelta(minutes=89), **busy)
    before = every_row(database)

    for use_case in (schedule, require_schedulable):
        with refused(SlotTaken, whose=whose):
            carry_out(database, use_case, acting(there.coordinator), wanted(there), AGENCY)
    assert every_row(database) == before
    carry_out(database, schedule, acting(there.coordinator), wanted(there, minutes=89), AGENCY)


def test_siblings_are_taught_together(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        brother = builders.student(session, [there.grace], name="Oliver Lim")
    carry_out(database, schedule, acting(there.coordinator), wanted(there), AGENCY)

    with refused(SlotTaken):  # another length is no common lesson
        other = wanted(there, student_id=brother.id, minutes=60)
        carry_out(database, schedule, acting(there.coordinator), other, AGENCY)
    together = wanted(there, student_id=brother.id)
    carry_out(database, schedule, acting(there.coordinator), together, AGENCY)
    assert len(sessions(database)) == 3


async def test_of_two_taps_at_once_one_schedules(database: OpenDatabase) -> None:
    there = scene(database)

    def tap() -> bool:
        return carry_out(
            database, schedule, acting(there.coordinator), wanted(there), AGENCY
        ).repeated

    results = await asyncio.gather(asyncio.to_thread(tap), asyncio.to_thread(tap))

    assert sorted(results) == [False, True]
    assert len(sessions(database)) == 2


def test_no_session_on_a_holiday_or_while_the_tutor_is_away(database: OpenDatabase) -> None:
    there, day = scene(database), START.astimezone(AGENCY.zone).date()
    with database.unit_of_work() as session:
        session.add(Holiday(date=day, name="Founders' day"))
        session.add(
            TutorLeave(
                tutor_id=there.tutor.id,
                starts_on=day + timedelta(days=1),
                ends_on=day + timedelta(days=1),
                asked_by_id=there.tutor.id,
                asked_at=NOW,
            )
        )
    actor = acting(there.coordinator)

    for use_case in (schedule, require_schedulable):
        with refused(ClosedDay, day=day, is_leave=False):
            carry_out(database, use_case, actor, wanted(there), AGENCY)
        with refused(ClosedDay, is_leave=True):
            later = wanted(there, starts_at=START + timedelta(days=1))
            carry_out(database, use_case, actor, later, AGENCY)
    carry_out(database, schedule, actor, wanted(there, starts_at=START + timedelta(days=2)), AGENCY)


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.TRIAL])
def test_a_regular_one_costs_what_the_match_of_tutor_and_child_says(
    database: OpenDatabase, kind: Kind
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        session.add(
            Match(
                tutor_id=there.tutor.id,
                student_id=there.student.id,
                subject="Physics",
                starts_on=NOW.date(),
                status=MatchStatus.ACCEPTED,
                price=4500,
                pay=3000,
                price_unit=PriceUnit.HOUR,
                created_at=NOW,
            )
        )

    carry_out(database, schedule, acting(there.coordinator), wanted(there, kind=kind), AGENCY)

    _, new = sessions(database)
    agreed = (4500, 3000, PriceUnit.HOUR) if kind is Kind.REGULAR else (None, None, None)
    assert (new.price, new.pay, new.price_unit) == agreed
