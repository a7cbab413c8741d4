"""Matches: the offer to the parents, what became of it, and what coordinators see to (SPEC 7)."""

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.match import (
    match_lines,
    not_booked_lines,
    offer_card,
    started_text,
)
from chat.cards.reason import written_reason
from chat.cards.screens import and_more
from chat.message_parts import Delivery, EditStanding, Nothing, Refresh, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.messages.standing import together, unlinked_from
from chat.screen import Screen
from locales.match_wording import LINES, weekly_times
from locales.reader import Reader
from models.enums import MatchStatus
from services.lifecycle.matches import parents_of_match
from services.matches.missing import missing_days
from services.messaging.deliveries import MessagePlace
from services.messaging.messages.base import read
from services.messaging.messages.matches import (
    AboutMatch,
    MatchAnswered,
    MatchCardRefresh,
    MatchChanged,
    MatchEnded,
    MatchNotBooked,
    MatchOffered,
    MatchStarted,
    OffersOverdue,
)
from services.messaging.standing import cards_of_match
from services.queries.matches import MatchView, has_taught, match_view
from services.rules.weekly import Occurrence


def _match_offered(context: MessageContext, told: MatchOffered) -> Delivery:
    view = _found(context, told)
    if not view.is_open:
        return Nothing("answered meanwhile")
    if not _is_parent(context, view):
        return Nothing("no parent of the child any more")
    return Send(offer_card(context.reader, view, _viewer(context)), match_id=view.id)


def _match_card_refresh(context: MessageContext, told: MatchCardRefresh) -> Delivery:
    """An edit of the reader's cards of the match; one that is answered stays as it is then, and so
    does the question why it is declined.
    """
    view, person_id = _found(context, told), context.message.person_id
    is_open = view.is_open and _is_parent(context, view)
    screen = (
        unlinked_from(context.reader, view.student)
        if view.is_open and not is_open
        else offer_card(context.reader, view, _viewer(context), _missing(context, view))
    )
    edits = [
        EditStanding(one.chat_id, one.message_id, screen, is_over=not is_open)
        for one in cards_of_match(context.session, view.id, person_id)
    ]
    over = () if is_open else [MessagePlace(one.chat_id, one.message_id) for one in edits]
    return Refresh([], edits, over=over) if edits else Nothing("no card to refresh")


def _match_started(context: MessageContext, told: MatchStarted) -> Delivery:
    view = _found(context, told)
    if view.tutor.id != context.message.person_id:
        return Nothing("another tutor's now")
    is_new = not has_taught(context.session, view.tutor.id, view.student.id, besides=view.id)
    missing = _missing(context, view)
    return Send(started_text(context.reader, view, missing, is_new=is_new))


def _match_answered(context: MessageContext, told: MatchAnswered) -> Delivery:
    """For the group: who answered, and the days that somebody has to look at."""
    view, reader = _found(context, told), context.reader
    match = view.match
    when = reader.lasting_when(match.answered_at or match.created_at)
    who = view.answered_by or reader.label("The agency")
    done = (
        reader.text("✖️ <b>{who} declined a match {when}</b>", who=who, when=when)
        if match.status is MatchStatus.DECLINED
        else reader.text("🤝 <b>{who} accepted a match {when}</b>", who=who, when=when)
    )
    lines = [done, *match_lines(reader, view, in_group=True)]
    if match.decline_reason:
        lines.append(written_reason(reader, match.decline_reason))
    lines += _hindered(reader, told)
    rows = _way_to(context, view) if told.hindered or match.decline_reason else ()
    return Send(Screen(Markup("\n").join(lines), rows))


def _match_not_booked(context: MessageContext, told: MatchNotBooked) -> Delivery:
    view, reader = _found(context, told), context.reader
    lines = [
        reader.text("⚠️ <b>These weekly sessions could not be booked</b>"),
        *match_lines(reader, view, in_group=True)[:2],
        *not_booked_lines(reader, told.hindered),
    ]
    return Send(Screen(Markup("\n").join(lines), _way_to(context, view)))


