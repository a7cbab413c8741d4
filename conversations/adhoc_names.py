"""Typed lines of extra sessions that have the name of a child in front (SPEC 7)."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from chat.cards.reason import quoted
from locales.excerpts import shortened
from locales.reader import Reader
from models import Student

SHOWN = 60
"""Most characters that are shown of a typed line."""
_MARK = re.compile(r"^(?:[-*•–]|\d{1,2}\))\s+")
"""What people put before the lines of a list."""


class NamedLines(NamedTuple):
    """Lines, and whose they are."""

    child: Student | None
    """The child that was chosen, else the one that is named first; None where there is none."""
    lines: list[str]
    """The lines of this child without its name, and those that name nobody."""
    others: list[str]
    """Lines that name another child."""


def lines_by_child(
    text: str,
    children: Sequence[Student],
    child: Student | None,
    is_whole: Callable[[str], bool],
) -> NamedLines:
    """Tell the lines of one child from those of others: a batch is of one child.

    `child`: whose they are, if one was chosen. A line that `is_whole` names nobody, whatever its
    first word is.
    """
    lines = [_MARK.sub("", line.strip()) for line in text.splitlines() if line.strip()]
    read = [(None if is_whole(line) else _child_of(line, children), line) for line in lines]
    first = child or next((one for one, _ in read if one is not None), None)
    mine = [
        line if one is None else line[_named(line, one) :].lstrip(" :,-·")
        for one, line in read
        if one is None or _is_same(one, first)
    ]
    others = [line for one, line in read if one is not None and not _is_same(one, first)]
    return NamedLines(first, mine, others)


def _is_same(one: Student, other: Student | None) -> bool:
    return other is not None and one.id == other.id


def come_next(reader: Reader, others: Sequence[str]) -> list[Markup]:
    """What is said of lines for other children."""
    if not others:
        return []
    told = reader.text("These name another child. They come next, once this is logged:")
    shown = "\n".join(shortened(one, SHOWN) for one in others)
    return [Markup("\n").join([told, quoted(shown)])]


def _child_of(line: str, children: Sequence[Student]) -> Student | None:
    """The child whose name a line begins with, if it is one child's; the longest name first."""
    found = [(length, one) for one in children if (length := _named(line.strip(), one))]
    longest = max((length for length, _ in found), default=0)
    named = [one for length, one in found if length == longest]
    return named[0] if len(named) == 1 else None


def _named(line: str, child: Student) -> int:
    """How many characters of the name, whole or first, a line begins with."""
    for name in (child.name, child.name.split()[0]):
        rest = line[len(name) :]
        if line.casefold().startswith(name.casefold()) and not rest[:1].isalpha():
            return len(name)
    return 0
