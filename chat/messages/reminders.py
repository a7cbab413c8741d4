"""Reminders to check in and out, and of the sessions of a day (SPEC 8)."""

from functools import partial

from chat.lists.case import ListCase, ListOf
from chat.lists.registry import compose, new_list
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, new_card, unmoved
from models.enums import ListKind, Status
from services.lifecycle.open_requests import open_request
from services.messaging.messages.agency import DayBefore, OfDay, TutorDigest
from services.messaging.messages.sessions import AtItsTime, CheckInOpen, CheckOutDue, CheckOutOpen
from services.queries.sessions import SessionView

NOTHING_LEFT = "there is nothing left to tell"


def _check_in_open(context: MessageContext, told: CheckInOpen) -> Delivery:
    view = _as_it_was(context, told, Status.SCHEDULED)
    if view is None or open_request(context.session, view.id):
        return Nothing(MOVED_ON)
    return new_card(
        context, context.reader.text("⏰ Check-in is open. Tap the button when you are there.")
    )


def _check_out_open(context: MessageContext, told: CheckOutOpen) -> Delivery:
    if _as_it_was(context, told, Status.CHECKED_IN) is None:
        return Nothing(MOVED_ON)
    return new_card(context, context.reader.text("⏰ Check-out is open."))


def _check_out_due(context: MessageContext, told: CheckOutDue) -> Delivery:
    if _as_it_was(context, told, Status.CHECKED_IN) is None:
        return Nothing(MOVED_ON)
    return new_card(context, context.reader.text("⏰ This session is over. Please check out."))


def _as_it_was(context: MessageContext, reminder: AtItsTime, status: Status) -> SessionView | None:
    """The session, if its tutor, status and time are still those of the reminder."""
    view = unmoved(context, reminder, status)
    is_theirs = view is not None and view.appointment.tutor_id == context.message.person_id
    return view if is_theirs else None


def _tutor_digest(context: MessageContext, told: TutorDigest) -> Delivery:
    return _list(context, told, ListKind.DIGEST)


def _day_before(context: MessageContext, told: DayBefore) -> Delivery:
    return _list(context, told, ListKind.DAY_BEFORE)


def _list(context: MessageContext, told: OfDay, kind: ListKind) -> Delivery:
    if context.person is None:
        raise ValueError("this reminder is for a person, not for the group")
    of = ListOf(kind, told.day)
    agency, reader = context.app.agency, context.reader
    case = ListCase(context.session, context.person, reader, agency, of)
    screen = None if case.is_over else compose(case)
    if screen is None:
        return Nothing(NOTHING_LEFT)
    return Send(screen, listed=partial(new_list, case, screen))


WRITERS: Writers = (
    Writer(TutorDigest, _tutor_digest),
    Writer(CheckInOpen, _check_in_open),
    Writer(CheckOutOpen, _check_out_open),
    Writer(CheckOutDue, _check_out_due),
    Writer(DayBefore, _day_before),
)
