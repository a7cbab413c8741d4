"""Statements in words and as tables: the same for ever once a month is closed (SPEC 7).

Plain text: escape it for HTML. Nothing here depends on when it is read: times are in the zone of
the books, and days are written out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import LineKind, PayMark, Side, Why
from services.queries.billing_months import Books
from services.queries.statements import Statement
from services.rules.billing import Line, totals
from services.spreadsheets import Cell

MINUTES = 60

_KINDS = MappingProxyType(
    {
        LineKind.REGULAR: phrase("Sessions"),
        LineKind.COVERED: phrase("Sessions covered by a package"),
        LineKind.ADDON: phrase("Extra sessions"),
        LineKind.TRIAL: phrase("Trial sessions"),
        LineKind.PENALTY: phrase("Penalties"),
        LineKind.PACKAGE: phrase("Packages bought"),
        LineKind.ADJUSTMENT: phrase("Adjustments"),
        LineKind.AWAITING: phrase("Awaiting acknowledgement"),
        LineKind.DISPUTED: phrase("Disputed"),
    }
)
_WHY = MappingProxyType(
    {
        Why.LATE: phrase("Came after its month was closed"),
        Why.COVERED: phrase("Covered by a package since"),
        Why.UNCOVERED: phrase("Package credit given back"),
        Why.WAIVED: phrase("Penalty waived"),
        Why.REVERSED: phrase("Reversed"),
        Why.CORRECTED: phrase("Corrected"),
        Why.AGREED: phrase("Adjusted"),
    }
)
_MARKS = MappingProxyType(
    {
        PayMark.HELD_BACK: phrase("Held back"),
        PayMark.RELEASED: phrase("To be paid"),
        PayMark.PAID: phrase("Paid"),
    }
)


@dataclass(frozen=True)
class ToldLine:
    """A line in words."""

    day: str
    what: str
    note: str
    amount: str


@dataclass(frozen=True)
class Section:
    """Lines of one kind, with their sum."""

    title: str
    lines: list[ToldLine]
    length: str
    """Sessions and hours; empty where none are counted."""
    amount: str


@dataclass(frozen=True)
class ToldStatement:
    """A statement in words: what counts, its sum, and what does not count yet."""

    title: str
    name: str
    sections: list[Section]
    length: str
    amount: str
    below: list[Section]
    unpriced: str
    """How many sessions have no price, or no pay; empty if none."""


def told_statement(reader: Reader, statement: Statement) -> ToldStatement:
    """A statement in words for a reader."""
    books, sums = statement.books, totals(statement.lines)
    sections = [
        _section(reader, books, kind, list(lines), several=_has_several(statement))
        for kind, lines in groupby(statement.lines, lambda line: line.kind)
    ]
    counted = {_label(reader, line.kind) for line in statement.lines if line.counts}
    return ToldStatement(
        title=statement_title(reader, statement),
        name=statement.name,
        sections=[one for one in sections if one.title in counted],
        length=length_of(reader, sums.sessions, sums.minutes),
        amount=_money(reader, books, sums.amount),
        below=[one for one in sections if one.title not in counted],
        unpriced=_unpriced(reader, books, statement.side, sums.unpriced),
    )


def statement_title(reader: Reader, statement: Statement) -> str:
    """Title of a statement, such as "Statement for November 2026"."""
    return month_title(reader, statement.side, statement.books.month)


def month_title(reader: Reader, side: Side, month: date) -> str:
    """Title of a family's or a tutor's statement for a month, whether there is one or not."""
    if side is Side.TUTOR:
        return reader.label("Pay for {month}", month=reader.month(month))
    return reader.label("Statement for {month}", month=reader.month(month))


def length_of(reader: Reader, sessions: int, minutes: int) -> str:
    """Sessions and hours, such as "8 sessions, 12 h"; below zero with a minus."""
    if not (sessions or minutes):
        return ""
    sign = "−" if minutes < 0 else ""
    count = reader.labels("{count} session", "{count} sessions", sessions)
    return reader.listed([count, f"{sign}{reader.duration(abs(minutes))}"])


def money_of(reader: Reader, books: Books, minor: int) -> str:
    """An amount in the currency of the books; empty where they have none."""
    return _money(reader, books, minor)


def mark_label(reader: Reader, mark: PayMark) -> str:
    """Mark on a tutor's statement."""
    return reader.label(_MARKS[mark])


