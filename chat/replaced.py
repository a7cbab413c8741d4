"""What is left of a card that a newer one in its chat replaces: one line (UX 17)."""

from chat.app_context import AppContext
from chat.screen import Screen
from locales.reader import Reader
from models.enums import Status
from services.db import Session
from services.messaging.cards import OlderCard, successor
from services.messaging.conversation_state import is_asked_in
from services.queries.people import person_with
from services.queries.sessions import session_view


def still_asks(session: Session, card: OlderCard) -> bool:
    """Whether a question that took the card's place is open there and can still be answered.

    It stays, since it is answered there; one about a session that has gone on is over.
    """
    found = successor(session, card.id)
    view = session_view(session, found.appointment_id) if found else None
    if view is None or view.status not in _UNDECIDED:
        return False
    return is_asked_in(session, card.chat_id, card.message_id)


_UNDECIDED = (Status.SCHEDULED, Status.AWAITING_APPROVAL_PARENT)
"""Statuses that a question asks about, whoever it is that may end them."""


def replaced_screen(session: Session, app: AppContext, card_id: int) -> Screen | None:
    """The line, without buttons; None where no newer card shows the session now."""
    found = successor(session, card_id)
    view = session_view(session, found.appointment_id) if found else None
    if found is None or view is None:
        return None
    now, row = app.clock.now(), view.appointment
    person = person_with(session, found.person_id)
    if person is None:  # the group reads first names only (UX 13)
        reader, name = Reader.for_agency(app.agency, now), view.student.name.split()[0]
    else:
        reader, name = Reader.for_person(person, app.agency, now), view.student.name
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    if found.is_below:
        return Screen(reader.text("⬇️ {student}, {slot}: see below.", student=name, slot=slot))
    return Screen(reader.text("⬆️ {student}, {slot}: see above.", student=name, slot=slot))
