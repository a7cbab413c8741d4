"""Lines of extra sessions that are typed where a child is asked for, names in front (SPEC 7)."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from chat.cards.reason import quoted
from locales.reader import Reader
from models import Student


class NamedLines(NamedTuple):
    """Lines, and whose they are."""

    child: Student | None
    """The child that the first of them names that names one; None where none does."""
    lines: list[str]
    """The lines of this child without its name, and those that name nobody."""
    others: list[str]
    """Lines that name another child."""


def lines_by_child(text: str, children: Sequence[Student]) -> NamedLines:
    """Tell the lines of one child from those of others: a batch is of one child."""
    read = [(_child_of(line, children), line.strip()) for line in text.splitlines() if line.strip()]
    first = next((child for child, _ in read if child is not None), None)
    mine = [
        line if child is None else line[_named(line, child) :].lstrip(" :,-·")
        for child, line in read
        if child is None or child is first
    ]
    return NamedLines(first, mine, [line for child, line in read if child not in (None, first)])


def not_taken(reader: Reader, others: list[str]) -> Markup | None:
    """What is said of lines for other children; None where there are none."""
    if not others:
        return None
    told = reader.text("These name another child. Please send them once these are logged:")
    return Markup("\n").join([told, quoted("\n".join(others))])


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
