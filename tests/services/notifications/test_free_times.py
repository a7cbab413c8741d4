"""A free time on the card of a cancelled session goes once it is free no more (SPEC 6; UX 17)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models import Card, Match, OutboxMessage, Person, RescheduleProposal
from models.enums import ChangeReason, MessageKind, Role, Status
from services.closures.holidays import Day, add
from services.closures.leave import LeaveWanted, take
from services.matches.answers import accept as accept_match
from services.matches.horizon import extend_match
from services.matches.missing import book_missing
from services.matches.offers import Terms, offer
from services.matches.slot_changes import SlotChange, apply, preview
from services.messaging.messages.sessions import SessionCancelled
from services.messaging.outbox import tell_person
from services.reschedules.negotiation import accept, propose
from services.rules.closures import digest_of
from services.rules.penalties import PenaltySheet
from services.sessions.cancellations import cancel
from services.sessions.coordinator_actions import move, reassign
from services.sessions.replacements import Instead
from services.sessions.replacements import replace as replace_session
from services.sessions.scheduling import Wanted, schedule
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.imports import files
from tests.services.imports.runs import imported
from tests.services.matches.stage import at
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, another_session, carry_out, scene

REFRESH = MessageKind.APPOINTMENT_CARD_REFRESH
DAY = timedelta(days=1)
LOST, TAKEN = NOW + DAY, NOW + 3 * DAY
FAR = NOW + 40 * DAY
SATURDAY, SUNDAY = 6, 7
WHY = "Agreed by telephone."
SHEET = PenaltySheet()


@dataclass(frozen=True)
class Case:
    """A session that its tutor cancelled, whose card offers times to a parent."""

    database: OpenDatabase
    there: Scene
    folder: Path

    def told(self) -> list[tuple[int | None, int | None]]:
        """Readers whose cards of the cancelled session are written anew."""
        rows = outbox_rows(self.database, REFRESH)
        found = [(row.person_id, row.appointment_id) for row in rows]
        return [one for one in found if one[1] == self.there.id]

    def another(self, **over: Any) -> Scene:
        return another_session(self.database, self.there, **over)

    def colleague(self) -> Person:
        with self.database.unit_of_work() as session:
            return builders.tutor(session, name="Arun Pillai")

    def match(self, weekday: int) -> Match:
        """A match of these two that is offered, from Saturday on."""
        terms = Terms(
            tutor_id=self.there.tutor.id,
            student_id=self.there.student.id,
            subject="Mathematics",
            times=(at(weekday, "15:00"),),
            starts_on=TAKEN.astimezone(ZONE).date(),
        )
        priya = acting(self.there.coordinator)
        return carry_out(self.database, offer, priya, terms, AGENCY).match


def offering(database: OpenDatabase, folder: Path, *, shown: bool = True) -> Case:
    """Grace has the card, with times from the day after the cancelled session on."""
    there = scene(database, Status.CANCELLED_BY_TUTOR, starts_at=LOST)
    if shown:
        with database.unit_of_work() as session:
            people = (there.grace, LOST + DAY), (there.tutor, LOST), (there.daniel, None)
            session.add_all(
                Card(
                    chat_id=person.id,
                    message_id=1,
                    person_id=person.id,
                    appointment_id=there.id,
                    true_until=until,
                )
                for person, until in people
            )
    return Case(database, there, folder)


Way = Callable[[Case], Awaitable[None]]


async def scheduled(case: Case) -> None:
    about = case.there
    wanted = Wanted(about.tutor.id, about.student.id, "Physics", TAKEN, 60)
    carry_out(case.database, schedule, acting(about.coordinator), wanted, AGENCY)


async def replaced(case: Case) -> None:
    other = case.another(starts_at=FAR, status=Status.CANCELLED_BY_TUTOR)
    priya, instead = acting(case.there.coordinator), Instead(starts_at=TAKEN)
    carry_out(case.database, replace_session, other.id, priya, instead, WHY, zone=ZONE)


async def moved(case: Case) -> None:
    other, priya = case.another(starts_at=FAR), acting(case.there.coordinator)
    carry_out(case.database, move, other.id, priya, TAKEN, WHY, seen=FAR, zone=ZONE)


async def handed_over(case: Case) -> None:
    arun, priya = case.colleague(), acting(case.there.coordinator)
    other = case.another(starts_at=TAKEN, tutor=arun, student=_sibling(case))
    tutor_id = case.there.tutor.id
    carry_out(case.database, reassign, other.id, priya, tutor_id, WHY, seen=arun.id, zone=ZONE)


async def agreed(case: Case) -> None:
    other, why = case.another(starts_at=FAR), ChangeReason.EMERGENCY
    tutor, grace = acting(case.there.tutor), acting(case.there.grace)
    carry_out(case.database, propose, other.id, tutor, TAKEN, why, None, zone=ZONE)
    assert case.told() == [], "nothing is taken by asking"
    with case.database.reading() as session:
        proposal_id = session.exec(select(RescheduleProposal.id)).one()
    carry_out(case.database, accept, proposal_id, grace, zone=ZONE)


async def matched(case: Case) -> None:
    match = case.match(SATURDAY)
    carry_out(case.database, accept_match, match.id, acting(case.there.grace), AGENCY)


async def filled_up(case: Case) -> None:
    """A day of the match was taken as it was accepted, and is booked once it is free."""
    tutor = acting(case.there.tutor)
    other = case.another(starts_at=TAKEN)
    match = case.match(SATURDAY)
    carry_out(case.database, accept_match, match.id, acting(case.there.grace), AGENCY)
    carry_out(case.database, cancel, other.id, tutor, ChangeReason.UNWELL, None, None)
    _forget(case)
    carry_out(case.database, book_missing, match.id, acting(case.there.coordinator), AGENCY)


async def of_a_changed_match(case: Case) -> None:
    match, priya = case.match(SUNDAY), acting(case.there.coordinator)
    carry_out(case.database, accept_match, match.id, acting(case.there.grace), AGENCY)
    _forget(case)
    first = TAKEN.astimezone(ZONE).date()
    change = SlotChange((at(SATURDAY, "15:00"),), first, Role.PARENT, WHY)
    digest = carry_out(case.database, preview, match.id, priya, change, AGENCY).digest
    carry_out(case.database, apply, match.id, priya, change, AGENCY, digest=digest)


async def away(case: Case) -> None:
    day = TAKEN.astimezone(ZONE).date()
    wanted = LeaveWanted(case.there.tutor.id, day, day, "A wedding")
    actor, digest = acting(case.there.tutor), digest_of([])
    carry_out(case.database, take, actor, wanted, {}, AGENCY, SHEET, digest=digest)


async def closed(case: Case) -> None:
    days = [Day(TAKEN.astimezone(ZONE).date(), "Founders' day")]
    priya = acting(case.there.coordinator)
    carry_out(case.database, add, priya, days, {}, AGENCY, digest=digest_of([]))


async def imported_then(case: Case) -> None:
    with case.database.unit_of_work() as session:
        session.merge(case.there.tutor).ref = "t1"
        session.merge(case.there.student).ref = "s1"
    files.write(case.folder, sessions=[files.session(starts_at="2026-11-28 15:00")])
    report = await imported(case.database, case.folder)
    assert report.is_saved


WAYS: dict[str, Way] = {
    "scheduled": scheduled,
    "replaced": replaced,
    "moved": moved,
    "handed over": handed_over,
    "agreed": agreed,
    "matched": matched,
    "filled up": filled_up,
    "of a changed match": of_a_changed_match,
    "away": away,
    "closed": closed,
    "imported": imported_then,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_the_card_is_written_anew_as_one_of_its_times_is_taken(
    database: OpenDatabase, tmp_path: Path, way: Way
) -> None:
    case = offering(database, tmp_path)

    await way(case)

    assert case.told() == [(case.there.grace.id, case.there.id)]


async def test_so_is_one_that_is_on_its_way_and_may_be_worded_already(
    database: OpenDatabase, tmp_path: Path
) -> None:
    case = offering(database, tmp_path, shown=False)
    about = case.there
    told, to = SessionCancelled(about.id), about.daniel.id
    carry_out(database, tell_person, to, told, key="a", now=NOW)
    carry_out(database, tell_person, about.tutor.id, told, key="b", now=NOW)
    carry_out(database, tell_person, about.grace.id, told, key="c", now=NOW + DAY)

    await scheduled(case)

    assert case.told() == [(to, about.id)]


async def test_a_time_that_is_not_offered_changes_no_card(
    database: OpenDatabase, tmp_path: Path
) -> None:
    case = offering(database, tmp_path)
    about, priya = case.there, acting(case.there.coordinator)
    arun, sibling = case.colleague(), _sibling(case)
    wanted = Wanted(about.tutor.id, about.student.id, "Physics", TAKEN, 60)
    for other in (
        replace(wanted, starts_at=FAR),
        replace(wanted, starts_at=LOST - timedelta(hours=2)),
        replace(wanted, tutor_id=arun.id, student_id=sibling.id),
    ):
        carry_out(database, schedule, priya, other, AGENCY)

    assert case.told() == []


async def test_the_horizon_goes_on_beyond_what_is_offered(
    database: OpenDatabase, tmp_path: Path
) -> None:
    case = offering(database, tmp_path)
    await matched(case)
    _forget(case)
    with database.reading() as session:
        match_id = session.exec(select(Match.id)).one()

    carry_out(database, extend_match, match_id, AGENCY, NOW + 7 * DAY)

    assert case.told() == []


async def test_each_time_that_is_taken_is_told_of(database: OpenDatabase, tmp_path: Path) -> None:
    case = offering(database, tmp_path)
    other, priya = case.another(starts_at=FAR), acting(case.there.coordinator)
    places = [FAR, TAKEN, TAKEN + DAY, TAKEN]
    for seen, to in pairwise(places):
        carry_out(database, move, other.id, priya, to, WHY, seen=seen, zone=ZONE)

    assert case.told() == [(case.there.grace.id, case.there.id)] * 3


def _sibling(case: Case) -> Any:
    with case.database.unit_of_work() as session:
        return builders.student(session, [case.there.daniel], name="Ryan Lim")


def _forget(case: Case) -> None:
    """Leave out what was written so far."""
    with case.database.unit_of_work() as session:
        for row in session.exec(select(OutboxMessage)).all():
            session.delete(row)
