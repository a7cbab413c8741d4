"""A family's or a tutor's own statement of a month, as it is when it is asked for (SPEC 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.screens import ROOM, length_of
from chat.screen import Screen
from locales.billing import (
    Section,
    ToldLine,
    ToldStatement,
    mark_label,
    month_title,
    told_statement,
)
from locales.excerpts import shortened
from locales.reader import Reader
from models.enums import PayMark, Side
from services.queries.statements import Statement, children_on

LONGEST = 100
"""The most characters of what a line is about, and of its note: the page has the whole."""


@dataclass(frozen=True)
class OwnStatement:
    """What the message shows of a month, and where its buttons lead."""

    side: Side
    month: date
    statement: Statement | None
    mark: PayMark | None = None
    held_back: str = ""
    """Why pay is held back; empty where it is not."""
    before: date | None = None
    after: date | None = None
    others: Sequence[Statement] = ()
    """Statements of the parent's other families for the month."""
    has_other_side: bool = False
    """Whether the reader has statements in the other role, too."""
    page: str | None = None
    """Address of the page, where Telegram can open it."""


def statement_screen(reader: Reader, shown: OwnStatement) -> Screen:
    """The sum first, then each kind with its lines, as many as the message holds.

    It says as of when it is, since nothing edits it later; or when its month was closed.
    """
    title = Markup("<b>{}</b>").format(month_title(reader, shown.side, shown.month))
    if shown.statement is None:
        nothing = reader.text("Nothing in this month. Sessions appear once they are acknowledged.")
        return Screen(Markup("\n").join([title, _as_of(reader), nothing]), _buttons(reader, shown))
    told = told_statement(reader, shown.statement)
    head = [title]
    if shown.side is Side.FAMILY:
        head.append(Markup("{}").format(told.name))
    head.append(_summed(reader.label("Sum"), told.amount, told.length))
    head.append(_state(reader, shown.statement, shown.mark))
    if shown.held_back:
        head.append(reader.text("Held back: {reason}", reason=shown.held_back))
    if told.unpriced:
        head.append(Markup("{}").format(told.unpriced))
    text = _with_lines(reader, Markup("\n").join(head), told, has_page=bool(shown.page))
    return Screen(text, _buttons(reader, shown))


def _as_of(reader: Reader) -> Markup:
    return reader.text("As of {moment}.", moment=reader.dated_moment(reader.now))


def _state(reader: Reader, statement: Statement, mark: PayMark | None) -> Markup:
    closed = statement.books.closed
    if closed is None:
        return _as_of(reader) + " " + reader.text("Not closed yet: it may still change.")
    closed_at = reader.dated_moment(closed.closed_at)
    if mark is None:
        return reader.text("Closed on {moment}.", moment=closed_at)
    return reader.text(
        "Closed on {moment}. {mark}.", moment=closed_at, mark=mark_label(reader, mark)
    )


def _with_lines(reader: Reader, head: Markup, told: ToldStatement, *, has_page: bool) -> Markup:
    """Every sum, and as many lines as there is room for; how many are left out is said."""
    sections = [*told.sections, *told.below]
    titles = [_summed(one.title, one.amount, one.length) for one in sections]
    not_yet = reader.text("<b>Not counted yet</b>")
    room = ROOM - sum(map(length_of, (head, not_yet, *titles)))
    blocks, left = [head], 0
    for place, (section, title) in enumerate(zip(sections, titles, strict=True)):
        lines, room = _fitting(section, room)
        left += len(section.lines) - len(lines)
        first_below = [not_yet] if place == len(told.sections) else []
        blocks.append(Markup("\n").join([*first_below, title, *lines]))
    if left:
        blocks.append(_more(reader, left, has_page=has_page))
    return Markup("\n\n").join(blocks)


def _fitting(section: Section, room: int) -> tuple[list[Markup], int]:
    """The first lines of a section that fit, and the room that is left; none once one did not."""
    lines = []
    for line in map(_line, section.lines):
        room -= length_of(line)
        if room < 0:
            break
        lines.append(line)
    return lines, room


def _line(line: ToldLine) -> Markup:
    parts = [line.day, line.amount, shortened(line.what, LONGEST), shortened(line.note, LONGEST)]
    return Markup("{}").format(" · ".join(part for part in parts if part))


def _summed(title: str, amount: str, length: str) -> Markup:
    """A title with its sum, as far as there is one."""
    rest = [part for part in (amount, length) if part]
    return Markup(" · ").join([Markup("<b>{}</b>").format(title), *map(escape, rest)])


def _more(reader: Reader, count: int, *, has_page: bool) -> Markup:
    if has_page:
        return reader.texts(
            "… and {count} more, on the page", "… and {count} more, on the page", count
        )
    return reader.texts(
        "… and {count} more, on the pages: /web", "… and {count} more, on the pages: /web", count
    )


def _buttons(reader: Reader, shown: OwnStatement) -> keyboards.Rows:
    child = min(children_on(shown.statement), default=0) if shown.statement else 0

    def to(month: date | None) -> keyboards.InlineButton | None:
        if month is None:
            return None
        return keyboards.button(reader.short_month(month), _showing(shown.side, month, child))

    to_others = [
        keyboards.button(one.name, _showing(shown.side, shown.month, min(children_on(one))))
        for one in shown.others
    ]
    switch = None
    if shown.has_other_side:
        is_pay = shown.side is Side.TUTOR
        words = reader.label("Your statement") if is_pay else reader.label("Your pay")
        other = Side.FAMILY if is_pay else Side.TUTOR
        switch = keyboards.button(words, _showing(other, shown.month, 0))
    page = keyboards.link(reader.label("On the page"), shown.page) if shown.page else None
    return (
        *keyboards.in_pairs(to(shown.before), to(shown.after)),
        *keyboards.in_pairs(*to_others),
        *keyboards.in_pairs(switch, page),
    )


def _showing(side: Side, month: date, child_id: int) -> callbacks.ShowStatement:
    return callbacks.ShowStatement(side, month.year * 100 + month.month, child_id)
