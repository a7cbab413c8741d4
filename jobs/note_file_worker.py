"""Bringing the files of notes home: at once when one came, and again for what could not be."""

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
"""Seconds between looks when nobody calls."""


class NoteFileWorker:
    """Runs the collector until it is stopped; the tally shows what has come home."""

    def __init__(
        self, bot: Bot, app: AppContext, collector: Collector, *, look_every: float = LOOK_EVERY
    ) -> None:
        self._bot = bot
        self._app = app
        self._collector = collector
        self._collecting = asyncio.Lock()
        self._lookout = PollLoop(self.drain, look_every)

    def start(self) -> None:
        """Begins to look for files."""
        self._lookout.start()

    def wake(self) -> None:
        """Says that a file came."""
        self._lookout.wake()

    async def drain(self) -> None:
        """Waits until nothing is left that can be fetched now."""
        async with self._collecting:
            while batch_ids := await self._collector.collect_due():
                for batch_id in batch_ids:
                    await self._show(batch_id)
        self._app.wake_sender()

    async def sweep_orphans(self) -> None:
        """Forget files in the store that belong to no part of a note."""
        async with self._collecting:
            try:
                gone = await sweep_orphans(
                    self._app.database, self._app.media, self._app.clock.now()
                )
            except MediaUnavailableError:
                return  # it has its turn again in an hour
        if gone:
            logger.info("orphaned_files_swept", files=len(gone))

    async def stop(self) -> None:
        """What is not home yet is fetched after the next start."""
        await self._lookout.stop()

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
