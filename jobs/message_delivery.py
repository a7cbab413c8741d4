"""Delivery of one outbox message: composed, sent part by part, recorded; and handling of errors."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from chat.app_context import AppContext
from chat.message_parts import (
    Compose,
    Nothing,
    Part,
    Refresh,
    Send,
    SendMedia,
    SetMenu,
    TakeButtons,
)
from chat.patient_writes import surely
from chat.slots import outside_slots
from chat.telegram_answers import (
    TRIES_IN_DOUBT,
    FailsAlone,
    GroupRefuses,
    Moved,
    Outcome,
    OutOfReach,
    ReaderGone,
    Refused,
    Tries,
    outcome_of,
    seconds_of,
)
from jobs.batches import Batches
from jobs.message_opening import MessageOpening
from jobs.telegram_sender import Place, TelegramSender
from models.cause import current_update
from services.database_errors import is_away
from services.db import Session
from services.error_place import place_of
from services.messaging import deliveries, sent_parts, undelivered
from services.messaging.cards import NewCard, OlderCard
from services.messaging.deliveries import MessagePlace, PendingMessage
from services.messaging.lists import NewList
from services.messaging.sent_parts import SentPart
from services.ports import MediaMissingError, MediaUnavailableError

logger = structlog.get_logger(__name__)

PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds to wait after the first, second ... failure in a row; the last one for all others."""
COMPOSE_TRIES = 3
"""How often a message is tried whose composition fails by a fault of ours."""
MEDIA_PAUSE = timedelta(minutes=1)
"""How long a message is postponed whose file is out of reach."""

P = ParamSpec("P")
Result = TypeVar("Result")


