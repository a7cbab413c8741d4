"""What every handler reaches: the database, the clock, the agency, the stores."""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from services.db import Database, Session
from services.messaging.cards import OlderCard
from services.people.sign_in import SignIn
from services.ports import Clock, MediaStore
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties

Write = Callable[[Session], Sequence[OlderCard]]
"""Records a message just sent; gives the older cards that it replaces."""


def write_all(session: Session, writes: Iterable[Write]) -> list[OlderCard]:
    """Record several messages, in the order in which they were sent."""
    return [older for write in writes for older in write(session)]


@dataclass
class ReceivedUpdate:
    """The update that is being handled: when it reached us, and what went wrong with it."""

    update_id: int
    received_at: datetime
    error: BaseException | None = None
    unwritten: list[Write] = field(default_factory=list)
    """What was sent in answer and is not on disk yet: it comes there with the done mark, or before
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
    wake_sender: Callable[[], None] = field(default=lambda: None)
    """Says that there may be something to send now."""
    wake_collector: Callable[[], None] = field(default=lambda: None)
    """Says that there may be a file to bring home now."""
    wake_summaries: Callable[[], None] = field(default=lambda: None)
    """Says that there may be notes to sum up now."""
