"""Buttons for siblings taught together, and what one tap has done to all of them (SPEC 3, 6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from chat import keyboards
from chat.callbacks.together import (
    CheckInTogether,
    CheckOutTogether,
    OfTogether,
    Sessions,
)
from locales.attendance_words import children_told, told_apart
from locales.excerpts import shortened
from locales.reader import Reader
from models.enums import ListKind
from services.db import Session
from services.queries.sessions import SessionView
from services.queries.together import MOST_TOGETHER, taught_together
from services.rules.session_actions import SessionAction

ONE_LINE = 33
"""The most characters of the button, so that it does not wrap on a narrow phone."""
NAME_LIMIT = 11
"""The most characters of a name on a button with two of them."""
_TAPS: Mapping[SessionAction, type[OfTogether]] = MappingProxyType(
    {SessionAction.CHECK_IN: CheckInTogether, SessionAction.CHECK_OUT: CheckOutTogether}
)


def together_buttons(
    session: Session, reader: Reader, views: Sequence[SessionView], does: type[OfTogether]
) -> list[keyboards.InlineButton]:
    """A button for all sessions of each group of siblings who are taught together."""
    groups = taught_together(session, views)
    return [
        keyboards.success(
            _label(reader, told_apart(_names(group))), does(Sessions.of(view.id for view in group))
        )
        for group in groups
        if len(group) <= MOST_TOGETHER
    ]


def due_together(
    session: Session,
    reader: Reader,
    views: Sequence[SessionView],
    due: Mapping[int, SessionAction],
    timed: Collection[int],
) -> dict[int, keyboards.InlineButton]:
    """The button for the tap that is due of siblings taught together, by the session of each.

    `due`: the tap of each session that has one; `timed`: sessions whose button has their start.
    """
    found: dict[int, keyboards.InlineButton] = {}
    for tap, does in _TAPS.items():
        ready = [view for view in views if due.get(view.id) is tap]
        for group in taught_together(session, ready):
            if len(group) > MOST_TOGETHER:
                continue
            ids = [view.id for view in group]
            start = group[0].appointment.starts_at
            at = f", {reader.clock_time_only(start)}" if set(ids) & set(timed) else ""
            label = _tap_label(reader, tap, _names(group), at)
            found |= dict.fromkeys(ids, keyboards.success(label, does(Sessions.of(ids))))
    return found


def _tap_label(reader: Reader, tap: SessionAction, names: Sequence[str], at: str) -> str:
    """The tap with all the names, or with how many they are where the names take too much room."""
    all_of = (
        reader.label("both") if len(names) == 2 else reader.label("all {count}", count=len(names))
    )
    labels = [
        reader.label("Check in · {student}", student=f"{children}{at}")
        if tap is SessionAction.CHECK_IN
        else reader.label("Check out · {student}", student=f"{children}{at}")
        for children in (children_told(reader, names), all_of)
    ]
    return labels[0] if len(labels[0]) <= ONE_LINE else labels[1]


def attended(reader: Reader, views: Iterable[SessionView], kind: ListKind) -> Markup | None:
    """Who was checked in, or out, and when: a line for each time; None where nobody was.

    `kind`: of the question that asks for it.
    """
    is_out = kind is ListKind.TO_CHECK_OUT
    by_time: dict[str, list[SessionView]] = {}
    for view in views:
        row = view.appointment
        if (at := row.checked_out_at if is_out else row.checked_in_at) is not None:
            by_time.setdefault(reader.lasting_when(at), []).append(view)
    lines = [
        reader.text("✅ {children}: checked out {when}", children=children, when=when)
        if is_out
        else reader.text("✅ {children}: checked in {when}", children=children, when=when)
        for when, group in by_time.items()
        for children in [children_told(reader, _names(group))]
    ]
    return Markup("\n").join(lines) if lines else None


def _names(group: Sequence[SessionView]) -> list[str]:
    return [view.student.name for view in group]


def _label(reader: Reader, names: Sequence[str]) -> str:
    """In one line on a narrow phone: the buttons below it have the names that it leaves out."""
    match names:
        case [one, other]:
            one, other = shortened(one, NAME_LIMIT), shortened(other, NAME_LIMIT)
            return reader.label("Both: {one} and {other}", one=one, other=other)
        case [one, other, third]:
            named = reader.label(
                "All three: {one}, {other} and {third}", one=one, other=other, third=third
            )
            return named if len(named) <= ONE_LINE else reader.label("All three together")
    return reader.label("All {count} together", count=len(names))
