"""Messages to many people are read together and recorded together, and fail alone."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import ProgrammingError

from chat.message_parts import CardOf, Delivery, Send
from chat.screen import Screen
from models import OutboxMessage
from models.enums import MessageKind
from services.db import Session
from tests.builders import NOW
from tests.jobs.outgoing import Outgoing, words_of
from tests.jobs.test_deliveries import appointment

READERS = 40


class Statements:
    """Counts the statements of both databases."""

    def __init__(self) -> None:
        self.all: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.all.append(statement)

    def stop(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)


async def test_many_messages_cost_few_statements(out: Outgoing) -> None:
    session_id = appointment(out)
    out.composer = lambda _message: Send(Screen("a card"), card=CardOf(session_id))
    readers = [out.person() for _ in range(READERS)]
    numbers = [await out.write(person) for person in readers]
    counted = Statements()

    await out.relay().drain()
    counted.stop()

    assert [out.row(number).sent_at for number in numbers] == [NOW] * READERS
    assert len(out.cards()) == READERS
    assert len([one for one in counted.all if one.startswith("SELECT outbox_message.id,")]) <= 4
    assert len(counted.all) < READERS * 2


async def test_a_statement_that_fails_for_one_message_spoils_no_other(out: Outgoing) -> None:
    readers = [out.person() for _ in range(3)]
    numbers = [await out.write(person) for person in readers]

    def compose(session: Session, messages: Sequence[OutboxMessage]) -> list[Delivery | Exception]:
        composed: list[Delivery | Exception] = []
        for message in messages:
            try:
                if message.id == numbers[1]:
                    fail(session)
                session.connection().execute(text("SELECT 1"))
                composed.append(words_of(message))
            except Exception as error:  # noqa: BLE001 - as the product's own
                composed.append(error)
        return composed

    out.composer_of_all = compose
    await out.relay().drain()

    assert [out.row(one).sent_at for one in numbers] == [NOW, None, NOW]
    assert [out.row(one).attempts for one in numbers] == [0, 1, 0]


async def test_a_record_that_cannot_be_stored_keeps_no_other_from_being_stored(
    out: Outgoing,
) -> None:
    session_id, nowhere = appointment(out), 987_654
    readers = [out.person() for _ in range(3)]
    numbers = [await out.write(person, "hello") for person in readers]
    out.composer = lambda message: (
        Send(
            Screen(message.payload["text"]),
            card=CardOf(nowhere if message.id == numbers[1] else session_id),
        )
        if message.kind is MessageKind.NOTES_ADDED
        else words_of(message)
    )

    await out.relay().drain()

    assert [out.row(one).sent_at for one in numbers] == [NOW, None, NOW]
    assert len(out.texts(readers[0].telegram_user_id)) == 1
    assert len(out.texts(readers[1].telegram_user_id)) == 2  # one repetition at most
    assert out.row(numbers[1]).failed_at == NOW


def fail(session: Session) -> None:
    """Make a statement fail: on PostgreSQL nothing can be read in its transaction any more."""
    if session.get_bind().dialect.name == "sqlite":
        raise ProgrammingError("SELECT * FROM nowhere", None, ValueError("no such table"))
    session.connection().execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize("count", [1, 7])
async def test_messages_of_one_reader_are_composed_one_after_another(
    out: Outgoing, count: int
) -> None:
    grace = out.person()
    sent_when_composed = []

    def compose(message: OutboxMessage) -> Delivery:
        sent_when_composed.append(len(out.texts(grace.telegram_user_id)))
        return words_of(message)

    out.composer = compose
    for number in range(count):
        await out.write(grace, f"{number}")

    await out.relay().drain()

    assert sent_when_composed == [*range(count)]