class MessageDelivery:
    """Delivers messages one at a time; `jobs.outbox_relay` decides which, and in what order."""

    def __init__(
        self,
        bot: Bot,
        app: AppContext,
        sender: TelegramSender,
        compose: Compose,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._bot = bot
        self._app = app
        self._sender = sender
        self._opening = MessageOpening(app, compose)
        self._records = Batches(self._write_records, at_once=1)
        self._pauses = pauses

    async def attempt(self, message_id: int, tries: Tries) -> float | None:
        """Send a message; return the seconds to wait before the next try, None if it is finished.

        `tries`: those that failed in a row; one that fails is added. It is composed anew each time,
        since its session may have changed meanwhile.
        """
        current_update.set(None)  # until it is known which one caused this message
        pause = self._pauses[min(tries.failures, len(self._pauses) - 1)]
        try:
            opened = await self._opening.open(message_id)
        except Exception as error:  # noqa: BLE001 - the database is away, or it is tried again
            tries.add(error)
            logger.warning("outbox_unreadable", error=place_of(error))
            return pause
        if opened is None:
            return None
        pending, place, parts = opened
        current_update.set(pending.message.update_id)
        if isinstance(parts, Exception):
            tries.add(parts)
            return await surely(partial(self._after_composing, parts, pending, pause), self._pauses)
        try:
            await self._send(pending, place, parts)
        except Exception as error:  # noqa: BLE001 - every error has its consequence
            tries.add(error)
            outcome = await self._outcome(error, pending, tries)
            return await surely(partial(self._after, error, outcome, pending, pause), self._pauses)
        return None

    # ------------------------------------------------------------------------------------- sending

    async def _send(self, pending: PendingMessage, place: Place, parts: Sequence[Part]) -> None:
        numbered = list(enumerate(parts, start=1))[pending.parts_sent :]
        if not numbered:
            numbered = [(len(parts), Nothing("all of it was out"))]
        first = pending.first_part
        for number, part in numbered:
            sent = await self._put(place, part)
            if sent is not None and first is None:
                first = sent
            is_last = number == len(parts)
            await self._record(pending, part, sent, None if is_last else number, first)
        logger.debug("message_sent", message=pending.message.id, kind=pending.message.kind.value)

    async def _put(self, place: Place, part: Part) -> MessagePlace | None:
        match part:
            case Send():
                return await self._sender.send(place, part)
            case SendMedia():
                return await self._sender.send_media(place, part)
            case Refresh():
                await self._sender.refresh(part)
                return None
            case TakeButtons():
                await self._sender.take_buttons(part)
                return None
            case SetMenu():
                await self._sender.set_menu(place, part)
                return None
            case Nothing():
                return None

    async def _record(
        self,
        pending: PendingMessage,
        part: Part,
        sent: MessagePlace | None,
        number: int | None,
        first: MessagePlace | None,
    ) -> None:
        """Store that a part was sent; `number` None: the last one. Nothing else is sent to the
        chat before that is stored.
        """
        why = part.why if isinstance(part, Nothing) else None
        says_too = part.says_too if isinstance(part, Send) else ()
        about = part.about if isinstance(part, Send) else ()
        card = _card_of(pending, part, sent)
        match_id = part.match_id if isinstance(part, Send) else None
        listed = _list_of(part, sent)
        record = SentPart(pending, number, first, card, says_too, about, match_id, why, listed)
        moves_down = isinstance(part, Send) and part.moves_down
        for old in await surely(partial(self._records.add, record), self._pauses):
            await self._retire(old, moves_down=moves_down)

    async def _write_records(self, parts: Sequence[SentPart]) -> list[list[OlderCard]]:
        return await self._app.database.write(sent_parts.record, parts, self._now())

    async def _retire(self, card: OlderCard, *, moves_down: bool) -> None:
        """Retire an older card, or delete one that has moved down.

        Errors are only logged, after a few tries, since the message was sent; a card that keeps its
        buttons stays live until the next one.
        """
        for pause in self._pauses:
            try:
                await (self._sender.remove if moves_down else self._sender.retire)(card)
            except TelegramError as error:
                logger.warning("card_kept_its_buttons", card_id=card.id, error=place_of(error))
                with outside_slots():
                    asked = seconds_of(error) if isinstance(error, RetryAfter) else pause
                    await asyncio.sleep(asked)
            else:
                return

    # ------------------------------------------------------------------------------------- errors

    async def _outcome(
        self, error: Exception, pending: PendingMessage, tries: Tries
    ) -> Outcome | None:
        """What to do after an error of sending; None where it is no answer of Telegram's."""
        if isinstance(error, MediaMissingError | MediaUnavailableError) or is_away(error):
            return None
        if not isinstance(error, TelegramError):
            return FailsAlone(TRIES_IN_DOUBT)
        in_group = pending.message.person_id is None
        return await outcome_of(self._bot, error, tries, self._pauses, in_group=in_group)

    async def _after(
        self, error: Exception, outcome: Outcome | None, pending: PendingMessage, pause: float
    ) -> float | None:
        """Handle an error of sending; return the seconds until the next try, None if none."""
        message = pending.message
        match outcome:
            case OutOfReach(seconds):
                logger.warning("telegram_out_of_reach", message_id=message.id, error=str(error))
                return pause if seconds is None else seconds
            case Moved(new_chat_id):
                await self._follow_group(new_chat_id)
                return 0.0
            case ReaderGone() if message.person_id is not None:
                await self._write(undelivered.mark_unreachable, message.person_id, self._now())
            case GroupRefuses(reason):
                logger.error("coordinators_group_refuses", message_id=message.id)
                await self._write(undelivered.tell_of_group, reason, str(message.id), self._now())
                return pause
            case FailsAlone(tries) if message.attempts + 1 < tries:
                logger.warning("message_not_sent", message_id=message.id, error=place_of(error))
                await self._write(undelivered.count_failure, message.id, _text(error))
                return pause
            case FailsAlone():
                await self._give_up(pending, error, tries=message.attempts + 1)
            case Refused():
                await self._give_up(pending, error)
            case _:
                return await self._after_composing(error, pending, pause)
        return None

    async def _after_composing(
        self, error: Exception, pending: PendingMessage, pause: float
    ) -> float | None:
        """Postpone a message whose file is out of reach, or whose composition failed fewer than
        three times, so that others go first; give up any other.
        """
        if is_away(error):
            logger.warning("outbox_unreadable", error=place_of(error))
            return pause
        is_waited_for = isinstance(error, MediaUnavailableError)
        is_tried_again = pending.message.attempts + 1 < COMPOSE_TRIES
        if isinstance(error, MediaMissingError) or not (is_waited_for or is_tried_again):
            await self._give_up(pending, error)
            return None
        number, kind = pending.message.id, pending.message.kind.value
        logger.warning("message_postponed", message_id=number, kind=kind, error=place_of(error))
        until = self._now() + (MEDIA_PAUSE if is_waited_for else timedelta(seconds=pause))
        await self._app.database.write(undelivered.postpone, number, until, _text(error))
        return None

    async def _give_up(
        self, pending: PendingMessage, error: Exception, tries: int | None = None
    ) -> None:
        number, kind = pending.message.id, pending.message.kind.value
        logger.error("message_given_up", message_id=number, kind=kind, error=place_of(error))
        await self._write(undelivered.give_up, pending, _text(error), self._now(), tries)

    async def _follow_group(self, new_chat_id: int) -> None:
        def transaction(session: Session) -> None:
            group = deliveries.current_chat(session, self._app.coordinator_chat_id)
            deliveries.follow_group(session, group, new_chat_id)

        await self._app.database.write(transaction)

    # -------------------------------------------------------------------------------------- inside

    async def _write(
        self, use_case: Callable[Concatenate[Session, P], None], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Write, and look for what is due: somebody may be told of it."""
        await self._app.database.write(use_case, *args, **kwargs)
        self._app.wake_relay()

    def _now(self) -> datetime:
        return self._app.clock.now()


def _card_of(pending: PendingMessage, part: Part, sent: MessagePlace | None) -> NewCard | None:
    if not isinstance(part, Send) or part.card is None or sent is None:
        return None
    return NewCard(
        chat_id=sent.chat_id,
        message_id=sent.message_id,
        person_id=pending.message.person_id,
        appointment_id=part.card.appointment_id,
        dispute_id=part.card.dispute_id,
        report_id=part.card.report_id,
        content_hash=part.screen.content_hash,
        true_until=part.screen.true_until,
    )


def _list_of(part: Part, sent: MessagePlace | None) -> NewList | None:
    if not isinstance(part, Send) or part.listed is None or sent is None:
        return None
    return part.listed(sent.chat_id, sent.message_id)


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
