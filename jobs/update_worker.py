"""Update worker: handles every stored update once, in order within a chat.

inbox -> queue of the chat -> Application.process_update -> done mark and dialogue state, one commit
on an error: restore the dialogue state, and retry after a pause; after three tries: set aside
cannot be parsed: set aside at once
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import structlog
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from chat.app_context import AppContext, ReceivedUpdate, Write, receipt, write_all
from chat.context import App, Context
from chat.conversation_states import (
    NOWHERE,
    ConversationKey,
    ConversationStates,
    conversation_key_of,
)
from chat.patient_writes import surely
from chat.replies import retire
from chat.slots import Slots
from chat.telegram_answers import (
    FailsAlone,
    GroupRefuses,
    Moved,
    OutOfReach,
    ReaderGone,
    Tries,
    outcome_of,
    verdict_of,
)
from jobs.keyed_queue import KeyedQueue
from jobs.poll_loop import PollLoop
from jobs.update_reading import UnreadableUpdateError, read_update
from models.cause import current_update
from services.database_errors import is_away
from services.db import Database, Session
from services.error_place import place_of
from services.messaging import conversation_state, deliveries, inbox, undelivered
from services.messaging.cards import OlderCard
from services.messaging.conversation_state import Position
from services.messaging.inbox import UpdateKey, WaitingUpdate
from services.messaging.intake import Intake
from services.messaging.pages_read import PagesRead
from services.messaging.raw_updates import RawUpdate

logger = structlog.get_logger(__name__)

WIDTH = 32
"""How many updates may be handled at once, without those that wait for Telegram."""
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before the second try, the third ...; the last one before all others."""
LOOK_EVERY = 1.0
"""Seconds between looks into the inbox: other processes may fill it, too."""


