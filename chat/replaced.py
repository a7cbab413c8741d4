"""What is left of a card that a newer one in its chat replaces: one line (UX 17)."""

from typing import NamedTuple

from chat.app_context import AppContext
from chat.screen import Screen
from locales.reader import Reader
from models.enums import Status
from services.db import Session
from services.messaging.cards import OlderCard, Successor, successor
from services.messaging.conversation_state import is_asked_in
from services.queries.people import person_with
from services.queries.sessions import SessionView, session_view


class Remains(NamedTuple):
    """What remains of a card that a newer one replaced."""

    is_question: bool = False
    """Whether a question took its place, which is open and can still be answered: it stays."""
    line: Screen | None = None
    """The line, without buttons; None where no newer card shows the session now."""


def remains_of(session: Session, app: AppContext, card: OlderCard) -> Remains:
    """What remains of a card; a question about a session that has gone on is over."""
    found = successor(session, card.id)
    view = session_view(session, found.appointment_id) if found else None
    if found is None or view is None:
        return Remains()
    if view.status in _UNDECIDED and is_asked_in(session, card.chat_id, card.message_id):
        return Remains(is_question=True)
    return Remains(line=_line(session, app, found, view))


def replaced_line(session: Session, app: AppContext, card: OlderCard) -> Screen | None:
    """The line of a card in whose place a question was; None where no newer card shows it."""
    found = successor(session, card.id)
    view = session_view(session, found.appointment_id) if found else None
    return None if found is None or view is None else _line(session, app, found, view)


_UNDECIDED = (Status.SCHEDULED, Status.AWAITING_APPROVAL_PARENT)
"""Statuses that a question asks about, whoever it is that may end them."""


def _line(session: Session, app: AppContext, found: Successor, view: SessionView) -> Screen:
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
