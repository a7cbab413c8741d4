"""Pressing Start, one's language, and who is still to be invited (SPEC 1, 9)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models import Person
from services import people
from services.db import Database, Session
from tests import builders
from tests.builders import NOW
from tests.services.newcomers import PHONE, newcomer

LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[Session]:
    async with database.unit_of_work() as session:
        yield session


async def test_pressing_start_makes_somebody_reachable(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE, unreachable_since=NOW)

    await people.press_start(session, person, "zh-hans", LATER)

    assert (person.started_at, person.unreachable_since) == (LATER, None)
    assert person.language == "zh-hans"


async def test_pressing_start_again_keeps_when_it_was_first(session: Session) -> None:
    person = await newcomer(session, telegram_user_id=PHONE)
    await people.press_start(session, person, "en", NOW)

    await people.press_start(session, person, "en", LATER)

    assert person.started_at == NOW


async def test_a_language_that_is_known_is_not_taken_from_the_client(session: Session) -> None:
    person = await newcomer(session, language="ta")

    await people.press_start(session, person, "en", NOW)

    assert person.language == "ta"


async def test_a_person_chooses_their_language(database: Database) -> None:
    async with database.unit_of_work() as session:
        person = await builders.parent(session, language="en")
        await people.set_language(session, person, "ms")

    async with database.reading() as session:
        assert (await session.exec(select(Person.language))).all() == ["ms"]


async def test_who_is_still_to_be_invited_is_listed_by_name(session: Session) -> None:
    never_started = await newcomer(session, name="Ben Ong", telegram_user_id=PHONE)
    unlinked = await newcomer(session, name="Aisha Rahman")
    await builders.parent(session, name="Grace Lim")

    assert await people.unlinked_people(session) == [unlinked, never_started]


@pytest.mark.parametrize(
    ("search", "found"),
    [("rahm", ["Aisha Rahman"]), (" AISHA ", ["Aisha Rahman"]), ("lim", ["Grace Lim"]), ("%", [])],
)
async def test_everybody_is_found_by_a_part_of_their_name(
    session: Session, search: str, found: list[str]
) -> None:
    await newcomer(session, name="Aisha Rahman")
    await builders.parent(session, name="Grace Lim")

    assert [person.name for person in await people.people_called(session, search)] == found
