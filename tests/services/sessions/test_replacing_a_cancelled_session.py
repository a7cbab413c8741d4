"""A session that its tutor cancelled is replaced at the parents' wish (SPEC 6)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models import Appointment
from models.enums import MessageKind, Status
from services.queries.offered_slots import INSTEAD, offered_instead
from services.queries.replacements import replacement
from services.queries.sessions import session_detail
from services.rules.refusals import Refusal
from services.rules.refusals.requests import SlotPassed, SlotTaken
from services.rules.refusals.sessions import ActedFirst, NotFound, WrongStatus
from services.sessions.replacements import Instead, ask_for_replacement, replace
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, recipients, refused
from tests.services.scenes import Scene, another_session, carry_out, scene

START = NOW + timedelta(days=1)
WISHED = NOW + timedelta(days=3)
WHY = "Agreed by telephone."


def cancelled(database: OpenDatabase, status: Status = Status.CANCELLED_BY_TUTOR) -> Scene:
    return scene(database, status, starts_at=START, minutes=75)


def offered(database: OpenDatabase, there: Scene, viewer: Any = None) -> int:
    with database.reading() as session:
        detail = session_detail(session, there.id, viewer or there.grace)
        assert detail is not None
        return len(offered_instead(session, detail, NOW, AGENCY.zone, ZONE))


def test_parents_are_offered_free_times_until_somebody_has_asked(database: OpenDatabase) -> None:
    there = cancelled(database)
    assert offered(database, there) == INSTEAD
    assert offered(database, there, there.tutor) == 0

    carry_out(database, ask_for_replacement, there.id, acting(there.daniel), WISHED, zone=ZONE)

    assert offered(database, there) == 0


def test_nothing_is_offered_where_the_family_cancelled(database: OpenDatabase) -> None:
    there = cancelled(database, Status.CANCELLED_BY_PARENT)

    assert offered(database, there) == 0
    with refused(WrongStatus):
        carry_out(database, ask_for_replacement, there.id, acting(there.grace), zone=ZONE)


def test_the_time_that_suits_is_told_to_the_group_and_kept(database: OpenDatabase) -> None:
    there = cancelled(database)

    carry_out(database, ask_for_replacement, there.id, acting(there.grace), WISHED, zone=ZONE)

    assert recipients(database, MessageKind.REPLACEMENT_ASKED) == [None]
    with database.reading() as session:
        row = session.get(Appointment, there.id)
        assert row is not None
        asked = replacement(session, row).asked
    assert asked is not None
    assert (asked.actor_id, asked.wished) == (there.grace.id, WISHED)


def test_the_tutor_who_cancelled_does_not_ask(database: OpenDatabase) -> None:
    there = cancelled(database)

    with refused(WrongStatus):
        carry_out(database, ask_for_replacement, there.id, acting(there.tutor), zone=ZONE)


def test_of_both_parents_one_asks(database: OpenDatabase) -> None:
    there = cancelled(database)
    carry_out(database, ask_for_replacement, there.id, acting(there.grace), WISHED, zone=ZONE)

    with refused(ActedFirst):
        carry_out(database, ask_for_replacement, there.id, acting(there.daniel), None, zone=ZONE)
    again = carry_out(
        database, ask_for_replacement, there.id, acting(there.grace), WISHED, zone=ZONE
    )

    assert again.repeated


@pytest.mark.parametrize(
    ("wished", "refusal"),
    [(NOW - timedelta(hours=1), SlotPassed), (WISHED, SlotTaken)],
    ids=["passed", "taken"],
)
def test_a_time_that_is_gone_by_then_is_refused(
    database: OpenDatabase, wished: Any, refusal: type[Refusal]
) -> None:
    there = cancelled(database)
    another_session(database, there, starts_at=WISHED)
    before = every_row(database)

    with refused(refusal):
        carry_out(database, ask_for_replacement, there.id, acting(there.grace), wished, zone=ZONE)
    assert every_row(database) == before


def test_another_tutor_takes_it_at_its_own_time(database: OpenDatabase) -> None:
    there = cancelled(database)
    with database.unit_of_work() as session:
        ben = builders.tutor(session, name="Ben Ong")
    instead = Instead(tutor_id=ben.id)

    carry_out(database, replace, there.id, acting(there.coordinator), instead, WHY, zone=ZONE)

    with database.reading() as session:
        lost, new = session.exec(select(Appointment).order_by(col(Appointment.id))).all()
    assert (new.tutor_id, new.starts_at, new.ends_at) == (ben.id, lost.starts_at, lost.ends_at)
    assert (new.replaces_id, new.status) == (lost.id, Status.SCHEDULED)
    told = recipients(database, MessageKind.SESSION_CHANGED)
    assert set(told) == {ben.id, there.grace.id, there.daniel.id}


def test_who_is_no_tutor_takes_nothing(database: OpenDatabase) -> None:
    there = cancelled(database)

    with refused(NotFound):
        carry_out(
            database,
            replace,
            there.id,
            acting(there.coordinator),
            Instead(tutor_id=there.grace.id),
            WHY,
            zone=ZONE,
        )
