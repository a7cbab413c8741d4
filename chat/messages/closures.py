"""Holidays and leave: what became of the sessions, for families, tutors and the group (SPEC 7)."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.screens import SHOWN, and_more, session_label
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.messages.standing import standing
from chat.screen import Screen
from locales.match_wording import leave_days, settled_counts
from models import TutorLeave
from models.enums import LeaveStatus, Role
from services.lifecycle.open_requests import open_request
from services.messaging.messages.matches import DaysSettled, LeaveTaken, LeaveWithdrawn
from services.queries.closed_days import leave_with
from services.queries.people import person_with
from services.queries.sessions import SessionView, roles_in, views_of


def _days_settled(context: MessageContext, told: DaysSettled) -> Delivery:
    """The reader's sessions on these days: cancelled ones, and those that are asked to move."""
    reader = context.reader
    views = {
        view.id: view
        for view in views_of(context.session, [*told.cancelled, *told.asked])
        if roles_in(context.session, view.appointment, context.person) - {Role.COORDINATOR}
    }
    asked = [
        views[one]
        for one in told.asked
        if one in views and open_request(context.session, one) is not None
    ]
    cancelled = [views[one] for one in told.cancelled if one in views]
    if not views:
        return Nothing("has no part in these sessions any more")
    blocks = [reader.text("📅 <b>No sessions on these days</b>")]
    if cancelled:
        blocks.append(_listed(context, reader.text("Cancelled:"), cancelled))
    if asked:
        blocks.append(_listed(context, reader.text("Asked to move, please answer:"), asked))
    buttons = [
        keyboards.button(session_label(reader, view, lasts=True), callbacks.ShowSession(view.id))
        for view in asked[:SHOWN]
    ]
    screen = Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons))
    if not asked and told.asked:
        return Nothing("answered", screen if cancelled else None)
    if not asked:
        return Send(screen)
    return standing(context, screen, {context.message.id: tuple(view.id for view in asked)})


def _leave_taken(context: MessageContext, told: LeaveTaken) -> Delivery:
    """For the group: who is away when and why, and how many sessions that concerned."""
    reader = context.reader
    leave = _leave(context, told)
    if leave.status is LeaveStatus.WITHDRAWN:
        return Nothing("taken back meanwhile")
    happened = settled_counts(reader, told.cancelled, told.asked, told.left)
    lines = [
        reader.text(
            "🌴 <b>{who} is away</b>: {days}",
            who=_name(context, leave),
            days=leave_days(reader, leave),
        ),
        Markup("<blockquote>{}</blockquote>").format(leave.reason or ""),
        escape(happened) if happened else reader.text("No sessions are booked then."),
    ]
    return Send(Screen(Markup("\n").join(lines)))


def _leave_withdrawn(context: MessageContext, told: LeaveWithdrawn) -> Delivery:
    leave = _leave(context, told)
    text = context.reader.text(
        "🌴 <b>{who} is not away after all</b>: {days}",
        who=_name(context, leave),
        days=leave_days(context.reader, leave),
    )
    return Send(Screen(text))


def _listed(context: MessageContext, title: Markup, views: Sequence[SessionView]) -> Markup:
    reader = context.reader
    lines = [title]
    for view in views[:SHOWN]:
        row = view.appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        lines.append(Markup("• {}, {}: {}").format(view.student.name, row.subject, slot))
    if len(views) > SHOWN:
        lines.append(and_more(reader, len(views) - SHOWN))
    return Markup("\n").join(lines)


def _leave(context: MessageContext, told: LeaveTaken | LeaveWithdrawn) -> TutorLeave:
    return leave_with(context.session, told.leave_id)


def _name(context: MessageContext, leave: TutorLeave) -> str:
    tutor = person_with(context.session, leave.tutor_id)
    return "" if tutor is None else tutor.name


WRITERS: Writers = (
    Writer(DaysSettled, _days_settled),
    Writer(LeaveTaken, _leave_taken),
    Writer(LeaveWithdrawn, _leave_withdrawn),
)
