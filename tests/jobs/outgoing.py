"""An outbox with readers, and a relay over it, for tests of what is sent."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from chat.app_context import AppContext
from chat.message_parts import Delivery, Send
from chat.screen import Screen
from jobs.outbox_relay import OutboxRelay
from jobs.rate_limits import RateLimits
from models import Card, OutboxMessage, Person
from models.enums import MessageKind
from sandbox.wire import Json
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.base import Message
from tests import builders
from tests.builders import NOW
from tests.running import Bench

UNPACED = RateLimits(10_000, 10_000, 10_000)
PAUSES = (0.01, 0.02)

Composer = Callable[[OutboxMessage], Delivery]
ComposerOfAll = Callable[[Session, Sequence[OutboxMessage]], list[Delivery | Exception]]


@dataclass(frozen=True)
class Words(Message):
    """A message that says what a test wants said."""

    kind = MessageKind.NOTES_ADDED
    text: str
    parts_sent: int = 0


def words_of(message: OutboxMessage) -> Delivery:
    """The text that the test put into the payload; a notice's kind."""
    return Send(Screen(message.payload.get("text", message.kind.value)))


@dataclass
class Outgoing:
    """A bench with somebody to write to."""

    bench: Bench
    composer: Composer = words_of
    composer_of_all: ComposerOfAll | None = None
    """Composes a whole page, in place of `composer`."""
    composed: list[int] = field(default_factory=list)
    gates: dict[int, threading.Event] = field(default_factory=dict)
    """Messages that are held up until the test lets them go."""
    number: int = 0

    def relay(
        self,
        *,
        pauses: Sequence[float] = PAUSES,
        look_every: float = 60.0,
        pacing: RateLimits = UNPACED,
        width: int = 32,
    ) -> OutboxRelay:
        bot = self.bench.application.bot
        return OutboxRelay(
            bot,
            self.bench.app,
            self._compose,
            pacing=pacing,
            pauses=pauses,
            look_every=look_every,
            width=width,
        )

    def _compose(
        self, session: Session, messages: Sequence[OutboxMessage], _app: AppContext
    ) -> list[Delivery | Exception]:
        if self.composer_of_all is not None:
            return self.composer_of_all(session, messages)
        return [self._compose_one(message) for message in messages]

    def _compose_one(self, message: OutboxMessage) -> Delivery | Exception:
        self.composed.append(message.id)
        if message.id in self.gates:
            self.gates[message.id].wait()
        try:
            return self.composer(message)
        except Exception as error:  # noqa: BLE001 - as the product's own
            return error

    def person(self, **over: object) -> Person:
        """Somebody on both sides: in our records and in Telegram."""
        started = bool(over.get("started_at", True))
        account = self.bench.world.add_person("Grace", started=started).id
        with self.bench.database.unit_of_work() as session:
            return builders.parent(session, **({"telegram_user_id": account} | over))

    async def write(
        self,
        to: Person | None,
        text: str = "hello",
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
        parts_sent: int = 0,
    ) -> int:
        """Write a message into the outbox; return its id."""
        self.number += 1
        key = f"test:{self.number}"
        told = Words(text, parts_sent)
        with self.bench.database.unit_of_work() as session:
            if to is None:
                outbox.tell_coordinators(session, told, key=key, now=NOW)
            else:
                outbox.tell_person(
                    session,
                    to.id,
                    told,
                    key=key,
                    now=NOW,
                    due_at=due_at,
                    expires_at=expires_at,
                )
            found = session.exec(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key))
            return found.one()

    def row(self, message_id: int) -> OutboxMessage:
        with self.bench.database.reading() as session:
            found = session.exec(select(OutboxMessage).where(OutboxMessage.id == message_id))
            return found.one()

    def notices(self) -> list[tuple[MessageKind, dict[str, Any]]]:
        """Messages that the relay itself wrote to the coordinators, in order."""
        own = (
            MessageKind.PERSON_UNREACHABLE,
            MessageKind.MESSAGE_GIVEN_UP,
            MessageKind.GROUP_REFUSES,
        )
        with self.bench.database.reading() as session:
            found = session.exec(
                select(OutboxMessage)
                .where(col(OutboxMessage.dedupe_key).not_like("test:%"))
                .order_by(col(OutboxMessage.id))
            )
            return [(row.kind, row.payload) for row in found.all() if row.kind in own]

    def cards(self) -> list[Card]:
        with self.bench.database.reading() as session:
            return list(session.exec(select(Card).order_by(col(Card.id))).all())

    def texts(self, chat_id: int | None) -> list[str]:
        """The texts of a chat, oldest first."""
        return [message.get("text", "") for message in self.messages(chat_id)]

    def messages(self, chat_id: int | None) -> list[Json]:
        assert chat_id is not None
        return self.bench.phone(chat_id).messages()
