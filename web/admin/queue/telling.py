"""Matters of the queue in the reader's words (SPEC 10)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from locales.parts import part_label
from locales.reader import Reader
from locales.wording import (
    action_done,
    attendance_line,
    change_reason,
    reason_and_text,
    status_label,
)
from models.enums import Action, ChangeReason, Role
from models.matters import Matter
from services.queries.queue_rows import QueueRow
from services.rules.agency import Agency
from services.rules.queue import URGENT
from web.admin.queue.acts import ActOffer, ListPlace, first_acts_on, offered

A_DAY = timedelta(days=1)
SOON = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
RUN_OUT = (Matter.REQUEST, Matter.LATE_CHANGE)
"""Matters whose time is that of an end: of the request, or the start of the session."""
ON_A_ROW = 2
"""Buttons for which a row has room; the rest stand beside the list."""


class ToldRow(NamedTuple):
    """One matter, as a row shows it."""

    key: str
    session_id: int
    when: str
    is_urgent: bool
    chip: str
    tone: str
    title: str
    slot: str
    line: str
    hints: tuple[str, ...]
    offers: list[ActOffer]
    """What is done first; the rest stands beside the list."""


def told_row(
    reader: Reader, row: QueueRow, agency: Agency, viewer_id: int, place: ListPlace
) -> ToldRow:
    """A row of the list."""
    chip, tone = _chip(reader, row, agency)
    title, when = title_of(reader, row), _slot(reader, row)
    about = f"{title}, {when}" if when else title
    return ToldRow(
        row.item.key,
        row.session_id,
        _when(reader, row),
        row.item.matter in RUN_OUT and row.item.at - reader.now < SOON,
        chip,
        tone,
        title,
        _with_tutor(row, when),
        line_of(reader, row),
        _hints(reader, row, viewer_id),
        offered(reader, row, first_acts_on(row, ON_A_ROW), place, about),
    )


def title_of(reader: Reader, row: QueueRow) -> str:
    """The child and the subject; or who cannot be written to."""
    if row.session is not None:
        return f"{row.session.student} · {row.session.subject}"
    if row.message is not None and row.message.reader is not None:
        return row.message.reader
    return reader.label("The coordinators' group")


def slot_of(reader: Reader, row: QueueRow) -> str:
    """When the session is, and its tutor; empty where the matter is about none."""
    return _with_tutor(row, _slot(reader, row))


def _with_tutor(row: QueueRow, when: str) -> str:
    return f"{when} · {row.session.tutor}" if row.session else ""


def _slot(reader: Reader, row: QueueRow) -> str:
    if row.session is None:
        return ""
    return reader.slot(row.session.starts_at, row.session.ends_at)


def _when(reader: Reader, row: QueueRow) -> str:
    """How long it waits, or how long there is still time."""
    at = row.item.at
    if row.item.matter in RUN_OUT:
        left = at - reader.now
        if left < URGENT:
            return reader.label("{time} left", time=_span(reader, left))
        return reader.label("by {time}", time=reader.clock_time(at))
    waited = reader.now - (row.item.asked_at or at)
    if waited < A_DAY:
        return reader.label("for {time}", time=_span(reader, waited))
    return reader.labels("for {count} day", "for {count} days", waited // A_DAY)


def _span(reader: Reader, span: timedelta) -> str:
    """Minutes up to two hours, whole hours from there on."""
    minutes = max(span // MINUTE, 1)
    return reader.duration(minutes if span < SOON else minutes // 60 * 60)


_CHIPS: Mapping[Matter, tuple[Callable[[Reader], str], str]] = MappingProxyType(
    {
        Matter.REQUEST: (lambda reader: reader.label("Request"), "warn"),
        Matter.LATE_CHANGE: (lambda reader: reader.label("Late change"), "bad"),
        Matter.DISPUTE: (lambda reader: reader.label("Dispute"), "bad"),
        Matter.PROBLEM: (lambda reader: reader.label("Problem"), "bad"),
        Matter.REPLACEMENT: (lambda reader: reader.label("Replacement"), "warn"),
        Matter.UNANSWERED: (lambda reader: reader.label("Unanswered"), "calm"),
        Matter.MESSAGE: (lambda reader: reader.label("Undelivered"), "bad"),
        Matter.UNREACHABLE: (lambda reader: reader.label("Undelivered"), "bad"),
        Matter.NOTE_FILE: (lambda reader: reader.label("File not saved"), "warn"),
        Matter.EVIDENCE_FILE: (lambda reader: reader.label("File not saved"), "warn"),
    }
)


def _chip(reader: Reader, row: QueueRow, agency: Agency) -> tuple[str, str]:
    """The kind of a matter, and what it means."""
    if row.item.matter is Matter.ATTENDANCE and row.session is not None:
        missed = row.session.missed(agency, reader.now)
        return status_label(reader, row.session.status, Role.COORDINATOR, missed), "warn"
    name, tone = _CHIPS[row.item.matter]
    return name(reader), tone


def line_of(reader: Reader, row: QueueRow) -> str:
    """What it is about, in one line."""
    return _LINES[row.item.matter](reader, row)


def _objection(reader: Reader, row: QueueRow) -> str:
    return reason_and_text(reader, row.reason, row.text)


def _late_change(reader: Reader, row: QueueRow) -> str:
    if row.change is None:
        return ""
    told = (
        reader.label("The tutor has told you")
        if row.change.side is Role.TUTOR
        else reader.label("The family has told you")
    )
    said = reason_and_text(reader, row.change.reason, row.text)
    return ": ".join(filter(None, (told, said)))


def _replacement(reader: Reader, row: QueueRow) -> str:
    if row.wanted is None or row.session is None:
        return ""
    slot = row.wanted.slot(row.session)
    if slot is None:
        return reader.label("Asked for by {who}", who=row.wanted.who)
    return reader.label("Asked for by {who}: {slot}", who=row.wanted.who, slot=reader.slot(*slot))


def _attendance(reader: Reader, row: QueueRow) -> str:
    return attendance_line(reader, row.session) if row.session else ""


def _unanswered(reader: Reader, row: QueueRow) -> str:
    if not row.was_asked:
        return reader.label("No parent is linked, so nobody has been asked.")
    return reader.label("No parent has answered.")


def _asked(reader: Reader, row: QueueRow) -> str:
    if row.request is None:
        return ""
    slot = reader.slot(row.request.new_starts_at, row.request.new_ends_at)
    told = (
        reader.label("To {slot}; waits for the tutor", slot=slot)
        if row.request.owed_by is Role.TUTOR
        else reader.label("To {slot}; waits for the family", slot=slot)
    )
    reason = row.request.reason
    is_told = reason not in (None, ChangeReason.OTHER)  # its words stand beside the list
    why = change_reason(reader, reason) if reason is not None and is_told else ""
    return ". ".join(filter(None, (told, why)))


def _undelivered(reader: Reader, row: QueueRow) -> str:
    if row.message is None:
        return ""
    if not row.message.is_given_up:
        return reader.labels(
            "A message waits: {count} try failed. {error}",
            "A message waits: {count} tries failed. {error}",
            row.message.tries,
            error=row.message.error,
        )
    return reader.label("A message was refused: {error}", error=row.message.error)


def _unreachable(reader: Reader, row: QueueRow) -> str:
    return reader.labels(
        "Has blocked the bot: {count} message waits",
        "Has blocked the bot: {count} messages wait",
        row.message.waiting if row.message else 0,
    )


def _unstored(reader: Reader, row: QueueRow) -> str:
    if row.file is None:
        return ""
    name = row.file.name or part_label(reader, row.file.kind)
    return reader.labels(
        "{name}: {count} try failed", "{name}: {count} tries failed", row.file.tries, name=name
    )


_LINES: Mapping[Matter, Callable[[Reader, QueueRow], str]] = MappingProxyType(
    {
        Matter.REQUEST: _asked,
        Matter.LATE_CHANGE: _late_change,
        Matter.DISPUTE: _objection,
        Matter.PROBLEM: _objection,
        Matter.ATTENDANCE: _attendance,
        Matter.REPLACEMENT: _replacement,
        Matter.UNANSWERED: _unanswered,
        Matter.MESSAGE: _undelivered,
        Matter.UNREACHABLE: _unreachable,
        Matter.NOTE_FILE: _unstored,
        Matter.EVIDENCE_FILE: _unstored,
    }
)


def _hints(reader: Reader, row: QueueRow, viewer_id: int) -> tuple[str, ...]:
    found = []
    if row.claimed_by:
        found.append(reader.label("Claimed by {who}", who=row.claimed_by))
    if row.newest is not None:
        added, at = row.newest, row.newest.at
        is_own = added.person_id == viewer_id
        found.append(action_done(reader, Action.ADD_TO_REPORT, added.who, at, is_own))
    if row.nudged is not None:
        found.append(_done(reader, row.nudged.who, row.nudged.person_id, row.nudged.at, viewer_id))
    if row.snoozed is not None and row.snoozed.until is not None:
        found.append(
            reader.label(
                "{who} put this off until {until}",
                who=row.snoozed.who,
                until=reader.clock_time(row.snoozed.until),
            )
        )
    return tuple(found)


def _done(reader: Reader, who: str, person_id: int | None, at: datetime, viewer_id: int) -> str:
    if person_id == viewer_id:
        return reader.label("You nudged {when}", when=reader.when(at))
    return reader.label("{who} nudged {when}", who=who, when=reader.when(at))
