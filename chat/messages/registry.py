"""Registry of the kinds of outbox messages, with the function that composes each when it is sent.

Recipients are chosen when the row is written (`services.notifications.announcements`).
"""

from types import MappingProxyType

from chat.app_context import AppContext
from chat.message_parts import Delivery
from chat.messages import (
    acknowledgements,
    agency,
    disputes,
    notes,
    people,
    reminders,
    requests,
    sessions,
)
from chat.messages.context import MessageContext, Writers
from locales.reader import Reader
from models import OutboxMessage
from services.db import Session
from services.queries.people import person_with

BY_NOUN: tuple[Writers, ...] = (
    sessions.WRITERS,
    acknowledgements.WRITERS,
    requests.WRITERS,
    disputes.WRITERS,
    notes.WRITERS,
    reminders.WRITERS,
    people.WRITERS,
    agency.WRITERS,
)
WRITERS: Writers = MappingProxyType(
    {kind: write for writers in BY_NOUN for kind, write in writers.items()}
)


def compose(session: Session, message: OutboxMessage, app: AppContext) -> Delivery:
    """Compose an outbox message, from the rows as they are now."""
    now = app.clock.now()
    person = person_with(session, message.person_id)
    reader = (
        Reader.for_agency(app.agency, now)
        if person is None
        else Reader.for_person(person, app.agency, now)
    )
    return _write(MessageContext(session, message, app, person, reader, _write))


def _write(context: MessageContext) -> Delivery:
    return WRITERS[context.message.kind](context)
