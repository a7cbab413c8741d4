"""Holidays and leave: what became of the sessions, for families, tutors and the group (SPEC 7)."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.cards.screens import SHOWN, and_more, session_label
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.messages.standing import standing
from chat.screen import Screen
from locales.match_wording import leave_days, settled_counts
from models import TutorLeave
from models.enums import LeaveStatus, Role
from services.lifecycle.open_requests import OpenRequest, open_request
from services.messaging.messages.matches import DaysSettled, LeaveTaken, LeaveWithdrawn
from services.queries.closed_days import leave_with
from services.queries.people import person_with
from services.queries.sessions import SessionView, roles_in_each, views_of


def _days_settled(context: MessageContext, told: DaysSettled) -> Delivery:
    """Why there are no sessions, and the reader's own: cancelled ones, and those that are asked to
    move, with the time that is asked for.
    """
    if context.person is None:
        raise ValueError("this message is for a person, not for the group")
    booked = views_of(context.session, [*told.cancelled, *told.asked])
    roles = roles_in_each(context.session, booked, context.person)
    views = {view.id: view for view in booked if roles[view.id] - {Role.COORDINATOR}}
    if not views:
        return Nothing("has no part in these sessions any more")
    is_family = any(Role.PARENT in roles[one] for one in views)
    found = {one: open_request(context.session, one) for one in told.asked if one in views}
    requests = {number: request for number, request in found.items() if request is not None}
    asked = [views[one] for one in requests]
    cancelled = [views[one] for one in told.cancelled if one in views]
    blocks = [_why(context, told)]
    if cancelled:
        blocks.append(_listed(context, _cancelled(context, is_family=is_family), cancelled, {}))
    if asked:
        title = _asked(context, is_family=is_family)
        blocks.append(_listed(context, title, asked, requests))
    told_all = Markup("\n\n").join(blocks)
    if not asked and told.asked:
        return Nothing("answered", Screen(told_all) if cancelled else None)
    offered = [*asked, *cancelled] if is_family else asked
    screen = Screen(told_all, keyboards.one_a_row(*_buttons(context, offered)))
    if not asked:
        return Send(screen)
    return standing(context, screen, {context.message.id: tuple(view.id for view in asked)})


def _why(context: MessageContext, told: DaysSettled) -> Markup:
    """Who is away, when and why, or which holiday it is."""
    reader = context.reader
    leave = None if told.leave_id is None else leave_with(context.session, told.leave_id)
    if leave is None or leave.status is LeaveStatus.WITHDRAWN:
        title = reader.text("📅 <b>No sessions on these days</b>")
        why = told.holiday
    elif leave.tutor_id == context.message.person_id:
        days = leave_days(reader, leave)
        title = reader.text("🌴 <b>You are away</b>: {days}", days=days)
        why = leave.reason or ""
    else:
        title = _away(context, leave)
        why = leave.reason or ""
    return title + Markup("\n<blockquote>{}</blockquote>").format(why) if why else title


def _cancelled(context: MessageContext, *, is_family: bool) -> Markup:
    if is_family:
        return context.reader.text("Cancelled. Tap one below to ask for another time:")
    return context.reader.text("Cancelled:")


def _asked(context: MessageContext, *, is_family: bool) -> Markup:
    if is_family:
        return context.reader.text("Asked to move, please answer:")
    return context.reader.text("The families are asked to move:")


def _buttons(context: MessageContext, views: Sequence[SessionView]) -> list[InlineKeyboardButton]:
    return [
        keyboards.button(
            session_label(context.reader, view, lasts=True), callbacks.ShowSession(view.id)
        )
        for view in views[:SHOWN]
    ]


def _leave_taken(context: MessageContext, told: LeaveTaken) -> Delivery:
    """For the group: who is away when and why, and how many sessions that concerned."""
    reader = context.reader
    leave = _leave(context, told)
    if leave.status is LeaveStatus.WITHDRAWN:
        return Nothing("taken back meanwhile")
    happened = settled_counts(reader, told.cancelled, told.asked, told.left)
    lines = [
        _away(context, leave),
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


def _away(context: MessageContext, leave: TutorLeave) -> Markup:
    return context.reader.text(
        "🌴 <b>{who} is away</b>: {days}",
        who=_name(context, leave),
        days=leave_days(context.reader, leave),
    )


def _listed(
    context: MessageContext,
    title: Markup,
    views: Sequence[SessionView],
    requests: Mapping[int, OpenRequest],
) -> Markup:
    """Sessions in a line each; those with a request, with the time that is asked for."""
    reader = context.reader
    lines = [title]
    for view in views[:SHOWN]:
        row = view.appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        lines.append(Markup("• {}, {}: {}").format(view.student.name, row.subject, slot))
        if request := requests.get(view.id):
            new = request.proposal
            to = reader.dated_slot(new.new_starts_at, new.new_ends_at)
            lines.append(reader.text("→ to {slot}?", slot=to))
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
