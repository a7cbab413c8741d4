"""A bot to be killed: polls, handles, sends, each message answered through the outbox."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import select
from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from chat.app_context import AppContext
from chat.callbacks import Button
from chat.context import Context, build_application
from chat.conversation_states import ConversationStates
from chat.message_parts import Delivery, Send
from chat.screen import Screen
from conversations.dialogue import Dialogue
from conversations.routing import add_handlers
from jobs.outbox_relay import OutboxRelay
from jobs.rate_limits import RateLimits
from jobs.update_polling import UpdatePolling
from jobs.update_worker import UpdateWorker
from models import OutboxMessage, Person
from services.db import Session
from services.messaging import outbox
from tests.jobs.outgoing import Words
from tests.running import TOKEN, make_app_context

UNPACED = RateLimits(10_000, 10_000, 10_000)


class Tally(StrEnum):
    COUNTING = "counting"


@dataclass(frozen=True)
class TallyDraft:
    heard: int


def serve(database_url: str, address: str) -> None:
    """Run until it is killed."""
    asyncio.run(_serve(database_url, address))


async def _serve(database_url: str, address: str) -> None:
    bot = CountingBot(make_app_context(database_url), address)
    async with bot.application:
        await bot.begin()
        await asyncio.Event().wait()


class CountingBot:
    """Counts what each person writes, and says each back; `begin` starts its jobs."""

    def __init__(
        self, app: AppContext, address: str, may_call: Callable[[], bool] = lambda: True
    ) -> None:
        states = ConversationStates()
        self.application = build_application(app, states, TOKEN, api_url=address, may_call=may_call)
        text = MessageHandler(filters.TEXT, _hear)
        tally = Dialogue(
            name="tally", draft=TallyDraft, entry_points=[text], states={Tally.COUNTING: [text]}
        )
        add_handlers(
            self.application,
            states,
            dialogues=[tally],
            handlers=[],
            last_resorts=[],
            say_parked=_say_parked,
        )
        bot = self.application.bot
        self.worker = UpdateWorker(self.application, app, states)
        self.relay = OutboxRelay(bot, app, _compose, pacing=UNPACED)
        self.polling = UpdatePolling(bot, self.worker.take_in)
        app.wake_relay = self.relay.wake

    async def begin(self) -> None:
        """Start worker, relay and polling."""
        await self.worker.start()
        self.relay.start()
        self.polling.start()


async def _hear(update: Update, context: Context) -> Tally:
    message = update.effective_message
    assert message
    draft = context.dialogues.draft(update, TallyDraft)
    context.dialogues.set_draft(update, TallyDraft((draft.heard if draft else 0) + 1))
    await context.app.database.write(_tell, message, context.received_at)
    return Tally.COUNTING


def _tell(session: Session, message: Message, now: datetime) -> None:
    found = session.exec(select(Person.id).where(Person.telegram_user_id == message.chat_id))
    outbox.tell_person(
        session,
        found.one(),
        Words(f"heard {message.text}"),
        key=f"heard:{message.chat_id}:{message.message_id}",
        now=now,
    )


def _compose(
    _session: Session, messages: Sequence[OutboxMessage], _app: AppContext
) -> list[Delivery | Exception]:
    return [Send(Screen(message.payload["text"])) for message in messages]


async def _say_parked(
    _update: Update, _context: Context, _name: str, _way_back: Button | None
) -> None:
    """Nothing is ever parked here."""
