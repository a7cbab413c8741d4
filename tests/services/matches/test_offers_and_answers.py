"""Matches are offered, and the first parent's answer counts (SPEC 7)."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import AuditEvent, Match, MatchSlot, StandingMessage
from models.enums import Action, Channel, Kind, MatchStatus, MessageKind, PriceUnit, Role
from services.lifecycle.actors import Actor
from services.matches.answers import Answered, accept, decline
from services.matches.horizon import extend_match
from services.matches.offers import make_match, offer
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesWanted, PriceWanted, SlotsOverlap, SlotsWanted
from services.rules.refusals.sessions import ActedFirst, NotFound, StaleButton
from services.rules.refusals.standing import NotCoordinator, NotYourChild, OwnSession
from services.rules.refusals.typed import TextTooLong
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import (
    FIRST_DAY,
    MONDAY,
    THURSDAY,
    Stage,
    accepted,
    at,
    days_of,
    match_as_it_stands,
    offered,
    sessions_of,
    stage,
)
from tests.services.proofs import every_row, outbox_rows, recipients, refused
from tests.services.scenes import carry_out

LATER = NOW + timedelta(minutes=5)
THURSDAYS = 7
"""From the first day to the horizon, the nineteenth of January."""
MONDAYS = [
    "30 Nov 15:00",
    "07 Dec 15:00",
    "14 Dec 15:00",
    "21 Dec 15:00",
    "28 Dec 15:00",
    "04 Jan 15:00",
    "11 Jan 15:00",
    "18 Jan 15:00",
]


def test_the_parents_are_asked_and_nothing_is_booked_yet(database: OpenDatabase) -> None:
    there = stage(database)

    match = offered(database, there, price=6000, pay=4000, price_unit=PriceUnit.SESSION)

    assert (match.status, match.created_by_id) == (MatchStatus.OFFERED, there.coordinator.id)
    assert recipients(database, MessageKind.MATCH_OFFERED) == [there.grace.id, there.daniel.id]
    assert sessions_of(database, match.id) == []
    with database.reading() as session:
        (slot,) = session.exec(select(MatchSlot)).all()
        (event,) = session.exec(select(AuditEvent)).all()
    assert (slot.weekday, slot.duration_minutes, slot.valid_from) == (MONDAY, 90, FIRST_DAY)
    assert (event.action, event.role) == (Action.OFFER_MATCH, Role.COORDINATOR)
    assert event.details == {"match_id": match.id}


def test_acceptance_books_eight_weeks_with_what_was_agreed(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there, price=6000, pay=4000, price_unit=PriceUnit.HOUR)

    answered = carry_out(database, accept, match.id, acting(there.daniel, LATER), AGENCY)

    assert (answered.match.status, answered.repeated) == (MatchStatus.ACCEPTED, False)
    assert (answered.match.answered_by_id, answered.match.answered_at) == (there.daniel.id, LATER)
    assert days_of(database, match.id) == MONDAYS
    for one in sessions_of(database, match.id):
        assert (one.tutor_id, one.student_id) == (there.tutor.id, there.student.id)
        assert (one.subject, one.kind) == ("Mathematics", Kind.REGULAR)
        assert (one.price, one.pay, one.price_unit) == (6000, 4000, PriceUnit.HOUR)
        assert one.ends_at - one.starts_at == timedelta(minutes=90)
        assert one.match_day == one.starts_at.astimezone(AGENCY.zone).date()
    assert recipients(database, MessageKind.MATCH_STARTED) == [there.tutor.id]
    assert recipients(database, MessageKind.MATCH_ANSWERED) == [None]


def test_every_session_is_created_by_the_system_through_the_table(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)

    with database.reading() as session:
        made = session.exec(select(AuditEvent).where(AuditEvent.action == Action.CREATE)).all()
    assert len(made) == len(sessions_of(database, match.id))
    assert {(one.role, one.channel, one.from_status, one.to_status) for one in made} == {
        (Role.SYSTEM, Channel.SYSTEM, None, "scheduled")
    }


def test_declining_books_nothing_and_tells_the_coordinators(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)

    carry_out(database, decline, match.id, acting(there.grace))

    assert match_as_it_stands(database, match.id).status is MatchStatus.DECLINED
    assert sessions_of(database, match.id) == []
    assert recipients(database, MessageKind.MATCH_ANSWERED) == [None]
    assert recipients(database, MessageKind.MATCH_STARTED) == []
    assert match_as_it_stands(database, match.id).decline_reason is None


def test_the_reason_of_a_decline_is_kept_once(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)
    with pytest.raises(TextTooLong):
        carry_out(database, decline, match.id, acting(there.grace), "x" * 1001)

    carry_out(database, decline, match.id, acting(there.grace), " Too far. ")
    carry_out(database, decline, match.id, acting(there.grace), "Too dear.")

    assert match_as_it_stands(database, match.id).decline_reason == "Too far."


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_double_tap_gets_the_same_answer_and_changes_nothing(
    database: OpenDatabase, answer: str
) -> None:
    there = stage(database)
    match = offered(database, there)
    first = _answer(database, answer, match.id, acting(there.grace))
    before = every_row(database)

    again = _answer(database, answer, match.id, acting(there.grace, LATER))

    assert (again.repeated, again.at, again.match.status) == (True, first.at, first.match.status)
    assert every_row(database) == before


@pytest.mark.parametrize("first", ["accept", "decline"])
@pytest.mark.parametrize("second", ["accept", "decline"])
def test_the_first_parent_decides_and_the_second_is_told_who(
    database: OpenDatabase, first: str, second: str
) -> None:
    there = stage(database)
    match = offered(database, there)
    _answer(database, first, match.id, acting(there.grace))
    before = every_row(database)

    done = Action.ACCEPT_MATCH if first == "accept" else Action.DECLINE_MATCH
    with refused(ActedFirst, who=there.grace.name, action=done, at=NOW):
        _answer(database, second, match.id, acting(there.daniel, LATER))

    assert every_row(database) == before


def test_only_the_childs_parents_answer(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)
    with database.unit_of_work() as session:
        stranger = builders.parent(session, name="Somebody Else")

    for person in (stranger, there.coordinator, there.other_tutor):
        with refused(NotYourChild):
            carry_out(database, accept, match.id, acting(person), AGENCY)
    with refused(OwnSession):
        carry_out(database, decline, match.id, acting(there.tutor))
    with refused(NotFound):
        carry_out(database, accept, match.id + 1, acting(there.grace), AGENCY)


def test_a_parent_who_is_to_teach_the_child_is_not_asked(database: OpenDatabase) -> None:
    there = stage(database)
    with database.unit_of_work() as session:
        both = builders.person(session, name="Both", is_tutor=True, is_parent=True)
        child = builders.student(session, [both, there.grace], name="Own Child")

    match = offered(database, there, tutor_id=both.id, student_id=child.id)

    assert recipients(database, MessageKind.MATCH_OFFERED) == [there.grace.id]
    with refused(OwnSession):
        carry_out(database, accept, match.id, acting(both), AGENCY)


def test_what_the_family_has_agreed_to_before_is_booked_at_once(database: OpenDatabase) -> None:
    there = stage(database)

    made = carry_out(
        database, offer, acting(there.coordinator), there.terms(), AGENCY, is_agreed=True
    )

    assert made.match.status is MatchStatus.ACCEPTED
    assert days_of(database, made.match.id) == MONDAYS
    assert recipients(database, MessageKind.MATCH_STARTED) == [there.tutor.id]
    for kind in (MessageKind.MATCH_OFFERED, MessageKind.MATCH_ANSWERED):
        assert recipients(database, kind) == []


def test_an_import_makes_a_match_for_nobody_in_particular(database: OpenDatabase) -> None:
    there = stage(database)
    actor = Actor(None, Channel.IMPORT, NOW)

    made = carry_out(database, make_match, actor, there.terms(ref="M-1"), AGENCY)

    assert (made.match.ref, made.match.created_by_id) == ("M-1", None)
    assert recipients(database, MessageKind.MATCH_OFFERED) == [there.grace.id, there.daniel.id]


def test_an_import_of_what_goes_on_tells_nobody(database: OpenDatabase) -> None:
    there = stage(database)
    actor = Actor(None, Channel.IMPORT, NOW)

    made = carry_out(database, make_match, actor, there.terms(), AGENCY, is_agreed=True)

    assert days_of(database, made.match.id) == MONDAYS
    for kind in (MessageKind.MATCH_STARTED, MessageKind.MATCH_ANSWERED):
        assert recipients(database, kind) == []


def test_a_trial_has_one_session(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, kind=Kind.TRIAL)

    (only,) = sessions_of(database, match.id)
    assert (only.kind, days_of(database, match.id)) == (Kind.TRIAL, MONDAYS[:1])
    for weeks in range(1, 10):
        later = NOW + timedelta(weeks=weeks)
        carry_out(database, extend_match, match.id, AGENCY, later)
    assert len(sessions_of(database, match.id)) == 1
    assert match_as_it_stands(database, match.id).status is MatchStatus.ENDED


def test_a_trial_may_begin_beyond_the_horizon(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, kind=Kind.TRIAL, starts_on=FIRST_DAY + timedelta(weeks=20))

    assert days_of(database, match.id) == ["19 Apr 15:00"]


def test_what_is_over_when_the_parents_accept_is_not_booked(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)
    on_the_second_monday = NOW + timedelta(days=12, minutes=1)

    carry_out(database, accept, match.id, acting(there.grace, on_the_second_monday), AGENCY)

    assert days_of(database, match.id)[0] == "14 Dec 15:00"


def test_a_last_day_ends_the_sessions(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, ends_on=date(2026, 12, 14))

    assert days_of(database, match.id) == MONDAYS[:3]


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"times": ()}, SlotsWanted),
        ({"times": (at(MONDAY, "15:00"), at(MONDAY, "16:00"))}, SlotsOverlap),
        ({"kind": Kind.TRIAL, "times": (at(1, "15:00"), at(2, "15:00"))}, SlotsWanted),
        ({"kind": Kind.ADHOC}, StaleButton),
        ({"subject": "  "}, StaleButton),
        ({"student_id": 4711}, NotFound),
        ({"tutor_id": 4711}, NotFound),
        ({"ends_on": FIRST_DAY - timedelta(days=1)}, DatesWanted),
        ({"starts_on": date(2026, 1, 5), "ends_on": date(2026, 11, 24)}, DatesWanted),
        ({"price": 6000}, PriceWanted),
        ({"pay": -1, "price_unit": PriceUnit.HOUR}, PriceWanted),
    ],
)
def test_what_no_match_can_be(
    database: OpenDatabase, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    there = stage(database)

    with refused(refusal):
        offered(database, there, **over)
    with database.reading() as session:
        assert session.exec(select(Match)).all() == []


def test_only_coordinators_offer(database: OpenDatabase) -> None:
    there = stage(database)
    with refused(NotCoordinator):
        carry_out(database, offer, acting(there.tutor), there.terms(), AGENCY)


async def test_of_two_parents_at_once_one_decides_and_the_sessions_are_made_once(
    database: OpenDatabase,
) -> None:
    there = stage(database)
    for number in range(6):
        match = offered(database, there, times=(at(THURSDAY, f"{8 + 2 * number:02}:00"),))

        results = await asyncio.gather(
            database.write(accept, match.id, acting(there.grace), AGENCY),
            database.write(accept, match.id, acting(there.daniel), AGENCY),
            database.write(extend_match, match.id, AGENCY, NOW + timedelta(days=1)),
            return_exceptions=True,
        )

        (loser,) = [one for one in results if isinstance(one, Refusal)]
        assert isinstance(loser, ActedFirst)
        assert not [
            one
            for one in results
            if isinstance(one, BaseException) and not isinstance(one, Refusal)
        ]
        assert len(sessions_of(database, match.id)) == THURSDAYS


def _answer(database: OpenDatabase, answer: str, match_id: int, actor: Actor) -> Answered:
    if answer == "accept":
        return carry_out(database, accept, match_id, actor, AGENCY)
    return carry_out(database, decline, match_id, actor)


def test_cards_that_stand_are_edited_for_everybody_who_has_one(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)
    _give_cards(database, there, match)

    carry_out(database, accept, match.id, acting(there.grace), AGENCY)

    refreshed = outbox_rows(database, MessageKind.MATCH_CARD_REFRESH)
    assert sorted(row.person_id or 0 for row in refreshed) == sorted(
        [there.grace.id, there.daniel.id]
    )


def _give_cards(database: OpenDatabase, there: Stage, match: Match) -> None:
    sent = outbox_rows(database, MessageKind.MATCH_OFFERED)
    with database.unit_of_work() as session:
        session.add_all(
            StandingMessage(
                outbox_message_id=row.id,
                match_id=match.id,
                person_id=row.person_id,
                chat_id=row.person_id or 0,
                message_id=row.id,
            )
            for row in sent
        )
