"""Messages about a session that changed: its cards, and notices for the group."""

from markupsafe import Markup

from chat import keyboards
from chat.app_context import Left
from chat.callbacks import CoordinatorChange
from chat.cards.reason import given_reason
from chat.cards.replacement import told_coordinators
from chat.cards.session import done_line, headline
from chat.deep_links import OpenChange
from chat.message_parts import CardOf, Delivery, Edit, Nothing, Refresh, Send
from chat.messages.context import (
    NEAR,
    MessageContext,
    Writer,
    Writers,
    brief,
    card,
    new_card,
)
from chat.messages.lists import list_edits
from chat.messages.questions import left_of_questions, without_questions
from chat.messages.standing import (
    dealt_with,
    one_line,
    standing,
    standing_edits,
    unlinked_from,
)
from chat.screen import Screen
from locales.people_words import choice_of
from locales.wording import status_label
from models import Appointment
from models.enums import Action, Kind, Role, Status
from services.messaging.deliveries import MessagePlace
from services.messaging.messages.sessions import (
    AttendanceCorrected,
    CheckInCleared,
    ReplacementAsked,
    SessionCancelled,
    SessionCard,
    SessionCardRefresh,
    SessionChanged,
    SessionExpired,
    SessionReassigned,
    SessionScheduled,
)
from services.queries.cards import live_cards_of
from services.queries.closed_days import holidays_between
from services.queries.people import was_unlinked
from services.queries.replacements import is_wanted, replacement
from services.queries.sessions import SessionView, session_view
from services.queries.tutors import free_tutors

NAMED = 5
"""The most tutors whom a notice names."""


def _appointment_card(context: MessageContext, _told: SessionCard) -> Delivery:
    """A new card, for somebody who should look at the session."""
    return new_card(context, rings=context.view().status is Status.DISPUTED)


def _appointment_card_refresh(context: MessageContext, told: SessionCardRefresh) -> Delivery:
    """An edit of every live card of the session in the person's chat, and of what stands there.

    A card that came after those whose moment had come has been written since then.
    """
    live = live_cards_of(context.session, context.appointment_id, context.message.person_id)
    live = [one for one in live if not told.cards or one.id in told.cards]
    over = left_of_questions(context) if told.asks else {}
    offers = {place: left.screen for place, left in over.items() if left.offers}
    screen = (card(context) or _closed_to(context)) if live else None
    edits = []
    if screen is not None:
        for one in live:
            place = MessagePlace(one.chat_id, one.message_id)
            edits.append(Edit(one.id, *place, offers.get(place) or _on_card(screen, over, place)))
    refresh = Refresh(edits, standing_edits(context), list_edits(context))
    refresh = without_questions(refresh, over)
    return Nothing("no card to refresh") if refresh.is_empty else refresh


def _on_card(screen: Screen, over: dict[MessagePlace, Left], place: MessagePlace) -> Screen:
    """A card, below what became of the question that took its place."""
    above = over[place].above_card if place in over else None
    return screen if above is None else screen.below(above)


def _closed_to(context: MessageContext) -> Screen | None:
    """What is left of a card for somebody who was unlinked from the child; else None."""
    person, child = context.person, context.view().student
    if person is None or not was_unlinked(context.session, person.id, child.id):
        return None
    return unlinked_from(context.reader, child)


def _attendance_corrected(context: MessageContext, _told: AttendanceCorrected) -> Delivery:
    text = context.reader.text("A coordinator corrected the attendance of this session.")
    return new_card(context, text)


def _check_in_cleared(context: MessageContext, _told: CheckInCleared) -> Delivery:
    text = context.reader.text(
        "A coordinator cleared your check-in. The session is scheduled again."
    )
    return new_card(context, text)


def _session_cancelled(context: MessageContext, _told: SessionCancelled) -> Delivery:
    """A card for the other side, ringing if the session was near; for the group a few lines."""
    view = context.view()
    if context.person is not None:
        return new_card(context, rings=view.appointment.starts_at - context.reader.now < NEAR)
    detail = context.sessions.detail(view.id, None)
    if detail is None or detail.cancellation is None:
        raise LookupError("the cancellation of an outbox message is gone")
    status = status_label(context.reader, view.status, Role.COORDINATOR)
    found = detail.cancellation
    text = found.text if found.side is Role.TUTOR else None  # a family's may say too much (UX 13)
    lines = [
        Markup("<b>{}</b>").format(status),
        *brief(context, view),
        given_reason(context.reader, found.reason, text),
    ]
    if view.status is not Status.CANCELLED_BY_TUTOR:
        return Send(Screen(Markup("\n").join(lines)))
    return _replaceable(context, view, [*lines, _free_then(context, view)])


def _free_then(context: MessageContext, view: SessionView) -> Markup:
    """The tutors who could take a session that its own tutor cancelled, or that it is a holiday."""
    reader, starts_at = context.reader, view.appointment.starts_at
    day = starts_at.astimezone(reader.agency_zone).date()
    if holidays_between(context.session, day, day):
        return reader.text("The agency is closed that day.")
    free = free_tutors(context.session, view.appointment, reader.agency_zone)
    if not free:
        return reader.text("No other tutor is free then.")
    names = [choice_of(reader, one) for one in free[:NAMED]]
    who = reader.listed(names)
    if len(free) == len(names):
        return reader.text("Free then: {who}", who=who)
    return reader.text("Free then: {who} and {count} more", who=who, count=len(free) - len(names))


