"""The coordinators' queue: everything that waits, sorted by what waiting costs (SPEC 10).

One statement for a page of it and one for its counts, whatever is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, select, union_all
from sqlalchemy.sql.selectable import Subquery
from sqlmodel import col

from models import QueueSnooze
from models.matters import Matter
from services.db import Session
from services.queries.queue_matters import BRANCHES, QueueFilter
from services.rules.agency import Agency
from services.rules.queue import KIND_OF, MATTERS, QueueKind

A_PAGE = 50
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

    @property
    def key(self) -> str:
        """Name of the matter in addresses, such as `dispute-4`."""
        return f"{self.matter.value}-{self.subject_id}"

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
    end = number * length + 1
    branches = [
        _ordered(select(found).where(_is_put_off(found, now, wanted.is_snoozed)), found, end)
        for found in _branches(wanted, agency, now)
    ]
    every = _union(branches)
    rows = session.execute(
        _ordered(select(every), every, length + 1).offset((number - 1) * length)
    ).all()
    return [_item(row) for row in rows[:length]], len(rows) > length


def queue_counts(
    session: Session, wanted: QueueFilter, agency: Agency, now: datetime
) -> QueueCounts:
    """Counts of every kind for a filter, whichever kind it names."""
    of_all = QueueFilter(
        None, wanted.person_id, wanted.student_id, wanted.words, wanted.since, wanted.until
    )
    every = _union(
        select(found.c.matter, case((_put_off(found, now), 1), else_=0).label("off")).limit(MOST)
        for found in _branches(of_all, agency, now)
    )
    rows = session.execute(
        select(every.c.matter, every.c.off, func.count()).group_by(every.c.matter, every.c.off)
    )
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
    wanted = QueueFilter(KIND_OF[matter])
    every = _union(
        select(found).where(found.c.subject_id == subject_id)
        for found in _branches(wanted, agency, now, matter)
    )
    row = session.execute(select(every).limit(1)).first()
    return None if row is None else _item(row)


def _branches(
    wanted: QueueFilter, agency: Agency, now: datetime, only: Matter | None = None
) -> list[Subquery]:
    matters = MATTERS[wanted.kind] if wanted.kind else tuple(Matter)
    return [
        statement.subquery()
        for matter in matters
        if only in (None, matter)
        for statement in BRANCHES[matter](wanted, agency, now)
    ]


def _union(branches: Iterable[Select[Any]]) -> Subquery:
    """All branches as one; each keeps its own limit."""
    return union_all(*(select(branch.subquery()) for branch in branches)).subquery()


def _ordered(statement: Select[Any], found: Subquery, limit: int) -> Select[Any]:
    order = (found.c.rank, found.c.at, found.c.matter, found.c.subject_id)
    return statement.order_by(*order).limit(limit)


def _is_put_off(found: Subquery, now: datetime, wanted: bool) -> Any:
    return _put_off(found, now) if wanted else ~_put_off(found, now)


def _put_off(found: Subquery, now: datetime) -> Any:
    return (
        select(QueueSnooze)
        .where(
            and_(
                col(QueueSnooze.matter) == found.c.matter,
                col(QueueSnooze.subject_id) == found.c.subject_id,
                col(QueueSnooze.until) > now,
            )
        )
        .exists()
    )


def _item(row: Any) -> QueueItem:
    return QueueItem(row.rank, Matter(row.matter), row.subject_id, row.appointment_id, row.at)
