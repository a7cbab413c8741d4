"""The coordinators' queue: everything that waits, sorted by what waiting costs (SPEC 10).

One statement for a page of it and one for its counts, whatever is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import Subquery
from sqlmodel import col

from models import QueueSnooze
from models.matters import Matter
from services.db import Session
from services.prepared import Prepared
from services.queries.queue_filter import NOW, Asks, QueueFilter, values_of
from services.queries.queue_matters import BRANCHES
from services.rules.agency import Agency
from services.rules.queue import KIND_OF, MATTERS, QueueKind

A_PAGE = 20
"""Rows of one page."""
MOST = 1000
"""Most of one kind of matter that are counted."""


class QueueItem(NamedTuple):
    """One matter that waits."""

    rank: int
    matter: Matter
    subject_id: int
    appointment_id: int | None
    at: datetime
    """Since when it waits; of a request, when it expires."""
    asked_at: datetime | None = None
    """When the parents were asked whose answer is missing."""

    @property
    def key(self) -> str:
        """Name of the matter in addresses, such as `dispute-4`."""
        return f"{self.matter}-{self.subject_id}"

    @property
    def kind(self) -> QueueKind:
        return KIND_OF[self.matter]


@dataclass(frozen=True)
class QueueCounts:
    """How much waits of each kind, at most `MOST` of each, and how much is put off."""

    of: Mapping[QueueKind, int]
    snoozed: int

    @property
    def all(self) -> int:
        return sum(self.of.values())


def queue_page(
    session: Session,
    wanted: QueueFilter,
    agency: Agency,
    now: datetime,
    *,
    number: int = 1,
    length: int = A_PAGE,
) -> tuple[list[QueueItem], bool]:
    """A page of the queue, and whether there are more."""
    skipped = (number - 1) * length
    values = values_of(wanted, agency, now) | {
        "reach": skipped + length + 1,
        "length": length + 1,
        "skipped": skipped,
    }
    rows = _page(wanted.kind, wanted.asks, wanted.is_snoozed).some_of(session, values)
    return [_item(row) for row in rows[:length]], len(rows) > length


def queue_counts(
    session: Session, wanted: QueueFilter, agency: Agency, now: datetime
) -> QueueCounts:
    """Counts of every kind for a filter, whichever kind it names."""
    rows = _counts(wanted.asks).some_of(session, values_of(wanted, agency, now))
    of, snoozed = dict.fromkeys(QueueKind, 0), 0
    for matter, is_off, count in rows:
        if is_off:
            snoozed += count
        else:
            of[KIND_OF[Matter(matter)]] += count
    return QueueCounts(of, snoozed)


def queue_item(
    session: Session, matter: Matter, subject_id: int, agency: Agency, now: datetime
) -> QueueItem | None:
    """One matter, put off or not; None where it does not wait."""
    values = values_of(QueueFilter(), agency, now) | {"subject_id": subject_id}
    rows = _one(matter).some_of(session, values)
    return _item(rows[0]) if rows else None


# ---------------------------------------------------------- statements, built once for each shape


@cache
def _page(kind: QueueKind | None, asks: Asks, is_snoozed: bool) -> Prepared:
    reach, length, skipped = (
        bindparam(name, type_=Integer) for name in ("reach", "length", "skipped")
    )
    every = _union(
        branch.first(branch.statement.where(branch.is_put_off(is_snoozed)), reach)
        for branch in _branches(kind, asks)
    )
    order = (every.c.rank, every.c.at, every.c.matter, every.c.subject_id)
    return Prepared(select(every).order_by(*order).limit(length).offset(skipped))


@cache
def _counts(asks: Asks) -> Prepared:
    every = _union(
        branch.statement.with_only_columns(
            literal(branch.matter.value).label("matter"),
            case((branch.is_put_off(True), 1), else_=0).label("off"),
            maintain_column_froms=True,
        ).limit(MOST)
        for branch in _branches(None, asks)
    )
    columns = (every.c.matter, every.c.off)
    return Prepared(select(*columns, func.count()).group_by(*columns))


@cache
def _one(matter: Matter) -> Prepared:
    subject_id = bindparam("subject_id", type_=Integer)
    every = _union(
        branch.statement.where(branch.subject == subject_id)
        for branch in _branches(KIND_OF[matter], Asks())
        if branch.matter is matter
    )
    return Prepared(select(every).limit(1))


@dataclass(frozen=True)
class _Branch:
    """The statement of one kind of matter."""

    matter: Matter
    statement: Select[Any]

    @property
    def subject(self) -> Any:
        """The column with the id of what waits."""
        return self.statement.selected_columns.subject_id.element

    def first(self, statement: Select[Any], limit: BindParameter[int]) -> Select[Any]:
        """The first of these matters, in the order of an index wherever there is one."""
        columns = self.statement.selected_columns
        at = columns.at.element
        has_ranks = self.matter is Matter.REQUEST
        order = (columns.rank, at, self.subject) if has_ranks else (at, self.subject)
        return statement.order_by(*order).limit(limit)

    def is_put_off(self, wanted: bool) -> Any:
        """Condition that a matter is put off, or is not."""
        found = (
            select(QueueSnooze)
            .where(
                col(QueueSnooze.matter) == self.matter,
                col(QueueSnooze.subject_id) == self.subject,
                col(QueueSnooze.until) > NOW,
            )
            .exists()
        )
        return found if wanted else ~found


def _branches(kind: QueueKind | None, asks: Asks) -> list[_Branch]:
    matters = MATTERS[kind] if kind else tuple(Matter)
    return [
        _Branch(matter, statement) for matter in matters for statement in BRANCHES[matter](asks)
    ]


def _union(branches: Iterable[Select[Any]]) -> Subquery:
    """All branches as one; each keeps its own limit."""
    return union_all(*(select(branch.subquery()) for branch in branches)).subquery()


def _item(row: Any) -> QueueItem:
    rank, matter, *rest = row
    return QueueItem(rank, Matter(matter), *rest)
