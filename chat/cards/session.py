"""The card of a session: one message, edited in place as the session moves (UX 2)."""

from collections import Counter
from urllib.parse import quote

from markupsafe import Markup, escape
from telegram import InlineKeyboardButton

from chat import callbacks, keyboards
from chat.cards.cancellation import cancellation_lines
from chat.cards.coordinator_buttons import coordination_buttons
from chat.cards.replacement import ask_button, replacement_lines
from chat.cards.request import request_buttons, request_lines
from chat.cards.summary import summary_line
from chat.keyboards import Rows
from chat.screen import Screen
from locales.reader import Reader
from locales.wording import (
    action_done,
    attendance_line,
    dispute_reason,
    parts,
    status_label,
)
from models.enums import Action, DisputeStatus, Role, Status
from services.queries.sessions import LastMove, SessionDetail, SessionView
from services.rules.agency import Agency
from services.rules.notes import WITH_NOTES
from services.summaries.requests import is_withdrawn_from

MAPS = "https://www.google.com/maps/search/?api=1&query="
_LIVE = (DisputeStatus.OPEN, DisputeStatus.CLAIMED)
_NOT_TOLD = (Action.IMPORT, Action.CREATE, Action.CHECK_IN, Action.CHECK_OUT)
"""Moves that the attendance line tells already, or that nobody made."""


def session_card(
    reader: Reader, detail: SessionDetail, role: Role, agency: Agency, viewer_id: int | None
) -> Screen:
    """A session as somebody in this role sees it, with the buttons that fit the moment.

    The buttons of a coordinator come below those of their other role, if they have one in it.
    """
    lines = [
        *headline(reader, detail.view, role, lasts=True),
        status_line(reader, detail.view, role, agency, upheld=_is_upheld(detail)),
        escape(attendance_line(reader, detail.view.appointment)),
        _notes_line(reader, detail),
        summary_line(reader, detail, role),
        _last_move_line(reader, detail, viewer_id),
        _dispute_line(reader, detail, role),
        *cancellation_lines(reader, detail, viewer_id),
        _change_line(reader, detail, viewer_id),
        _first_times_line(reader, detail),
        *replacement_lines(reader, detail, viewer_id),
    ]
    rows = _BUTTONS[role](reader, detail, agency)
    if role is not Role.COORDINATOR and Role.COORDINATOR in detail.roles:
        rows += _only_new(_coordinator_buttons(reader, detail, agency), rows)
    told = [line for line in lines if line]
    told += request_lines(reader, detail, role, viewer_id)
    return Screen(Markup("\n").join(told), rows)


def headline(reader: Reader, view: SessionView, role: Role, *, lasts: bool = False) -> list[Markup]:
    """Who, what, when; and for the tutor where, as a link to a map.

    What `lasts` is read on other days, too, when "Today" would be another day.
    """
    row, student = view.appointment, view.student
    who = Markup("<b>{}</b> · {}").format(student.name, row.subject)
    slot = reader.dated_slot if lasts else reader.slot
    lines = [who, escape(slot(row.starts_at, row.ends_at))]
    if role is not Role.TUTOR:
        lines.append(reader.text("with {tutor}", tutor=view.tutor.name))
    elif student.address:
        url = MAPS + quote(student.address)
        lines.append(Markup('📍 <a href="{}">{}</a>').format(url, student.address))
    return lines


def status_line(
    reader: Reader, view: SessionView, role: Role, agency: Agency, *, upheld: bool = False
) -> Markup:
    """The status as this role reads it."""
    missed = view.missed(agency, reader.now)
    label = status_label(reader, view.status, role, missed, upheld=upheld)
    return Markup("<b>{}</b>").format(label)


def _is_upheld(detail: SessionDetail) -> bool:
    return detail.dispute is not None and detail.dispute.status is DisputeStatus.UPHELD


def _notes_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    if not detail.notes:
        return None
    counts = Counter(note.part.kind for note in detail.notes)
    return reader.text("📝 Notes: {parts}", parts=parts(reader, counts))


