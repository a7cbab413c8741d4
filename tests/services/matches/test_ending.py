"""Ending a match cancels nothing unasked; an offer can be taken back (SPEC 7)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import Appointment, OutboxMessage
from models.enums import Action, MatchStatus, MessageKind, Role, Status
from services.matches.answers import accept
from services.matches.ending import Dropping, booked_after, digest_of, end, withdraw
from services.matches.horizon import extend_match
from services.rules.refusals.matches import DatesWanted, MatchOver, PreviewOutdated
from services.rules.refusals.sessions import ActedFirst
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import (
    accepted,
    days_of,
    match_as_it_stands,
    offered,
    stage,
)
from tests.services.proofs import every_row, recipients, refused
from tests.services.scenes import carry_out

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("last_day", [TODAY, date(2026, 11, 27), date(2026, 12, 14)])
def test_sessions_that_are_booked_stay_and_both_sides_are_told(
    database: OpenDatabase, last_day: date
) -> None:
    there = stage(database)
    match = accepted(database, there)
    before = days_of(database, match.id)

    carry_out(database, end, match.id, acting(there.coordinator), last_day, AGENCY)
    for weeks in range(1, 5):
        later = NOW + timedelta(weeks=weeks)
        carry_out(database, extend_match, match.id, AGENCY, later)

    assert days_of(database, match.id) == before
    assert match_as_it_stands(database, match.id).status is MatchStatus.ENDED
    assert recipients(database, MessageKind.MATCH_ENDED) == [
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    ]


def test_what_is_booked_after_the_last_day_can_be_cancelled_with_it(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    actor, last_day = acting(there.coordinator), date(2026, 12, 14)
    with database.reading() as session:
        after = booked_after(session, match.id, last_day, AGENCY, NOW)
    dropping = Dropping(Role.PARENT, "They move away.", digest_of(after))
    before = every_row(database)

    fewer = replace(dropping, seen=digest_of(after[1:]))
    with refused(PreviewOutdated):
        carry_out(database, end, match.id, actor, last_day, AGENCY, fewer)
    unsaid = replace(dropping, reason=" ")
    with refused(ReasonRequired):
        carry_out(database, end, match.id, actor, last_day, AGENCY, unsaid)
    assert every_row(database) == before
    carry_out(database, end, match.id, actor, last_day, AGENCY, dropping)

    dropped = {one.id for one in after}
    with database.reading() as session:
        rows = session.exec(select(Appointment).where(Appointment.match_id == match.id)).all()
        told = session.exec(
            select(OutboxMessage.payload).where(OutboxMessage.kind == MessageKind.MATCH_ENDED)
        ).all()
    assert dropped
    assert {one.id for one in rows if one.status is Status.CANCELLED_BY_PARENT} == dropped
    assert {one.status for one in rows if one.id not in dropped} == {Status.SCHEDULED}
    assert [one["dropped"] for one in told] == [len(dropped)] * 3


def test_the_same_again_changes_nothing(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    actor, last_day = acting(there.coordinator), date(2026, 12, 14)
    carry_out(database, end, match.id, actor, last_day, AGENCY)
    before = every_row(database)

    carry_out(database, end, match.id, actor, last_day, AGENCY)

    assert every_row(database) == before


def test_a_later_last_day_counts_and_the_horizon_reaches_it(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)
    actor = acting(there.coordinator)

    carry_out(database, end, match.id, actor, date(2027, 2, 1), AGENCY)
    carry_out(database, extend_match, match.id, AGENCY, NOW + timedelta(weeks=4))

    assert days_of(database, match.id)[-1] == "01 Feb 15:00"


def test_who_may_end_what(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)

    with refused(NotCoordinator):
        carry_out(database, end, match.id, acting(there.tutor), TODAY, AGENCY)
    with refused(MatchOver):
        carry_out(database, end, match.id, acting(there.coordinator), TODAY, AGENCY)
    carry_out(database, accept, match.id, acting(there.grace), AGENCY)
    yesterday = TODAY - timedelta(days=1)
    with refused(DatesWanted):
        carry_out(database, end, match.id, acting(there.coordinator), yesterday, AGENCY)


def test_an_offer_that_was_taken_back_cannot_be_accepted(database: OpenDatabase) -> None:
    there = stage(database)
    match = offered(database, there)
    actor = acting(there.coordinator)
    carry_out(database, withdraw, match.id, actor)
    before = every_row(database)

    carry_out(database, withdraw, match.id, actor)
    with refused(ActedFirst, who=there.coordinator.name, action=Action.END_MATCH):
        carry_out(database, accept, match.id, acting(there.grace), AGENCY)

    assert every_row(database) == before


def test_what_was_accepted_cannot_be_taken_back(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there)

    with refused(ActedFirst, who=there.grace.name, action=Action.ACCEPT_MATCH):
        carry_out(database, withdraw, match.id, acting(there.coordinator))
