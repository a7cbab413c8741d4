"""One outbox message on its way: composed, sent part by part, recorded; and what errors mean."""

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
"""Seconds to wait after the first, second ... failure in a row; the last for all that follow."""
TRIES = 3
"""So often a message is composed that cannot be, for a fault of ours."""
MEDIA_PAUSE = timedelta(minutes=1)
"""How long a message whose file is out of reach lets others go first."""

Result = TypeVar("Result")


class MessageDelivery:
    """Delivers messages one at a time; `jobs.outbox_relay` decides which, and in what order."""

    def __init__(
        self,
        app: AppContext,
        transmission: TelegramSender,
        compose: Compose,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._app = app
        self._transmission = transmission
        self._compose = compose
        self._pauses = pauses

    async def attempt(self, message_id: int, failures: int) -> float | None:
        """Sends a message; the seconds to wait before the next try, None where it is finished.

        `failures` is how often it failed just before. It is composed anew each time: what it
        tells of may have moved on while Telegram was out of reach.
        """
        letter: PendingMessage | None = None
        try:
            found = await self._app.database.read(self._open, message_id)
            if found is None:
                return None
            letter, composed = found
            if not isinstance(composed, Exception):
                await self._send(letter, *composed)
                return None
            trouble = composed
        except Exception as error:  # noqa: BLE001 - every error has its consequence
            trouble = error
        return await self._surely(partial(self._after, trouble, letter, failures))

    def _open(
        self, session: Session, message_id: int
    ) -> tuple[PendingMessage, tuple[Place, Sequence[Part]] | Exception] | None:
        """The message, if it may still be sent, with where it goes and what it says, or with why
        that cannot be told.
        """
        letter = deliveries.pending_message(session, message_id, self._now())
        if letter is None:
            return None
        try:
            place = self._place_of(session, letter)
            return letter, (place, parts_of(self._compose(session, letter.message, self._app)))
        except Exception as error:  # noqa: BLE001 - its consequence depends on the message
            return letter, error

    # -------------------------------------------------------------------------------- what is sent

    async def _send(self, letter: PendingMessage, place: Place, parts: Sequence[Part]) -> None:
        numbered = list(enumerate(parts, start=1))[letter.parts_sent :]
        for number, part in numbered[:-1]:
            sent = await self._put(place, part)
            await self._record(letter, part, sent, number)
        last = numbered[-1][1] if numbered else Nothing("all of it was out")
        sent = await self._put(place, last)
        await self._record(letter, last, sent, None)

    async def _put(self, place: Place, part: Part) -> Message | None:
        match part:
            case Send():
                return await self._transmission.send(place, part)
            case SendMedia():
                return await self._transmission.send_media(place, part)
            case Refresh():
                for edit in part.edits:
                    await self._transmission.edit(edit)
                return None
            case Nothing():
                return None

    async def _record(
        self, letter: PendingMessage, part: Part, sent: Message | None, number: int | None
    ) -> None:
        """Notes that a part is out; `number` None: the last. Until that is on disk, nothing else
        goes to this chat.
        """
        message = letter.message
        if sent is not None and message.message_id is None:
            message.chat_id, message.message_id = sent.chat_id, sent.message_id
        why = part.why if isinstance(part, Nothing) else None

        def record(session: Session) -> list[OlderCard]:
            replaced = self._keep_card(session, letter, part, sent)
            if isinstance(part, Send) and part.says_too:
                deliveries.mark_said(session, letter, part.says_too, self._now())
            if number is None:
                deliveries.mark_sent(session, letter, self._now(), why)
            else:
                deliveries.mark_part_sent(session, letter, number)
            return replaced

        for old in await self._surely(partial(self._app.database.write, record)):
            await self._take_buttons(old)

    def _keep_card(
        self, session: Session, letter: PendingMessage, part: Part, sent: Message | None
    ) -> list[OlderCard]:
        if not isinstance(part, Send) or part.card is None or sent is None:
            return []
        card = Card(
            chat_id=sent.chat_id,
            message_id=sent.message_id,
            person_id=letter.message.person_id,
            appointment_id=part.card.appointment_id,
            dispute_id=part.card.dispute_id,
            content_hash=part.screen.content_hash,
        )
        return cards.keep(session, card)

    async def _take_buttons(self, card: OlderCard) -> None:
        """The message is out already, so this must not fail it: it is tried a few times. A card
        that keeps its buttons stays live, and loses them to the next one.
        """
        for pause in self._pauses:
            try:
                await self._transmission.take_buttons(card.chat_id, card.message_id)
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except TelegramError as error:
                logger.warning("card_kept_its_buttons", card_id=card.id, error=place_of(error))
                await asyncio.sleep(pause)
            else:
                return

    # --------------------------------------------------------------------------- what errors mean

    async def _after(
        self, error: Exception, letter: PendingMessage | None, failures: int
    ) -> float | None:
        """The consequence of an error; the seconds to wait before the next try, if there is one."""
        pause = self._pauses[min(failures, len(self._pauses) - 1)]
        if letter is None or is_away(error):
            logger.warning("outbox_unreadable", error=place_of(error))
            return pause
        match error:
            case RetryAfter():
                return seconds_of(error)
            case ChatMigrated():
                await self._follow_group(letter, error.new_chat_id)
                return 0.0
            case Forbidden():
                return await self._after_forbidden(letter)
            case TelegramError() if not isinstance(error, BadRequest):
                logger.warning("message_not_sent", message_id=letter.message.id, error=str(error))
                return pause
        await self._after_refusal(letter, error, pause)
        return None

    async def _after_refusal(self, letter: PendingMessage, error: Exception, pause: float) -> None:
        """What waiting cannot mend is given up. A file out of reach is waited for, and a fault
        of ours in composing is given three tries, while others go first.
        """
        name = {"message_id": letter.message.id, "kind": letter.message.kind.value}
        is_final = isinstance(error, BadRequest | MediaMissingError)
        is_waited_for = isinstance(error, MediaUnavailableError)
        if is_final or (not is_waited_for and letter.message.attempts + 1 >= TRIES):
            logger.error("message_given_up", **name, error=place_of(error))
            await self._app.database.write(deliveries.give_up, letter, _text(error), self._now())
            self._app.wake_sender()
            return
        logger.warning("message_postponed", **name, error=place_of(error))
        until = self._now() + (MEDIA_PAUSE if is_waited_for else timedelta(seconds=pause))
        await self._app.database.write(deliveries.postpone, letter.message.id, until, _text(error))

    async def _after_forbidden(self, letter: PendingMessage) -> float | None:
        person_id = letter.message.person_id
        if person_id is None:
            logger.error("coordinators_group_refuses", message_id=letter.message.id)
            return self._pauses[-1]
        await self._app.database.write(deliveries.mark_unreachable, person_id, self._now())
        self._app.wake_sender()
        return None

    async def _follow_group(self, letter: PendingMessage, new_chat_id: int) -> None:
        def transaction(session: Session) -> None:
            place = self._place_of(session, letter)
            deliveries.follow_group(session, place.chat_id, new_chat_id)

        await self._app.database.write(transaction)

    # -------------------------------------------------------------------------------------- inside

    def _place_of(self, session: Session, letter: PendingMessage) -> Place:
        agency_zone = self._app.agency.zone
        if letter.message.person_id is None:
            group = self._app.coordinator_chat_id
            return Place(deliveries.current_chat(session, group), agency_zone)
        if letter.telegram_user_id is None:
            raise ValueError("a letter to a person without an account is not opened")
        return Place(letter.telegram_user_id, ZoneInfo(letter.zone) if letter.zone else agency_zone)

    async def _surely(self, write: Callable[[], Awaitable[Result]]) -> Result:
        """Writes, however long the database is away: what was sent must not be sent again."""
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
