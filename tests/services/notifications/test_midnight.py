"""Cards that say "Today" are brought up to date at midnight, each once (UX 7, 17)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import Card
from models.enums import MessageKind
from services.messaging.messages.base import read
from services.messaging.messages.sessions import SessionCardRefresh
from services.notifications import midnight
from services.notifications.midnight import next_midnight, refresh_at_midnight
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import HOUR, SECOND, swept, told
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, scene

REFRESH = MessageKind.APPOINTMENT_CARD_REFRESH
MIDNIGHT = NOW + 9 * HOUR


def _card(database: OpenDatabase, there: Scene, message_id: int, *, is_live: bool = True) -> None:
    with database.unit_of_work() as session:
        session.add(
            Card(
                chat_id=there.grace.id,
                message_id=message_id,
                person_id=there.grace.id,
                appointment_id=there.id,
                is_live=is_live,
                true_until=MIDNIGHT,
            )
        )


def _left(database: OpenDatabase) -> list[int]:
    with database.reading() as session:
        waiting = select(Card.message_id).where(col(Card.true_until).is_not(None))
        return list(session.exec(waiting).all())


async def test_a_card_is_written_anew_at_its_midnight_once(database: OpenDatabase) -> None:
    there = scene(database)
    _card(database, there, 1)

    swept(database, refresh_at_midnight, MIDNIGHT - SECOND)
    assert told(database, REFRESH) == []
    swept(database, refresh_at_midnight, MIDNIGHT, MIDNIGHT + SECOND, MIDNIGHT + HOUR)

    assert told(database, REFRESH) == [(there.grace.id, there.id)]
    assert _left(database) == []


async def test_only_the_cards_whose_moment_has_come_are_written_anew(
    database: OpenDatabase,
) -> None:
    """One that is sent meanwhile was written later, and has more to say."""
    there = scene(database)
    _card(database, there, 1)
    with database.reading() as session:
        [due] = session.exec(select(Card.id)).all()

    swept(database, refresh_at_midnight, MIDNIGHT)

    [sent] = outbox_rows(database, REFRESH)
    assert read(SessionCardRefresh, sent.payload) == SessionCardRefresh(there.id, (due,))


async def test_days_without_the_bot_are_caught_up(database: OpenDatabase) -> None:
    there = scene(database)
    _card(database, there, 1)

    swept(database, refresh_at_midnight, MIDNIGHT + timedelta(days=3))

    assert told(database, REFRESH) == [(there.grace.id, there.id)]


async def test_a_retired_card_is_left_alone(database: OpenDatabase) -> None:
    there = scene(database)
    _card(database, there, 1, is_live=False)

    swept(database, refresh_at_midnight, MIDNIGHT)

    assert (told(database, REFRESH), _left(database)) == ([], [])


async def test_one_run_takes_so_many_and_the_next_goes_on(
    database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(midnight, "AT_ONCE", 2)
    there = scene(database)
    for number in (1, 2, 3):
        _card(database, there, number)

    swept(database, refresh_at_midnight, MIDNIGHT)
    assert _left(database) == [3]
    swept(database, refresh_at_midnight, MIDNIGHT + SECOND)

    assert _left(database) == []


async def test_it_tells_when_it_is_next_due(database: OpenDatabase) -> None:
    there = scene(database)
    with database.reading() as session:
        assert next_midnight(session, AGENCY, NOW) is None
    _card(database, there, 1)
    with database.reading() as session:
        assert next_midnight(session, AGENCY, NOW) == MIDNIGHT