def _replaceable(context: MessageContext, view: SessionView, lines: list[Markup]) -> Delivery:
    """A notice of a lost session, with a link to its replacement; it goes by once it is replaced
    or a replacement is asked for, which has a notice of its own.
    """
    found = replacement(context.session, view.appointment)
    if found.by is not None:
        return Nothing("replaced meanwhile", _replaced(context, found.by))
    if found.asked is not None:
        session = one_line(context, view)
        left = context.reader.text("🔁 {session}: see below.", session=session)
        return Nothing("a replacement is asked for", Screen(left))
    screen = Screen(Markup("\n").join(lines), ((_replace_link(context),),))
    return standing(context, screen, {context.message.id: (view.id,)})


def _session_changed(context: MessageContext, told: SessionChanged) -> Delivery:
    """A new card of a session that is moved or asked to be moved, ringing if it is near."""
    return new_card(context, rings=told.near - context.reader.now < NEAR)


def _session_scheduled(context: MessageContext, _told: SessionScheduled) -> Delivery:
    """A card of a session that a coordinator has scheduled, ringing if it is near."""
    row, reader = context.view().appointment, context.reader
    text = (
        reader.text("<b>New trial session</b>")
        if row.kind is Kind.TRIAL
        else reader.text("<b>New session</b>")
    )
    return new_card(context, text, rings=row.starts_at - reader.now < NEAR)


def _session_expired(context: MessageContext, _told: SessionExpired) -> Delivery:
    """For the group: the session that was lost, and why; until a replacement is asked for."""
    view = context.view()
    status = status_label(context.reader, view.status, Role.COORDINATOR)
    why = context.reader.text("The request to move it was not settled before its start.")
    lines = [Markup("<b>{}</b>").format(status), *brief(context, view), why]
    return _replaceable(context, view, lines)


def _session_reassigned(context: MessageContext, _told: SessionReassigned) -> Delivery:
    """For the former tutor, with the reason, as a card, so that older cards lose their buttons."""
    view = context.view()
    if context.person is not None and view.tutor.id == context.person.id:
        return Nothing("theirs again")
    who, when, *_ = headline(context.reader, view, Role.COORDINATOR)
    title = context.reader.text("<b>Another tutor takes this session: you need not go</b>")
    lines = [title, who, when, *_why_given(context, view)]
    rings = view.appointment.starts_at - context.reader.now < NEAR
    return Send(Screen(Markup("\n").join(lines)), CardOf(view.id), rings=rings)


def _why_given(context: MessageContext, view: SessionView) -> list[Markup]:
    """Who gave the session to another tutor, and the reason, if nothing has changed since."""
    detail = context.sessions.detail(view.id, None)
    change = detail.last_change if detail else None
    if change is None or change.action is not Action.REASSIGN:
        return []
    return [done_line(context.reader, change, None)]


def _replacement_asked(context: MessageContext, _told: ReplacementAsked) -> Delivery:
    """For the group: the lost session, with a link to plan the replacement in private."""
    view = context.view()
    found = replacement(context.session, view.appointment)
    if found.by is not None:
        return Nothing("replaced meanwhile", _replaced(context, found.by))
    if not is_wanted(context.session, view.id):
        return Nothing("dealt with meanwhile", dealt_with(context, view))
    text = context.reader.text("🔁 <b>A replacement has been requested</b>")
    wished = told_coordinators(context.reader, view.appointment, found.asked) if found.asked else []
    lines = Markup("\n").join([text, *brief(context, view), *wished])
    screen = Screen(lines, ((_replace_link(context),),))
    return standing(context, screen, {context.message.id: (view.id,)})


def _replaced(context: MessageContext, by: Appointment) -> Screen:
    """What is left of an alert about a lost session: the one in its place."""
    reader, lost = context.reader, one_line(context, context.view())
    slot = reader.dated_slot(by.starts_at, by.ends_at)
    new = session_view(context.session, by.id)
    if new is None or new.tutor.id == context.view().tutor.id:
        return Screen(reader.text("✅ {session}: replaced by {slot}", session=lost, slot=slot))
    text = reader.text(
        "✅ {session}: replaced by {slot} with {tutor}",
        session=lost,
        slot=slot,
        tutor=new.tutor.name,
    )
    return Screen(text)


def _replace_link(context: MessageContext) -> keyboards.InlineButton:
    """*Replace*: the link begins the replacement, in the private chat, where times are chosen."""
    address = context.address(OpenChange(CoordinatorChange.REPLACE, context.appointment_id))
    return keyboards.link(context.reader.label("Replace"), address)


WRITERS: Writers = (
    Writer(SessionCard, _appointment_card),
    Writer(SessionCardRefresh, _appointment_card_refresh),
    Writer(AttendanceCorrected, _attendance_corrected),
    Writer(CheckInCleared, _check_in_cleared),
    Writer(SessionCancelled, _session_cancelled),
    Writer(SessionChanged, _session_changed),
    Writer(SessionScheduled, _session_scheduled),
    Writer(SessionExpired, _session_expired),
    Writer(SessionReassigned, _session_reassigned),
    Writer(ReplacementAsked, _replacement_asked),
)
