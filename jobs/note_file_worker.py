"""Worker that fetches the files of notes, again after a failure, and deletes what is taken back."""

import asyncio

import structlog
from telegram import Bot

from chat.app_context import AppContext
from chat.cards.tally import refresh_tally
from jobs.poll_loop import PollLoop
from jobs.tally_edits import TallyEdits
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
        self._tallies = TallyEdits(self._show)
        self._poll = PollLoop(self._work, look_every)

    def start(self) -> None:
        """Start to look for files."""
        self._poll.start()

    def wake(self) -> None:
        """Look for files now: one has come."""
        self._poll.wake()

    def show_soon(self, batch_id: int) -> None:
        """Show in the chat how a batch stands that was changed on a page."""
        self._tallies.changed(batch_id)

    async def drain(self) -> None:
        """Do everything that can be done now, and show it."""
        await self._work()
        await self._tallies.idle()

    async def stop(self) -> None:
        """Stop; files that are missing are fetched after the next start."""
        await self._poll.stop()
        await self._tallies.stop()

    async def _work(self) -> None:
        """Fetch every file that can be fetched now, and delete those that were taken back."""
        async with self._collecting:
            await self._collector.collect_due(self._tried)
            self._app.wake_relay()
            await self._sweep_orphans()

    def _tried(self, batch_id: int) -> None:
        """A file was stored, or will not be: the tally shows it, and summaries wait no longer."""
        self._tallies.changed(batch_id)
        self._app.wake_summaries()

    async def _sweep_orphans(self) -> None:
        try:
            now = self._app.clock.now()
            gone = await sweep_orphans(self._app.database, self._app.media, now)
        except MediaUnavailableError:
            return  # the next look is soon
        if gone:
            logger.info("orphaned_files_swept", files=len(gone))

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
