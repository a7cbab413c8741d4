"""Every kind of message with the function that writes it, from the rows as they are when sent.

To whom a message goes is decided when its row is written (`services.notifications.announcements`);
here it is decided what it says.
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
    """What an outbox message comes to now (`chat.message_parts`)."""
    now = app.clock.now()
    person = person_with(session, message.person_id)
    reader = (
        Reader.for_agency(app.agency, now)
        if person is None
        else Reader.for_person(person, app.agency, now)
    )
    return WRITERS[message.kind](MessageContext(session, message, app, person, reader))
