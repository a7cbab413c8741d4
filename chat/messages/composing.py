"""What composing a message needs, and what several messages have in common."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from sqlmodel import col, select

from chat.app_context import AppContext
from chat.cards.screens import screen_for
from chat.message_parts import CardOf, Delivery, Nothing, Send
from chat.screen import Screen
from locales.reader import Reader
from models import Card, OutboxMessage, Person
from services.db import Session
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal

NEAR = timedelta(hours=12)
"""Changes to a session nearer than this ring in quiet hours, too (UX 11)."""


@dataclass(frozen=True)
class Job:
    """A message to be composed, and everything that composing needs."""

    session: Session
    message: OutboxMessage
    app: AppContext
    person: Person | None
    """None: the coordinators' group."""
    reader: Reader

    @property
    def payload(self) -> dict[str, Any]:
        return self.message.payload

    @property
    def appointment_id(self) -> int:
        return int(self.payload["appointment_id"])

    def view(self) -> SessionView:
        """The session that the message is about; it cannot be gone, a foreign key holds it."""
        view = session_view(self.session, self.appointment_id)
        if view is None:
            raise LookupError("the session of an outbox message is gone")
        return view


def told(job: Job, text: Markup) -> Delivery:
    """The session's card once more, under what happened; the card says who did it and why."""
    screen = card(job)
    if screen is None:
        return Nothing("has no part in the session any more")
    told = Screen(Markup("\n\n").join([text, Markup(screen.text)]), screen.rows)  # noqa: S704
    return Send(told, CardOf(job.appointment_id))


def card(job: Job) -> Screen | None:
    """The session as the person sees it; None where they have no part in it any more."""
    if job.person is None:
        return None
    try:
        return screen_for(job.session, job.person, job.reader, job.appointment_id, job.app.agency)
    except Refusal:
        return None


def live_cards(job: Job, whose: Any) -> list[Card]:
    """Those cards of the session that can still be edited; `whose` is an SQL condition."""
    found = job.session.exec(
        select(Card)
        .where(Card.appointment_id == job.appointment_id, col(Card.is_live), whose)
        .order_by(col(Card.id))
    )
    return list(found.all())


def brief(job: Job, view: SessionView) -> list[Markup]:
    """A session for the group: no more of the child than its first name (UX 13)."""
    row, reader = view.appointment, job.reader
    first_name = view.student.name.split()[0]
    return [
        Markup("{} · {}").format(first_name, row.subject),
        Markup("{}").format(reader.dated_slot(row.starts_at, row.ends_at)),
        reader.text("with {tutor}", tutor=view.tutor.name),
    ]
