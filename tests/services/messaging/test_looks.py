"""A look into inbox or outbox reads a page, however much waits (DESIGN 2, ideas 5 and 6)."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text, update
from sqlmodel import col

from models import InboxUpdate, OutboxMessage, Person
from models.enums import MessageKind
from services.db import Session
from services.messaging import deliveries, inbox
from services.messaging.inbox import BEFORE_ALL, UpdateKey
from services.messaging.pages_read import PAGE
from services.queries.inbox import more_was_sent
from tests.builders import NOW
from tests.open_database import OpenDatabase

BOT = 4_200_000_001
CHAT = 7_001


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[OpenDatabase]:
    made = OpenDatabase(database_url)
    yield made
    await made.close()


def write_updates(database: OpenDatabase, count: int, text: str = "hello") -> None:
    rows = [
        {
            "bot_id": BOT,
            "update_id": number,
            "chat_id": CHAT,
            "payload": {"update_id": number, "message": {"text": text}},
            "received_at": NOW,
            "attempts": 0,
        }
        for number in range(1, count + 1)
    ]
    with database.unit_of_work() as session:
        session.execute(insert(InboxUpdate), rows)


def write_messages(database: OpenDatabase, count: int, person_id: int | None = None) -> None:
    rows = [
        {
            "dedupe_key": f"{person_id}:{number}",
            "kind": MessageKind.UPDATE_SET_ASIDE,
            "payload": {"update_id": number},
            "person_id": person_id,
            "created_at": NOW,
            "due_at": NOW,
            "attempts": 0,
        }
        for number in range(count)
    ]
    with database.unit_of_work() as session:
        session.execute(insert(OutboxMessage), rows)


def test_pending_updates_are_read_page_by_page(database: OpenDatabase) -> None:
    write_updates(database, PAGE + 5)

    with database.reading() as session:
        first = inbox.pending(session)
        second = inbox.pending(session, first[-1])

    assert first + second == [UpdateKey(BOT, number) for number in range(1, PAGE + 6)]
    assert len(first) == PAGE


def test_due_messages_are_read_page_by_page(database: OpenDatabase) -> None:
    write_messages(database, PAGE + 5)

    with database.reading() as session:
        first = deliveries.due(session, NOW)
        second = deliveries.due(session, NOW, first[-1].place)

    assert (len(first), len(second)) == (PAGE, 5)
    places = [one.place for one in first + second]
    assert places == sorted(set(places))


def test_messages_that_wait_for_their_reader_cost_no_more_than_a_page(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        person = Person(name="Grace Tan", telegram_user_id=CHAT)
        session.add(person)
        session.flush()
    write_messages(database, PAGE, person.id)
    write_messages(database, 1)

    with database.reading() as session:
        first = deliveries.due(session, NOW)
        (second,) = deliveries.due(session, NOW, first[-1].place)

    assert {(one.person_id, one.is_in_reach) for one in first} == {(person.id, False)}
    assert (second.person_id, second.is_in_reach) == (None, True)


def test_whether_more_was_sent_is_seen_in_the_next_updates(database: OpenDatabase) -> None:
    write_updates(database, 2)

    with database.reading() as session:
        assert more_was_sent(session, CHAT, 1)
        assert not more_was_sent(session, CHAT, 2)
        assert not more_was_sent(session, CHAT + 1, 1)


PAST_UPDATES = col(InboxUpdate.update_id) <= 2_000
PAST_MESSAGES = col(OutboxMessage.id) <= 2_000
LOOKS: dict[str, tuple[str, Callable[[Session], object]]] = {
    "pending": ("ix_inbox_update_pending", lambda s: inbox.pages(s, BEFORE_ALL, BEFORE_ALL)),
    "due": ("ix_outbox_message_pending", lambda s: deliveries.due(s, NOW)),
    "any_expired": ("ix_outbox_message_expiring", lambda s: deliveries.any_expired(s, NOW)),
    "more_was_sent": ("ix_inbox_update_pending_of_chat", lambda s: more_was_sent(s, CHAT + 1, 1)),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_finds_what_is_pending_by_an_index_of_that_alone(
    database: OpenDatabase, name: str
) -> None:
    index, look = LOOKS[name]
    write_updates(database, 3_000)
    write_messages(database, 3_000)
    with database.unit_of_work() as session:
        session.exec(update(InboxUpdate).where(PAST_UPDATES).values(done_at=NOW))
        session.exec(update(OutboxMessage).where(PAST_MESSAGES).values(sent_at=NOW))
        session.execute(text("ANALYZE"))

    assert index in steps_of(database, look)


def steps_of(database: OpenDatabase, look: Callable[[Session], object]) -> str:
    """How the database goes about the selects of a look."""
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    selects: list[tuple[str, Any]] = []

    def remember(
        _connection: object, _cursor: object, select: str, values: Any, *_: object
    ) -> None:
        selects.append((select, values))

    with database.reading() as session:
        event.listen(Engine, "before_cursor_execute", remember)
        try:
            look(session)
        finally:
            event.remove(Engine, "before_cursor_execute", remember)
        found = (
            session.connection().exec_driver_sql(f"{explain} {select}", values)
            for select, values in selects
        )
        return "\n".join(str(row) for rows in found for row in rows.all())
