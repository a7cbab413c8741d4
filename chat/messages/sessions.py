"""A session that changed: its cards, and what the coordinators' group hears of it."""

from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from chat import keyboards
from chat.cards.session import headline
from chat.deep_links import OpenSession
from chat.message_parts import CardOf, Delivery, Edit, Nothing, Refresh, Send
from chat.messages.context import NEAR, MessageContext, Writers, brief, card, told
from chat.screen import Screen
from locales.wording import change_reason, status_label
from models.enums import MessageKind, Role, Status
from services.queries.cards import live_cards_of
from services.queries.replacements import replacement
from services.queries.sessions import session_detail


def _appointment_card(context: MessageContext) -> Delivery:
    """A new card, for somebody who is to look at the session (again)."""
    view = context.view()
    screen = card(context)
    if screen is None:
        return Nothing("has no part in the session any more")
    rings = view.status is Status.DISPUTED
    return Send(screen, CardOf(view.id), rings=rings)


def _appointment_card_refresh(context: MessageContext) -> Delivery:
    """Every card that the person has of the session, brought up to date."""
    live = live_cards_of(context.session, context.appointment_id, context.message.person_id)
    screen = card(context) if live else None
    if screen is None:
        return Nothing("no card to refresh")
    return Refresh([Edit(card.id, card.chat_id, card.message_id, screen) for card in live])


def _attendance_corrected(context: MessageContext) -> Delivery:
    text = context.reader.text("A coordinator corrected the attendance of this session.")
    return told(context, text)


def _check_in_cleared(context: MessageContext) -> Delivery:
    text = context.reader.text(
        "A coordinator took back your check-in. The session is scheduled again."
    )
    return told(context, text)


def _session_cancelled(context: MessageContext) -> Delivery:
    """The other side's card rings where the session was near; the group gets a few lines."""
    view = context.view()
    if context.person is not None:
        screen = card(context)
        if screen is None:
            return Nothing("has no part in the session any more")
        rings = view.appointment.starts_at - context.reader.now < NEAR
        return Send(screen, CardOf(view.id), rings=rings)
    detail = session_detail(context.session, view.id, None)
    if detail is None or detail.cancellation is None:
        raise LookupError("the cancellation of an outbox message is gone")
    status = status_label(context.reader, view.status, Role.COORDINATOR)
    why = change_reason(context.reader, detail.cancellation.reason)
    lines = [
        Markup("<b>{}</b>").format(status),
        *brief(context, view),
        context.reader.text("Reason: {why}", why=why),
    ]
    return Send(Screen(Markup("\n").join(lines)))


def _session_changed(context: MessageContext) -> Delivery:
    """A new card of a session that is moved or asked to be; it rings where that was near."""
    screen = card(context)
    if screen is None:
        return Nothing("has no part in the session any more")
    near = datetime.fromisoformat(context.payload["near"]) - context.reader.now < NEAR
    return Send(screen, CardOf(context.appointment_id), rings=near)


def _session_expired(context: MessageContext) -> Delivery:
    """For the group: which session was lost, and why."""
    view = context.view()
    status = status_label(context.reader, view.status, Role.COORDINATOR)
    why = context.reader.text("Nobody settled the request to move it before its start.")
    lines = [Markup("<b>{}</b>").format(status), *brief(context, view), why]
    return Send(Screen(Markup("\n").join(lines), ((_replace_link(context),),)))


def _session_reassigned(context: MessageContext) -> Delivery:
    """For its former tutor; being a card, it takes the buttons off those before it."""
    view = context.view()
    if context.person is not None and view.tutor.id == context.person.id:
        return Nothing("theirs again")
    who, when, *_ = headline(context.reader, view, Role.COORDINATOR, lasts=True)
    lines = [context.reader.text("<b>This session is another tutor's now</b>"), who, when]
    rings = view.appointment.starts_at - context.reader.now < NEAR
    return Send(Screen(Markup("\n").join(lines)), CardOf(view.id), rings=rings)


def _replacement_asked(context: MessageContext) -> Delivery:
    """For the group: which lost session; what comes in its place is put together in private."""
    view = context.view()
    found = replacement(context.session, view.appointment)
    if found.by is not None:
        return Nothing("replaced meanwhile")
    text = context.reader.text("🔁 <b>A replacement is asked for</b>")
    lines = Markup("\n").join([text, *brief(context, view)])
    return Send(Screen(lines, ((_replace_link(context),),)))


def _replace_link(context: MessageContext) -> InlineKeyboardButton:
    address = context.address(OpenSession(context.appointment_id))
    return keyboards.link(context.reader.label("Replace"), address)


WRITERS: Writers = {
    MessageKind.APPOINTMENT_CARD: _appointment_card,
    MessageKind.APPOINTMENT_CARD_REFRESH: _appointment_card_refresh,
    MessageKind.ATTENDANCE_CORRECTED: _attendance_corrected,
    MessageKind.CHECK_IN_CLEARED: _check_in_cleared,
    MessageKind.SESSION_CANCELLED: _session_cancelled,
    MessageKind.SESSION_CHANGED: _session_changed,
    MessageKind.SESSION_EXPIRED: _session_expired,
    MessageKind.SESSION_REASSIGNED: _session_reassigned,
    MessageKind.REPLACEMENT_ASKED: _replacement_asked,
}
