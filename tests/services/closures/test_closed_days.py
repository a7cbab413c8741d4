"""Nothing new comes onto a holiday or a tutor's leave: no move, request or replacement (SPEC 7)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from models import Holiday, RescheduleProposal, TutorLeave
from models.enums import ChangeReason, Role, Status
from services.closures.leave import LeaveWanted, sessions_during, take
from services.queries.offered_slots import (
    free_days,
    offered_instead,
    starts_of_day,
    suggested_starts,
)
from services.queries.sessions import session_detail
from services.queries.tutors import free_tutors
from services.reschedules.negotiation import accept, counter, propose, require_proposable
from services.rules.closures import Choice, Way, digest_of
from services.rules.penalties import PenaltySheet
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.sessions import TutorAway
from services.sessions.coordinator_actions import move, reassign
from services.sessions.replacements import (
    Instead,
    ask_for_replacement,
    replace,
    require_replaceable,
)
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, refused
from tests.services.scenes import Scene, carry_out, scene

START = NOW + timedelta(days=1)
DAY = timedelta(days=1)
SHUT, AWAY, OPEN = START + DAY, START + 2 * DAY, START + 3 * DAY
"""A holiday, a day of the tutor's leave, and a day like any other."""
WHY = ChangeReason.SCHEDULE_CONFLICT
Try = Callable[[OpenDatabase, Scene, datetime], object]


