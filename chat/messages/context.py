"""The context from which outbox messages are composed, and parts that several share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic

from markupsafe import Markup

from chat import deep_links
from chat.app_context import AppContext
from chat.cards.screens import screen_of
from chat.cards.session import subject_and_kind
from chat.deep_links import DeepLink
from chat.message_parts import CardOf, Delivery, Nothing, Send
from chat.screen import Screen
from locales.reader import Reader
from models import OutboxMessage, Person
from models.enums import Status
from services.db import Session
from services.messaging.messages.base import M, read
from services.messaging.messages.sessions import AtItsTime
from services.queries.session_page import SessionPage
from services.queries.sessions import SessionView
from services.rules.refusals import Refusal

MOVED_ON = "the session has moved on"
NEAR = timedelta(hours=12)
"""Changes to a session nearer than this ring in quiet hours, too (UX 11)."""


@dataclass(frozen=True)
class MessageContext:
    """An outbox message to compose, its reader, and the rows as they are now."""

    session: Session
    message: OutboxMessage
    app: AppContext
    person: Person | None
    """None: the coordinators' group."""
    reader: Reader
    sessions: SessionPage
    """The sessions of all messages that are composed together."""
    write: Callable[["MessageContext"], Delivery]
    """Composes a message of any kind."""
    together: tuple[OutboxMessage, ...] | None = None
    """The outbox messages that a message says that stands already; None while it is to be sent."""

    @property
    def appointment_id(self) -> int:
        """The session that the message is about."""
        number = self.message.appointment_id
        if number is None:
            raise LookupError("the outbox message is about no session")
        return number

    def address(self, link: DeepLink) -> str:
        """Where a link into the bot leads."""
        return deep_links.address(self.app.bot_username, link)

    def view(self) -> SessionView:
        """The session that the message is about, which a foreign key keeps from being deleted."""
        view = self.sessions.view(self.appointment_id)
        if view is None:
            raise LookupError("the session of an outbox message is gone")
        return view


@dataclass(frozen=True)
class Writer(Generic[M]):
    """The function that composes one kind of message; `Nothing` where that is out of date."""

    of: type[M]
    compose: Callable[[MessageContext, M], Delivery]

    def __call__(self, context: MessageContext) -> Delivery:
        return self.compose(context, read(self.of, context.message.payload))


Writers = tuple[Writer[Any], ...]


def new_card(
    context: MessageContext, text: Markup | None = None, *, rings: bool = False
) -> Delivery:
    """A new card of the session, with `text` above it; the card says who did it and why."""
    screen = card(context)
    if screen is None:
        return Nothing("has no part in the session any more")
    shown = screen if text is None else screen.below(text)
    return Send(shown, CardOf(context.appointment_id), rings=rings)


def unmoved(context: MessageContext, reminder: AtItsTime, status: Status) -> SessionView | None:
    """The session, if it still has this status and the time that the message was written for."""
    view = context.view()
    row = view.appointment
    return view if (row.status, row.starts_at) == (status, reminder.starts_at) else None


def card(context: MessageContext) -> Screen | None:
    """The session's card for the person; None where they have no part in it any more."""
    if context.person is None:
        return None
    try:
        detail = context.sessions.detail(context.appointment_id, context.person)
        agency = context.app.agency
        return screen_of(context.session, detail, context.person, context.reader, agency)
    except Refusal:
        return None


def brief(context: MessageContext, view: SessionView) -> list[Markup]:
    """A session in a few lines for the group, with the child's first name only (UX 13)."""
    row, reader = view.appointment, context.reader
    first_name = view.student.name.split()[0]
    return [
        Markup("{} · {}").format(first_name, subject_and_kind(reader, row)),
        Markup("{}").format(reader.dated_slot(row.starts_at, row.ends_at)),
        reader.text("with {tutor}", tutor=view.tutor.name),
    ]
