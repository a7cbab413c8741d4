"""Cards for parents who come to their account only now (SPEC 5)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.enums import Origin, Status
from services import people
from services.actors import Actor
from services.db import Database, Session
from tests import builders
from tests.builders import NOW
from tests.services.newcomers import PHONE, awaiting, cards_for, newcomer, write_card

SYSTEM = Actor.system(NOW)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[Session]:
    async with database.unit_of_work() as session:
        yield session


async def test_a_parent_who_links_later_gets_the_cards_that_wait(session: Session) -> None:
    person = await newcomer(session)
    appointment_id = await awaiting(session, person)
    token = await people.invite(session, SYSTEM, person.id)

    await people.accept_invitation(session, token, PHONE, None, NOW)

    assert await cards_for(session, person) == [appointment_id]


async def test_a_parent_linked_by_import_gets_them_with_start(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    appointment_id = await awaiting(session, person)

    await people.press_start(session, person, None, NOW)
    await people.press_start(session, person, None, LATER)

    assert await cards_for(session, person) == [appointment_id]


async def test_a_card_that_is_on_its_way_is_not_written_again(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    appointment_id = await awaiting(session, person)
    await write_card(session, person, appointment_id, sent=False)

    await people.press_start(session, person, None, NOW)

    assert await cards_for(session, person) == [appointment_id]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.AWAITING_APPROVAL_PARENT}))
async def test_sessions_that_await_no_answer_give_no_card(session: Session, status: Status) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    await awaiting(session, person, status=status)

    await people.press_start(session, person, None, NOW)

    assert await cards_for(session, person) == []


async def test_imported_sessions_give_no_card(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    await awaiting(session, person, origin=Origin.IMPORTED)

    await people.press_start(session, person, None, NOW)

    assert await cards_for(session, person) == []


async def test_other_peoples_children_give_no_card(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    await awaiting(session, await builders.parent(session))

    await people.press_start(session, person, None, NOW)

    assert await cards_for(session, person) == []


async def test_who_teaches_their_own_child_gets_no_card_for_it(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE, is_tutor=True)
    student = await builders.student(session, [person])
    await builders.appointment(
        session, tutor=person, student=student, status=Status.AWAITING_APPROVAL_PARENT
    )

    await people.press_start(session, person, None, NOW)

    assert await cards_for(session, person) == []