def local(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def closed(database: OpenDatabase, there: Scene, *, own: bool = False) -> Scene:
    """A holiday and leave; with `own` the session's own day is a holiday, too."""
    with database.unit_of_work() as session:
        days = [SHUT, START] if own else [SHUT]
        session.add_all(Holiday(date=local(day), name="Founders' day") for day in days)
        session.add(leave_of(there.tutor.id))
    return there


def leave_of(tutor_id: int) -> TutorLeave:
    day = local(AWAY)
    return TutorLeave(
        tutor_id=tutor_id, starts_on=day, ends_on=day, asked_by_id=tutor_id, asked_at=NOW
    )


def _propose(database: OpenDatabase, there: Scene, to: datetime) -> object:
    return carry_out(database, propose, there.id, acting(there.grace), to, WHY, None, zone=ZONE)


def _look(database: OpenDatabase, there: Scene, to: datetime) -> object:
    actor = acting(there.grace)
    return carry_out(database, require_proposable, there.id, actor, zone=ZONE, new_starts_at=to)


def _move(database: OpenDatabase, there: Scene, to: datetime) -> object:
    actor = acting(there.coordinator)
    return carry_out(database, move, there.id, actor, to, "Agreed", seen=START, zone=ZONE)


@pytest.mark.parametrize("attempt", [_propose, _look, _move])
def test_a_session_is_neither_moved_nor_asked_onto_a_closed_day(
    database: OpenDatabase, attempt: Try
) -> None:
    there = closed(database, scene(database, starts_at=START))
    before = every_row(database)

    with refused(ClosedDay, day=local(SHUT), is_leave=False):
        attempt(database, there, SHUT)
    with refused(ClosedDay, day=local(AWAY), is_leave=True):
        attempt(database, there, AWAY)

    assert every_row(database) == before
    attempt(database, there, OPEN)


def test_what_was_left_on_a_closed_day_may_move_within_it(database: OpenDatabase) -> None:
    there = closed(database, scene(database, starts_at=START), own=True)
    _look(database, there, START + timedelta(hours=2))
    _move(database, there, START + timedelta(hours=2))
    assert as_it_stands(database, there.id).starts_at == START + timedelta(hours=2)


def test_an_answer_cannot_lead_onto_a_day_that_was_closed_since(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)
    _propose(database, there, SHUT)
    closed(database, there)
    with database.reading() as session:
        asked = session.exec(select(RescheduleProposal.id)).one()
    before = every_row(database)

    with refused(ClosedDay, is_leave=False):
        carry_out(database, accept, asked, acting(there.tutor), zone=ZONE)
    with refused(ClosedDay, is_leave=True):
        carry_out(database, counter, asked, acting(there.tutor), AWAY, zone=ZONE)

    assert every_row(database) == before
    carry_out(database, counter, asked, acting(there.tutor), OPEN, zone=ZONE)


def test_a_replacement_is_booked_on_no_closed_day_not_even_its_own(
    database: OpenDatabase,
) -> None:
    lost = scene(database, Status.CANCELLED_BY_TUTOR, starts_at=START)
    there = closed(database, lost, own=True)
    priya = acting(there.coordinator)
    before = every_row(database)

    for to in (SHUT, AWAY, START + timedelta(hours=2)):
        with refused(ClosedDay):
            carry_out(database, replace, there.id, priya, Instead(to), "Agreed", zone=ZONE)
        with refused(ClosedDay):
            carry_out(database, require_replaceable, there.id, priya, Instead(to), zone=ZONE)
        with refused(ClosedDay):
            carry_out(database, ask_for_replacement, there.id, acting(there.grace), to, zone=ZONE)

    assert every_row(database) == before
    carry_out(database, replace, there.id, priya, Instead(OPEN), "Agreed", zone=ZONE)


def test_a_tutor_on_leave_takes_no_session_over_and_is_not_offered(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=AWAY)
    with database.unit_of_work() as session:
        arjun = builders.tutor(session, name="Arjun Rao")
        free = builders.tutor(session, name="Nadia Aziz")
        session.add(leave_of(arjun.id))
    priya, seen = acting(there.coordinator), there.tutor.id

    with refused(TutorAway, tutor="Arjun Rao", day=local(AWAY)):
        carry_out(database, reassign, there.id, priya, arjun.id, "Ill", seen=seen, zone=ZONE)
    with database.reading() as session:
        offered = [one.name for one in free_tutors(session, there.session, ZONE)]

    assert offered == ["Nadia Aziz"]
    carry_out(database, reassign, there.id, priya, free.id, "Ill", seen=seen, zone=ZONE)


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CANCELLED_BY_TUTOR])
def test_no_time_on_a_closed_day_is_offered(database: OpenDatabase, status: Status) -> None:
    there = closed(database, scene(database, status, starts_at=START), own=True)
    days = [local(START) + number * DAY for number in range(5)]
    is_booked = status is Status.SCHEDULED
    shut = {local(SHUT), local(AWAY)} | (set() if is_booked else {local(START)})

    with database.reading() as session:
        about = there.session
        starts = suggested_starts(session, about, NOW, ZONE, ZONE)
        free = free_days(session, about, days, NOW, ZONE, ZONE)
        hours = [starts_of_day(session, about, day, NOW, ZONE, ZONE) for day in days]
        detail = session_detail(session, there.id, there.grace)
        assert detail is not None
        instead = offered_instead(session, detail, NOW, ZONE, ZONE)

    assert len(starts) > 2
    assert not shut & {local(one) for one in (*starts, *instead)}
    assert [day for day in days if day not in shut] == free
    assert [bool(found) for found in hours] == [day not in shut for day in days]
    assert bool(instead) == (not is_booked)


def test_leave_asks_no_family_to_move_onto_a_day_of_the_leave(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)
    actor = acting(there.tutor)
    wanted = LeaveWanted(there.tutor.id, local(START), local(AWAY), "A wedding")
    sheet = PenaltySheet()
    with database.reading() as session:
        found = sessions_during(session, actor, wanted, AGENCY, sheet)
    digest = digest_of(one.booked for one in found)
    before = every_row(database)

    with refused(ClosedDay, is_leave=True):
        choices = {there.id: Choice(Way.ASK, AWAY)}
        carry_out(database, take, actor, wanted, choices, AGENCY, sheet, digest=digest)

    assert every_row(database) == before
    choices = {there.id: Choice(Way.ASK, OPEN)}
    carry_out(database, take, actor, wanted, choices, AGENCY, sheet, digest=digest)
    with database.reading() as session:
        assert session.exec(select(RescheduleProposal.side)).one() is Role.TUTOR
