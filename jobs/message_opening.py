"""Opening of outbox messages: read and composed for their readers, many in one read."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chat.app_context import AppContext
from chat.message_parts import Compose, Delivery, Part, parts_of
from jobs.batches import Batches
from jobs.telegram_sender import Place
from services.database_errors import is_of_database
from services.db import Session
from services.messaging import deliveries
from services.messaging.deliveries import PendingMessage

AT_ONCE = 4
"""Most reads at the same time: as many as there are connections to read with."""


class OpenedMessage(NamedTuple):
    """Message that is about to be sent."""

    pending: PendingMessage
    place: Place
    parts: Sequence[Part] | Exception
    """An exception where it cannot be composed."""


class SpoiltReadError(Exception):
    """A statement for one message failed: each has to be read alone."""


class MessageOpening:
    """Reads messages just before they are sent; those that are asked for together, together."""

    def __init__(self, app: AppContext, compose: Compose) -> None:
        self._app = app
        self._compose = compose
        self._batches = Batches(self._read, at_once=AT_ONCE)

    async def open(self, message_id: int) -> OpenedMessage | None:
        """The message; None if it is not to be sent any more."""
        return await self._batches.add(message_id)

    async def _read(self, message_ids: Sequence[int]) -> list[OpenedMessage | None]:
        return await self._app.database.read(self._open, message_ids)

    def _open(self, session: Session, message_ids: Sequence[int]) -> list[OpenedMessage | None]:
        """Open messages. Raises SpoiltReadError where one of several made a statement fail, after
        which the others may have read nothing.
        """
        found = deliveries.pending_messages(session, message_ids, self._app.clock.now())
        messages = [one.message for one in found]
        composed = self._compose(session, messages, self._app) if messages else []
        for one in composed:
            if isinstance(one, Exception) and len(message_ids) > 1 and is_of_database(one):
                raise SpoiltReadError from one
        group = self._group(session, found)
        opened = {
            one.message.id: OpenedMessage(one, self._place_of(one, group), _parts(delivery))
            for one, delivery in zip(found, composed, strict=True)
        }
        return [opened.get(message_id) for message_id in message_ids]

    def _group(self, session: Session, found: Sequence[PendingMessage]) -> Place:
        chat_id = self._app.coordinator_chat_id
        if any(one.message.person_id is None for one in found):
            chat_id = deliveries.current_chat(session, chat_id)
        return Place(chat_id, self._app.agency.zone)

    def _place_of(self, pending: PendingMessage, group: Place) -> Place:
        person = pending.person
        if person is None or person.telegram_user_id is None:
            return group
        zone = ZoneInfo(person.time_zone) if person.time_zone else self._app.agency.zone
        return Place(person.telegram_user_id, zone)


def _parts(delivery: Delivery | Exception) -> Sequence[Part] | Exception:
    return delivery if isinstance(delivery, Exception) else parts_of(delivery)
