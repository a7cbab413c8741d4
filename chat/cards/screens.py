"""Screens of one session and of lists of sessions, as one person sees them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.session import headline_in_list, session_card, status_line, turns_over
from chat.current_user import CurrentUser
from chat.screen import Screen
from locales.excerpts import shortened
from locales.reader import Reader
from models import Person
from models.enums import Role, Status
from services.db import Session
from services.lifecycle.facts import facts_of_row
from services.queries.offered_slots import offered_instead
from services.queries.requests import ExpiringRequest
from services.queries.sessions import (
    SessionDetail,
    SessionView,
    role_in,
    roles_in_each,
    session_detail,
)
from services.rules.actions import due_tap
from services.rules.agency import Agency
from services.rules.refusals.sessions import NotFound
from services.rules.session_actions import SessionAction

SHOWN = 15
"""The most sessions with all their lines in one message, which holds 4096 characters."""

ROOM = 3800
"""UTF-16 units for sessions in one message; the rest is for its title and end."""

NAME_LIMIT = 14
"""The most characters of a name on a button: a start fits beside it on a narrow phone."""
TEXT_NAME_LIMIT = 24
"""The most characters of a name beside a whole time: an answer to a tap holds 200."""

NO_REQUESTS: Mapping[int, ExpiringRequest] = MappingProxyType({})

_BEFORE_NOTES = (Status.SCHEDULED, Status.CHECKED_IN)


def session_screen(
    session: Session, user: CurrentUser, appointment_id: int, agency: Agency
) -> Screen:
    """The card of a session. Refused: NotFound, also for one that the user may not see."""
    return screen_for(session, user.person, user.reader, appointment_id, agency)


def screen_for(
    session: Session, person: Person, reader: Reader, appointment_id: int, agency: Agency
) -> Screen:
    """The card of a session for `person`, in the first of their roles. Refused: NotFound."""
    detail = session_detail(session, appointment_id, person)
    return screen_of(session, detail, person, reader, agency)


def screen_of(
    session: Session, detail: SessionDetail | None, person: Person, reader: Reader, agency: Agency
) -> Screen:
    """The card of a session that was read for `person`. Refused: NotFound."""
    role = detail.role if detail else None
    if detail is None or role is None:
        raise NotFound
    offered = offered_instead(session, detail, reader.now, reader.zone, agency.zone)
    return session_card(reader, detail, role, agency, person.id, offered)


@dataclass(frozen=True)
class Section:
    """A part of a list: its title and its sessions.

    `lacking_notes`: those of its sessions that are over have no notes. Their button asks for notes,
    and the list says so, unless the title does. `day`: the day that the title names.
    """

    title: Markup
    views: Sequence[SessionView]
    lacking_notes: bool = False
    title_says_it: bool = False
    day: date | None = None


def sections_screen(
    session: Session,
    person: Person,
    reader: Reader,
    sections: Sequence[Section],
    agency: Agency,
    *,
    requests: Mapping[int, ExpiringRequest] = NO_REQUESTS,
    offset: int = 0,
    to: Callable[[int], callbacks.Button] | None = None,
) -> Screen:
    """A list of several parts, after as many sessions as `offset` says, or the first page of it
    where these are gone. `to` gives the button to another page, where it has pages.

    `requests`: open ones, by session; the list says until when they can be answered. A session that
    is in two parts has one button.
    """
    blocks: list[Markup] = []
    buttons: dict[object, keyboards.InlineButton] = {}
    roles = roles_in_each(session, [view for one in sections for view in one.views], person)
    due = _taps_due(reader, sections, roles, agency)
    alike = _with_taps_alike(sections, due)
    count = sum(len(section.views) for section in sections)
    before = offset if offset < count else 0
    shown, skip, room = 0, before, ROOM
    for section in sections:
        views, skip = section.views[skip:], max(0, skip - len(section.views))
        if shown == SHOWN or room < 0:
            break
        if not views:
            continue
        blocks.append(section.title)
        for view in views[: SHOWN - shown]:
            role = role_in(roles[view.id]) or Role.PARENT
            tap, timed = due.get(view.id), view.id in alike
            block, button = _entry(reader, section, view, role, agency, tap, timed=timed)
            if view.id in requests:
                block += Markup("\n") + _asked_line(reader, requests[view.id], role)
            room -= length_of(block)
            if room < 0:
                break
            blocks.append(block)
            buttons.setdefault(button.callback_data, button)
            shown += 1
    left = count - before - shown
    if left:
        blocks.append(and_more(reader, left))
    after = before + shown if left else None
    turn = () if to is None else turning(reader, before, SHOWN, after=after, to=to)
    passing = [one.passes_at for one in requests.values()]
    passing += [
        turns_over(reader, view, role_in(roles[view.id]) or Role.PARENT)
        for one in sections
        for view in one.views
    ]
    true_until = min((at for at in passing if at is not None and at > reader.now), default=None)
    rows = (*keyboards.one_a_row(*buttons.values()), *turn)
    return Screen(Markup("\n\n").join(blocks), rows, true_until)


def _taps_due(
    reader: Reader,
    sections: Sequence[Section],
    roles: Mapping[int, frozenset[Role]],
    agency: Agency,
) -> dict[int, SessionAction]:
    """The tap that is due of the tutor, by session."""
    rows = {view.id: view.appointment for section in sections for view in section.views}
    taps = {
        about: due_tap(facts_of_row(row, agency.zone), reader.now)
        for about, row in rows.items()
        if role_in(roles[about]) is Role.TUTOR
    }
    return {about: tap for about, tap in taps.items() if tap is not None}


def _with_taps_alike(sections: Sequence[Section], due: Mapping[int, SessionAction]) -> set[int]:
    """Sessions with a tap due whose child has another one with a tap due."""
    views = [view for section in sections for view in section.views]
    names = {one.id: _short(one.student.name) for one in views if one.id in due}
    count = Counter(names.values())
    return {about for about, name in names.items() if count[name] > 1}


def fitting(blocks: Iterable[Markup], room: int = ROOM) -> list[Markup]:
    """The first blocks, as many as have room together in one message."""
    found = []
    for block in blocks:
        room -= length_of(block)
        if room < 0:
            break
        found.append(block)
    return found


def length_of(block: Markup) -> int:
    """UTF-16 units that a part of a message takes, with the empty line after it."""
    return len(block.striptags().encode("utf-16-le")) // 2 + len("\n\n")


def _entry(
    reader: Reader,
    section: Section,
    view: SessionView,
    role: Role,
    agency: Agency,
    tap: SessionAction | None,
    *,
    timed: bool,
) -> tuple[Markup, keyboards.InlineButton]:
    wanting = section.lacking_notes and view.appointment.status not in _BEFORE_NOTES
    if wanting:
        state = None if section.title_says_it else reader.text("<b>Notes are missing</b>")
        name = session_label(reader, view)
        button = keyboards.button(f"📝 {name}", callbacks.WriteNotes(view.id))
    else:
        state = status_line(reader, view, role, agency)
        button = _list_button(reader, view, tap, timed=timed)
    lines = [*headline_in_list(reader, view, role, day=section.day), state]
    return Markup("\n").join(line for line in lines if line is not None), button


def _asked_line(reader: Reader, request: ExpiringRequest, role: Role) -> Markup:
    """An open request to move a session, and until when it can be answered."""
    new, until = request.proposal, reader.dated_moment(request.thread.expires_at)
    slot = reader.dated_slot(new.new_starts_at, new.new_ends_at)
    passes_at = request.passes_at
    if request.owed_by is role and passes_at is not None and passes_at <= reader.now:
        return reader.text(
            "⏳ Asked to move to {slot}, which has passed. Please suggest another time or decline "
            "by {until}.",
            slot=slot,
            until=until,
        )
    if request.owed_by is role:
        until = until if passes_at is None else reader.dated_moment(passes_at)
        return reader.text("⏳ Move to {slot}? Please answer by {until}.", slot=slot, until=until)
    if passes_at is None:
        return reader.text(
            "⏳ Asked to move to {slot}. An answer counts until {until}.", slot=slot, until=until
        )
    if passes_at > reader.now:
        until = reader.dated_moment(passes_at)
        return reader.text(
            "⏳ Asked to move to {slot}. It can be accepted until {until}.", slot=slot, until=until
        )
    return reader.text(
        "⏳ Asked to move to {slot}, which has passed. Another time can be agreed by {until}.",
        slot=slot,
        until=until,
    )


def choice_screen(
    reader: Reader,
    title: Markup,
    views: Sequence[SessionView],
    does: type[callbacks.OfSession],
    *more: keyboards.InlineButton,
    first: Sequence[keyboards.InlineButton] = (),
    why: Markup | None = None,
    turn: keyboards.Rows = (),
) -> Screen:
    """A question with a button for each session that qualifies, `more` buttons, and *Leave*.

    `first` are buttons for several of them at once. `why` tells what `more` are for; `turn` leads
    to other pages.
    """
    buttons = [keyboards.button(session_label(reader, view), does(view.id)) for view in views]
    text = title if why is None else Markup("\n\n").join((title, why))
    rows = keyboards.one_a_row(*first, *buttons, *more)
    return Screen(text, (*rows, *turn, leave_row(reader)))


def turning(
    reader: Reader,
    offset: int,
    page: int,
    *,
    after: int | None,
    to: Callable[[int], callbacks.Button],
) -> keyboards.Rows:
    """*Earlier* and *More*, below the part of a list that begins at `offset`.

    `page` is the length of such a part, `after` where the next one begins, if there is more; `to`
    gives the button that shows one.
    """
    earlier = keyboards.button(reader.label("‹ Earlier"), to(max(0, offset - page)))
    more = None if after is None else keyboards.button(reader.label("More ›"), to(after))
    return keyboards.in_pairs(earlier if offset else None, more)


def leave_row(reader: Reader) -> keyboards.Row:
    """*Leave*: the question goes, and nothing is done."""
    return (keyboards.button(reader.label("Leave"), callbacks.LeaveList()),)


def and_more(reader: Reader, count: int) -> Markup:
    """The last line of a list that does not fit into the message."""
    return reader.texts("… and {count} more", "… and {count} more", count)


def _list_button(
    reader: Reader, view: SessionView, due: SessionAction | None, *, timed: bool
) -> keyboards.InlineButton:
    """The tap that is due, or the session; `timed`: with its start."""
    name = _short(view.student.name)
    if timed:
        name = f"{name}, {reader.clock_time_only(view.appointment.starts_at)}"
    if due is SessionAction.CHECK_IN:
        return keyboards.success(
            reader.label("Check in · {student}", student=name), callbacks.CheckIn(view.id)
        )
    if due is SessionAction.CHECK_OUT:
        return keyboards.success(
            reader.label("Check out · {student}", student=name), callbacks.CheckOut(view.id)
        )
    return keyboards.button(session_label(reader, view), callbacks.ShowSession(view.id))


def session_name(reader: Reader, view: SessionView) -> str:
    """A session in one line of a text that is read today."""
    row = view.appointment
    return (
        f"{_short(view.student.name, TEXT_NAME_LIMIT)} · {reader.slot(row.starts_at, row.ends_at)}"
    )


def session_label(reader: Reader, view: SessionView, *, lasts: bool = False) -> str:
    """A session on a button: child and start, in one line on a narrow phone.

    One that `lasts` has a date in place of "Today".
    """
    moment = reader.dated_moment if lasts else reader.moment
    return f"{_short(view.student.name)} · {moment(view.appointment.starts_at)}"


def _short(name: str, limit: int = NAME_LIMIT) -> str:
    """A name, cut so that the time beside it can be seen on a button."""
    return shortened(name, limit)


def next_line(reader: Reader, nothing: Markup, later: SessionView | None) -> Screen:
    """An empty list, with the next session or when there will be one (UX 15)."""
    if later is None:
        hint = reader.text("New sessions show up here as soon as they are booked.")
        return Screen(nothing + " " + hint)
    row = later.appointment
    slot = reader.slot(row.starts_at, row.ends_at)
    hint = reader.text(
        "The next one: <b>{student}</b>, {slot}.", student=later.student.name, slot=slot
    )
    return Screen(nothing + " " + hint, about=frozenset({later.id}))
