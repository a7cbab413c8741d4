"""Sessions that wait for an acknowledgement: reminders to parents and to the group (SPEC 8)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.callbacks import ListName
from chat.cards.screens import SHOWN, and_more, fitting
from chat.cards.session import headline, price_line, status_line
from chat.cards.waiting import nobody_asked
from chat.deep_links import OpenInvitations, OpenList
from chat.message_parts import Delivery, EditStanding, Nothing, Refresh, Send
from chat.messages.context import (
    MOVED_ON,
    MessageContext,
    Writer,
    Writers,
    brief,
    new_card,
)
from chat.messages.standing import standing, together, unlinked_from
from chat.screen import Screen
from locales.wording import action_done
from models.enums import Role, Status
from services.lifecycle.status import last_move
from services.messaging.deliveries import was_sent
from services.messaging.messages.base import read
from services.messaging.messages.sessions import (
    AcknowledgementDue,
    AcknowledgementsOverdue,
    AdhocLogged,
    SessionCard,
    Unanswered,
)
from services.messaging.standing import standing_about
from services.queries.people import has_reached_parent
from services.queries.sessions import SessionView, roles_in, roles_in_each, session_view, views_of

PROMPTLY = timedelta(minutes=1)
"""What is sent later than this after it was due has waited for its reader."""
WITHIN = timedelta(hours=1)
"""How long after a card nobody is reminded of it."""


class Place(NamedTuple):
    """A session in a numbered list."""

    number: int
    view: SessionView
    is_due: bool


def _acknowledgement_due(context: MessageContext, told: AcknowledgementDue) -> Delivery:
    """The session's card; or one message for all the parent's due sessions, with a button each,
    which counts for the reminders of the others, too.
    """
    reader = context.reader
    title = reader.text("🔔 <b>These sessions are waiting for your answer</b>")
    one = reader.text("🔔 Reminder: this session is waiting for your answer.")
    return _asked_together(context, told, lambda _: title, lambda: new_card(context, one))


def _adhoc_logged(context: MessageContext, told: AdhocLogged) -> Delivery:
    """One message for all the extra sessions of the parent's children that were logged together;
    for a single one its card.
    """

    def title(sessions: list[SessionView]) -> Markup:
        tutors = {view.tutor.id: view.tutor.name for view in sessions}
        return context.reader.text(
            "🔔 <b>{tutors} logged extra sessions.</b> Please answer for each.",
            tutors=context.reader.listed(tutors.values()),
        )

    asked = _asked_together(context, told, title, lambda: new_card(context))
    return _results(context) if isinstance(asked, Nothing) and context.together else asked


def _results(context: MessageContext) -> Delivery:
    """What became of each session, once none of them waits any more.

    It stands while one of them is disputed: that may still be settled, one way or the other.
    """
    said = {one.id: one.appointment_id or 0 for one in together(context)}
    found = _of_parent(context, list(said.values()))
    views = [found[one] for one in said.values() if one in found]
    if not views:
        return Nothing(MOVED_ON, unlinked_from(context.reader, context.view().student))
    places = [Place(number, view, is_due=False) for number, view in enumerate(views, start=1)]
    if any(view.status is Status.DISPUTED and not view.is_upheld for view in views):
        title = context.reader.text("<b>Extra sessions: all are answered</b>")
        about = {number: (one,) for number, one in said.items()}
        return standing(context, _questions(context, title, places), about)
    title = context.reader.text("✅ <b>Extra sessions: all are dealt with</b>")
    return Nothing(MOVED_ON, _questions(context, title, places))


def _asked_together(
    context: MessageContext,
    told: Unanswered,
    title: Callable[[list[SessionView]], Markup],
    alone: Callable[[], Delivery],
) -> Delivery:
    """One message for all of this kind that the parent is asked; `alone` for a single session."""
    if context.together is None and _awaited(context, told) is None:
        return Nothing(MOVED_ON)
    views = {one.id: _awaited(context, read(type(told), one.payload)) for one in together(context)}
    due = {number: view for number, view in views.items() if view is not None}
    sessions = list({view.id: view for view in due.values()}.values())
    if not sessions:
        return Nothing(MOVED_ON)
    if len(sessions) == 1 and context.together is None:
        return _alone(context, alone, others=[one for one in due if one != context.message.id])
    said = {number: (view.id,) for number, view in due.items()}
    places = _in_places(context, sessions)
    asked = standing(context, _questions(context, title(sessions), places), said)
    if context.together is not None:
        return asked
    edits = _asked_before(context, told, {view.id for view in sessions})
    return (Refresh([], edits), asked) if edits else asked


def _alone(
    context: MessageContext, alone: Callable[[], Delivery], others: Sequence[int]
) -> Delivery:
    """The card of a single session, for all that is due about it: `others` are messages, too.

    Where a card came within the hour, it asks for the answer already (SPEC 8).
    """
    now, message = context.reader.now, context.message
    is_late = now - message.due_at > PROMPTLY
    if is_late and was_sent(context.session, message, SessionCard.kind, since=now - WITHIN):
        return Nothing("its card has just come")
    made = alone()
    return replace(made, says_too=tuple(others)) if isinstance(made, Send) else made


def _asked_before(context: MessageContext, told: Unanswered, asked: set[int]) -> list[EditStanding]:
    """Edits of older messages of this kind, all of whose questions are asked again in a new one."""
    person_id = context.message.person_id
    older = {
        (one.chat_id, one.message_id): one.says
        for about in sorted(asked)
        for one in standing_about(context.session, about, person_id)
        if one.says[0].kind == told.kind
    }
    newer = Screen(context.reader.text("⬇️ There is a newer list below."))
    edits = []
    for place, says in older.items():
        views = (_awaited(context, read(type(told), one.payload)) for one in says)
        if {view.id for view in views if view is not None} <= asked:
            edits.append(EditStanding(*place, newer, is_over=True))
    return edits


def _in_places(context: MessageContext, due: list[SessionView]) -> list[Place]:
    """The sessions in the places that they had when the message was sent, so that a second tap
    on one button never answers for another session.
    """
    waiting = {view.id: view for view in due}
    known = dict.fromkeys(one.appointment_id or 0 for one in together(context))
    if context.together is None or not waiting.keys() & set(list(known)[:SHOWN]):
        known = dict.fromkeys(waiting)
    answered = _of_parent(context, [one for one in known if one not in waiting])
    views = waiting | answered
    return [
        Place(number, views[about], is_due=about in waiting)
        for number, about in enumerate(known, start=1)
        if about in views
    ]


def _of_parent(context: MessageContext, ids: list[int]) -> dict[int, SessionView]:
    """Those of the sessions with these ids that are of the parent's children, by id."""
    if context.person is None or not ids:
        return {}
    views = views_of(context.session, ids)
    roles = roles_in_each(context.session, views, context.person)
    return {view.id: view for view in views if Role.PARENT in roles[view.id]}


