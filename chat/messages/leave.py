"""A tutor's leave, for the coordinators' group, and for the tutor if it is taken back (SPEC 7)."""

from markupsafe import Markup

from chat.cards.reason import written_reason
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.screen import Screen
from locales.match_wording import leave_days, settled_counts
from models import TutorLeave
from models.enums import LeaveStatus
from services.messaging.messages.matches import LeaveTaken, LeaveWithdrawn
from services.queries.closed_days import leave_with
from services.queries.people import person_with


def _leave_taken(context: MessageContext, told: LeaveTaken) -> Delivery:
    """For the group: who is away when and why, and how many sessions that concerned."""
    reader = context.reader
    leave = _leave(context, told)
    if leave.status is LeaveStatus.WITHDRAWN:
        return Nothing("taken back meanwhile")
    happened = settled_counts(reader, told.cancelled, told.asked, told.left)
    lines = [
        away(context, leave),
        written_reason(reader, leave.reason or ""),
        reader.text("Sessions: {told}", told=happened)
        if happened
        else reader.text("No sessions are booked then."),
    ]
    return Send(Screen(Markup("\n").join(lines)))


def _leave_withdrawn(context: MessageContext, told: LeaveWithdrawn) -> Delivery:
    leave, reader = _leave(context, told), context.reader
    if context.person is None:
        return Send(Screen(not_away(context, leave)))
    by = person_with(context.session, leave.withdrawn_by_id)
    lines = [
        reader.text(
            "🌴 <b>{who} took your leave back</b>: {days}",
            who=by.name if by is not None else reader.label("The agency"),
            days=leave_days(reader, leave),
        ),
        reader.text("Sessions can be booked on these days again."),
    ]
    return Send(Screen(Markup("\n").join(lines)))


def not_away(context: MessageContext, leave: TutorLeave) -> Markup:
    """Who is not away after all, and when."""
    return context.reader.text(
        "🌴 <b>{who} is not away after all</b>: {days}",
        who=_name(context, leave),
        days=leave_days(context.reader, leave),
    )


def away(context: MessageContext, leave: TutorLeave) -> Markup:
    """Who is away, and when."""
    return context.reader.text(
        "🌴 <b>{who} is away</b>: {days}",
        who=_name(context, leave),
        days=leave_days(context.reader, leave),
    )


def _leave(context: MessageContext, told: LeaveTaken | LeaveWithdrawn) -> TutorLeave:
    return leave_with(context.session, told.leave_id)


def _name(context: MessageContext, leave: TutorLeave) -> str:
    tutor = person_with(context.session, leave.tutor_id)
    return "" if tutor is None else tutor.name


WRITERS: Writers = (
    Writer(LeaveTaken, _leave_taken),
    Writer(LeaveWithdrawn, _leave_withdrawn),
)
