"""Delivery of one outbox message: composed, sent part by part, recorded; and handling of errors."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog
from telegram import Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from chat.app_context import AppContext
from chat.error_place import place_of
from chat.message_parts import Compose, Nothing, Part, Refresh, Send, SendMedia, parts_of
from chat.replies import seconds_of
from jobs.telegram_sender import Place, TelegramSender
from models import Card
from services.database_errors import is_away
from services.db import Session
from services.messaging import cards, deliveries
from services.messaging.cards import OlderCard
from services.messaging.deliveries import PendingMessage
from services.ports import MediaMissingError, MediaUnavailableError

logger = structlog.get_logger(__name__)

PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds to wait after the first, second ... failure in a row; the last one for all others."""
TRIES = 3
"""How often a message is tried whose composition fails by a fault of ours."""
MEDIA_PAUSE = timedelta(minutes=1)
"""How long a message is postponed whose file is out of reach."""

Result = TypeVar("Result")


class MessageDelivery:
    """Delivers messages one at a time; `jobs.outbox_relay` decides which, and in what order."""

    def __init__(
        self,
        app: AppContext,
        sender: TelegramSender,
        compose: Compose,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._app = app
        self._sender = sender
        self._compose = compose
        self._pauses = pauses

    async def attempt(self, message_id: int, failures: int) -> float | None:
        """Send a message; return the seconds to wait before the next try, None if it is finished.

        `failures`: how often it failed in a row. It is composed anew each time, since its session
        may have changed meanwhile.
        """
        pending: PendingMessage | None = None
        try:
            found = await self._app.database.read(self._open, message_id)
            if found is None:
                return None
            pending, composed = found
            if not isinstance(composed, Exception):
                await self._send(pending, *composed)
                return None
            trouble = composed
        except Exception as error:  # noqa: BLE001 - every error has its consequence
            trouble = error
        return await self._surely(partial(self._after, trouble, pending, failures))

    def _open(
        self, session: Session, message_id: int
    ) -> tuple[PendingMessage, tuple[Place, Sequence[Part]] | Exception] | None:
        """The message with its place and parts, or with the error of composing it; None if it is
        not to be sent any more.
        """
        pending = deliveries.pending_message(session, message_id, self._now())
        if pending is None:
            return None
        try:
            place = self._place_of(session, pending)
            return pending, (place, parts_of(self._compose(session, pending.message, self._app)))
        except Exception as error:  # noqa: BLE001 - its consequence depends on the message
            return pending, error

    # ------------------------------------------------------------------------------------- sending

    async def _send(self, pending: PendingMessage, place: Place, parts: Sequence[Part]) -> None:
        numbered = list(enumerate(parts, start=1))[pending.parts_sent :]
        for number, part in numbered[:-1]:
            sent = await self._put(place, part)
            await self._record(pending, part, sent, number)
        last = numbered[-1][1] if numbered else Nothing("all of it was out")
        sent = await self._put(place, last)
        await self._record(pending, last, sent, None)

    async def _put(self, place: Place, part: Part) -> Message | None:
        match part:
            case Send():
                return await self._sender.send(place, part)
            case SendMedia():
                return await self._sender.send_media(place, part)
            case Refresh():
                for edit in part.edits:
                    await self._sender.edit(edit)
                return None
            case Nothing():
                return None

    async def _record(
        self, pending: PendingMessage, part: Part, sent: Message | None, number: int | None
    ) -> None:
        """Store that a part was sent; `number` None: the last one. Nothing else is sent to the
        chat before that is stored.
        """
        message = pending.message
        if sent is not None and message.message_id is None:
            message.chat_id, message.message_id = sent.chat_id, sent.message_id
        why = part.why if isinstance(part, Nothing) else None

        def record(session: Session) -> list[OlderCard]:
            replaced = self._keep_card(session, pending, part, sent)
            if isinstance(part, Send) and part.says_too:
                deliveries.mark_said(session, pending, part.says_too, self._now())
            if number is None:
                deliveries.mark_sent(session, pending, self._now(), why)
            else:
                deliveries.mark_part_sent(session, pending, number)
            return replaced

        for old in await self._surely(partial(self._app.database.write, record)):
            await self._take_buttons(old)

    def _keep_card(
        self, session: Session, pending: PendingMessage, part: Part, sent: Message | None
    ) -> list[OlderCard]:
        if not isinstance(part, Send) or part.card is None or sent is None:
            return []
        card = Card(
            chat_id=sent.chat_id,
            message_id=sent.message_id,
            person_id=pending.message.person_id,
            appointment_id=part.card.appointment_id,
            dispute_id=part.card.dispute_id,
            report_id=part.card.report_id,
            content_hash=part.screen.content_hash,
        )
        return cards.keep(session, card)

    async def _take_buttons(self, card: OlderCard) -> None:
        """Take the buttons off an older card. Errors are only logged, after a few tries, since the
        message was sent; a card that keeps its buttons stays live until the next one.
        """
        for pause in self._pauses:
            try:
                await self._sender.take_buttons(card.chat_id, card.message_id)
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except TelegramError as error:
                logger.warning("card_kept_its_buttons", card_id=card.id, error=place_of(error))
                await asyncio.sleep(pause)
            else:
                return

    # ------------------------------------------------------------------------------------- errors

    async def _after(
        self, error: Exception, pending: PendingMessage | None, failures: int
    ) -> float | None:
        """Handle an error; return the seconds until the next try, None if there is none."""
        pause = self._pauses[min(failures, len(self._pauses) - 1)]
        if pending is None or is_away(error):
            logger.warning("outbox_unreadable", error=place_of(error))
            return pause
        match error:
            case RetryAfter():
                return seconds_of(error)
            case ChatMigrated():
                await self._follow_group(pending, error.new_chat_id)
                return 0.0
            case Forbidden():
                return await self._after_forbidden(pending)
            case TelegramError() if not isinstance(error, BadRequest):
                logger.warning("message_not_sent", message_id=pending.message.id, error=str(error))
                return pause
        await self._after_refusal(pending, error, pause)
        return None

    async def _after_refusal(self, pending: PendingMessage, error: Exception, pause: float) -> None:
        """Give up a message that no try can send. Postpone one whose file is out of reach, or
        whose composition failed fewer than three times, so that others go first.
        """
        name = {"message_id": pending.message.id, "kind": pending.message.kind.value}
        is_final = isinstance(error, BadRequest | MediaMissingError)
        is_waited_for = isinstance(error, MediaUnavailableError)
        if is_final or (not is_waited_for and pending.message.attempts + 1 >= TRIES):
            logger.error("message_given_up", **name, error=place_of(error))
            await self._app.database.write(deliveries.give_up, pending, _text(error), self._now())
            self._app.wake_relay()
            return
        logger.warning("message_postponed", **name, error=place_of(error))
        until = self._now() + (MEDIA_PAUSE if is_waited_for else timedelta(seconds=pause))
        await self._app.database.write(deliveries.postpone, pending.message.id, until, _text(error))

    async def _after_forbidden(self, pending: PendingMessage) -> float | None:
        person_id = pending.message.person_id
        if person_id is None:
            logger.error("coordinators_group_refuses", message_id=pending.message.id)
            return self._pauses[-1]
        await self._app.database.write(deliveries.mark_unreachable, person_id, self._now())
        self._app.wake_relay()
        return None

    async def _follow_group(self, pending: PendingMessage, new_chat_id: int) -> None:
        def transaction(session: Session) -> None:
            place = self._place_of(session, pending)
            deliveries.follow_group(session, place.chat_id, new_chat_id)

        await self._app.database.write(transaction)

    # -------------------------------------------------------------------------------------- inside

    def _place_of(self, session: Session, pending: PendingMessage) -> Place:
        agency_zone = self._app.agency.zone
        if pending.message.person_id is None:
            group = self._app.coordinator_chat_id
            return Place(deliveries.current_chat(session, group), agency_zone)
        if pending.telegram_user_id is None:
            raise ValueError("a message to a person without an account is not opened")
        return Place(
            pending.telegram_user_id, ZoneInfo(pending.zone) if pending.zone else agency_zone
        )

    async def _surely(self, write: Callable[[], Awaitable[Result]]) -> Result:
        """Write, however long the database is out of reach: no message may be sent twice."""
        failures = 0
        while True:
            try:
                return await write()
            except Exception as error:
                if not is_away(error):
                    raise
                logger.warning("outbox_unwritable", error=place_of(error))
                await asyncio.sleep(self._pauses[min(failures, len(self._pauses) - 1)])
                failures += 1

    def _now(self) -> datetime:
        return self._app.clock.now()


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