def _offers_overdue(context: MessageContext, _told: OffersOverdue) -> Delivery:
    """For the group, in the morning: offers that no parent has answered, one message for all."""
    reader = context.reader
    found = {
        one.id: match_view(context.session, read(OffersOverdue, one.payload).match_id, reader.now)
        for one in together(context)
    }
    waiting = {number: view for number, view in found.items() if view and view.is_open}
    if not waiting:
        return Nothing("answered meanwhile")
    until = reader.dated_moment(reader.now)
    blocks = [
        reader.text("🤝 <b>No parent has answered these matches</b>, as of {until}", until=until)
    ]
    shown = list(waiting.values())[:LINES]
    blocks += [Markup("\n").join(match_lines(reader, view, in_group=True)) for view in shown]
    if len(waiting) > LINES:
        blocks.append(and_more(reader, len(waiting) - LINES))
    others = tuple(number for number in found if number != context.message.id)
    return Send(Screen(Markup("\n\n").join(blocks)), says_too=others)


def _match_changed(context: MessageContext, told: MatchChanged) -> Delivery:
    """For both sides: the weekly times from now on, and how many sessions that concerns."""
    view, reader = _found(context, told), context.reader
    today = reader.agency_today
    begins = view.next_change(today)
    times = escape(weekly_times(reader, view.times_on(begins or today)))
    lines = [
        reader.text("🔁 <b>The weekly times are changing</b>"),
        *match_lines(reader, view)[:2],
        times
        if begins is None
        else reader.text("From {day}: {times}", day=reader.dated_day(begins), times=times),
        *_counts(reader, told),
    ]
    return Send(Screen(Markup("\n").join(lines), _next_button(reader, view)))


def _match_ended(context: MessageContext, told: MatchEnded) -> Delivery:
    view, reader = _found(context, told), context.reader
    last = view.match.ends_on or reader.agency_today
    lines = [
        reader.text("🏁 <b>These weekly lessons are ending</b>"),
        *match_lines(reader, view)[:2],
        reader.text("The last day is {day}.", day=reader.dated_day(last)),
    ]
    if told.dropped:
        lines.append(
            reader.texts(
                "{count} session after it is cancelled.",
                "{count} sessions after it are cancelled.",
                told.dropped,
            )
        )
    if view.booked.count:
        lines.append(
            reader.texts(
                "{count} session is still booked. It takes place unless somebody cancels it.",
                "{count} sessions are still booked. They take place unless somebody cancels them.",
                view.booked.count,
            )
        )
    return Send(Screen(Markup("\n").join(lines), _next_button(reader, view)))


def _counts(reader: Reader, told: MatchChanged) -> list[Markup]:
    counted = [
        (told.moved, reader.labels("{count} session moved", "{count} sessions moved", told.moved)),
        (told.added, reader.labels("{count} added", "{count} added", told.added)),
        (told.dropped, reader.labels("{count} cancelled", "{count} cancelled", told.dropped)),
    ]
    counts = [text for number, text in counted if number]
    return [escape(reader.listed(counts))] if counts else []


def _next_button(reader: Reader, view: MatchView) -> keyboards.Rows:
    if view.booked.first is None:
        return ()
    does = callbacks.ShowSession(view.booked.first.id)
    return ((keyboards.button(reader.label("The next session"), does),),)


def _hindered(reader: Reader, told: MatchAnswered) -> list[Markup]:
    if not told.hindered:
        return []
    return [reader.text("⚠️ <b>Not booked</b>"), *not_booked_lines(reader, told.hindered)]


def _way_to(context: MessageContext, view: MatchView) -> keyboards.Rows:
    """A button to the match's page, where what could not be booked stands until it is."""
    address = context.app.pages.button_address(f"/admin/matches/{view.id}")
    if address is None:
        return ()
    return ((keyboards.link(context.reader.label("Open the match"), address),),)


def _missing(context: MessageContext, view: MatchView) -> list[Occurrence]:
    agency, now = context.app.agency, context.reader.now
    return missing_days(context.session, view.match, agency, now)


def _is_parent(context: MessageContext, view: MatchView) -> bool:
    return context.message.person_id in parents_of_match(context.session, view.match)


def _viewer(context: MessageContext) -> int | None:
    return None if context.person is None else context.person.id


def _found(context: MessageContext, told: AboutMatch) -> MatchView:
    view = match_view(context.session, told.match_id, context.reader.now)
    if view is None:
        raise LookupError("the match of an outbox message is gone")
    return view


WRITERS: Writers = (
    Writer(MatchOffered, _match_offered),
    Writer(MatchCardRefresh, _match_card_refresh),
    Writer(MatchStarted, _match_started),
    Writer(MatchAnswered, _match_answered),
    Writer(MatchNotBooked, _match_not_booked),
    Writer(OffersOverdue, _offers_overdue),
    Writer(MatchChanged, _match_changed),
    Writer(MatchEnded, _match_ended),
)
