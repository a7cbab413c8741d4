"""The durable inbox and the dialogues beside it (DESIGN 2, 5 and 7)."""

import json
import math
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models import InboxUpdate, OutboxMessage
from models.enums import MessageKind
from services.messaging import conversation_state, inbox
from services.messaging.conversation_state import Position
from services.messaging.inbox import UpdateKey
from services.messaging.raw_updates import chat_of
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.stored_updates import kept

BOT = 4_200_000_001
GRACE = 7_001


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[OpenDatabase]:
    made = OpenDatabase(database_url)
    yield made
    await made.close()


def key(update_id: int, bot_id: int = BOT) -> UpdateKey:
    return UpdateKey(bot_id, update_id)


def message(update_id: int, chat_id: int = GRACE, text: str = "hello") -> dict[str, object]:
    return {"update_id": update_id, "message": {"chat": {"id": chat_id}, "text": text}}


def test_an_update_is_kept_with_its_chat_and_the_instant_of_its_arrival(
    database: OpenDatabase,
) -> None:
    raw = message(5)

    with database.unit_of_work() as session:
        inbox.store(session, BOT, [raw], NOW)

    with database.reading() as session:
        (row,) = kept(session, [key(5)])
    assert (row.payload, row.chat_id, row.received_at) == (raw, GRACE, NOW)
    assert (row.attempts, row.done_at, row.set_aside_at) == (0, None, None)


def test_an_update_delivered_again_stays_as_it_first_came(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        inbox.store(session, BOT, [message(5, text="first")], NOW)
        inbox.mark_done(session, key(5), NOW)

    with database.unit_of_work() as session:
        inbox.store(session, BOT, [message(5, text="again")], NOW + timedelta(minutes=1))

    with database.reading() as session:
        (row,) = kept(session, [key(5)])
        assert inbox.pending(session) == []
    assert row.payload == message(5, text="first")
    assert row.received_at == NOW


def test_pending_updates_come_in_the_order_of_their_numbers(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        inbox.store(session, BOT, [message(9), message(7), message(8)], NOW)
        inbox.mark_done(session, key(8), NOW)

    with database.reading() as session:
        assert inbox.pending(session) == [key(7), key(9)]


def test_the_third_failure_sets_an_update_aside_and_tells_coordinators_its_number(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        inbox.store(session, BOT, [message(5)], NOW)

    outcomes = []
    for _ in range(3):
        with database.unit_of_work() as session:
            outcomes.append(inbox.count_failure(session, key(5), "KeyError at a.py:1 b", NOW))

    assert outcomes == [False, False, True]
    with database.reading() as session:
        assert inbox.pending(session) == []
        row = session.exec(select(InboxUpdate)).one()
        told = session.exec(select(OutboxMessage)).one()
    assert (row.attempts, row.set_aside_at, row.error) == (3, NOW, "KeyError at a.py:1 b")
    assert (told.kind, told.person_id, told.payload) == (
        MessageKind.UPDATE_SET_ASIDE,
        None,
        {"update_id": 5},
    )


@pytest.mark.parametrize(
    ("raw", "chat_id"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 11}}}, 11),
        ({"update_id": 1, "edited_message": {"chat": {"id": -12}}}, -12),
        ({"update_id": 1, "callback_query": {"message": {"chat": {"id": 13}}}}, 13),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 14}}}, 14),
        ({"update_id": 1, "callback_query": {"inline_message_id": "x"}}, None),
        ({"update_id": 1, "poll": {"id": "1"}}, None),
    ],
)
def test_an_update_belongs_to_the_chat_in_which_it_happened(
    raw: dict[str, object], chat_id: int | None
) -> None:
    assert chat_of(raw) == chat_id


