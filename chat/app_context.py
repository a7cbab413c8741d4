"""Context that every handler shares: the database, the clock, the agency, the stores."""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from chat.screen import Screen
from locales.current_user import CurrentUser
from services.db import Database, Session
from services.messaging.cards import OlderCard
from services.messaging.deliveries import MessagePlace
from services.messaging.inbox import UpdateKey
from services.meters import Meters
from services.people.sign_in import SignIn
from services.ports import Clock, FileSource, MediaStore
from services.queries.open_questions import OpenQuestion
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties

Write = Callable[[Session], Sequence[OlderCard]]
"""Records a message just sent; gives the older cards that it replaces."""


class Left(NamedTuple):
    """What is left of a question that somebody else's act has settled (UX 17)."""

    screen: Screen | None
    """None where it goes altogether."""
    offers: bool
    """Whether it offers what was chosen or written for something else: it stands before a card."""
    above_card: Markup | None = None
    """What stands above a card whose place it took, where the card itself does not say it."""


OfferNow = Callable[[Session, CurrentUser, MessagePlace, int | None], Screen | None]
"""Gives what an offer reads now: of a message that came outside of any dialogue, and of the session
that was chosen for it, if one was; None where there is no such offer any more."""
LeftOf = Callable[[Session, CurrentUser, OpenQuestion], Left | None]
"""Gives what is left of a question; None while it holds."""


def write_all(session: Session, writes: Iterable[Write]) -> list[OlderCard]:
    """Record several messages, in the order in which they were sent."""
    return [older for write in writes for older in write(session)]


@dataclass
class ReceivedUpdate:
    """The update that is being handled: when it reached us, and what went wrong with it."""

    key: UpdateKey
    received_at: datetime
    error: BaseException | None = None
    unwritten: list[Write] = field(default_factory=list)
    """Records of messages sent in answer, not stored yet. They are stored with the done mark, or
    before the next message is sent."""
    is_on_list: bool | None = None
    """Whether the tapped message is a list; None as long as nobody has looked."""
    is_back: bool = False
    """Whether it comes from somebody whom the bot could not reach."""
    chosen: int | None = None
    """Id of the session that its command took by itself: a refusal names it."""
    given_back: Markup | None = None
    """What was chosen and written so far, of which a refusal says that it comes too late."""
    above: Screen | None = None
    """What stands above the next message that is sent in answer."""


receipt: ContextVar[ReceivedUpdate] = ContextVar("receipt")
"""Set by the worker around each update (`jobs.update_worker`)."""


@dataclass(frozen=True)
class Pages:
    """The address of the pages, and whether a Telegram button may open it (SPEC 11)."""

    address: str
    takes_buttons: bool = False
    opens_app: bool = False
    """Whether Telegram may show the pages inside itself, as a Mini App (SPEC 10)."""

    @property
    def app_address(self) -> str:
        """The address of the Mini App."""
        return f"{self.address}/app"

    def button_address(self, path: str) -> str | None:
        """The address of a page for a button; None where Telegram takes no such button."""
        return f"{self.address}{path}" if self.takes_buttons else None


@dataclass
class AppContext:
    """The parts that `bot.py` puts together for handlers, dialogues and jobs."""

    database: Database
    clock: Clock
    agency: Agency
    media: MediaStore
    coordinator_chat_id: int
    penalties: Penalties
    sign_in: SignIn
    pages: Pages = Pages("")
    bot_username: str = ""
    meters: Meters = field(default_factory=Meters)
    file_source: FileSource | None = None
    """Where files that people send are fetched from; None as long as there is no bot."""
    left_of: LeftOf = field(default=lambda _session, _user, _question: None)
    """Looks whether the question of a dialogue is over; the dialogues know (`conversations`)."""
    offer_now: OfferNow = field(default=lambda _session, _user, _place, _about: None)
    """Composes anew what was offered for a message outside of any dialogue (`conversations`)."""
    wake_relay: Callable[[], None] = field(default=lambda: None)
    """Tells the outbox relay that there may be something to send; the update worker calls it after
    every update, and each job after it wrote a message."""
    wake_collector: Callable[[], None] = field(default=lambda: None)
    """Tells the note file worker that there may be a file to fetch."""
    wake_evidence: Callable[[], None] = field(default=lambda: None)
    """Tells the evidence worker that there may be a file to fetch."""
    wake_summaries: Callable[[], None] = field(default=lambda: None)
    """Tells the summary worker that there may be notes to sum up."""
