"""Pressing Start, one's language, and who is still to be invited (SPEC 1, 9)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models import Person
from services.db import Session
from services.people import accounts
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.newcomers import PHONE, newcomer

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(database: OpenDatabase) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


def test_pressing_start_makes_somebody_reachable(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE, unreachable_since=NOW)

    accounts.press_start(session, person, "zh-hans", LATER)

    assert (person.started_at, person.unreachable_since) == (LATER, None)
    assert person.language == "zh-hans"


def test_pressing_start_again_keeps_when_it_was_first(session: Session) -> None:
    person = newcomer(session, telegram_user_id=PHONE)
    accounts.press_start(session, person, "en", NOW)

    accounts.press_start(session, person, "en", LATER)

    assert person.started_at == NOW


def test_a_language_that_is_known_is_not_taken_from_the_client(session: Session) -> None:
    person = newcomer(session, language="ta")

    accounts.press_start(session, person, "en", NOW)

    assert person.language == "ta"


def test_a_person_chooses_their_language(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        person = builders.parent(session, language="en")
        accounts.set_language(session, person, "ms")

    with database.reading() as session:
        assert session.exec(select(Person.language)).all() == ["ms"]


def test_who_is_still_to_be_invited_is_listed_by_name(session: Session) -> None:
    never_started = newcomer(session, name="Ben Ong", telegram_user_id=PHONE)
    unlinked = newcomer(session, name="Aisha Rahman")
    builders.parent(session, name="Grace Lim")

    assert accounts.unlinked_people(session) == [unlinked, never_started]


@pytest.mark.parametrize(
    ("search", "found"),
    [("rahm", ["Aisha Rahman"]), (" AISHA ", ["Aisha Rahman"]), ("lim", ["Grace Lim"]), ("%", [])],
)
def test_everybody_is_found_by_a_part_of_their_name(
    session: Session, search: str, found: list[str]
) -> None:
    newcomer(session, name="Aisha Rahman")
    builders.parent(session, name="Grace Lim")

    assert [person.name for person in accounts.people_called(session, search)] == found
