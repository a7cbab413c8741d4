"""Update worker: handles every stored update once, in order within a chat.

inbox -> queue of the chat -> Application.process_update -> done mark and dialogue state, one commit
on an error: restore the dialogue state, and retry after a pause; after three tries: set aside
cannot be parsed: set aside at once
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter
from telegram.ext import ApplicationHandlerStop

from chat.app_context import AppContext, ReceivedUpdate, Write, receipt, write_all
from chat.context import App, Context
from chat.conversation_states import (
    NOWHERE,
    ConversationKey,
    ConversationStates,
    conversation_key_of,
)
from chat.replies import retire, seconds_of
from jobs.keyed_queue import KeyedQueue
from jobs.poll_loop import PollLoop
from jobs.update_reading import UnreadableUpdateError, read_update
from services.database_errors import is_away
from services.db import Session
from services.error_place import place_of
from services.messaging import conversation_state, inbox
from services.messaging.cards import OlderCard
from services.messaging.conversation_state import Position
from services.messaging.inbox import UpdateKey, WaitingUpdate
from services.messaging.pages_read import PagesRead

logger = structlog.get_logger(__name__)

WIDTH = 32
"""How many updates may be handled at once."""
PAUSES = (2.0, 30.0)
"""Seconds before the second try and before every later one."""
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
        self._pauses = pauses
        self._free = asyncio.Semaphore(width)
        self._queue: KeyedQueue[UpdateKey] = KeyedQueue(self._handle)
        self._rows: dict[UpdateKey, WaitingUpdate] = {}
        self._seen = PagesRead.none(inbox.BEFORE_ALL)
        self._taking = asyncio.Lock()
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

    def wake(self) -> None:
        """Look into the inbox now."""
        self._poll.wake()

    async def drain(self) -> None:
        """Handle every update of the inbox."""
        while True:
            self._seen = PagesRead.none(inbox.BEFORE_ALL)
            await self._take_pending()
            if self._queue.is_idle:
                return
            await self._queue.idle()

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Finish the updates that are under way; the others stay in the inbox."""
        await self._poll.stop()
        await self._queue.stop(within_seconds)

    async def _take_pending(self) -> None:
        async with self._taking:
            while await self._take_page():
                pass

    async def _take_page(self) -> bool:
        """Queue a page of new updates, and those of a page of older ones that came late; return
        whether there may be more new ones.
        """
        database, seen = self._app.database, self._seen
        self._queue.look_begins()
        new, rest = await database.read(inbox.pages, seen.newest, seen.turn)
        late = [one for one in rest if one <= seen.newest and not self._queue.has(one)]
        for row in [*await database.read(inbox.waiting, late), *new] if late else new:
            if not self._queue.has(row.key):
                self._rows[row.key] = row
                self._queue.put(row.chat_id, row.key)
        return seen.add([row.key for row in new], rest)

    async def _handle(self, key: UpdateKey) -> None:
        row = self._rows[key]
        failures = row.attempts
        while error := await self._try(row):
            failures += 1
            logger.warning(
                "update_failed", update_id=key.update_id, tries=failures, error=place_of(error)
            )
            if await self._is_set_aside(key, error):
                break
            await asyncio.sleep(self._pause(failures, error))
        del self._rows[key]

    async def _try(self, row: WaitingUpdate) -> Exception | None:
        """Handle an update once; return the error, if there is one."""
        received = ReceivedUpdate(row.update_id, row.received_at)
        token = receipt.set(received)
        try:
            async with self._free:
                await self._process(row, received)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            return error
        finally:
            receipt.reset(token)
        self._app.wake_relay()
        return None

    async def _process(self, row: WaitingUpdate, received: ReceivedUpdate) -> None:
        update = read_update(row.payload, self._application.bot)
        key = conversation_key_of(update)
        before = self._states.snapshot(key) if key else NOWHERE
        try:
            await self._application.process_update(update)
            _raise_unless_gone(received)
            changes = self._states.changes_since(key, before) if key else {}
            done = _Done(row.key, self._app.clock.now(), received.unwritten, key, changes)
            replaced = await self._app.database.write(_mark_done, done)
        except BaseException as error:
            if key:
                self._states.restore(key, before)
            if received.unwritten and isinstance(error, Exception):
                # The messages are in the chat, though the update will be tried again.
                await self._app.database.write(write_all, received.unwritten)
            raise
        await retire(self._application.bot, self._app.database, replaced)

    async def _is_set_aside(self, key: UpdateKey, error: Exception) -> bool:
        """Count the failure; return whether it was the last one. While Telegram or the database is
        out of reach, failures are not counted: the update is tried until it can be answered.
        """
        if _is_out_of_reach(error) or is_away(error):
            return False
        is_hopeless = isinstance(error, UnreadableUpdateError)
        count = inbox.set_aside if is_hopeless else inbox.count_failure
        place, now = place_of(error), self._app.clock.now()
        try:
            given_up = await self._app.database.write(count, key, place, now)
        except Exception as trouble:  # noqa: BLE001 - the database is away: no fault of the update
            logger.warning("failure_not_counted", update_id=key.update_id, error=place_of(trouble))
            return False
        if given_up:
            logger.error("update_set_aside", update_id=key.update_id, error=place)
            self._app.wake_relay()
        return given_up

    def _pause(self, failures: int, error: Exception) -> float:
        pause = self._pauses[min(failures, len(self._pauses)) - 1]
        return max(pause, seconds_of(error)) if isinstance(error, RetryAfter) else pause


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


def _is_out_of_reach(error: Exception) -> bool:
    """Whether Telegram did not answer, or asks to wait. A BadRequest is a NetworkError, too."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


async def _note_error(_update: object, context: Context) -> None:
    """Keep the error for the worker, since `process_update` does not raise it."""
    received = receipt.get(None)
    if received is not None:
        received.error = context.error
    raise ApplicationHandlerStop


def _raise_unless_gone(received: ReceivedUpdate) -> None:
    """Raise the handler's error, unless the person blocked the bot and gets no answer."""
    if received.error is None:
        return
    if isinstance(received.error, Forbidden):
        logger.info("nobody_to_answer", update_id=received.update_id)
        return
    raise received.error
