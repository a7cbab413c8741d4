"""Worker that fetches the files of notes: at once when one comes, and again after a failure."""

import asyncio

import structlog
from telegram import Bot

from chat.app_context import AppContext
from chat.cards.tally import refresh_tally
from jobs.poll_loop import PollLoop
from locales.reader import Reader
from models import Person
from services.db import Session
from services.media.reservations import sweep_orphans
from services.notes import batches
from services.notes.batches import Tally
from services.notes.files import Collector
from services.ports import MediaUnavailableError
from services.queries.people import person_with
from services.queries.sessions import SessionView, session_view

logger = structlog.get_logger(__name__)

LOOK_EVERY = 10.0
"""Seconds between looks when it is not woken."""


class NoteFileWorker:
    """Loop that runs the collector, and shows in the tally which files were stored."""

    def __init__(
        self, bot: Bot, app: AppContext, collector: Collector, *, look_every: float = LOOK_EVERY
    ) -> None:
        self._bot = bot
        self._app = app
        self._collector = collector
        self._collecting = asyncio.Lock()
        self._changed: set[int] = set()
        self._poll = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Start to look for files."""
        self._poll.start()

    def wake(self) -> None:
        """Look for files now: one has come."""
        self._poll.wake()

    def show_soon(self, batch_id: int) -> None:
        """Show in the chat how a batch stands that was changed on a page."""
        self._changed.add(batch_id)
        self._poll.wake()

    async def drain(self) -> None:
        """Show what pages have changed, and fetch every file that can be fetched now."""
        async with self._collecting:
            while self._changed:
                await self._show(self._changed.pop())
            while batch_ids := await self._collector.collect_due():
                for batch_id in batch_ids:
                    await self._show(batch_id)
        self._app.wake_relay()

    async def sweep_orphans(self) -> None:
        """Delete files of the store that belong to no part of a note."""
        async with self._collecting:
            try:
                gone = await sweep_orphans(
                    self._app.database, self._app.media, self._app.clock.now()
                )
            except MediaUnavailableError:
                return  # the next sweep is in an hour
        if gone:
            logger.info("orphaned_files_swept", files=len(gone))

    async def stop(self) -> None:
        """Stop; files that are missing are fetched after the next start."""
        await self._poll.stop()

    async def _show(self, batch_id: int) -> None:
        def query(session: Session) -> tuple[Tally, SessionView | None, Person | None]:
            counted = batches.tally(session, batch_id)
            view = session_view(session, counted.batch.appointment_id)
            tutor = person_with(session, counted.batch.tutor_id)
            return counted, view, tutor

        counted, view, tutor = await self._app.database.read(query)
        if view is not None and tutor is not None:
            reader = Reader.for_person(tutor, self._app.agency, self._app.clock.now())
            await refresh_tally(self._bot, reader, counted, view)
