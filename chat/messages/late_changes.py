"""What a side told in the last four hours before a session, or a tutor of one that has begun:
messages to the group (SPEC 3, 6).
"""

from dataclasses import replace
from itertools import chain

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.buttons import links_for_group
from chat.cards.reason import given_reason, quoted
from chat.message_parts import Delivery, Nothing
from chat.messages.context import MOVED_ON, MessageContext, Writer, Writers, brief
from chat.messages.standing import child_of, dealt_with, standing
from chat.screen import Screen
from locales.wording import reason_told, status_label
from models.enums import MissedKind, Role, Status
from services.messaging.messages.sessions import LateChangeTold, MissedExplained
from services.queries.late_changes import (
    LateChange,
    dealt_with_by,
    is_handed_over,
    late_change,
)
from services.queries.sessions import SessionView

CANCELLED = (Status.CANCELLED_BY_TUTOR, Status.CANCELLED_BY_PARENT)


def _late_change_told(context: MessageContext, told: LateChangeTold) -> Delivery:
    """For the group: what was told, with the session's buttons; afterwards what came of it."""
    view, reader = context.view(), context.reader
    detail = context.sessions.detail(context.appointment_id, None)
    change = late_change(context.session, told.event_id)
    done = _done(context, told, view, change)
    starts_at = view.appointment.starts_at
    has_begun = view.status is Status.CHECKED_IN
    may_wait = view.status is Status.SCHEDULED or (has_begun and change.side is Role.PARENT)
    waits = may_wait and starts_at > reader.now
    if done is not None or not waits or detail is None:
        return Nothing(MOVED_ON, _left(context, told, view, change, done))
    title = (
        reader.text("📣 <b>Message from the tutor about this session</b>")
        if change.side is Role.TUTOR
        else reader.text("📣 <b>Message from the family about this session</b>")
    )
    why = given_reason(reader, change.reason, change.text)
    lines = [title, *brief(context, view), why]
    if has_begun:
        lines.append(reader.text("▶️ {tutor} has checked in.", tutor=view.tutor.name))
    rows = keyboards.in_pairs(
        *chain(*links_for_group(reader, detail, context.app.agency, context.address)),
        keyboards.button(reader.label("Dealt with"), callbacks.DealWith(view.id)),
    )
    said = {context.message.id: (view.id,)}
    return replace(standing(context, Screen(Markup("\n").join(lines), rows), said), rings=True)


def _done(
    context: MessageContext, told: LateChangeTold, view: SessionView, change: LateChange
) -> str | None:
    """What was done about it; None where nothing was.

    A session that the tutor told of is dealt with once another tutor has it.
    """
    reader, row = context.reader, view.appointment
    if view.status in CANCELLED:
        return status_label(reader, view.status, Role.COORDINATOR)
    if row.starts_at != told.starts_at:
        return reader.label("Moved to {slot}", slot=reader.dated_slot(row.starts_at, row.ends_at))
    if change.side is Role.TUTOR and is_handed_over(context.session, row.id, told.event_id):
        return reader.label("Handed over to {tutor}", tutor=view.tutor.name)
    who = dealt_with_by(context.session, row.id, told.event_id)
    return None if who is None else reader.label("{who} has seen to it", who=who)


def _left(
    context: MessageContext,
    told: LateChangeTold,
    view: SessionView,
    change: LateChange,
    done: str | None,
) -> Screen:
    """The line that is left, with the reason in it."""
    reader, row = context.reader, view.appointment
    ends_at = told.starts_at + (row.ends_at - row.starts_at)
    session = f"{child_of(context, view)}, {reader.dated_slot(told.starts_at, ends_at)}"
    given = (reason_told(reader, change.reason, change.text), *(change.text or "").split())
    why = " ".join(word for word in given if word)
    is_early = row.checked_in_at is not None and row.checked_in_at < told.starts_at
    if is_early and change.side is Role.TUTOR:
        return Screen(
            reader.text(
                "▶️ {session}: {tutor} has checked in. {why}",
                session=session,
                tutor=view.tutor.name,
                why=why,
            )
        )
    if done is None:
        return Screen(
            reader.text("Not answered before the start: {session}. {why}", session=session, why=why)
        )
    return Screen(
        reader.text("✅ Dealt with: {session}. {done}. {why}", session=session, done=done, why=why)
    )


def _missed_explained(context: MessageContext, told: MissedExplained) -> Delivery:
    """For the group: what the tutor writes, with the session's buttons; until it is settled.

    What was told before check-in is, once they check in.
    """
    view, reader, agency = context.view(), context.reader, context.app.agency
    detail = context.sessions.detail(context.appointment_id, None)
    kind, said = view.missed(agency, reader.now), late_change(context.session, told.event_id)
    came_at = view.appointment.checked_in_at
    is_running = view.status is Status.CHECKED_IN and came_at is not None and came_at < said.at
    is_under_way = is_running or view.status is Status.SCHEDULED
    if detail is None or (kind is None and not is_under_way):
        return Nothing(MOVED_ON, dealt_with(context, view))
    title = {
        None: reader.text("📣 <b>Message from the tutor, who has checked in</b>")
        if is_running
        else reader.text("📣 <b>Message from the tutor, who has not checked in yet</b>"),
        MissedKind.CHECK_IN: reader.text(
            "📣 <b>Message from the tutor about a missed check-in</b>"
        ),
        MissedKind.CHECK_OUT: reader.text(
            "📣 <b>Message from the tutor about a missed check-out</b>"
        ),
    }[kind]
    lines = [title, *brief(context, view), quoted(said.text or "")]
    rows = links_for_group(reader, detail, agency, context.address)
    says = {context.message.id: (view.id,)}
    message = standing(context, Screen(Markup("\n").join(lines), rows), says)
    return message if kind is not None else replace(message, rings=True)


WRITERS: Writers = (
    Writer(LateChangeTold, _late_change_told),
    Writer(MissedExplained, _missed_explained),
)
