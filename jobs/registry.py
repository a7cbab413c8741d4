"""Registry of the program's jobs, and the order in which they start and stop."""

import asyncio
from datetime import datetime

from chat.app_context import AppContext
from chat.context import POLL_SECONDS, App
from chat.conversation_states import ConversationStates
from chat.message_parts import Compose
from jobs.introduction import Webhook, use_webhook
from jobs.note_file_worker import NoteFileWorker
from jobs.outbox_relay import RATE_LIMITS, OutboxRelay
from jobs.rate_limits import RateLimits
from jobs.scheduler import Scheduler, Sweep
from jobs.step_worker import StepWorker
from jobs.trouble_watch import TroubleWatch
from jobs.update_polling import UpdatePolling
from jobs.update_worker import UpdateWorker
from locales.event_wording import WordedEvent, worded
from models.enums import Action, Trouble
from services.approvals.evidence_files import EvidenceCollector
from services.notes.files import Collector
from services.notifications.mending import is_model_refusing
from services.queries.upcoming_news import acts_done
from services.sessions.penalty_sheet import RELOAD_SECONDS
from services.summaries.making import SummaryMaker

STOP_SECONDS = 4.0
"""Seconds that updates and messages under way may take when the program ends."""


class Jobs:
    """All jobs: polling, update worker, outbox relay, files, evidence, summaries, scheduler."""

    def __init__(
        self,
        application: App,
        app: AppContext,
        states: ConversationStates,
        compose: Compose,
        collector: Collector,
        summary_maker: SummaryMaker,
        *,
        pacing: RateLimits = RATE_LIMITS,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        bot = application.bot
        self._application = application
        self._app = app
        self.worker = UpdateWorker(application, app, states)
        self.relay = OutboxRelay(bot, app, compose, pacing=pacing)
        self.files = NoteFileWorker(bot, app, collector)
        evidence = EvidenceCollector(
            collector.database, collector.source, collector.store, collector.clock
        )
        self.evidence = StepWorker(app, evidence.collect_due, look_every=10.0)
        self.summaries = StepWorker(app, summary_maker.make_due, look_every=15.0)
        self.polling = UpdatePolling(bot, self.worker.take_in, poll_seconds=poll_seconds)
        self._troubles = TroubleWatch(
            app,
            {
                Trouble.PENALTY_SHEET: self._is_sheet_unreadable,
                Trouble.MODEL_SETTINGS: self._is_model_refusing,
                Trouble.OTHER_PROGRAM: self._has_rival,
            },
        )
        self.scheduler = Scheduler(
            bot,
            app,
            Sweep("watch the polling", 60, self.polling.watch),
            Sweep("reload the penalty sheet", RELOAD_SECONDS, app.penalties.reload),
            Sweep("tell of troubles", 60, self._troubles.look),
        )
        app.wake_relay = self.relay.wake
        app.wake_collector = self.files.wake
        app.wake_evidence = self.evidence.wake
        app.wake_summaries = self.summaries.wake

    async def start(self, webhook: Webhook | None = None) -> None:
        """Start every job, beginning with what was left undone; without `webhook`, polling fills
        the inbox. Call it where this process is the active one (`jobs.owner_loop`).
        """
        await self.worker.start()
        self.relay.start()
        self.files.start()
        self.evidence.start()
        self.summaries.start()
        self.scheduler.start()
        if webhook is None:
            self.polling.start()
        else:
            await use_webhook(self._application.bot, webhook)

    async def stop(self) -> None:
        """Stop: take nothing new, then finish what is under way, unless it takes too long or
        nothing can be stored any more.
        """
        within = 0.0 if self._app.database.ending.is_near else STOP_SECONDS
        await self.polling.stop()
        self.scheduler.stop()
        await asyncio.gather(
            self.worker.stop(within),
            self.relay.stop(within),
            self.files.stop(),
            self.evidence.stop(),
            self.summaries.stop(),
        )

    async def settle(self) -> None:
        """Do everything that can be done now."""
        await self.scheduler.caught_up()
        await self.worker.drain()
        await self.files.drain()
        await self.evidence.drain()
        await self.summaries.drain()
        await self.relay.drain()

    async def catch_up(self) -> None:
        """Run every sweep once, and do everything that follows from it."""
        await self.scheduler.run_all()
        await self.settle()

    async def next_due(self) -> datetime | None:
        """When a sweep has something to do next, or a window opens or ends; None if never."""
        return await self.scheduler.next_due()

    async def next_event(self) -> WordedEvent | None:
        """The next thing that time brings and somebody sees, in words; None if there is none."""
        event = await self.scheduler.next_event()
        return worded(event) if event else None

    async def done(self, actions: frozenset[str], since: datetime) -> set[str]:
        """Those of the actions, by their names in the audit trail, carried out since then."""
        wanted = frozenset(Action(name) for name in actions)
        return {action.value for action in await self._app.database.read(acts_done, wanted, since)}

    async def _is_sheet_unreadable(self) -> bool:
        return not self._app.penalties.is_readable

    async def _is_model_refusing(self) -> bool:
        return await self._app.database.read(is_model_refusing)

    async def _has_rival(self) -> bool:
        return self.polling.has_rival
