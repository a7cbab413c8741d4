"""Long polling that acknowledges an update only after it is stored (DESIGN 2, idea 5)."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from chat.bot_answers import UnreadableAnswerError
from chat.context import POLL_SECONDS
from services.error_place import place_of
from services.messaging.raw_updates import RawUpdate, is_update, unreadable

logger = structlog.get_logger(__name__)

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
RAW_UPDATES = "get_Updates"
"""Name of the method getUpdates under which python-telegram-bot returns the JSON as it came.

`Bot.get_updates` parses all updates at once, and fails for all where one cannot be parsed.
"""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait after the first, second ... failure in a row; the last one for all others."""
TOO_SILENT_SECONDS = 120.0
"""Seconds without an answer after which an error is logged."""
CONFLICTS = 3
"""How often in a row Telegram must say that another program polls until it counts as a trouble."""
A_BATCH = 100
"""Most updates that Telegram gives at once."""
GRACE_SECONDS = 30.0
"""Seconds beyond its long-polling time after which a request is cut off."""


class UpdatePolling:
    """Loop that asks for updates, stores them in the inbox, and only then asks for the next ones.

    Only `stop` ends it: it goes on while Telegram or the database is out of reach, and while
    another program polls with the same token.
    """

    def __init__(
        self,
        bot: Bot,
        take_in: Callable[[Sequence[RawUpdate]], Awaitable[None]],
        *,
        poll_seconds: int = POLL_SECONDS,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._bot = bot
        self._take_in = take_in
        self._poll_seconds = poll_seconds
        self._pauses = pauses
        self._offset: int | None = None
        self._singly = 0
        """How many updates are fetched one by one: among them is one that cannot be read."""
        self._answered_at = time.monotonic()
        self._conflicts = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to poll; remove a webhook that was set, and keep its updates."""
        self._answered_at = time.monotonic()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop polling; updates that Telegram still has are fetched after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def watch(self) -> None:
        """Log an error where Telegram has not answered for too long."""
        if self._task is not None and self.silent_seconds > TOO_SILENT_SECONDS:
            logger.error("polling_silent", seconds=round(self.silent_seconds))

    @property
    def has_rival(self) -> bool:
        """Whether another program fetches the same updates; one that is just ending is none."""
        return self._conflicts >= CONFLICTS

    @property
    def silent_seconds(self) -> float:
        """Seconds since Telegram last answered."""
        return time.monotonic() - self._answered_at

    async def _run(self) -> None:
        failures = 0
        is_ready = False
        while True:
            try:
                if not is_ready:
                    await self._bot.delete_webhook()
                    is_ready = True
                await self._poll()
                failures = self._conflicts = 0
            except Exception as error:  # noqa: BLE001 - nothing may end the polling
                failures += 1
                self._conflicts += isinstance(error, Conflict)
                logger.warning("polling_failed", failures=failures, error=_told(error))
                await asyncio.sleep(self._pauses[min(failures, len(self._pauses)) - 1])

    async def _poll(self) -> None:
        try:
            async with asyncio.timeout(self._poll_seconds + GRACE_SECONDS):
                sent = await self._bot.do_api_request(RAW_UPDATES, self._question())
        except UnreadableAnswerError as error:
            sent = self._made_of(error)
        else:
            self._singly = max(0, self._singly - 1) if sent else 0
        self._answered_at = time.monotonic()
        if sent is None:
            return
        updates = [raw for raw in sent if is_update(raw)]
        if len(updates) < len(sent):
            logger.error("updates_without_number", count=len(sent) - len(updates))
        if not sent:
            self._offset = None  # after a silent week Telegram may count on from a lower number
            return
        await self._take_in(updates)
        self._offset = max(raw["update_id"] for raw in updates) + 1

    def _made_of(self, error: UnreadableAnswerError) -> list[RawUpdate] | None:
        """What is set aside in place of a single update that cannot be read; None where there are
        several, which are fetched one by one then, so that the others are read.
        """
        if not self._singly:
            logger.error("updates_unreadable")
            self._singly = A_BATCH
            return None
        found = unreadable(error.body)
        if found is None:
            raise error
        self._singly = 0
        return [found]

    def _question(self) -> dict[str, Any]:
        asked = {"timeout": self._poll_seconds, "allowed_updates": ALLOWED_UPDATES}
        if self._singly:
            asked["limit"] = 1
        return asked if self._offset is None else asked | {"offset": self._offset}


def _told(error: Exception) -> str:
    """The error for the log: Telegram's text, which holds no names, or the place of any other."""
    return str(error) if isinstance(error, TelegramError) else place_of(error)
