"""Cards that another one replaces while they are edited: a single line is left of them (UX 17)."""

import pytest

from models import Appointment
from services.messaging import cards
from services.messaging.cards import NewCard, OlderCard
from tests import builders
from tests.open_database import OpenDatabase

CHAT = 7


@pytest.fixture
def lesson(database: OpenDatabase) -> Appointment:
    with database.unit_of_work() as session:
        tutor, child = builders.tutor(session), builders.student(session)
        return builders.appointment(session, tutor=tutor, student=child)


def sent(database: OpenDatabase, lesson: Appointment, message_id: int) -> list[OlderCard]:
    """A card of the session is sent; return those that it replaces."""
    new = NewCard(CHAT, message_id, lesson.tutor_id, lesson.id, None, None, f"{message_id}", None)
    with database.unit_of_work() as session:
        return cards.keep_all(session, [new])[new]


def test_one_that_was_edited_since_is_told_when_it_is_retired(
    database: OpenDatabase, lesson: Appointment
) -> None:
    sent(database, lesson, 1)
    sent(database, lesson, 2)
    first, second = sent(database, lesson, 3)
    with database.unit_of_work() as session:
        cards.now_shows(session, CHAT, second.message_id, "the session again")
    with database.unit_of_work() as session:
        assert cards.retire_all(session, [first, second]) == [second]
    with database.reading() as session:
        assert [cards.shown_on(session, one.id) for one in (first, second)] == [None, None]


def test_a_card_is_replaced_by_a_newer_one_and_once_it_is_retired(
    database: OpenDatabase, lesson: Appointment
) -> None:
    sent(database, lesson, 1)
    (first,) = sent(database, lesson, 2)
    (newest,) = (one for one in sent(database, lesson, 1) if one.id != first.id)
    with database.reading() as session:
        assert cards.is_replaced(session, first.id)
        assert not cards.is_replaced(session, newest.id)
    with database.unit_of_work() as session:  # by the card above it, which is the older one
        assert cards.retire_all(session, [newest]) == []
        assert cards.is_replaced(session, newest.id)
        assert not cards.is_replaced(session, first.id)