def _is_parent(context: MessageContext, view: SessionView) -> bool:
    return Role.PARENT in roles_in(context.session, view.appointment, context.person)


def _awaited(context: MessageContext, told: Unanswered) -> SessionView | None:
    """The session, if it still awaits this parent's answer to the same check-out."""
    view = _asked(context, told)
    return view if view is not None and _is_parent(context, view) else None


def _questions(context: MessageContext, title: Markup, places: list[Place]) -> Screen:
    """Numbered sessions with buttons of these numbers: *Acknowledge* is one tap here, too.

    A session that is answered says so and has no *Acknowledge* any more.
    """
    reader, blocks = context.reader, fitting(_block(context, one) for one in places[:SHOWN])
    rows: list[keyboards.Row] = []
    for number, view, is_due in places[: len(blocks)]:
        acknowledge = reader.label("Acknowledge {number}", number=number)
        details = reader.label("Details {number}", number=number)
        show = keyboards.button(details, callbacks.ShowSession(view.id))
        answer = keyboards.success(acknowledge, callbacks.Acknowledge(view.id))
        rows.append((answer, show) if is_due else (show,))
    if len(blocks) < len(places):
        blocks.append(and_more(reader, len(places) - len(blocks)))
    return Screen(Markup("\n\n").join([title, *blocks]), tuple(rows))


def _block(context: MessageContext, place: Place) -> Markup:
    number, view, is_due = place
    reader, lines = context.reader, headline(context.reader, view, Role.PARENT)
    if price := price_line(reader, view.appointment):
        lines.append(price)
    if not is_due:
        mark = Markup("✅ ") if view.status is Status.APPROVED else Markup()
        lines.append(mark + status_line(reader, view, Role.PARENT))
        lines += _answered(context, view)
    return Markup("{}. ").format(number) + Markup("\n").join(lines)


def _answered(context: MessageContext, view: SessionView) -> list[Markup]:
    """Who answered, and when; with its day, since the message may be read on another."""
    person = context.person
    detail = context.sessions.detail(view.id, person) if person is not None else None
    move = detail.last_move if detail is not None else None
    if person is None or move is None or move.actor_id is None:
        return []
    is_own, reader = move.actor_id == person.id, context.reader.dated()
    return [escape(action_done(reader, move.action, move.who, move.at, is_own))]


def _acknowledgements_overdue(context: MessageContext, told: AcknowledgementsOverdue) -> Delivery:
    """One message to the group for all its due sessions, with first names only (UX 13)."""
    if context.together is None and _asked(context, told) is None:
        return Nothing(MOVED_ON)
    views = {
        one.id: _asked(context, read(AcknowledgementsOverdue, one.payload))
        for one in together(context)
    }
    due = {number: view for number, view in views.items() if view is not None}
    if not due:
        return Nothing(MOVED_ON)
    blocks = [context.reader.text("<b>No parent has answered for over 48 hours</b>")]
    shown = list(due.values())[:SHOWN]
    children = {view.student.id for view in shown}
    asked = {one for one in children if has_reached_parent(context.session, one)}
    blocks += [_overdue(context, view, was_asked=view.student.id in asked) for view in shown]
    if len(due) > SHOWN:
        blocks.append(and_more(context.reader, len(due) - SHOWN))
    label, address = context.reader.label, context.address
    row = [keyboards.link(label("Open"), address(OpenList(ListName.AWAITING)))]
    if asked != children:
        row.append(keyboards.link(label("Invite"), address(OpenInvitations())))
    screen = Screen(Markup("\n\n").join(blocks), (tuple(row),))
    return standing(context, screen, {number: (view.id,) for number, view in due.items()})


def _overdue(context: MessageContext, view: SessionView, *, was_asked: bool) -> Markup:
    lines = brief(context, view)
    return Markup("\n").join(lines if was_asked else [*lines, nobody_asked(context.reader)])


def _asked(context: MessageContext, told: Unanswered) -> SessionView | None:
    """The session, if it still awaits an answer and has not changed since the reminder was
    written: it may have been disputed and asked about again.
    """
    view = session_view(context.session, told.appointment_id)
    if view is None or view.status is not Status.AWAITING_APPROVAL_PARENT:
        return None
    move = last_move(context.session, view.id)
    return view if (move.id if move else 0) == told.move else None


WRITERS: Writers = (
    Writer(AcknowledgementDue, _acknowledgement_due),
    Writer(AdhocLogged, _adhoc_logged),
    Writer(AcknowledgementsOverdue, _acknowledgements_overdue),
)
