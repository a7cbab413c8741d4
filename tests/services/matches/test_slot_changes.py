"""A match's slots change from a day on: previewed, then applied as it was read (SPEC 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import Appointment, Cancellation, Match, RescheduleProposal, RescheduleThread
from models.enums import Action, ChangeReason, Kind, MessageKind, Role, Status
from services.matches.horizon import extend_match
from services.matches.slot_changes import Preview, SlotChange, apply, preview
from services.rules.refusals import Refusal
from services.rules.refusals.matches import (
    DatesWanted,
    MatchOver,
    PreviewOutdated,
    SlotsOverlap,
    SlotsWanted,
)
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from services.rules.slot_changes import Spared
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import (
    MONDAY,
    THURSDAY,
    Stage,
    accepted,
    at,
    days_of,
    offered,
    sessions_of,
    stage,
)
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import carry_out

TUESDAY = 2
FROM = date(2026, 12, 7)
CHANGE = SlotChange((at(TUESDAY, "16:00"),), FROM, Role.PARENT, "Swimming on Mondays")
WEEK = timedelta(weeks=1)


def look(
    database: OpenDatabase, there: Stage, match: Match, change: SlotChange = CHANGE
) -> Preview:
    with database.reading() as session:
        return preview(session, match.id, acting(there.coordinator), change, AGENCY)


def change_slots(
    database: OpenDatabase, there: Stage, match: Match, change: SlotChange = CHANGE
) -> Preview:
    """Look at what it does, and apply it."""
    digest = look(database, there, match, change).digest
    actor = acting(there.coordinator)
    return carry_out(database, apply, match.id, actor, change, AGENCY, digest=digest)


def test_sessions_move_and_both_sides_get_one_message(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)

    found = change_slots(database, there, match)

    assert len(found.plan.moved) == 7
    assert days_of(database, match.id) == [
        "30 Nov 15:00",
        *[f"{NOW + timedelta(days=13) + WEEK * week:%d %b} 16:00" for week in range(7)],
    ]
    assert recipients(database, MessageKind.MATCH_CHANGED) == [
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    ]
    assert outbox_rows(database, MessageKind.SESSION_CHANGED) == []
    second = sessions_of(database, match.id)[1]
    event = trail(database, second.id)[-1]
    assert (event.action, event.role, event.reason) == (
        Action.MOVE,
        Role.COORDINATOR,
        CHANGE.reason,
    )


def test_the_preview_changes_nothing(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    before = every_row(database)

    look(database, there, match)

    assert every_row(database) == before


def test_the_horizon_goes_on_with_the_new_slots_and_doubles_nothing(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    match = accepted(database, there)
    change_slots(database, there, match)

    for weeks in range(1, 4):
        carry_out(database, extend_match, match.id, AGENCY, NOW + WEEK * weeks)

    days = days_of(database, match.id)
    assert len(days) == 11
    assert days[-3:] == ["26 Jan 16:00", "02 Feb 16:00", "09 Feb 16:00"]


def test_more_slots_add_and_fewer_drop(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    both = replace(CHANGE, times=(at(MONDAY, "15:00"), at(THURSDAY, "10:00")))

    added = change_slots(database, there, match, both)
    assert (len(added.plan.kept), len(added.plan.added), added.plan.moved) == (7, 6, [])
    assert len(days_of(database, match.id)) == 14

    dropped = change_slots(database, there, match, replace(both, times=(at(THURSDAY, "10:00"),)))
    assert len(dropped.plan.dropped) == 7
    gone = [one for one in sessions_of(database, match.id) if one.status != Status.SCHEDULED]
    assert {one.status for one in gone} == {Status.CANCELLED_BY_PARENT}
    with database.reading() as session:
        cancelled = session.exec(select(Cancellation)).all()
    assert {(one.text, one.side, one.cancelled_by_id) for one in cancelled} == {
        (CHANGE.reason, Role.PARENT, there.coordinator.id)
    }
    assert outbox_rows(database, MessageKind.SESSION_CANCELLED) == []


def test_what_was_moved_by_hand_or_has_a_request_open_is_left_alone(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    match = accepted(database, there)
    _, by_hand, asked, cancelled, given, *_ = sessions_of(database, match.id)
    with database.unit_of_work() as session:
        _move(session.get_one(Appointment, by_hand.id), timedelta(days=2))
        _ask_to_move(session, asked, there)
        session.get_one(Appointment, cancelled.id).status = Status.CANCELLED_BY_TUTOR
        session.get_one(Appointment, given.id).tutor_id = there.other_tutor.id

    found = change_slots(database, there, match)

    assert [(one.id, one.spared) for one, _ in found.plan.spared] == [
        (by_hand.id, Spared.MOVED_BY_HAND),
        (asked.id, Spared.REQUEST_OPEN),
        (cancelled.id, Spared.NOT_SCHEDULED),
        (given.id, Spared.MOVED_BY_HAND),
    ]
    days = days_of(database, match.id)
    assert "09 Dec 15:00" in days
    assert {"14 Dec 15:00", "28 Dec 15:00"} <= set(days)
    assert len(days) == 7  # none came in the place of those left alone
    carry_out(database, extend_match, match.id, AGENCY, NOW + timedelta(hours=1))
    assert len(days_of(database, match.id)) == 7


def _move(row: Appointment, by: timedelta) -> None:
    row.starts_at, row.ends_at = row.starts_at + by, row.ends_at + by


def _ask_to_move(session: Any, row: Appointment, there: Stage) -> None:
    thread = RescheduleThread(appointment_id=row.id, opened_at=NOW, expires_at=row.starts_at)
    session.add(thread)
    session.flush()
    session.add(
        RescheduleProposal(
            thread_id=thread.id,
            side=Role.PARENT,
            proposed_by_id=there.grace.id,
            new_starts_at=row.starts_at + timedelta(days=1),
            new_ends_at=row.ends_at + timedelta(days=1),
            reason=ChangeReason.SCHOOL_EVENT,
            proposed_at=NOW,
        )
    )


def test_a_session_stays_where_somebody_has_another_at_the_new_time(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    match = accepted(database, there)
    with database.unit_of_work() as session:
        builders.appointment(
            session,
            tutor=there.tutor,
            student=builders.student(session, name="Ryan"),
            starts_at=datetime(2026, 12, 15, 8, tzinfo=UTC),
        )

    found = change_slots(database, there, match)

    assert [one.to.day for one in found.stuck] == [date(2026, 12, 15)]
    assert "14 Dec 15:00" in days_of(database, match.id)
    carry_out(database, extend_match, match.id, AGENCY, NOW + timedelta(hours=1))
    assert len(days_of(database, match.id)) == 8


def test_sessions_of_one_match_may_change_places(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, times=(at(MONDAY, "15:00"), at(TUESDAY, "15:00")))
    later = replace(CHANGE, times=(at(TUESDAY, "15:30"), at(3, "15:00")))

    found = change_slots(database, there, match, later)

    assert not found.stuck
    assert not found.taken
    assert {day[-5:] for day in days_of(database, match.id)[2:]} == {"15:30", "15:00"}


def test_slots_change_back_again(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    before = days_of(database, match.id)
    change_slots(database, there, match)

    found = change_slots(database, there, match, replace(CHANGE, times=(at(MONDAY, "15:00"),)))

    assert len(found.plan.moved) == 7
    assert days_of(database, match.id) == before


def test_a_preview_that_is_out_of_date_is_refused(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    digest = look(database, there, match).digest
    with database.unit_of_work() as session:
        row = session.exec(select(Appointment).order_by(col(Appointment.id).desc())).first()
        assert row is not None
        _move(row, timedelta(hours=1))
    before = every_row(database)

    with refused(PreviewOutdated):
        carry_out(
            database,
            apply,
            match.id,
            acting(there.coordinator),
            CHANGE,
            AGENCY,
            digest=digest,
        )

    assert every_row(database) == before


def test_applied_twice_it_is_out_of_date_the_second_time(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    digest = look(database, there, match).digest
    actor = acting(there.coordinator)
    carry_out(database, apply, match.id, actor, CHANGE, AGENCY, digest=digest)

    with refused(PreviewOutdated):
        carry_out(database, apply, match.id, actor, CHANGE, AGENCY, digest=digest)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"times": ()}, SlotsWanted),
        ({"times": (at(1, "15:00"), at(1, "15:30"))}, SlotsOverlap),
        ({"starts_on": date(2026, 11, 24)}, DatesWanted),
        ({"starts_on": date(2027, 2, 1)}, DatesWanted),
        ({"reason": " "}, ReasonRequired),
    ],
)
def test_what_no_change_can_be(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    there = stage(database)
    match = accepted(database, there, ends_on=date(2027, 1, 31))

    with refused(refusal):
        look(database, there, match, replace(CHANGE, **over))


def test_only_what_goes_on_changes_and_only_by_coordinators(database: OpenDatabase) -> None:
    there = stage(database)

    with refused(MatchOver):
        look(database, there, offered(database, there))
    with refused(MatchOver):
        trial = accepted(database, there, kind=Kind.TRIAL, times=(at(5, "10:00"),))
        look(database, there, trial)
    with refused(NotCoordinator), database.reading() as session:
        preview(session, trial.id, acting(there.tutor), CHANGE, AGENCY)
