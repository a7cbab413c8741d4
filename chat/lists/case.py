"""What a list is composed from, and which list it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chat import callbacks
from chat.callbacks.sessions import ListPage
from chat.screen import Screen
from locales.reader import Reader
from models import Person
from models.enums import ListKind
from services.db import Session
from services.rules.agency import Agency
from services.rules.reminders import local_day
from services.rules.windows import bounds_of_day, end_of_day


@dataclass(frozen=True)
class ListOf:
    """Which list it is: its kind, the agency's calendar day that it is of, and its argument."""

    kind: ListKind
    day: date
    argument: str | None = None


@dataclass(frozen=True)
class ListCase:
    """A reader's list, and the rows as they are now."""

    session: Session
    person: Person
    reader: Reader
    agency: Agency
    of: ListOf
    stands: bool = False
    """Whether it has been sent before and stands in the chat."""

    @property
    def now(self) -> datetime:
        return self.reader.now

    @property
    def argument(self) -> str:
        """What was asked for. Raises ValueError for a list without an argument."""
        if self.of.argument is None:
            raise ValueError("this list has no argument")
        return self.of.argument

    @property
    def name(self) -> str:
        """What a list with pages is of, without the page; empty for one that needs no name."""
        return (self.of.argument or "").partition(":")[0] if self.of.kind is ListKind.AGENCY else ""

    @property
    def offset(self) -> int:
        """How many come before the page of a list with pages."""
        before = (self.of.argument or "").rpartition(":")[2]
        return int(before) if before.isdecimal() else 0

    def page(self, offset: int) -> ListPage:
        """The button to another page."""
        return ListPage(self.of.kind, self.name, offset)

    @property
    def is_over(self) -> bool:
        """Whether its day is over."""
        return local_day(self.now, self.agency.zone) > self.of.day

    @property
    def true_until(self) -> datetime:
        """Midnight after which it reads otherwise: its reader's, or that of the agency."""
        return min(
            end_of_day(self.now, self.reader.zone),
            end_of_day(self.now, self.agency.zone),
            bounds_of_day(self.of.day, self.agency.zone)[1],
        )


ComposeList = Callable[[ListCase], Screen | None]
"""Composes one kind of list; None where nothing of it holds any more."""
Composers = Mapping[ListKind, ComposeList]


class ComposeLasting(Protocol):
    """Composes a message that no day ends, or the line that is left of one that is replaced."""

    def __call__(self, case: ListCase, *, is_replaced: bool) -> Screen | None: ...


def sessions_in(screen: Screen) -> frozenset[int]:
    """The sessions that a list speaks of: those of its buttons, and what the text adds."""
    data = (one.callback_data for row in screen.rows for one in row)
    found = (callbacks.decode(one) for one in data if isinstance(one, str))
    return frozenset(
        one.appointment_id for one in found if isinstance(one, callbacks.OfSession)
    ).union(screen.about)