def test_positions_are_stored_replaced_and_removed(database: OpenDatabase) -> None:
    at_reason = Position("reason", {"appointment_id": 3})
    parked = Position(None, {"text": "half a sentence"})

    with database.unit_of_work() as session:
        conversation_state.store(
            session, GRACE, GRACE, {"dispute": at_reason, "notes": parked}, NOW
        )
        conversation_state.store(session, -50, GRACE, {"dispute": at_reason}, NOW)
    with database.unit_of_work() as session:
        changed = {"dispute": Position(None, None), "notes": Position("parts", None)}
        conversation_state.store(session, GRACE, GRACE, changed, NOW)

    with database.reading() as session:
        rows = conversation_state.load_all(session)
    assert {(row.chat_id, row.user_id, row.name, row.state) for row in rows} == {
        (GRACE, GRACE, "notes", "parts"),
        (-50, GRACE, "dispute", "reason"),
    }


def test_two_bots_count_their_own_updates(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        inbox.store(session, BOT, [message(5, text="to the old bot")], NOW)
        inbox.mark_done(session, key(5), NOW)
        inbox.store(session, BOT + 1, [message(5, text="to the new bot")], NOW)

    with database.reading() as session:
        assert inbox.pending(session) == [key(5, BOT + 1)]
        (row,) = inbox.waiting(session, [key(5, BOT + 1)])
    assert row.payload == message(5, text="to the new bot")


def test_what_postgresql_refuses_in_text_is_replaced_and_everything_keeps_its_place(
    database: OpenDatabase,
) -> None:
    half = "\ud83d"
    raw = message(5, text=f"a\0b{half}c 😀") | {"of_later": [{half: ["\0", 7, None, True]}]}

    with database.unit_of_work() as session:
        inbox.store(session, BOT, [raw], NOW)

    with database.reading() as session:
        (row,) = kept(session, [key(5)])
    assert row.payload == message(5, text="a\ufffdb\ufffdc 😀") | {
        "of_later": [{"\ufffd": ["\ufffd", 7, None, True]}]
    }


def test_an_update_that_cannot_be_stored_is_set_aside_and_keeps_back_no_other(
    database: OpenDatabase,
) -> None:
    endless = message(6, text="Emily") | {"of_later": math.inf}

    with database.unit_of_work() as session:
        inbox.store_each(session, BOT, [message(5), endless, message(7)], NOW)

    with database.reading() as session:
        assert inbox.pending(session) == [key(5), key(7)]
        (row,) = kept(session, [key(6)])
        told = session.exec(select(OutboxMessage)).one()
    assert (row.payload, row.set_aside_at) == ({"update_id": 6}, NOW)
    assert row.error == "not stored: ValueError"
    assert (told.kind, told.payload) == (MessageKind.UPDATE_SET_ASIDE, {"update_id": 6})


def nested(depth: int) -> dict[str, object]:
    """An object with so many lists in one another."""
    return json.loads(f'{{"of_later": {"[" * depth}{"]" * depth}}}')  # type: ignore[no-any-return]


@pytest.mark.parametrize("wide", [{}, {"many": [[]] * 5000}])
def test_what_is_nested_too_deep_to_be_read_again_is_set_aside(
    database: OpenDatabase, wide: dict[str, object]
) -> None:
    updates = [{"update_id": 5} | wide | nested(99), {"update_id": 6} | wide | nested(100)]

    with database.unit_of_work() as session:
        inbox.store_each(session, BOT, updates, NOW)

    with database.reading() as session:
        assert inbox.pending(session) == [key(5)]
        (row,) = kept(session, [key(6)])
    assert (row.payload, row.error) == ({"update_id": 6}, "not stored: ValueError")


@pytest.mark.parametrize(
    "raw",
    [
        {"message": {"chat": {"id": 2**63}}},
        {"message": {"chat": {"id": "11"}}},
        {"message": {"chat": [11]}},
        {"message": "?"},
        {"callback_query": {"message": "?"}},
        {"callback_query": {"message": None}},
    ],
)
def test_what_names_no_chat_that_can_be_stored_is_kept_without_one(
    database: OpenDatabase, raw: dict[str, object]
) -> None:
    with database.unit_of_work() as session:
        inbox.store(session, BOT, [{"update_id": 5} | raw], NOW)

    with database.reading() as session:
        (row,) = inbox.waiting(session, [key(5)])
    assert (row.chat_id, row.payload) == (None, {"update_id": 5} | raw)
