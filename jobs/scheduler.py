"""Scheduler of the sweeps, which do what time alone makes due (SPEC 8).

Each sweep is safe to run twice at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot

from chat.app_context import AppContext
from chat.cards.tally import remove_tally, word_on_hold
from services.due import Event, next_due, next_event
from services.error_place import place_of
from services.matches.horizon import due_matches, extend_match
from services.messaging.undelivered import any_for_pages_only, leave_to_pages
from services.notes.batches import Tally
from services.notes.quiet_batches import close_quiet_batches
from services.notifications.card_turns import refresh_at_turns
from services.notifications.late_media import alert_late_media
from services.notifications.midnight import refresh_at_midnight, refresh_lists_at_midnight
from services.notifications.missed import alert_missed
from services.notifications.reminders.acknowledgements import tell_overdue
from services.notifications.reminders.attendance import remind_to_check_in, remind_to_check_out
from services.notifications.reminders.days import announce_tomorrow, send_digests
from services.notifications.reminders.offers import tell_unanswered
from services.notifications.reminders.requests import remind_of_answers, remind_of_expiry
from services.packages.alerts import tell_expiring
from services.reschedules.expiry import expire, expired_sessions
from services.retention import purge

Item = TypeVar("Item")

logger = structlog.get_logger(__name__)

REMINDERS = (
    send_digests,
    remind_of_expiry,
    remind_to_check_in,
    remind_to_check_out,
    announce_tomorrow,
    remind_of_answers,
    tell_overdue,
    tell_expiring,
    tell_unanswered,
    refresh_at_turns,
    refresh_at_midnight,
    refresh_lists_at_midnight,
)


BATCHES = 10
"""Batches of old rows that one run deletes at most: a start waits for its first run."""


@dataclass(frozen=True)
class Sweep:
    """A job that runs at regular intervals."""

    name: str
    every_seconds: int
    run: Callable[[], Awaitable[None]]


class Scheduler:
    """Scheduler of sweeps. Deadlines are in tables, so the next run catches up on a missed one."""

    def __init__(self, bot: Bot, app: AppContext, *more: Sweep) -> None:
        """Make the scheduler; `more`: sweeps of other jobs."""
        self._bot = bot
        self._app = app
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._first: set[asyncio.Task[None]] = set()
        self.sweeps = (
            Sweep("close quiet notes", 30, self._close_quiet_notes),
            Sweep("expire requests", 60, self._expire_requests),
            Sweep("alert missed attendance", 60, self._alert_missed),
            Sweep("alert late files", 300, self._alert_late_media),
            Sweep("send reminders", 60, self._remind),
            Sweep("leave messages to the pages", 300, self._leave_to_pages),
            Sweep("extend matches", 300, self._extend_matches),
            Sweep("purge what is over", 300, self._purge),
            *more,
        )

    def start(self) -> None:
        """Start to run each sweep, now for what fell due meanwhile and then at its interval.

        None waits for another, and nothing waits for any.
        """
        for sweep in self.sweeps:
            self._first.add(asyncio.create_task(self._surely(sweep)))
            self._scheduler.add_job(
                self._surely,
                "interval",
                args=[sweep],
                id=sweep.name,
                seconds=sweep.every_seconds,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop; a sweep that is cut short is caught up after the next start."""
        for running in self._first:
            running.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def caught_up(self) -> None:
        """Wait until every sweep has run once since the start."""
        await asyncio.gather(*self._first)

    async def run_all(self) -> None:
        """Run every sweep once, now, in their order; one that fails keeps no other back."""
        for sweep in self.sweeps:
            await self._surely(sweep)

    async def next_due(self) -> datetime | None:
        """When a sweep has something to do next, or a window opens or ends; None if never."""
        return await self._app.database.read(next_due, self._app.agency, self._app.clock.now())

    async def next_event(self) -> Event | None:
        """The next thing that time brings and somebody sees; None if there is none."""
        return await self._app.database.read(next_event, self._app.agency, self._app.clock.now())

    async def _surely(self, sweep: Sweep) -> None:
        try:
            await sweep.run()
        except Exception as error:  # noqa: BLE001 - the next run catches up
            logger.warning("sweep_failed", sweep=sweep.name, error=place_of(error))
        self._app.wake_relay()

    async def _close_quiet_notes(self) -> None:
        closed = await self._app.database.write(close_quiet_batches, self._app.clock.now())
        await self._each(closed, self._take_tally)

    async def _take_tally(self, closed: Tally) -> None:
        on_hold = await self._app.database.read(word_on_hold, closed.batch)
        await remove_tally(self._bot, closed, on_hold)

    async def _each(
        self, items: Iterable[Item], handle: Callable[[Item], Awaitable[object]]
    ) -> None:
        """Handle items one after the other; one that fails keeps no other back."""
        for item in items:
            try:
                await handle(item)
            except Exception as error:  # noqa: BLE001 - the next run catches up
                logger.warning("sweep_item_failed", error=place_of(error))

    async def _alert_missed(self) -> None:
        await self._app.database.write(alert_missed, self._app.agency, self._app.clock.now())

    async def _expire_requests(self) -> None:
        database, now = self._app.database, self._app.clock.now()
        due = await database.read(expired_sessions, now)
        await self._each(due, lambda one: database.write(expire, one, now))

    async def _extend_matches(self) -> None:
        database, agency, now = self._app.database, self._app.agency, self._app.clock.now()
        due = await database.read(due_matches, agency, now)
        await self._each(due, lambda one: database.write(extend_match, one, agency, now))

    async def _alert_late_media(self) -> None:
        await self._app.database.write(alert_late_media, self._app.clock.now())

    async def _leave_to_pages(self) -> None:
        database, now = self._app.database, self._app.clock.now()
        if await database.read(any_for_pages_only, now):
            await database.write(leave_to_pages, now)

    async def _purge(self) -> None:
        """Delete what is over, in small batches; what is left is deleted by the next runs."""
        for _ in range(BATCHES):
            if not await self._app.database.write(purge, self._app.agency, self._app.clock.now()):
                return

    async def _remind(self) -> None:
        """Write every reminder that is due; one that fails does not hold up the others."""
        for remind in REMINDERS:
            try:
                await self._app.database.write(remind, self._app.agency, self._app.clock.now())
            except Exception as error:  # noqa: BLE001 - the next run catches up
                logger.warning("reminder_failed", reminder=remind.__name__, error=place_of(error))
