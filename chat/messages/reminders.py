"""Reminders to check in and out, and of the sessions of a day (SPEC 8)."""

from dataclasses import replace
from functools import partial

from chat.lists.case import ListCase, ListOf
from chat.lists.choices import reminder_of
from chat.lists.registry import compose, new_list
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, new_card, unmoved
from models.enums import ListKind, Status
from services.lifecycle.open_requests import open_request
from services.messaging.deliveries import waiting_with
from services.messaging.lists import lists_of
from services.messaging.messages.agency import DayBefore, TutorDigest
from services.messaging.messages.sessions import AtItsTime, CheckInOpen, CheckOutDue, CheckOutOpen
from services.queries.sessions import SessionView
from services.queries.together import beside
from services.rules.reminders import local_day

NOTHING_LEFT = "there is nothing left to tell"


def _check_in_open(context: MessageContext, told: CheckInOpen) -> Delivery:
    view = _as_it_was(context, told, Status.SCHEDULED)
    if view is None or open_request(context.session, view.id):
        return Nothing(MOVED_ON)
    views = beside(context.session, view)
    views = [one for one in views if one.id == view.id or not open_request(context.session, one.id)]
    if len(views) > 1:
        return _together(context, ListKind.TO_CHECK_IN, views)
    return new_card(
        context, context.reader.text("⏰ Check-in is open. Tap the button when you are there.")
    )


def _check_out_open(context: MessageContext, told: CheckOutOpen) -> Delivery:
    view = _as_it_was(context, told, Status.CHECKED_IN)
    if view is None:
        return Nothing(MOVED_ON)
    views = beside(context.session, view)
    if len(views) > 1:
        return _together(context, ListKind.TO_CHECK_OUT, views, ahead=True)
    return new_card(context, context.reader.text("⏰ Check-out is open."))


def _check_out_due(context: MessageContext, told: CheckOutDue) -> Delivery:
    view = _as_it_was(context, told, Status.CHECKED_IN)
    if view is None:
        return Nothing(MOVED_ON)
    views = beside(context.session, view)
    if len(views) > 1:
        return _together(context, ListKind.TO_CHECK_OUT, views)
    return new_card(context, context.reader.text("⏰ This session is over. Please check out."))


def _as_it_was(context: MessageContext, reminder: AtItsTime, status: Status) -> SessionView | None:
    """The session, if its tutor, status and time are still those of the reminder."""
    view = unmoved(context, reminder, status)
    is_theirs = view is not None and view.appointment.tutor_id == context.message.person_id
    return view if is_theirs else None


def _together(
    context: MessageContext, kind: ListKind, views: list[SessionView], *, ahead: bool = False
) -> Delivery:
    """One reminder for siblings who are taught together, with one tap for all of them."""
    ids = {view.id for view in views}
    argument = reminder_of(ids, ahead=ahead)
    person_id = context.message.person_id
    if person_id is None:
        raise ValueError("this reminder is for a person, not for the group")
    stand = lists_of(context.session, context.appointment_id, person_id)
    if any((one.kind, one.argument) == (kind, argument) for one in stand):
        return Nothing("it has come with the others'")
    day = local_day(context.reader.now, context.app.agency.zone)
    sent = _list(context, ListOf(kind, day, argument))
    waiting = waiting_with(context.session, context.message, context.reader.now)
    others = (one.id for one in waiting if one.appointment_id in ids)
    says_too = tuple(one for one in others if one != context.message.id)
    return replace(sent, says_too=says_too) if isinstance(sent, Send) else sent


def _tutor_digest(context: MessageContext, told: TutorDigest) -> Delivery:
    return _list(context, ListOf(ListKind.DIGEST, told.day))


def _day_before(context: MessageContext, told: DayBefore) -> Delivery:
    return _list(context, ListOf(ListKind.DAY_BEFORE, told.day))


def _list(context: MessageContext, of: ListOf) -> Delivery:
    if context.person is None:
        raise ValueError("this reminder is for a person, not for the group")
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