def table_of(reader: Reader, statements: Sequence[Statement]) -> list[list[Cell]]:
    """Statements as rows of a table: a head, the lines, and after each statement its sum."""
    rows: list[list[Cell]] = [[reader.label(name) for name in HEAD]]
    for statement in statements:
        books, sums = statement.books, totals(statement.lines)
        rows += [_row(reader, statement, line) for line in statement.lines]
        hours = Decimal(sums.minutes) / MINUTES
        total = reader.label("Sum")
        amount = _plain(books, sums.amount)
        head = [books.month.isoformat()[:7], statement.name, "", "", "", "", "", total, ""]
        rows.append([*head, sums.sessions, round(hours, 2), sums.credits, amount])
    return rows


HEAD = (
    phrase("Month"),
    phrase("Statement of"),
    phrase("Day"),
    phrase("Time"),
    phrase("Child"),
    phrase("Tutor"),
    phrase("Subject"),
    phrase("Kind"),
    phrase("Note"),
    phrase("Sessions"),
    phrase("Hours"),
    phrase("Credits"),
    phrase("Amount"),
)
"""Columns of a statement's table."""


def _row(reader: Reader, statement: Statement, line: Line) -> list[Cell]:
    books, local = statement.books, line.at.astimezone(statement.books.zone)
    return [
        books.month.isoformat()[:7],
        statement.name,
        local.date().isoformat(),
        f"{local:%H:%M}",
        line.child,
        line.tutor,
        line.subject,
        _label(reader, line.kind),
        _note(reader, line),
        line.sessions,
        round(Decimal(line.minutes) / MINUTES, 2),
        line.credits,
        None if line.amount is None else _plain(books, line.amount),
    ]


def _section(
    reader: Reader, books: Books, kind: LineKind, lines: list[Line], *, several: bool
) -> Section:
    sums = totals(lines)
    has_amount = any(line.amount is not None for line in lines)
    return Section(
        title=_label(reader, kind),
        lines=[_told(reader, books, line, several=several) for line in lines],
        length=length_of(reader, sums.sessions, sums.minutes),
        amount=_money(reader, books, sums.amount) if has_amount else "",
    )


def _told(reader: Reader, books: Books, line: Line, *, several: bool) -> ToldLine:
    return ToldLine(
        day=_day(reader, books, line.at.astimezone(books.zone).date()),
        what=_what(reader, books, line, several=several),
        note=_note(reader, line),
        amount="" if line.amount is None else _money(reader, books, line.amount),
    )


def _what(reader: Reader, books: Books, line: Line, *, several: bool) -> str:
    about = line.subject_of
    who = line.child if several and line.side is Side.FAMILY else ""
    if about.package_id:
        count = reader.labels(
            "Package of {count} session", "Package of {count} sessions", int(line.subject)
        )
        return reader.listed(filter(None, (count, who)))
    if about.entry_id:
        count = reader.label("Package credits {count}", count=line.subject.replace("-", "−"))
        return reader.listed(filter(None, (count, who)))
    if about.adjustment_id:
        return who or reader.label("Amount entered by the agency")
    starts = line.at.astimezone(books.zone)
    slot = f"{starts:%H:%M}"
    if line.minutes:
        slot = f"{slot}-{starts + timedelta(minutes=abs(line.minutes)):%H:%M}"
    with_whom = (line.child,) if line.side is Side.TUTOR else (line.tutor, who)
    return reader.listed(filter(None, (slot, line.subject, *with_whom)))


def _note(reader: Reader, line: Line) -> str:
    words = [] if line.why is None else [reader.label(_WHY[line.why])]
    if line.why is Why.LATE and line.credits:
        words.append(reader.label("covered by a package"))
    if line.reason:
        words.append(line.reason)
    return ": ".join(words)


def _day(reader: Reader, books: Books, day: date) -> str:
    return reader.full_day(day, with_year=day.year != books.month.year)


def _money(reader: Reader, books: Books, minor: int) -> str:
    return "" if books.currency is None else reader.money(minor, books.currency)


def _plain(books: Books, minor: int) -> Decimal | None:
    return None if books.currency is None else books.currency.major(minor)


def _unpriced(reader: Reader, books: Books, side: Side, count: int) -> str:
    if not count or books.currency is None:
        return ""
    if side is Side.TUTOR:
        return reader.labels(
            "{count} session has no pay: it is counted, but not in the sum.",
            "{count} sessions have no pay: they are counted, but not in the sum.",
            count,
        )
    return reader.labels(
        "{count} session has no price: it is counted, but not in the sum.",
        "{count} sessions have no price: they are counted, but not in the sum.",
        count,
    )


def _label(reader: Reader, kind: LineKind) -> str:
    return reader.label(_KINDS[kind])


def _has_several(statement: Statement) -> bool:
    """Whether the lines are about several children, so that each names its own."""
    return len(set(_children(statement.lines))) > 1


def _children(lines: Iterable[Line]) -> Iterable[str]:
    return (line.child for line in lines if line.child)