class UpdateWorker:
    """Worker that drives the Application. Make it last: its error handler has to come last.

    An error handler that has dealt with an error, as with a refusal, raises
    `ApplicationHandlerStop`; any other error counts as a failed try.
    """

    def __init__(
        self,
        application: App,
        app: AppContext,
        states: ConversationStates,
        *,
        width: int = WIDTH,
        pauses: Sequence[float] = PAUSES,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._application = application
        self._app = app
        self._states = states
        self._intake = Intake(application.bot.token, app.clock)
        self._pauses = pauses
        self._slots = Slots(width)
        self._queue: KeyedQueue[UpdateKey] = KeyedQueue(self._handle)
        self._rows: dict[UpdateKey, WaitingUpdate] = {}
        self._seen = PagesRead.none(inbox.BEFORE_ALL)
        self._arriving: set[UpdateKey] = set()
        self._must_look = True
        self._taking = asyncio.Lock()
        self._is_draining = False
        self._poll = PollLoop(self._take_pending, look_every)
        application.add_error_handler(_note_error)

    async def start(self) -> None:
        """Load the dialogues' states, and start with the updates that are not done."""
        rows = await self._app.database.read(conversation_state.load_all)
        self._states.load(
            (ConversationKey(row.chat_id, row.user_id), row.name, Position(row.state, row.draft))
            for row in rows
        )
        self._poll.start()

    async def take_in(self, updates: Sequence[RawUpdate], into: Database | None = None) -> None:
        """Store updates that have just arrived, so that they are handled once this has returned.

        They are queued without a look into the inbox, unless another process may have stored
        earlier ones of the same chats. `into`: where to store them, if this process may not be the
        active one.
        """
        keys = self._intake.keys(updates)
        self._arriving.update(keys)  # no look may queue them meanwhile
        try:
            stored = await self._intake.take(updates, into or self._app.database)
        finally:
            self._arriving.difference_update(keys)
        is_behind = self._must_look or self._taking.locked() or not self._app.database.is_sqlite
        if is_behind or not stored:
            self._must_look = True
            self.wake()
        else:
            for row in stored:
                self._put(row)

    def wake(self) -> None:
        """Look into the inbox now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Handle every update of the inbox."""
        self._is_draining = True
        try:
            while True:
                self._seen = PagesRead.none(inbox.BEFORE_ALL)
                await self._take_pending()
                if self._queue.is_idle:
                    return
                await self._queue.idle()
        finally:
            self._is_draining = False

    async def idle(self) -> None:
        """Wait until every update that is queued has been handled."""
        await self._queue.idle()

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Finish the updates that are under way; the others stay in the inbox."""
        await self._poll.stop()
        await self._queue.stop(within_seconds)

    async def _take_pending(self) -> None:
        async with self._taking:
            self._must_look = False
            try:
                while await self._take_page():
                    pass
            except BaseException:
                self._must_look = True
                raise

    async def _take_page(self) -> bool:
        """Queue a page of new updates, and those of a page of older ones that came late; return
        whether there may be more new ones.
        """
        database, seen = self._app.database, self._seen
        self._queue.look_begins()
        new, rest = await database.read(inbox.pages, seen.newest, seen.turn)
        late = [one for one in rest if one <= seen.newest and not self._queue.has(one)]
        for row in [*await database.read(inbox.waiting, late), *new] if late else new:
            if not self._queue.has(row.key) and row.key not in self._arriving:
                self._put(row)
        return seen.add([row.key for row in new], rest)

    def _put(self, row: WaitingUpdate) -> None:
        self._rows[row.key] = row
        self._queue.put(row.chat_id, row.key)

    async def _handle(self, key: UpdateKey) -> None:
        row = self._rows[key]
        tries = Tries(row.attempts)
        while error := await self._try(row):
            tries.add(error)
            self._app.meters.failed_tries += 1
            logger.warning(
                "update_failed",
                update_id=key.update_id,
                tries=tries.failures,
                error=place_of(error),
            )
            pause = await self._after(row, error, tries)
            if pause is None:
                break
            await asyncio.sleep(pause)
        now = self._app.clock.now()
        self._app.meters.updates.add((now - row.received_at).total_seconds())
        del self._rows[key]

    async def _try(self, row: WaitingUpdate) -> Exception | None:
        """Handle an update once; return the error, if there is one."""
        received = ReceivedUpdate(row.key, row.received_at)
        token, cause = receipt.set(received), current_update.set(row.update_id)
        try:
            async with self._slots.held():
                await self._process(row, received)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            return error
        finally:
            receipt.reset(token)
            current_update.reset(cause)
        self._app.wake_relay()
        return None

    async def _process(self, row: WaitingUpdate, received: ReceivedUpdate) -> None:
        update = read_update(row.payload, self._application.bot)
        key = conversation_key_of(update)
        before = self._states.snapshot(key) if key else NOWHERE
        try:
            await self._application.process_update(update)
            await self._raise_error(row, received)
            changes = self._states.changes_since(key, before) if key else {}
            done = _Done(row.key, self._app.clock.now(), received.unwritten, key, changes)
            is_awaited = self._is_draining or self._queue.has_more(row.chat_id)
            database = self._app.database
            write = database.write if is_awaited else database.write_soon
            replaced = await surely(partial(write, _mark_done, done))
        except BaseException as error:
            if key:
                self._states.restore(key, before)
            if received.unwritten and isinstance(error, Exception):
                # The messages are in the chat, though the update will be tried again.
                await self._app.database.write(write_all, received.unwritten)
            raise
        logger.debug("update_done")
        await retire(self._application.bot, self._app, replaced)

    async def _raise_error(self, row: WaitingUpdate, received: ReceivedUpdate) -> None:
        """Raise the handler's error, unless it is that nobody can be answered."""
        if received.error is None or await self._is_beyond_answer(row, received.error):
            return
        raise received.error

    async def _is_beyond_answer(self, row: WaitingUpdate, error: BaseException) -> bool:
        """Whether nobody can be answered: the update is done all the same."""
        in_group = (row.chat_id or 0) < 0
        verdict = verdict_of(error, in_group=in_group) if isinstance(error, Exception) else None
        now = self._app.clock.now()
        match verdict:
            case GroupRefuses(reason):
                about = now.date().isoformat()
                await self._app.database.write(undelivered.tell_of_group, reason, about, now)
            case Moved(new_chat_id) if row.chat_id is not None:
                write = self._app.database.write
                await write(deliveries.follow_group, row.chat_id, new_chat_id)
            case ReaderGone():
                pass
            case _:
                return False
        logger.info("nobody_to_answer", update_id=row.update_id)
        return True

    async def _after(self, row: WaitingUpdate, error: Exception, tries: Tries) -> float | None:
        """Count the failure; return the seconds until the next try, None if it was the last.

        While Telegram or the database is out of reach, failures are not counted: the update is
        tried until it can be answered.
        """
        pause = self._pauses[min(tries.failures, len(self._pauses)) - 1]
        if is_away(error):
            return pause
        allowed = 1 if isinstance(error, UnreadableUpdateError) else inbox.TRIES
        if isinstance(error, TelegramError):
            in_group = (row.chat_id or 0) < 0
            bot = self._application.bot
            match await outcome_of(bot, error, tries, self._pauses, in_group=in_group):
                case OutOfReach(seconds):
                    return max(pause, seconds or 0.0)
                case FailsAlone(most):
                    allowed = most
        return None if await self._is_set_aside(row.key, error, allowed) else pause

    async def _is_set_aside(self, key: UpdateKey, error: Exception, tries: int) -> bool:
        """Count the failure; return whether so many tries are over now."""
        place, now, write = place_of(error), self._app.clock.now(), self._app.database.write
        count = partial(write, inbox.count_failure, key, place, now, tries)
        try:
            given_up = await surely(count, self._pauses)
        except Exception as trouble:  # noqa: BLE001 - a fault of the database: not the update's
            logger.warning("failure_not_counted", update_id=key.update_id, error=place_of(trouble))
            return False
        if given_up:
            logger.error("update_set_aside", update_id=key.update_id, error=place)
            self._app.wake_relay()
        return given_up


class _Done(NamedTuple):
    """Everything to store in one commit after an update was handled."""

    update: UpdateKey
    now: datetime
    writes: Sequence[Write]
    """Records of messages sent in answer, not stored yet."""
    who: ConversationKey | None
    conversations: Mapping[str, Position]
    """The positions that changed, by dialogue."""


def _mark_done(session: Session, done: _Done) -> list[OlderCard]:
    """Store the results of an update; return the older cards that its cards replace."""
    replaced = write_all(session, done.writes)
    if done.who is not None:
        conversation_state.store(session, *done.who, done.conversations, done.now)
    inbox.mark_done(session, done.update, done.now)
    return replaced


async def _note_error(_update: object, context: Context) -> None:
    """Keep the error for the worker, since `process_update` does not raise it."""
    received = receipt.get(None)
    if received is not None:
        received.error = context.error
    raise ApplicationHandlerStop
