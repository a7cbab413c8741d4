"""A tutor's leave: what is booked then, settled in one go (SPEC 7)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select, update

from models import Cancellation, Match, Person, RescheduleProposal, TutorLeave
from models.enums import (
    Action,
    ChangeReason,
    LeaveStatus,
    MessageKind,
    Role,
    Status,
)
from services.closures.booked import Found
from services.closures.leave import LeaveWanted, sessions_during, take, withdraw
from services.matches.horizon import extend_match
from services.queries.offered_slots import starts_of_day
from services.queries.settled_requests import asked_at, settled_by
from services.reschedules.negotiation import accept, propose
from services.rules.closures import Choice, Way, digest_of, first_choice
from services.rules.penalties import read_penalty_sheet
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesFault, DatesWanted, LeaveOverlaps, PreviewOutdated
from services.rules.refusals.requests import SlotTaken
from services.rules.refusals.standing import NotTutor
from services.rules.refusals.typed import ReasonRequired
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import (
    MONDAY,
    THURSDAY,
    Stage,
    accepted,
    at,
    days_of,
    sessions_of,
    stage,
)
from tests.services.proofs import (
    as_it_stands,
    every_row,
    outbox_rows,
    recipients,
    refused,
    trail,
)
from tests.services.scenes import carry_out

FIRST, LAST = date(2026, 12, 3), date(2026, 12, 10)
"""A Thursday to the Thursday after, with a Monday between."""
SHEET = read_penalty_sheet(
    "role,notice_hours_min,notice_hours_max,penalty,guidance\ntutor,0,,One strike,Three are many."
)


def wanted(there: Stage, **over: Any) -> LeaveWanted:
    return replace(LeaveWanted(there.tutor.id, FIRST, LAST, "A wedding"), **over)


def look(
    database: OpenDatabase, there: Stage, person: Person | None = None, **over: Any
) -> list[Found]:
    with database.reading() as session:
        actor = acting(person or there.tutor)
        return sessions_during(session, actor, wanted(there, **over), AGENCY, SHEET)


def enter(
    database: OpenDatabase,
    there: Stage,
    found: list[Found],
    choices: dict[int, Choice],
    person: Person | None = None,
    **over: Any,
) -> None:
    carry_out(
        database,
        take,
        acting(person or there.tutor),
        wanted(there, **over),
        choices,
        AGENCY,
        SHEET,
        digest=digest_of(one.booked for one in found),
    )


def three_sessions(database: OpenDatabase) -> tuple[Stage, int]:
    """Mondays and Thursdays: three of the sessions are during the leave."""
    there = stage(database)
    times = (at(MONDAY, "15:00"), at(THURSDAY, "10:00"))
    return there, accepted(database, there, times=times).id


def test_what_is_booked_then_is_shown_and_nothing_changes(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    before = every_row(database)

    found = look(database, there)

    days = [f"{one.booked.starts_at.astimezone(AGENCY.zone):%d %H:%M}" for one in found]
    assert days == ["03 10:00", "07 15:00", "10 10:00"]
    assert all(one.booked.ways == (Way.ASK, Way.CANCEL, Way.LEAVE) for one in found)
    assert {one.booked.penalty.penalty for one in found if one.booked.penalty} == {"One strike"}
    assert every_row(database) == before


def test_the_time_that_is_suggested_is_free_and_after_the_leave(database: OpenDatabase) -> None:
    there, match_id = three_sessions(database)
    with database.unit_of_work() as session:  # nothing more is booked, so that times are free
        for row in sessions_of(database, match_id)[5:]:
            session.get_one(type(row), row.id).status = Status.CANCELLED_BY_PARENT

    found = look(database, there)

    suggested = [one.booked.suggested for one in found]
    assert all(one is not None for one in suggested)
    local = [one.astimezone(AGENCY.zone) for one in suggested if one]
    assert [f"{one:%a %d %H:%M}" for one in local] == [
        "Thu 17 10:00",
        "Mon 21 15:00",
        "Thu 24 10:00",
    ]


def siblings_at_once(database: OpenDatabase) -> tuple[Stage, list[int]]:
    """Two children of one family are taught at the same time on a day of the leave."""
    there = stage(database)
    with database.unit_of_work() as session:
        tutor, grace = (session.get_one(Person, one.id) for one in (there.tutor, there.grace))
        children = [
            builders.student(session, [grace], name=name) for name in ("Ryan Lim", "Emma Lim")
        ]
        rows = [
            builders.appointment(
                session, tutor=tutor, student=child, starts_at=NOW + timedelta(days=14)
            )
            for child in children
        ]
        builders.appointment(  # Ryan alone is busy a week later
            session, tutor=tutor, student=children[0], starts_at=NOW + timedelta(days=21)
        )
        return there, [row.id for row in rows]


def test_siblings_taught_together_are_suggested_one_time(database: OpenDatabase) -> None:
    there, ids = siblings_at_once(database)

    found = look(database, there)

    assert [one.view.id for one in found] == ids
    assert {one.booked.suggested for one in found} == {NOW + timedelta(days=28)}


def test_siblings_taught_together_are_asked_to_move_together(database: OpenDatabase) -> None:
    there, ids = siblings_at_once(database)
    found = look(database, there)
    new = NOW + timedelta(days=29)

    enter(database, there, found, {one: Choice(Way.ASK, new) for one in ids})

    with database.reading() as session:
        asked = session.exec(select(RescheduleProposal.new_starts_at)).all()
    assert asked == [new, new]


def test_a_time_that_a_weekly_lesson_will_take_is_not_suggested(database: OpenDatabase) -> None:
    """Every Monday and Thursday up to the horizon has its session, and so will those after it."""
    there, match_id = three_sessions(database)
    with database.unit_of_work() as session:  # days within which it is looked for, but not booked
        session.exec(
            update(Match).where(col(Match.id) == match_id).values(booked_until=date(2026, 12, 20))
        )
        for row in sessions_of(database, match_id):
            if row.starts_at.date() > date(2026, 12, 20):
                session.get_one(type(row), row.id).status = Status.CANCELLED_BY_PARENT

    found = look(database, there)

    assert [one.booked.suggested for one in found] == [None, None, None]


def test_nor_is_it_offered_where_the_other_hours_of_that_day_are(database: OpenDatabase) -> None:
    _, match_id = three_sessions(database)
    row = sessions_of(database, match_id)[0]
    after = NOW.astimezone(ZONE).date() + timedelta(weeks=10)
    monday = after + timedelta(days=-after.weekday() % 7)

    with database.reading() as session:
        hours = starts_of_day(session, row, monday, NOW, ZONE, ZONE)

    assert {f"{one.astimezone(ZONE):%H:%M}" for one in hours} & {"13:00", "15:00", "17:00"} == {
        "13:00",
        "17:00",
    }


def test_each_session_gets_what_was_chosen_and_each_person_one_message(
    database: OpenDatabase,
) -> None:
    there, match_id = three_sessions(database)
    found = look(database, there)
    asked, cancelled, left = (one.view.id for one in found)
    new = found[0].booked.starts_at + timedelta(days=9)

    choices = {asked: Choice(Way.ASK, new), cancelled: Choice(Way.CANCEL)}
    enter(database, there, found, choices)

    assert as_it_stands(database, cancelled).status is Status.CANCELLED_BY_TUTOR
    assert as_it_stands(database, left).status is Status.SCHEDULED
    with database.reading() as session:
        (proposal,) = session.exec(select(RescheduleProposal)).all()
        (cancellation,) = session.exec(select(Cancellation)).all()
        (leave,) = session.exec(select(TutorLeave)).all()
    assert (proposal.side, proposal.new_starts_at, proposal.text) == (
        Role.TUTOR,
        new,
        "A wedding",
    )
    assert (cancellation.penalty, cancellation.text) == ("One strike", "A wedding")
    assert (leave.starts_on, leave.ends_on, leave.asked_by_id) == (FIRST, LAST, there.tutor.id)
    assert recipients(database, MessageKind.DAYS_SETTLED) == [there.grace.id, there.daniel.id]
    assert recipients(database, MessageKind.LEAVE_TAKEN) == [None]
    for kind in (MessageKind.SESSION_CANCELLED, MessageKind.SESSION_CHANGED):
        assert outbox_rows(database, kind) == []
    assert [one.action for one in trail(database, asked)] == [Action.CREATE, Action.PROPOSE]
    assert len(sessions_of(database, match_id)) > 3


def test_what_is_asked_is_a_request_like_any_other(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    first = found[0]
    new = first.booked.starts_at + timedelta(days=9)
    enter(database, there, found, {first.view.id: Choice(Way.ASK, new)})
    with database.reading() as session:
        proposal = session.exec(select(RescheduleProposal)).one()

    carry_out(database, accept, proposal.id, acting(there.grace), zone=ZONE)

    assert as_it_stands(database, first.view.id).starts_at == new


def test_what_a_leave_asked_is_told_apart_from_what_is_asked_later(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    number, old = found[0].view.id, found[0].booked.starts_at
    enter(database, there, found, {number: Choice(Way.ASK, old + timedelta(days=9))})
    with database.reading() as session:
        proposal = session.exec(select(RescheduleProposal)).one()
    yes = acting(there.grace, NOW + timedelta(hours=1))
    carry_out(database, accept, proposal.id, yes, zone=ZONE)
    again = acting(there.tutor, NOW + timedelta(hours=2))
    asks = (old + timedelta(days=10), ChangeReason.UNWELL, None)
    carry_out(database, propose, number, again, *asks, zone=ZONE)

    with database.reading() as session:
        asked = asked_at(session, [number, found[1].view.id], NOW)
        assert list(asked) == [number]
        one = asked[number]
        assert one.slot == (old, found[0].booked.ends_at)
        assert one.proposal.new_starts_at == old + timedelta(days=9)
        settled = settled_by(session, one, None)
        later = asked_at(session, [number], again.now)[number]
        assert settled_by(session, later, None) is None

    assert settled is not None
    assert (settled.action, settled.actor_id, settled.at) == (
        Action.ACCEPT,
        there.grace.id,
        yes.now,
    )


def test_no_session_is_made_during_leave_until_it_is_taken_back(database: OpenDatabase) -> None:
    there, match_id = three_sessions(database)
    over: dict[str, Any] = {"starts_on": date(2027, 1, 20), "ends_on": date(2027, 1, 26)}
    enter(database, there, look(database, there, **over), {}, **over)

    carry_out(database, extend_match, match_id, AGENCY, NOW + timedelta(weeks=2))
    days = days_of(database, match_id)
    assert "28 Jan 10:00" in days
    assert not {"21 Jan 10:00", "25 Jan 15:00"} & set(days)

    with database.reading() as session:
        leave = session.exec(select(TutorLeave)).one()
    carry_out(database, withdraw, leave.id, acting(there.tutor), AGENCY)
    before = every_row(database)
    carry_out(database, withdraw, leave.id, acting(there.tutor), AGENCY)
    assert every_row(database) == before
    assert look(database, there, **over) == []


def test_the_same_leave_again_changes_nothing(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    choices = {found[0].view.id: Choice(Way.CANCEL)}
    enter(database, there, found, choices)
    before = every_row(database)

    enter(database, there, found, choices)

    assert every_row(database) == before


def test_a_preview_that_is_out_of_date_is_refused(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    carry_out(
        database,
        propose,
        found[0].view.id,
        acting(there.grace),
        NOW + timedelta(days=20),
        ChangeReason.SCHOOL_EVENT,
        None,
        zone=ZONE,
    )
    before = every_row(database)

    with refused(PreviewOutdated):
        enter(database, there, found, {})

    assert every_row(database) == before


def test_one_choice_that_is_not_possible_undoes_them_all(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    with database.unit_of_work() as session:
        builders.appointment(
            session,
            tutor=there.tutor,
            student=builders.student(session, name="Ryan"),
            starts_at=NOW + timedelta(days=30),
        )
    choices = {
        found[0].view.id: Choice(Way.CANCEL),
        found[1].view.id: Choice(Way.ASK, NOW + timedelta(days=30)),
    }
    before = every_row(database)

    with refused(SlotTaken):
        enter(database, there, found, choices)

    assert every_row(database) == before


def test_in_the_last_four_hours_the_tutor_leaves_a_session_to_the_coordinators(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    with database.unit_of_work() as session:
        near = builders.appointment(
            session,
            tutor=there.tutor,
            student=there.student,
            starts_at=NOW + timedelta(hours=4),
        )
    over: dict[str, Any] = {"starts_on": date(2026, 11, 25), "ends_on": date(2026, 11, 26)}

    (found,) = look(database, there, **over)
    assert found.booked.ways == (Way.LEAVE,)
    assert first_choice(found.booked).way is Way.LEAVE
    with refused(PreviewOutdated):
        enter(database, there, [found], {near.id: Choice(Way.CANCEL)}, **over)

    (found,) = look(database, there, there.coordinator, **over)
    assert found.booked.ways == (Way.CANCEL, Way.LEAVE)
    enter(database, there, [found], {near.id: Choice(Way.CANCEL)}, there.coordinator, **over)
    assert as_it_stands(database, near.id).status is Status.CANCELLED_BY_TUTOR
    assert there.tutor.id in recipients(database, MessageKind.DAYS_SETTLED)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"reason": " "}, ReasonRequired),
    ],
)
def test_what_no_leave_can_be(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    with refused(refusal):
        look(database, stage(database), **over)


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"starts_on": LAST, "ends_on": FIRST}, DatesFault.REVERSED),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 24)}, DatesFault.PAST),
        ({"ends_on": date(2028, 1, 1)}, DatesFault.TOO_MANY),
    ],
)
def test_each_mistake_in_the_days_is_named(
    database: OpenDatabase, over: dict[str, Any], fault: DatesFault
) -> None:
    with refused(DatesWanted, fault=fault):
        look(database, stage(database), **over)


def test_leave_does_not_overlap_and_is_ones_own(database: OpenDatabase) -> None:
    there = stage(database)
    enter(database, there, [], {})

    with refused(LeaveOverlaps, starts_on=FIRST, ends_on=LAST):
        look(database, there, starts_on=LAST, ends_on=LAST)
    for person in (there.other_tutor, there.grace):
        with refused(NotTutor):
            look(database, there, person)
        with database.reading() as session:
            leave = session.exec(select(TutorLeave).order_by(col(TutorLeave.id))).one()
        with refused(NotTutor):
            carry_out(database, withdraw, leave.id, acting(person), AGENCY)
    assert leave.status is LeaveStatus.TAKEN


def test_nobody_is_asked_for_two_sessions_at_one_time(database: OpenDatabase) -> None:
    there, _ = three_sessions(database)
    found = look(database, there)
    free = NOW + timedelta(days=30)
    choices = {
        found[0].view.id: Choice(Way.ASK, free),
        found[2].view.id: Choice(Way.ASK, free + timedelta(minutes=30)),
    }
    before = every_row(database)

    with refused(SlotTaken, whose=Role.TUTOR, starts_at=free):
        enter(database, there, found, choices)
    assert every_row(database) == before

    apart = Choice(Way.ASK, free + (found[0].booked.ends_at - found[0].booked.starts_at))
    enter(database, there, found, {**choices, found[2].view.id: apart})
    with database.reading() as session:
        assert len(session.exec(select(RescheduleProposal)).all()) == 2
