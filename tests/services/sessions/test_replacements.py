"""A lost session is asked to be replaced, and replaced (SPEC 2, 6)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models import Appointment, Person
from models.enums import Action, Kind, MessageKind, Origin, PriceUnit, Role, Status
from services.rules.refusals import Refusal
from services.rules.refusals.requests import SlotPassed, SlotTaken
from services.rules.refusals.sessions import ActedFirst, Replaced, WrongStatus
from services.rules.refusals.standing import NotCoordinator, NotYourChild
from services.rules.refusals.typed import ReasonRequired
from services.sessions.replacements import (
    Instead,
    ask_for_replacement,
    replace,
    require_replaceable,
)
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

LOST_START = NOW - timedelta(days=1)
NEW_START = NOW + timedelta(days=3)
NEW_END = NEW_START + timedelta(minutes=75)
WHY = "Both have agreed by telephone."
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(minutes=1)


def lost(database: OpenDatabase, **over: Any) -> Scene:
    values: dict[str, Any] = {"starts_at": LOST_START, "minutes": 75}
    return scene(database, Status.NOT_COMPLETED, **(values | over))


def replaced(
    database: OpenDatabase,
    there: Scene,
    to: datetime | None = NEW_START,
    *,
    who: Person | None = None,
    now: datetime = NOW,
    why: str = WHY,
    tutor_id: int | None = None,
) -> Any:
    actor = acting(who or there.coordinator, now)
    return carry_out(database, replace, there.id, actor, Instead(to, tutor_id), why, zone=ZONE)


def sessions(database: OpenDatabase) -> list[Appointment]:
    with database.reading() as session:
        return list(session.exec(select(Appointment).order_by(col(Appointment.id))).all())


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


# ------------------------------------------------------------------------------------- the asking


@pytest.mark.parametrize(("who", "side"), [("tutor", Role.TUTOR), ("daniel", Role.PARENT)])
def test_the_tutor_or_a_parent_asks_and_the_coordinators_are_told(
    database: OpenDatabase, who: str, side: Role
) -> None:
    there = with_cards(database, lost(database))

    carry_out(database, ask_for_replacement, there.id, acting(getattr(there, who)), zone=ZONE)

    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.to_status) == (Action.ASK_REPLACEMENT, side, None)
    assert recipients(database, MessageKind.REPLACEMENT_ASKED) == [None]
    assert there.grace.id in recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)


def test_it_is_asked_once_and_who_comes_second_is_told_who_did(
    database: OpenDatabase,
) -> None:
    there = lost(database)
    carry_out(database, ask_for_replacement, there.id, acting(there.grace), zone=ZONE)
    before = every_row(database)

    again = carry_out(
        database, ask_for_replacement, there.id, acting(there.grace, LATER), zone=ZONE
    )
    assert (again.repeated, again.at) == (True, NOW)
    for who in (there.daniel, there.tutor):
        with refused(
            ActedFirst,
            actor_id=there.grace.id,
            action=Action.ASK_REPLACEMENT,
            at=NOW,
        ):
            carry_out(database, ask_for_replacement, there.id, acting(who, LATER), zone=ZONE)
    assert every_row(database) == before


LOST = (Status.NOT_COMPLETED, Status.CANCELLED_BY_TUTOR)


@pytest.mark.parametrize("status", [one for one in Status if one not in LOST])
def test_only_a_lost_session_is_replaced(database: OpenDatabase, status: Status) -> None:
    there = scene(database, status)
    before = every_row(database)

    with refused(WrongStatus, status=status):
        carry_out(database, ask_for_replacement, there.id, acting(there.tutor), zone=ZONE)
    with refused(WrongStatus, status=status):
        replaced(database, there)
    with refused(WrongStatus, status=status):
        carry_out(database, require_replaceable, there.id, acting(there.coordinator), zone=ZONE)
    assert every_row(database) == before


def test_strangers_do_not_ask_and_only_coordinators_replace(database: OpenDatabase) -> None:
    there, others = lost(database), lost(database)
    before = every_row(database)

    for stranger in (others.tutor, others.grace, there.coordinator):
        with refused(NotYourChild):
            carry_out(database, ask_for_replacement, there.id, acting(stranger), zone=ZONE)
    for who in (there.tutor, there.grace):
        with refused(NotCoordinator):
            replaced(database, there, who=who)
    assert every_row(database) == before


# ---------------------------------------------------------------------------------- the replacing


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.TRIAL])
@pytest.mark.parametrize("asked", [True, False])
def test_a_new_session_takes_the_place_of_the_lost_one(
    database: OpenDatabase, kind: Kind, asked: bool
) -> None:
    there = lost(database, kind=kind, subject="Physics")
    if asked:
        carry_out(database, ask_for_replacement, there.id, acting(there.grace), zone=ZONE)

    replaced(database, there, why=f" {WHY} ")

    before, new = sessions(database)
    assert before.status is Status.NOT_COMPLETED
    assert (new.starts_at, new.ends_at) == (NEW_START, NEW_END)
    assert (new.tutor_id, new.student_id) == (there.tutor.id, there.student.id)
    assert (new.subject, new.kind, new.origin) == ("Physics", kind, Origin.NATIVE)
    assert (new.status, new.replaces_id, new.created_at) == (Status.SCHEDULED, there.id, NOW)
    (event,) = trail(database, new.id)
    assert (event.action, event.role, event.reason) == (Action.REPLACE, Role.COORDINATOR, WHY)
    assert (event.from_status, event.to_status) == (None, Status.SCHEDULED)
    assert event.details == {"replaces_id": there.id}
    of_lost = trail(database, there.id)[-1]
    assert (of_lost.action, of_lost.to_status) == (Action.REPLACE, None)
    assert of_lost.details == {"replaced_by_id": new.id}


def test_both_sides_get_the_card_of_the_new_one_and_the_lost_ones_are_refreshed(
    database: OpenDatabase,
) -> None:
    there = with_cards(database, lost(database))

    outcome = replaced(database, there)

    both = [there.tutor.id, there.grace.id, there.daniel.id]
    (told, *_) = outbox_rows(database, MessageKind.SESSION_CHANGED)
    assert told.appointment_id == outcome.appointment.id
    assert recipients(database, MessageKind.SESSION_CHANGED) == both
    assert recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH) == both * 2


@pytest.mark.parametrize(
    ("to", "is_passed"), [(NOW - SECOND, True), (NOW, True), (NOW + SECOND, False)]
)
def test_a_replacement_starts_in_the_future(
    database: OpenDatabase, to: datetime, is_passed: bool
) -> None:
    there = lost(database)

    if not is_passed:
        replaced(database, there, to)
        return
    with refused(SlotPassed):
        replaced(database, there, to)
    assert len(sessions(database)) == 1


def test_its_slot_is_free(database: OpenDatabase) -> None:
    there = lost(database)
    another_session(database, there, starts_at=NEW_END - timedelta(minutes=1))
    before = every_row(database)

    with refused(SlotTaken):
        replaced(database, there)
    with refused(SlotTaken):
        instead = Instead(NEW_START)
        carry_out(
            database, require_replaceable, there.id, acting(there.coordinator), instead, zone=ZONE
        )
    assert every_row(database) == before


def test_a_replacement_needs_a_reason(database: OpenDatabase) -> None:
    there = lost(database)

    with refused(ReasonRequired):
        replaced(database, there, why=" ")
    assert len(sessions(database)) == 1


def test_it_is_replaced_once_and_who_comes_second_is_told(database: OpenDatabase) -> None:
    there, farah = lost(database), colleague(database)
    replaced(database, there)
    before = every_row(database)
    slot = {"starts_at": NEW_START, "ends_at": NEW_END}
    first = {"actor_id": there.coordinator.id, "who": there.coordinator.name, "at": NOW} | slot

    again = replaced(database, there, now=LATER)
    assert (again.repeated, again.at, again.appointment.replaces_id) == (True, NOW, there.id)
    with refused(Replaced, **first):
        replaced(database, there, NEW_START + timedelta(days=1), who=farah, now=LATER)
    for who in (there.coordinator, farah):
        with refused(Replaced, **first):
            carry_out(database, require_replaceable, there.id, acting(who), zone=ZONE)
    with refused(Replaced, **first):
        carry_out(database, ask_for_replacement, there.id, acting(there.grace), zone=ZONE)
    assert every_row(database) == before


async def test_of_two_coordinators_who_replace_it_at_once_one_does(database: OpenDatabase) -> None:
    there, farah = lost(database), colleague(database)

    results = await asyncio.gather(
        asyncio.to_thread(replaced, database, there),
        asyncio.to_thread(replaced, database, there, NEW_START + timedelta(days=1), who=farah),
        return_exceptions=True,
    )

    (late,) = [one for one in results if isinstance(one, Refusal)]
    assert isinstance(late, Replaced)
    assert len(sessions(database)) == 2


def test_the_database_itself_lets_nothing_be_replaced_twice(database: OpenDatabase) -> None:
    there = lost(database)
    replaced(database, there)

    with pytest.raises(IntegrityError):
        another_session(
            database, there, starts_at=NEW_START + timedelta(days=1), replaces_id=there.id
        )


def test_it_costs_what_the_lost_one_would_have_cost(database: OpenDatabase) -> None:
    there = lost(database, price=4500, pay=3000, price_unit=PriceUnit.HOUR)

    replaced(database, there)

    _, new = sessions(database)
    assert (new.price, new.pay, new.price_unit) == (4500, 3000, PriceUnit.HOUR)
