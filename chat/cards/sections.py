"""Lists of sessions in several parts, with the tap that is due (SPEC 8; UX 1)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import (
    ROOM,
    SHOWN,
    and_more,
    length_of,
    session_label,
    short_name,
    turning,
)
from chat.cards.session import headline_in_list, status_line, turns_over
from chat.cards.together import due_together
from chat.screen import Screen
from locales.reader import Reader
from models import Person
from models.enums import Role, Status
from services.db import Session
from services.lifecycle.facts import facts_of_row
from services.queries.requests import ExpiringRequest
from services.queries.sessions import SessionView, role_in, roles_in_each
from services.rules.actions import due_tap
from services.rules.agency import Agency
from services.rules.session_actions import SessionAction

NO_REQUESTS: Mapping[int, ExpiringRequest] = MappingProxyType({})

_BEFORE_NOTES = (Status.SCHEDULED, Status.CHECKED_IN)


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
    is in two parts has one button. Siblings taught together have one for the tap that is due of
    all of them, above one for each.
    """
    blocks: list[Markup] = []
    buttons: dict[object, keyboards.InlineButton] = {}
    listed = [view for one in sections for view in one.views]
    roles = roles_in_each(session, listed, person)
    due = _taps_due(reader, listed, roles, agency)
    alike = _with_taps_alike(listed, due)
    unasked = {about: tap for about, tap in due.items() if about not in requests}
    together = due_together(session, reader, listed, unasked, alike)
    count = len(listed)
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
            of_all = together.get(view.id)
            tap = tap if of_all is None else None
            block, button = _entry(reader, section, view, role, tap, timed=timed)
            if view.id in requests:
                block += Markup("\n") + _asked_line(reader, requests[view.id], role)
            room -= length_of(block)
            if room < 0:
                break
            blocks.append(block)
            if of_all is not None:
                buttons.setdefault(of_all.callback_data, of_all)
            buttons.setdefault(button.callback_data, button)
            shown += 1
    left = count - before - shown
    if left:
        blocks.append(and_more(reader, left))
    after = before + shown if left else None
    turn = () if to is None else turning(reader, before, SHOWN, after=after, to=to)
    passing = [one.passes_at for one in requests.values()]
    passing += [turns_over(reader, view, role_in(roles[view.id]) or Role.PARENT) for view in listed]
    true_until = min((at for at in passing if at is not None and at > reader.now), default=None)
    rows = (*keyboards.one_a_row(*buttons.values()), *turn)
    return Screen(Markup("\n\n").join(blocks), rows, true_until)


def _taps_due(
    reader: Reader,
    listed: Sequence[SessionView],
    roles: Mapping[int, frozenset[Role]],
    agency: Agency,
) -> dict[int, SessionAction]:
    """The tap that is due of the tutor, by session."""
    rows = {view.id: view.appointment for view in listed}
    taps = {
        about: due_tap(facts_of_row(row, agency.zone), reader.now)
        for about, row in rows.items()
        if role_in(roles[about]) is Role.TUTOR
    }
    return {about: tap for about, tap in taps.items() if tap is not None}


def _with_taps_alike(listed: Sequence[SessionView], due: Mapping[int, SessionAction]) -> set[int]:
    """Sessions with a tap due whose child has another one with a tap due."""
    names = {one.id: short_name(one.student.name) for one in listed if one.id in due}
    count = Counter(names.values())
    return {about for about, name in names.items() if count[name] > 1}


def _entry(
    reader: Reader,
    section: Section,
    view: SessionView,
    role: Role,
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
        state = status_line(reader, view, role)
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


def _list_button(
    reader: Reader, view: SessionView, due: SessionAction | None, *, timed: bool
) -> keyboards.InlineButton:
    """The tap that is due, or the session; `timed`: with its start."""
    name = short_name(view.student.name)
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
