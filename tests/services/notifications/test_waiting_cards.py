"""Cards for parents who come to their account only now (SPEC 5)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.enums import Origin, Status
from services.db import Session
from services.lifecycle.actors import Actor
from services.people import accounts
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.newcomers import PHONE, awaiting, cards_for, newcomer, write_card

SYSTEM = Actor.system(NOW)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(database: OpenDatabase) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


def test_a_parent_who_links_later_gets_the_cards_that_wait(session: Session) -> None:
    person = newcomer(session)
    appointment_id = awaiting(session, person)
    token = accounts.invite(session, SYSTEM, person.id)

    accounts.accept_invitation(session, token, PHONE, None, NOW)

    assert cards_for(session, person) == [appointment_id]


def test_a_parent_linked_by_import_gets_them_with_start(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    appointment_id = awaiting(session, person)

    accounts.press_start(session, person, None, NOW)
    accounts.press_start(session, person, None, LATER)

    assert cards_for(session, person) == [appointment_id]


def test_a_card_that_is_on_its_way_is_not_written_again(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    appointment_id = awaiting(session, person)
    write_card(session, person, appointment_id, sent=False)

    accounts.press_start(session, person, None, NOW)

    assert cards_for(session, person) == [appointment_id]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.AWAITING_APPROVAL_PARENT}))
def test_sessions_that_await_no_answer_give_no_card(session: Session, status: Status) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    awaiting(session, person, status=status)

    accounts.press_start(session, person, None, NOW)

    assert cards_for(session, person) == []


def test_imported_sessions_give_no_card(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    awaiting(session, person, origin=Origin.IMPORTED)

    accounts.press_start(session, person, None, NOW)

    assert cards_for(session, person) == []


def test_other_peoples_children_give_no_card(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    awaiting(session, builders.parent(session))

    accounts.press_start(session, person, None, NOW)

    assert cards_for(session, person) == []


def test_who_teaches_their_own_child_gets_no_card_for_it(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE, is_tutor=True)
    student = builders.student(session, [person])
    builders.appointment(
        session, tutor=person, student=student, status=Status.AWAITING_APPROVAL_PARENT
    )

    accounts.press_start(session, person, None, NOW)

    assert cards_for(session, person) == []
