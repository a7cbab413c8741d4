"""Registry of the kinds of outbox messages, with the function that composes each when it is sent.

Recipients are chosen when the row is written (`services.notifications.announcements`).
"""

from collections.abc import Sequence
from types import MappingProxyType

from chat.app_context import AppContext
from chat.message_parts import Delivery
from chat.messages import (
    acknowledgements,
    agency,
    closures,
    disputes,
    late_changes,
    leave,
    lists,
    matches,
    notes,
    packages,
    people,
    problems,
    reminders,
    requests,
    sessions,
    verified,
)
from chat.messages.context import MessageContext, Writers
from chat.messages.questions import beside_questions
from locales.readers import Readers
from models import OutboxMessage
from services.db import Session
from services.queries.people import person_with
from services.queries.session_page import SessionPage

BY_NOUN: tuple[Writers, ...] = (
    sessions.WRITERS,
    late_changes.WRITERS,
    lists.WRITERS,
    acknowledgements.WRITERS,
    verified.WRITERS,
    requests.WRITERS,
    matches.WRITERS,
    closures.WRITERS,
    leave.WRITERS,
    disputes.WRITERS,
    problems.WRITERS,
    notes.WRITERS,
    packages.WRITERS,
    reminders.WRITERS,
    people.WRITERS,
    agency.WRITERS,
)
WRITERS = MappingProxyType({one.of.kind: one for writers in BY_NOUN for one in writers})


def compose(
    session: Session, messages: Sequence[OutboxMessage], app: AppContext
) -> list[Delivery | Exception]:
    """Compose outbox messages, from the rows as they are now; an exception for each that fails."""
    readers = Readers(app.agency, app.clock.now())
    page = SessionPage(
        session,
        [one.appointment_id for one in messages if one.appointment_id is not None],
        [one.person_id for one in messages if one.person_id is not None],
    )
    composed: list[Delivery | Exception] = []
    for message in messages:
        try:
            composed.append(_compose(session, message, app, page, readers))
        except Exception as error:  # noqa: BLE001 - its consequence depends on the message
            composed.append(error)
    return composed


def _compose(
    session: Session,
    message: OutboxMessage,
    app: AppContext,
    page: SessionPage,
    readers: Readers,
) -> Delivery:
    person = person_with(session, message.person_id)
    reader = readers.of(person)
    written = _write(MessageContext(session, message, app, person, reader, page, _write))
    return beside_questions(session, written)


def _write(context: MessageContext) -> Delivery:
    return WRITERS[context.message.kind](context)
