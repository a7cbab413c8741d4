"""Matches with their names and weekly times (SPEC 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, Match, MatchSlot, Person, Student
from models.enums import MatchStatus, PriceUnit
from services.db import Session
from services.lifecycle.matches import slot_of
from services.queries.sessions import SessionView, children_of, views_where
from services.rules.weekly import Slot, WeeklyTime

A_PAGE = 50
"""Matches on one page of the list."""


_AGREED = text("match.status IN ('accepted', 'ended')")


@dataclass(frozen=True)
class Agreed:
    """Price and pay of a unit, in minor units, as agreed in a match."""

    price: int | None = None
    pay: int | None = None
    price_unit: PriceUnit | None = None


@dataclass(frozen=True)
class Booked:
    """Scheduled sessions of a match that are still to come."""

    count: int = 0
    first: Appointment | None = None


@dataclass(frozen=True)
class MatchView:
    """Match with its names, its weekly times, and what is booked."""

    match: Match
    tutor: Person
    student: Student
    slots: tuple[Slot, ...]
    answered_by: str | None
    ended_by: str | None
    booked: Booked = Booked()

    @property
    def id(self) -> int:
        return self.match.id

    @property
    def is_open(self) -> bool:
        """Whether the parents are still to answer."""
        return self.match.status is MatchStatus.OFFERED

    def times_on(self, day: date) -> list[WeeklyTime]:
        """Weekly times that count on a day; before the match begins those of its first day."""
        day = max(day, self.match.starts_on)
        return sorted(
            one.at
            for one in self.slots
            if one.valid_from <= day and (one.valid_until is None or one.valid_until >= day)
        )

    def next_change(self, day: date) -> date | None:
        """First day after `day` on which other weekly times begin to count."""
        begin = (one.valid_from for one in self.slots if one.valid_from > self.match.starts_on)
        return min((first for first in begin if first > day), default=None)


def match_view(session: Session, match_id: int, now: datetime) -> MatchView | None:
    """One match; None where there is none."""
    return next(iter(_views(session, now, col(Match.id) == match_id)), None)


def offers_to(
    session: Session, parent: Person, now: datetime, children: Collection[int] | None = None
) -> list[MatchView]:
    """Matches that wait for this parent's answer, oldest first.

    `children`: ids of their children, without those whom they teach, where these are known.
    """
    children = sorted(children_of(session, parent) if children is None else children)
    return _views(
        session,
        now,
        text("match.status = 'offered'"),
        col(Match.student_id).in_(children),
        col(Match.tutor_id) != parent.id,
    )


def open_offers(session: Session, now: datetime) -> list[MatchView]:
    """Matches that nobody has answered, oldest first."""
    return _views(session, now, text("match.status = 'offered'"))


def matches_of_tutor(session: Session, tutor: Person, now: datetime) -> list[MatchView]:
    """Accepted matches of a tutor, by the child's name."""
    found = _views(session, now, text("match.status = 'accepted'"), Match.tutor_id == tutor.id)
    return sorted(found, key=lambda one: (one.student.name, one.id))


def matches_listed(
    session: Session,
    now: datetime,
    statuses: Iterable[MatchStatus],
    search: str,
    page: int,
) -> tuple[list[MatchView], bool]:
    """Page of the matches in these statuses, newest first, and whether more follow.

    `search`: part of the tutor's or the child's name.
    """
    conditions: list[ColumnElement[bool]] = [col(Match.status).in_(list(statuses))]
    if search.strip():
        like = search.strip()
        conditions.append(
            col(Student.name).icontains(like, autoescape=True)
            | col(Person.name).icontains(like, autoescape=True)
        )
    found = _views(
        session,
        now,
        *conditions,
        newest_first=True,
        limit=A_PAGE + 1,
        offset=(page - 1) * A_PAGE,
    )
    return found[:A_PAGE], len(found) > A_PAGE


def sessions_of_match(session: Session, match_id: int, since: datetime) -> list[SessionView]:
    """Sessions of a match that start at `since` or later, by start, whatever became of them."""
    return views_where(
        session, Appointment.match_id == match_id, Appointment.starts_at >= since, limit=None
    )


def counts_by_status(session: Session) -> dict[MatchStatus, int]:
    """Number of matches in each status."""
    found = session.exec(select(Match.status, func.count()).group_by(col(Match.status)))
    return {MatchStatus(status): count for status, count in found.all()}


def _views(
    session: Session,
    now: datetime,
    *conditions: object,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[MatchView]:
    answerer, ender = aliased(Person), aliased(Person)
    order = col(Match.id).desc() if newest_first else col(Match.id)
    rows = session.execute(
        select(Match, Person, Student, answerer.name, ender.name)  # type: ignore[call-overload]
        .join(Person, col(Person.id) == Match.tutor_id)
        .join(Student, col(Student.id) == Match.student_id)
        .outerjoin(answerer, col(answerer.id) == Match.answered_by_id)
        .outerjoin(ender, col(ender.id) == Match.ended_by_id)
        .where(*conditions)
        .order_by(order)
        .limit(limit)
        .offset(offset)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return []
    ids = [row[0].id for row in rows]
    slots, booked = _slots(session, ids), _booked(session, ids, now)
    return [
        MatchView(
            row[0],
            row[1],
            row[2],
            tuple(slots[row[0].id]),
            row[3],
            row[4],
            booked.get(row[0].id, Booked()),
        )
        for row in rows
    ]


def _slots(session: Session, match_ids: Sequence[int]) -> dict[int, list[Slot]]:
    found: defaultdict[int, list[Slot]] = defaultdict(list)
    rows = session.exec(
        select(MatchSlot)
        .where(col(MatchSlot.match_id).in_(match_ids))
        .order_by(col(MatchSlot.weekday), col(MatchSlot.start_time), col(MatchSlot.id))
    )
    for row in rows.all():
        found[row.match_id].append(slot_of(row))
    return found


def _booked(session: Session, match_ids: Sequence[int], now: datetime) -> dict[int, Booked]:
    rows = session.exec(
        select(Appointment)
        .where(
            col(Appointment.match_id).in_(match_ids),
            text("appointment.status = 'scheduled'"),
            Appointment.starts_at > now,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    ).all()
    found: dict[int, Booked] = {}
    for row in rows:
        known = found.get(row.match_id or 0, Booked())
        found[row.match_id or 0] = Booked(known.count + 1, known.first or row)
    return found


def agreed_with(session: Session, tutor_id: int, student_id: int) -> Agreed:
    """What the newest priced match of tutor and child says; empty where there is none."""
    found = session.exec(
        select(Match)
        .where(
            Match.tutor_id == tutor_id,
            Match.student_id == student_id,
            col(Match.price_unit).is_not(None),
            _AGREED,
        )
        .order_by(col(Match.starts_on).desc(), col(Match.id).desc())
        .limit(1)
    ).first()
    return Agreed() if found is None else Agreed(found.price, found.pay, found.price_unit)
