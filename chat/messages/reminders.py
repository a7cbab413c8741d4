"""Reminders to check in and out, and of the sessions of a day (SPEC 8)."""

from collections.abc import Iterable
from datetime import date

from chat.cards.screens import Section, sections_screen
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MOVED_ON, MessageContext, Writers, told, unmoved
from models import Person
from models.enums import MessageKind, Status
from services.lifecycle.open_requests import open_request
from services.queries.days import of_children_on, taught_on
from services.queries.requests import answers_owed, answers_owed_by_family, requests_in
from services.queries.sessions import SessionView
from services.queries.todos import without_notes
from services.rules.reminders import notes_asked_since

NOTHING_LEFT = "there is nothing left to tell"


def _check_in_open(context: MessageContext) -> Delivery:
    view = _as_it_was(context, Status.SCHEDULED)
    if view is None or open_request(context.session, view.id):
        return Nothing(MOVED_ON)
    return told(
        context, context.reader.text("⏰ Check-in is open. Tap the button when you are there.")
    )


def _check_out_open(context: MessageContext) -> Delivery:
    if _as_it_was(context, Status.CHECKED_IN) is None:
        return Nothing(MOVED_ON)
    return told(context, context.reader.text("⏰ Check-out is open."))


def _check_out_due(context: MessageContext) -> Delivery:
    if _as_it_was(context, Status.CHECKED_IN) is None:
        return Nothing(MOVED_ON)
    return told(context, context.reader.text("⏰ This session is over. Please check out."))


def _as_it_was(context: MessageContext, status: Status) -> SessionView | None:
    """The session, if its tutor, status and time are still those of the reminder."""
    view = unmoved(context, status)
    is_theirs = view is not None and view.appointment.tutor_id == context.message.person_id
    return view if is_theirs else None


def _tutor_digest(context: MessageContext) -> Delivery:
    tutor, reader, agency = _person(context), context.reader, context.app.agency
    since = notes_asked_since(date.fromisoformat(context.payload["day"]), agency.zone)
    sections = (
        Section(
            reader.text("<b>Today's sessions</b>"),
            taught_on(context.session, tutor, agency, reader.now),
        ),
        Section(
            reader.text("<b>Requests that wait for your answer</b>"),
            answers_owed(context.session, tutor, reader.now),
        ),
        Section(
            reader.text("<b>Notes still to write</b>"),
            without_notes(context.session, tutor, reader.now, since),
            lacking_notes=True,
        ),
    )
    return _list(context, sections)


def _day_before(context: MessageContext) -> Delivery:
    parent, day = _person(context), date.fromisoformat(context.payload["day"])
    views = of_children_on(context.session, parent, context.app.agency, day)
    if not views:
        return Nothing(NOTHING_LEFT)
    asked = answers_owed_by_family(context.session, parent, context.reader.now)
    title = context.reader.text("<b>Requests that wait for your answer</b>")
    tomorrow = Section(context.reader.text("<b>Tomorrow's sessions</b>"), views)
    there = {view.id for view in views}
    return _list(context, [tomorrow, Section(title, [one for one in asked if one.id not in there])])


def _list(context: MessageContext, sections: Iterable[Section]) -> Delivery:
    full = [section for section in sections if section.views]
    if not full:
        return Nothing(NOTHING_LEFT)
    session, reader = context.session, context.reader
    requests = requests_in(session, [view for one in full for view in one.views], reader.now)
    agency = context.app.agency
    return Send(
        sections_screen(
            session, _person(context), reader, full, agency, lasts=True, requests=requests
        )
    )


def _person(context: MessageContext) -> Person:
    if context.person is None:
        raise ValueError("this reminder is for a person, not for the group")
    return context.person


WRITERS: Writers = {
    MessageKind.TUTOR_DIGEST: _tutor_digest,
    MessageKind.CHECK_IN_OPEN: _check_in_open,
    MessageKind.CHECK_OUT_OPEN: _check_out_open,
    MessageKind.CHECK_OUT_DUE: _check_out_due,
    MessageKind.DAY_BEFORE: _day_before,
}
