"""Messages that stand in a chat, composed anew as their sessions change (UX 17)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from chat.cards.screens import SHOWN, and_more
from chat.message_parts import Delivery, EditStanding, Nothing, Send, parts_of
from chat.messages.context import MessageContext
from chat.screen import Screen
from locales.reader import Reader
from models import OutboxMessage, Student
from services.messaging.deliveries import waiting_with
from services.messaging.standing import standing_about
from services.queries.sessions import SessionView, views_of


def together(context: MessageContext) -> Sequence[OutboxMessage]:
    """The outbox messages of this kind to this reader that one message says."""
    if context.together is not None:
        return context.together
    return waiting_with(context.session, context.message, context.reader.now)


def standing(context: MessageContext, screen: Screen, said: Mapping[int, tuple[int, ...]]) -> Send:
    """A message that stands; `said`: outbox messages that it says, with the sessions of each."""
    others = tuple(number for number in said if number != context.message.id)
    return Send(screen, says_too=others, about=tuple(said.items()))


def standing_edits(
    context: MessageContext, which: Callable[[OutboxMessage], bool] | None = None
) -> list[EditStanding]:
    """Edits of the messages that speak of the session to this reader; `which`: of some only."""
    found = standing_about(context.session, context.appointment_id, context.message.person_id)
    return [
        edit_of(
            one.chat_id, one.message_id, replace(context, message=one.says[0], together=one.says)
        )
        for one in found
        if which is None or which(one.says[0])
    ]


def edit_of(chat_id: int, message_id: int, context: MessageContext) -> EditStanding:
    """The edit of a message that stands; `context` has what it says."""
    part = _only(context.write(context))
    if isinstance(part, Send):
        return EditStanding(chat_id, message_id, part.screen, is_over=False)
    left = part.left if isinstance(part, Nothing) and part.left else _dealt_with(context)
    return EditStanding(chat_id, message_id, left, is_over=True)


def _only(delivery: Delivery) -> object:
    (part,) = parts_of(delivery)
    return part


def _dealt_with(context: MessageContext) -> Screen:
    """What is left of a message of which nothing holds any more: what it was about."""
    about: list[int] = []
    for one in context.together or (context.message,):
        about += one.payload.get("appointment_ids", ())
        about += () if one.appointment_id is None else (one.appointment_id,)
    views = views_of(context.session, list(dict.fromkeys(about)))
    if not views:
        return Screen(context.reader.text("✅ Dealt with."))
    if len(views) == 1:
        return dealt_with(context, views[0])
    lines = [context.reader.text("✅ Dealt with:")]
    lines += [escape(one_line(context, view)) for view in views[:SHOWN]]
    if len(views) > SHOWN:
        lines.append(and_more(context.reader, len(views) - SHOWN))
    return Screen(Markup("\n").join(lines))


def dealt_with(context: MessageContext, view: SessionView) -> Screen:
    """What is left of a message about one session of which nothing holds any more."""
    session = one_line(context, view)
    return Screen(context.reader.text("✅ Dealt with: {session}", session=session))


def unlinked_from(reader: Reader, child: Student) -> Screen:
    """What is left of a message about a child to somebody who is no guardian of it any more."""
    return Screen(
        reader.text(
            "Your agency no longer lists you as a parent of {child}, so nothing more is shown "
            "here.",
            child=child.name.split()[0],
        )
    )


def one_line(context: MessageContext, view: SessionView) -> str:
    """A session in a line."""
    row = view.appointment
    return f"{child_of(context, view)}, {context.reader.dated_slot(row.starts_at, row.ends_at)}"


def child_of(context: MessageContext, view: SessionView) -> str:
    """The child's name; in the group the first name only (UX 13)."""
    return view.student.name.split()[0] if context.person is None else view.student.name
