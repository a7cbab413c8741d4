"""Holidays and leave: what became of the sessions, for families, tutors and the group (SPEC 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.buttons import links_for_group
from chat.cards.reason import quoted, written_reason
from chat.cards.replacement import replacement_lines
from chat.cards.request import asked_for_line, asked_line
from chat.cards.screens import SHOWN, and_more, session_label
from chat.message_parts import Delivery, Nothing
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, brief
from chat.messages.leave import away, not_away
from chat.messages.standing import dealt_with, standing
from chat.screen import Screen
from locales.deadlines import answer_deadline
from locales.match_wording import day_span, leave_days
from locales.wording import action_done
from models.enums import Action, LeaveStatus, Role, Status
from services.lifecycle.open_requests import OpenRequest
from services.messaging.messages.matches import DaysSettled
from services.messaging.messages.sessions import StaysClosed
from services.queries.closed_days import closed_on, holidays_between, leave_with
from services.queries.sessions import SessionDetail, SessionView, roles_in_each, views_of
from services.queries.settled_requests import AskedThen, asked_at, settled_by

NAMED = 4
"""Most days that are named one by one."""


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
    asked = _asked_of(context, [one for one in told.asked if one in views])
    waiting = [one for one in asked if one.request is not None]
    cancelled = [views[one] for one in told.cancelled if one in views]
    if asked and not waiting and context.together is None and not cancelled:
        return Nothing("answered before it was told")
    blocks = [_why(context, told)]
    open_ones = [view for view in cancelled if is_family and _is_open(context, view)]
    if cancelled:
        title = _cancelled(context, is_open=bool(open_ones))
        blocks.append(_listed(context, title, cancelled, is_family=is_family))
    owed = [one for one in waiting if one.owes(Role.PARENT if is_family else Role.TUTOR)]
    title = _asked(context, is_family=is_family, is_owed=bool(owed))
    others = [one for one in asked if one not in owed]
    if owed and others:
        blocks.append(_answers(context, title, asked, owed, of=owed))
        blocks.append(_answers(context, _no_answer(context), asked, owed, of=others))
    elif asked:
        blocks.append(_answers(context, title, asked, owed, of=asked))
    offered = [one.view for one in asked if one.is_to_come(context.reader.now)]
    offered += open_ones
    buttons = [*_accepts(context, asked, owed), *_buttons(context, offered)]
    screen = Screen(Markup("\n\n").join(blocks), keyboards.one_a_row(*buttons))
    if not cancelled and not any(one.is_to_come(context.reader.now) for one in asked):
        return Nothing("all of it is over", screen)
    about = (*(view.id for view in cancelled), *(one.view.id for one in asked))
    return standing(context, screen, {context.message.id: about})


@dataclass(frozen=True)
class _AskedOf:
    """A session that is, or was, asked to be moved, and the request of this message."""

    detail: SessionDetail
    asked: AskedThen | None
    request: OpenRequest | None
    """The same, while it can be answered."""

    @property
    def view(self) -> SessionView:
        return self.detail.view

    def owes(self, side: Role) -> bool:
        """Whether this side has to answer."""
        return self.request is not None and self.request.owed_by is side

    def is_to_come(self, now: datetime) -> bool:
        """Whether it still takes place later, as far as is known."""
        return self.view.status is Status.SCHEDULED and self.view.appointment.starts_at > now


def _asked_of(context: MessageContext, appointment_ids: Sequence[int]) -> list[_AskedOf]:
    """Sessions with the requests that were made as the message was written: none of later ones."""
    requests = asked_at(context.session, appointment_ids, context.message.created_at)
    found = []
    for number in appointment_ids:
        detail, asked = context.sessions.detail(number, context.person), requests.get(number)
        if detail is None:
            raise LookupError("the session of an outbox message is gone")
        request = detail.request
        is_own = request and asked and request.thread.id == asked.thread.id
        if request is None or not is_own or context.reader.now >= request.thread.expires_at:
            request = None
        found.append(_AskedOf(detail, asked, request))
    return found


def _answers(
    context: MessageContext,
    title: Markup,
    asked: Sequence[_AskedOf],
    owed: Sequence[_AskedOf],
    *,
    of: Sequence[_AskedOf],
) -> Markup:
    """Each session with the time that is asked for, or with what became of it, by whom and when.

    `of`: those of which to tell; each has the number that it has among all that were asked.
    """
    reader = context.reader
    lines = [title]
    for number, one in enumerate(asked[:SHOWN], start=1):
        if one not in of:
            continue
        row = one.view.appointment
        mark = Markup("{}.").format(number) if len(asked) > 1 and owed else Markup("•")
        slot = reader.dated_slot(*(one.asked.slot if one.asked else (row.starts_at, row.ends_at)))
        lines.append(Markup("{} {}, {}: {}").format(mark, one.view.student.name, row.subject, slot))
        lines += _came_of(context, one)
    left = [one for one in asked[SHOWN:] if one in of]
    if left:
        lines.append(and_more(reader, len(left)))
    return Markup("\n").join(lines)


def _came_of(context: MessageContext, one: _AskedOf) -> list[Markup]:
    reader, detail, person = context.reader, one.detail, context.person
    viewer_id = None if person is None else person.id
    if one.request is not None:
        new = one.request.proposal
        slot = reader.dated_slot(new.new_starts_at, new.new_ends_at)
        line = (
            reader.text("→ to {slot}?", slot=slot)
            if new.version == 1 and one.owes(Role.PARENT)
            else asked_line(reader, one.request, viewer_id)
        )
        role = Role.TUTOR if one.view.tutor.id == viewer_id else Role.PARENT
        return [line, escape(answer_deadline(reader, one.request, detail.unreached, role))]
    if one.asked is None:
        return []
    change = settled_by(context.session, one.asked, one.view.beyond)
    if change is None or (change.actor_id is None and change.action is not Action.EXPIRE):
        return []
    is_own, reader = change.actor_id == viewer_id, reader.dated()
    done = action_done(reader, change.action, change.who, change.at, is_own)
    if change.action is not Action.ACCEPT:
        return [Markup("→ {}").format(done)]
    new = one.asked.proposal
    slot = reader.dated_slot(new.new_starts_at, new.new_ends_at)
    return [reader.text("→ moved to {slot}", slot=slot), Markup("→ {}").format(done)]


def _accepts(
    context: MessageContext, asked: Sequence[_AskedOf], owed: Sequence[_AskedOf]
) -> list[keyboards.InlineButton]:
    """*Accept* for each time that the reader can accept."""
    buttons = []
    for number, one in enumerate(asked[:SHOWN], start=1):
        if one not in owed or one.request is None:
            continue
        if one.request.proposal.new_starts_at <= context.reader.now:
            continue
        label = (
            context.reader.label("Accept {number}", number=number)
            if len(asked) > 1
            else context.reader.label("Accept")
        )
        does = callbacks.AcceptSlot(one.request.proposal.id)
        buttons.append(keyboards.success(label, does))
    return buttons


def _stays_closed(context: MessageContext, told: StaysClosed) -> Delivery:
    """For the group: a session that stays on a day without sessions, with its buttons."""
    reader, detail = context.reader, context.sessions.detail(context.appointment_id, None)
    if detail is None:
        raise LookupError("the session of an outbox message is gone")
    view, row = detail.view, detail.view.appointment
    day = row.starts_at.astimezone(context.app.agency.zone).date()
    closed = closed_on(context.session, row.tutor_id, day)
    is_as_told = view.status is Status.SCHEDULED and row.starts_at == told.starts_at
    if closed is None or not is_as_told or reader.now >= row.starts_at or detail.request:
        return Nothing(MOVED_ON, dealt_with(context, view))
    title = (
        reader.text("📅 <b>This session stays on a day when the tutor is away</b>")
        if closed.is_leave
        else reader.text("📅 <b>This session stays on a holiday</b>")
    )
    lines = [title, *brief(context, view)]
    if detail.ungranted is not None:
        lines.append(asked_for_line(reader, detail.ungranted, None))
    if change := detail.last_change:
        told_at = reader.dated()
        done = action_done(told_at, change.action, change.who, change.at, is_reader=False)
        lines.append(escape(done))
    rows = links_for_group(reader, detail, context.app.agency, context.address)
    screen = Screen(Markup("\n").join(lines), rows)
    return standing(context, screen, {context.message.id: (view.id,)})


def _why(context: MessageContext, told: DaysSettled) -> Markup:
    """Who is away, when and why, or which holiday it is."""
    reader = context.reader
    leave = None if told.leave_id is None else leave_with(context.session, told.leave_id)
    if leave is not None and leave.status is LeaveStatus.WITHDRAWN:
        return not_away(context, leave)
    if leave is None:
        title = _closed(context, told)
        why = quoted(told.holiday) if told.holiday else None
    elif leave.tutor_id == context.message.person_id:
        days = leave_days(reader, leave)
        title = reader.text("🌴 <b>You are away</b>: {days}", days=days)
        why = written_reason(reader, leave.reason) if leave.reason else None
    else:
        title = away(context, leave)
        why = written_reason(reader, leave.reason) if leave.reason else None
    return Markup("{}\n{}").format(title, why) if why else title


def _closed(context: MessageContext, told: DaysSettled) -> Markup:
    reader, days = context.reader, told.days
    if not days:
        return reader.text("📅 <b>No sessions on these days</b>")
    named = (
        day_span(reader, days[0], days[-1])
        if len(days) > NAMED
        else reader.listed(map(reader.dated_day, days))
    )
    shut = {one.date for one in holidays_between(context.session, min(days), max(days))}
    if shut.isdisjoint(days):
        return reader.text("📅 <b>The agency is open after all</b>: {days}", days=named)
    return reader.text("📅 <b>No sessions</b>: {days}", days=named)


def _is_open(context: MessageContext, view: SessionView) -> bool:
    """Whether a family can still ask for another time in place of a cancelled session."""
    detail = context.sessions.detail(view.id, context.person)
    return detail is not None and detail.replacement.asked is None and detail.replacement.by is None


def _cancelled(context: MessageContext, *, is_open: bool) -> Markup:
    if is_open:
        return context.reader.text("Cancelled. Tap one below to ask for another time:")
    return context.reader.text("Cancelled:")


def _asked(context: MessageContext, *, is_family: bool, is_owed: bool) -> Markup:
    if is_owed:
        return context.reader.text("Asked to move, please answer:")
    if is_family:
        return context.reader.text("Asked to move:")
    return context.reader.text("The families are asked to move:")


def _no_answer(context: MessageContext) -> Markup:
    return context.reader.text("No answer of yours is needed:")


def _buttons(context: MessageContext, views: Sequence[SessionView]) -> list[keyboards.InlineButton]:
    return [
        keyboards.button(
            session_label(context.reader, view, lasts=True), callbacks.ShowSession(view.id)
        )
        for view in views[:SHOWN]
    ]


def _listed(
    context: MessageContext, title: Markup, views: Sequence[SessionView], *, is_family: bool
) -> Markup:
    """Cancelled sessions in a line each; for a family with what has come in their place."""
    reader = context.reader
    lines = [title]
    for view in views[:SHOWN]:
        row = view.appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        lines.append(Markup("• {}, {}: {}").format(view.student.name, row.subject, slot))
        detail, person = context.sessions.detail(view.id, context.person), context.person
        if is_family and detail is not None and person is not None:
            said = replacement_lines(reader.dated(), detail, Role.PARENT, person.id)
            lines += [Markup("→ {}").format(line) for line in said]
    if len(views) > SHOWN:
        lines.append(and_more(reader, len(views) - SHOWN))
    return Markup("\n").join(lines)


WRITERS: Writers = (
    Writer(DaysSettled, _days_settled),
    Writer(StaysClosed, _stays_closed),
)
