"""The worker: hands every stored update to its handler, once, in order within a chat.

inbox -> lane of the chat -> Application.process_update -> done + dialogue state, one commit
raised? state as before, again after a pause; thrice: set aside
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from telegram import Update
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
from chat.error_place import place_of
from chat.replies import retire, seconds_of
from jobs.keyed_queue import KeyedQueue
from jobs.poll_loop import PollLoop
from services.db import Session
from services.messaging import conversation_state, inbox
from services.messaging.cards import OlderCard
from services.messaging.conversation_state import Position
from services.messaging.inbox import WaitingUpdate
from services.messaging.pages_read import PagesRead

logger = structlog.get_logger(__name__)

WIDTH = 32
"""So many chats are answered at once."""
PAUSES = (2.0, 30.0)
"""Seconds before the second try and before every later one."""
LOOK_EVERY = 1.0
"""Seconds between looks into the inbox when nobody calls: other processes may fill it too."""


class UpdateWorker:
    """Drives the Application. Make it after all error handlers were added: its own comes last.

    An error handler that has dealt with an error (put a refusal into words, say) raises
    `ApplicationHandlerStop`; every other error counts as a failed try.
    """

    def __init__(
        self,
        application: App,
        app: AppContext,
        memory: ConversationStates,
        *,
        width: int = WIDTH,
        pauses: Sequence[float] = PAUSES,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._application = application
        self._app = app
        self._memory = memory
        self._pauses = pauses
        self._free = asyncio.Semaphore(width)
        self._lanes: KeyedQueue[int] = KeyedQueue(self._handle)
        self._rows: dict[int, WaitingUpdate] = {}
        self._seen = PagesRead.none(inbox.BEFORE_ALL)
        self._taking = asyncio.Lock()
        self._lookout = PollLoop(self._take_pending, look_every)
        application.add_error_handler(_note_error)

    async def start(self) -> None:
        """Takes up the dialogues where they were left, and all that is not done."""
        rows = await self._app.database.read(conversation_state.load_all)
        self._memory.load(
            (ConversationKey(row.chat_id, row.user_id), row.name, Position(row.state, row.draft))
            for row in rows
        )
        self._lookout.start()

    def wake(self) -> None:
        """Says that something came in."""
        self._lookout.wake()

    async def drain(self) -> None:
        """Waits until nothing waits any more."""
        while True:
            self._seen = PagesRead.none(inbox.BEFORE_ALL)
            await self._take_pending()
            if self._lanes.is_idle:
                return
            await self._lanes.idle()

    async def stop(self, within_seconds: float = 10.0) -> None:
        """Finishes what is being handled; the rest stays in the inbox."""
        await self._lookout.stop()
        await self._lanes.stop(within_seconds)

    async def _take_pending(self) -> None:
        async with self._taking:
            while await self._take_page():
                pass

    async def _take_page(self) -> bool:
        """Queue a page of what is new, and what came late of a page of the rest; whether more that
        is new may follow.
        """
        database, seen = self._app.database, self._seen
        self._lanes.look_begins()
        new, rest = await database.read(inbox.pages, seen.newest, seen.turn)
        late = [one for one in rest if one <= seen.newest and not self._lanes.has(one)]
        for row in [*await database.read(inbox.waiting, late), *new] if late else new:
            if not self._lanes.has(row.update_id):
                self._rows[row.update_id] = row
                self._lanes.put(row.chat_id, row.update_id)
        return seen.add([row.update_id for row in new], rest)

    async def _handle(self, update_id: int) -> None:
        row = self._rows[update_id]
        failures = row.attempts
        while error := await self._try(row):
            failures += 1
            logger.warning(
                "update_failed", update_id=update_id, tries=failures, error=place_of(error)
            )
            if await self._is_set_aside(update_id, error):
                break
            await asyncio.sleep(self._pause(failures, error))
        del self._rows[update_id]

    async def _try(self, row: WaitingUpdate) -> Exception | None:
        """Handles an update once; gives what went wrong."""
        at_hand = ReceivedUpdate(row.update_id, row.received_at)
        token = receipt.set(at_hand)
        try:
            async with self._free:
                await self._process(row, at_hand)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            return error
        finally:
            receipt.reset(token)
        self._app.wake_sender()
        return None

    async def _process(self, row: WaitingUpdate, at_hand: ReceivedUpdate) -> None:
        update = Update.de_json(row.payload, self._application.bot)
        seat = conversation_key_of(update)
        before = self._memory.snapshot(seat) if seat else NOWHERE
        try:
            await self._application.process_update(update)
            _raise_unless_gone(at_hand)
            changes = self._memory.changes_since(seat, before) if seat else {}
            done = _Done(row.update_id, self._app.clock.now(), at_hand.unwritten, seat, changes)
            replaced = await self._app.database.write(_mark_done, done)
        except BaseException as error:
            if seat:
                self._memory.restore(seat, before)
            if at_hand.unwritten and isinstance(error, Exception):
                # What was sent is known, though the update will be tried again.
                await self._app.database.write(write_all, at_hand.unwritten)
            raise
        await retire(self._application.bot, self._app.database, replaced)

    async def _is_set_aside(self, update_id: int, error: Exception) -> bool:
        """Counts the failure, and says whether it was the last. That Telegram is out of reach is
        no fault of the update: it is tried until it can be answered.
        """
        if _is_out_of_reach(error):
            return False
        now = self._app.clock.now()
        text = f"{type(error).__name__}: {error}"
        try:
            given_up = await self._app.database.write(inbox.count_failure, update_id, text, now)
        except Exception as trouble:  # noqa: BLE001 - the database is away: no fault of the update
            logger.warning("failure_not_counted", update_id=update_id, error=place_of(trouble))
            return False
        if given_up:
            logger.error("update_set_aside", update_id=update_id, error=place_of(error))
            self._app.wake_sender()
        return given_up

    def _pause(self, failures: int, error: Exception) -> float:
        pause = self._pauses[min(failures, len(self._pauses)) - 1]
        return max(pause, seconds_of(error)) if isinstance(error, RetryAfter) else pause


class _Done(NamedTuple):
    """What is stored in one commit when an update was handled."""

    update_id: int
    now: datetime
    writes: Sequence[Write]
    """Of what was sent in answer."""
    who: ConversationKey | None
    conversations: Mapping[str, Position]
    """Their positions that changed."""


def _mark_done(session: Session, done: _Done) -> list[OlderCard]:
    """Store what the update came to; the cards that those just sent replace."""
    replaced = write_all(session, done.writes)
    if done.who is not None:
        conversation_state.store(session, *done.who, done.conversations, done.now)
    inbox.mark_done(session, done.update_id, done.now)
    return replaced


def _is_out_of_reach(error: Exception) -> bool:
    """Whether Telegram did not answer, or asks to wait; PTB counts refusals as network errors."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


async def _note_error(_update: object, context: Context) -> None:
    """`process_update` keeps exceptions to itself; this tells the worker of them."""
    at_hand = receipt.get(None)
    if at_hand is not None:
        at_hand.error = context.error
    raise ApplicationHandlerStop


def _raise_unless_gone(at_hand: ReceivedUpdate) -> None:
    """Raises what the handler raised; but somebody who blocked the bot waits for no answer."""
    if at_hand.error is None:
        return
    if isinstance(at_hand.error, Forbidden):
        logger.info("nobody_to_answer", update_id=at_hand.update_id)
        return
    raise at_hand.error