def _last_move_line(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> Markup | None:
    move = detail.last_move
    if move is None or move.action in _NOT_TOLD:
        return None
    if move.actor_id is None and move.action is not Action.EXPIRE:
        return None
    return _done_line(reader, move, viewer_id)


def _done_line(reader: Reader, move: LastMove, viewer_id: int | None) -> Markup:
    """Who did what and when; a coordinator has said why."""
    done = action_done(reader, move.action, move.who, move.at, move.actor_id == viewer_id)
    if move.role is not Role.COORDINATOR or not move.reason:
        return escape(done)
    return Markup("{}\n<blockquote>{}</blockquote>").format(done, move.reason)


def _dispute_line(reader: Reader, detail: SessionDetail, role: Role) -> Markup | None:
    dispute = detail.dispute
    if dispute is None or detail.view.status is not Status.DISPUTED:
        return None
    why = dispute_reason(reader, dispute.reason)
    if role is Role.TUTOR or not dispute.text:
        return reader.text("Reason: {why}", why=why)
    return reader.text("Reason: {why}\n<blockquote>{text}</blockquote>", why=why, text=dispute.text)


def _change_line(reader: Reader, detail: SessionDetail, viewer_id: int | None) -> Markup | None:
    """What came of the last request, as long as the session is still to come."""
    change = detail.last_change
    if change is None or detail.request or detail.view.status is not Status.SCHEDULED:
        return None
    return _done_line(reader, change, viewer_id)


def _first_times_line(reader: Reader, detail: SessionDetail) -> Markup | None:
    row = detail.view.appointment
    if row.first_starts_at is None or row.first_ends_at is None:
        return None
    slot = reader.dated_slot(row.first_starts_at, row.first_ends_at)
    return reader.text("First booked: {slot}", slot=slot)


def _change_buttons(
    reader: Reader, detail: SessionDetail
) -> tuple[InlineKeyboardButton | None, InlineKeyboardButton | None]:
    """*Change time*, where nobody has asked for that yet, and *Cancel*."""
    view = detail.view
    if not view.can_change(reader.now):
        return (None, None)
    return (
        keyboards.button(reader.label("Change time"), callbacks.StartMove(view.id))
        if detail.request is None
        else None,
        keyboards.danger(reader.label("Cancel"), callbacks.StartCancel(view.id)),
    )


def _summary_button(
    reader: Reader, detail: SessionDetail, role: Role
) -> InlineKeyboardButton | None:
    if detail.summary is None or is_withdrawn_from(detail.summary, role):
        return None
    return keyboards.button(reader.label("Summary"), callbacks.ShowSummary(detail.view.id))


def _tutor_buttons(reader: Reader, detail: SessionDetail, agency: Agency) -> Rows:
    view, row = detail.view, detail.view.appointment
    check_in = view.can_check_in(agency, reader.now) and detail.request is None
    check_out = view.can_check_out(reader.now)
    notes = row.status in WITH_NOTES
    awaiting = row.status is Status.AWAITING_APPROVAL_PARENT
    absent = (
        reader.label("Student was there")
        if row.student_absent
        else reader.label("Student was absent")
    )
    return request_buttons(reader, detail, Role.TUTOR) + keyboards.in_pairs(
        keyboards.success(reader.label("Check in"), callbacks.CheckIn(row.id))
        if check_in
        else None,
        keyboards.success(reader.label("Check out"), callbacks.CheckOut(row.id))
        if check_out
        else None,
        keyboards.button(reader.label("Add notes"), callbacks.WriteNotes(row.id))
        if notes
        else None,
        keyboards.button(reader.label("View notes"), callbacks.ViewNotes(row.id))
        if detail.notes
        else None,
        _summary_button(reader, detail, Role.TUTOR),
        keyboards.button(absent, callbacks.MarkAbsent(row.id, int(not row.student_absent)))
        if awaiting
        else None,
        *_change_buttons(reader, detail),
        ask_button(reader, detail),
    )


def _parent_buttons(reader: Reader, detail: SessionDetail, _agency: Agency) -> Rows:
    row = detail.view.appointment
    awaiting = row.status is Status.AWAITING_APPROVAL_PARENT
    reportable = reader.now >= row.starts_at
    return request_buttons(reader, detail, Role.PARENT) + keyboards.in_pairs(
        keyboards.success(reader.label("Acknowledge"), callbacks.Acknowledge(row.id))
        if awaiting
        else None,
        keyboards.danger(reader.label("Dispute"), callbacks.StartDispute(row.id))
        if awaiting
        else None,
        keyboards.button(reader.label("View notes"), callbacks.ViewNotes(row.id))
        if detail.notes
        else None,
        _summary_button(reader, detail, Role.PARENT),
        keyboards.button(reader.label("Report a problem"), callbacks.ReportProblem(row.id))
        if reportable
        else None,
        *_change_buttons(reader, detail),
        ask_button(reader, detail),
    )


def _coordinator_buttons(reader: Reader, detail: SessionDetail, agency: Agency) -> Rows:
    view, row = detail.view, detail.view.appointment
    correctable = view.missed(agency, reader.now) or row.status is Status.CHECKED_IN
    dispute = detail.dispute
    live = dispute if dispute and dispute.status in _LIVE else None
    return (
        *(dispute_buttons(reader, live.id, claimed=live.claimed_by_id is not None) if live else ()),
        *keyboards.in_pairs(
            keyboards.button(
                reader.label("Correct attendance"), callbacks.CorrectAttendance(row.id)
            )
            if correctable
            else None,
            keyboards.danger(reader.label("Clear check-in"), callbacks.ClearCheckIn(row.id))
            if row.status is Status.CHECKED_IN
            else None,
            keyboards.button(reader.label("Verify"), callbacks.VerifySession(row.id))
            if row.status is Status.AWAITING_APPROVAL_PARENT
            else None,
            keyboards.button(reader.label("View notes"), callbacks.ViewNotes(row.id))
            if detail.notes
            else None,
            _summary_button(reader, detail, Role.COORDINATOR),
            *coordination_buttons(reader, detail),
        ),
    )


def _only_new(more: Rows, rows: Rows) -> Rows:
    """The rows of `more`, without the buttons that are in `rows` already."""
    there = {button.callback_data for row in rows for button in row}
    left = (tuple(one for one in row if one.callback_data not in there) for row in more)
    return tuple(row for row in left if row)


def dispute_buttons(reader: Reader, dispute_id: int, *, claimed: bool) -> Rows:
    """Claim, Verify, Uphold, Return: what a coordinator may do with a live dispute (SPEC 5)."""
    settle = callbacks.Settlement
    return keyboards.in_pairs(
        None if claimed else keyboards.button(reader.label("Claim"), callbacks.Claim(dispute_id)),
        keyboards.button(reader.label("Verify"), callbacks.Settle(dispute_id, settle.VERIFY)),
        keyboards.button(reader.label("Uphold"), callbacks.Settle(dispute_id, settle.UPHOLD)),
        keyboards.button(reader.label("Return"), callbacks.Settle(dispute_id, settle.RETURN)),
    )


_BUTTONS = {
    Role.TUTOR: _tutor_buttons,
    Role.PARENT: _parent_buttons,
    Role.COORDINATOR: _coordinator_buttons,
}
