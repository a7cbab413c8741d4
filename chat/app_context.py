"""What every handler reaches: the database, the clock, the agency, the stores."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from models import Card
from services.db import Database
from services.people.sign_in import SignIn
from services.ports import Clock, MediaStore
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties


@dataclass
class ReceivedUpdate:
    """The update that is being handled: when it reached us, and what went wrong with it."""

    update_id: int
    received_at: datetime
    error: BaseException | None = None
    cards: list[Card] = field(default_factory=list)
    """Cards sent in answer that are not on disk yet: they come there with the done mark, or before
    anything else is sent."""


receipt: ContextVar[ReceivedUpdate] = ContextVar("receipt")
"""Set by the worker around each update (`jobs.update_worker`)."""


@dataclass(frozen=True)
class Pages:
    """Where the pages are, and whether Telegram lets a button lead there (SPEC 11)."""

    address: str
    takes_buttons: bool = False


@dataclass
class AppContext:
    """The parts that `bot.py` puts together for handlers, dialogues and the sender."""

    database: Database
    clock: Clock
    agency: Agency
    media: MediaStore
    coordinator_chat_id: int
    penalties: Penalties
    sign_in: SignIn
    pages: Pages = Pages("")
    bot_username: str = ""
    wake_relay: Callable[[], None] = field(default=lambda: None)
    """Says that there may be something to send now."""
    wake_collector: Callable[[], None] = field(default=lambda: None)
    """Says that there may be a file to bring home now."""
    wake_summaries: Callable[[], None] = field(default=lambda: None)
    """Says that there may be notes to sum up now."""
