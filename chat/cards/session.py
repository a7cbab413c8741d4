"""The card of a session: one message, edited in place as the session changes (UX 2)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from chat.cards.attendance import attendance_lines
from chat.cards.buttons import card_buttons
from chat.cards.cancellation import cancellation_lines
from chat.cards.late_change import told_lines, told_to
from chat.cards.notes import notes_line
from chat.cards.reason import given_reason, written_reason
from chat.cards.replacement import offered_rows, replacement_lines
from chat.cards.request import asked_for_line, request_lines
from chat.cards.result import change_line, result_line
from chat.cards.summary import summary_line
from chat.screen import Screen
from locales.adhoc_wording import extra_price
from locales.markup import html, stacked
from locales.match_wording import kind_label
from locales.parts import parts
from locales.reader import Reader
from locales.wording import (
    action_done,
    attendance_line,
    state_label,
)
from models import Appointment
from models.enums import Action, Kind, Role, Status
from services.queries.card_events import LastMove
from services.queries.sessions import SessionDetail, SessionView
from services.rules.agency import Agency
from services.rules.attendance import LATE
from services.rules.windows import check_in_window, check_out_window

MAPS = "https://www.google.com/maps/search/?api=1&query="
_NOT_TOLD = (Action.IMPORT, Action.CREATE, Action.CHECK_IN, Action.CHECK_OUT)
"""Actions that have no line: the attendance line tells them already, or nobody did them."""
_DISPUTE_TOLD = (Status.DISPUTED, Status.AWAITING_APPROVAL_PARENT)
"""Statuses in which a dispute is told: also of one that was returned to the parents."""


def session_card(
    reader: Reader,
    detail: SessionDetail,
    role: Role,
    agency: Agency,
    viewer_id: int | None,
    offered: Sequence[datetime] = (),
) -> Screen:
    """The card of a session for this role, with the buttons that can be used now.

    `offered`: free times with which a parent can have a cancelled session replaced.
    """
    row, result = detail.view.appointment, result_line(reader, detail, role)
    when = reader.card_slot(row.starts_at, row.ends_at)
    possible = [
        result or change_line(reader, detail, role),
        *headline(reader, detail.view, role, when=when),
        None if result else status_line(reader, detail.view, role),
        escape(attendance_line(reader, row)),
        *attendance_lines(reader, detail, role),
        price_line(reader, row) if role is Role.PARENT else None,
        notes_line(reader, detail),
        summary_line(reader, detail, role, viewer_id),
        *_move_lines(reader, detail, role, viewer_id),
        *told_lines(reader, detail, viewer_id),
        *cancellation_lines(reader, detail, viewer_id),
        *_change_lines(reader, detail, viewer_id),
        _first_times_line(reader, detail),
        *replacement_lines(reader, detail, role, viewer_id),
    ]
    told = [line for line in possible if line]
    told += request_lines(reader, detail, role, viewer_id)
    if offered:
        told.append(reader.text("\nThese times are free. Tap one to ask the coordinators for it."))
    buttons = offered_rows(reader, row.id, offered) + card_buttons(reader, detail, role, agency)
    turns = (
        reader.turns_at(row.starts_at, row.ends_at),
        reader.told_until(*(one.at for one in (detail.last_move, detail.last_change) if one)),
        *(reader.told_until(one.at, one.closed_at) for one in told_to(detail, viewer_id)),
        _passes_at(reader, detail),
        turns_over(reader, detail.view, role),
        *offered,
    )
    true_until = min((at for at in turns if at is not None), default=None)
    return Screen(stacked(told), buttons, true_until)


def turns_over(reader: Reader, view: SessionView, role: Role) -> datetime | None:
    """When a session that is scheduled or in progress next reads otherwise: it is over, or a tap is
    missed; None if it does not any more.
    """
    starts_at, ends_at = view.appointment.starts_at, view.appointment.ends_at
    turns: tuple[datetime, ...] = ()
    if view.status is Status.SCHEDULED:
        closes_at = check_in_window(starts_at, ends_at, reader.agency_zone).closes_at
        turns = (*((starts_at,) if role is Role.COORDINATOR else ()), ends_at, closes_at)
    elif view.status is Status.CHECKED_IN:
        late = () if role is Role.TUTOR else (ends_at + LATE,)
        turns = (*late, check_out_window(ends_at).missed_from)
    return min((at for at in turns if at > reader.now), default=None)


def _passes_at(reader: Reader, detail: SessionDetail) -> datetime | None:
    """When a proposed time can no longer be accepted; None if it can to the end, or cannot now."""
    at = detail.request.passes_at if detail.request is not None else None
    return at if at is not None and at > reader.now else None


def subject_and_kind(reader: Reader, session: Appointment) -> str:
    """Subject; a trial session, which is charged otherwise, says that it is one."""
    if session.kind is not Kind.TRIAL:
        return session.subject
    return f"{session.subject} · {kind_label(reader, session.kind)}"


def headline(
    reader: Reader,
    view: SessionView,
    role: Role,
    *,
    when: str | None = None,
) -> list[Markup]:
    """Student, subject and time; for the tutor the address, too, as a link to a map.

    It has the date, never "Today", since it may be read on another day. `when`: the time in other
    words.
    """
    row, student = view.appointment, view.student
    who = html("<b>{}</b> · {}", student.name, subject_and_kind(reader, row))
    lines = [who, escape(when or reader.dated_slot(row.starts_at, row.ends_at))]
    if role is not Role.TUTOR:
        lines.append(reader.text("with {tutor}", tutor=view.tutor.name))
    elif student.address:
        lines.append(_map_line(student.address))
    return lines


@lru_cache(1024)
def _map_line(address: str) -> Markup:
    return html('📍 <a href="{}">{}</a>', MAPS + quote(address), address)


def headline_in_list(
    reader: Reader, view: SessionView, role: Role, *, day: date | None = None
) -> list[Markup]:
    """As `headline`, with "Today": for lists, which are written anew at midnight.

    `day`: what their title names, so that the times of that day have none.
    """
    row = view.appointment
    when = (
        reader.slot(row.starts_at, row.ends_at)
        if day is None
        else reader.slot_on(day, row.starts_at, row.ends_at)
    )
    return headline(reader, view, role, when=when)


def price_line(reader: Reader, row: Appointment) -> Markup | None:
    """What an extra session costs its family; None for any other."""
    amount = extra_price(reader, row)
    return reader.text("Billed as an extra session: {amount}", amount=amount) if amount else None


def status_line(reader: Reader, view: SessionView, role: Role) -> Markup:
    """The status in the words for this role."""
    return html("<b>{}</b>", state_label(reader, view, role))


def _move_lines(
    reader: Reader, detail: SessionDetail, role: Role, viewer_id: int | None
) -> list[Markup | None]:
    """Who changed the status last, with the reason for it.

    Once a dispute is upheld or returned, its own reason stands above: it is not that of the
    settlement.
    """
    move, dispute = (
        _last_move_line(reader, detail, viewer_id),
        _dispute_line(reader, detail, role),
    )
    if dispute is None or detail.dispute is None or detail.dispute.settled_at is None:
        return [move, dispute]
    who = (
        reader.text("Your family disputed this:")
        if role is Role.PARENT
        else reader.text("The family disputed this:")
    )
    return [who, dispute, move]


def _last_move_line(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> Markup | None:
    move = detail.last_move
    if move is None or move.action in _NOT_TOLD:
        return None
    if move.actor_id is None and move.action is not Action.EXPIRE:
        return None
    return done_line(reader, move, viewer_id)


def done_line(reader: Reader, move: LastMove, viewer_id: int | None) -> Markup:
    """Who did what and when, with the reason if it was a coordinator."""
    done = action_done(reader, move.action, move.who, move.at, move.actor_id == viewer_id)
    if move.role is not Role.COORDINATOR or not move.reason:
        return escape(done)
    return Markup("{}\n{}").format(done, written_reason(reader, move.reason))


def _dispute_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    dispute = detail.dispute
    if dispute is None or detail.view.status not in _DISPUTE_TOLD:
        return None
    if role is Role.TUTOR:
        return given_reason(reader, dispute.reason, None)
    given = given_reason(reader, dispute.reason, dispute.text)
    if not detail.evidence:
        return given
    return Markup("{}\n📎 {}").format(given, parts(reader, detail.evidence))


def _change_lines(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> list[Markup]:
    """The outcome of the last request to move the session, while it is still scheduled."""
    change, ungranted = detail.last_change, detail.ungranted
    if change is None or detail.request or detail.view.status is not Status.SCHEDULED:
        return []
    asked = [asked_for_line(reader, ungranted, viewer_id)] if ungranted else []
    if ungranted and change.action in (Action.MOVE, Action.REASSIGN):
        asked.append(reader.text("That request is over."))
    return [*asked, done_line(reader, change, viewer_id)]


def _first_times_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    row = detail.view.appointment
    if row.first_starts_at is None or row.first_ends_at is None:
        return None
    slot = reader.dated_slot(row.first_starts_at, row.first_ends_at)
    return reader.text("First booked: {slot}", slot=slot)
