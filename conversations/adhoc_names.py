"""Typed lines of extra sessions that have the name of a child in front (SPEC 7)."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from chat.cards.reason import quoted
from locales.catalogue import phrase
from locales.excerpts import shortened
from locales.reader import Reader
from locales.word_lists import one_of
from models import Student

SHOWN = 60
"""Most characters that are shown of a typed line."""
_MARK = re.compile(r"^(?:[-*•–]|\d{1,2}\))\s+")
"""What people put before the lines of a list."""


_MARKS = " :,-·"
# Translators: words that tutors type for both of their students, separated by commas
_BOTH = phrase("both kids, both children, both of them, both")
# Translators: words between two names, separated by commas
_AND = phrase("and, with, n")


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
    language: str,
) -> NamedLines:
    """Tell the lines of one child from those of others: a batch is of one child.

    `child`: whose they are, if one was chosen. A line that `is_whole` names nobody, whatever its
    first word is; one that names several children is a line of each.
    """
    lines = [_MARK.sub("", line.strip()) for line in text.splitlines() if line.strip()]
    read = [
        _NamedLine(line, [], line) if is_whole(line) else _names_in(line, children, language)
        for line in lines
    ]
    first = child or next((line.children[0] for line in read if line.children), None)
    mine = [
        line.text
        for line in read
        if not line.children or any(_is_same(one, first) for one in line.children)
    ]
    others = [
        line.typed if len(line.children) == 1 else f"{one.name} {line.text}"
        for line in read
        for one in line.children
        if not _is_same(one, first)
    ]
    return NamedLines(first, mine, others)


class _NamedLine(NamedTuple):
    typed: str
    children: list[Student]
    """Whose it is; empty where it names nobody."""
    text: str
    """The line without the names."""


def _names_in(line: str, children: Sequence[Student], language: str) -> _NamedLine:
    """The children whose names a line begins with: one, several with "and" between them, or both of
    two.
    """
    both = re.match(rf"(?:{one_of(_BOTH, language)})(?!\w)", line, re.IGNORECASE)
    if both is not None and len(children) == 2:
        return _NamedLine(line, list(children), line[both.end() :].lstrip(_MARKS))
    found: list[Student] = []
    rest = line
    joins = re.compile(rf"\s*[,&+/]\s*|\s+(?:{one_of(_AND, language)})\s+", re.IGNORECASE)
    while (one := _child_of(rest, children)) is not None and one not in found:
        found.append(one)
        rest = rest[_named(rest, one) :]
        joined = joins.match(rest)
        if joined is None or _child_of(rest[joined.end() :], children) is None:
            break
        rest = rest[joined.end() :]
    return _NamedLine(line, found, rest.lstrip(_MARKS))


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
