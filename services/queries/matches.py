"""Matches with their names and weekly times (SPEC 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from models import Appointment, Match, MatchSlot, Person, Student
from models.enums import MatchStatus, PriceUnit
from services.db import Session
from services.lifecycle.matches import slot_of
from services.prepared import Prepared
from services.queries.containing import contained, contains
from services.queries.sessions import SessionView, children_of, views_where
from services.rules.refusals.sessions import NotFound
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
    return next(iter(_views(session, _ONE.rows(session, match_id=match_id), now)), None)


def match_of(session: Session, match_id: int, now: datetime) -> MatchView:
    """One match. Refused: NotFound."""
    view = match_view(session, match_id, now)
    if view is None:
        raise NotFound
    return view


def offers_to(
    session: Session, parent: Person, now: datetime, children: Collection[int] | None = None
) -> list[MatchView]:
    """Matches that wait for this parent's answer, oldest first.

    `children`: ids of their children, without those whom they teach, where these are known.
    """
    children = sorted(children_of(session, parent) if children is None else children)
    rows = _OFFERED_TO.rows(session, student_ids=children, parent_id=parent.id)
    return _views(session, rows, now)


def open_offers(session: Session, now: datetime) -> list[MatchView]:
    """Matches that nobody has answered, oldest first."""
    return _views(session, _OFFERED.rows(session), now)


def matches_of_tutor(session: Session, tutor: Person, now: datetime) -> list[MatchView]:
    """Accepted matches of a tutor, by the child's name."""
    found = _views(session, _OF_TUTOR.rows(session, tutor_id=tutor.id), now)
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
    rows = _LISTED.rows(
        session,
        statuses=list(statuses),
        name=contained(search.strip()),
        skipped=(page - 1) * A_PAGE,
    )
    found = _views(session, rows, now)
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


def _views(session: Session, rows: Sequence[Any], now: datetime) -> list[MatchView]:
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
    for row in _SLOTS.firsts(session, match_ids=match_ids):
        found[row.match_id].append(slot_of(row))
    return found


def _booked(session: Session, match_ids: Sequence[int], now: datetime) -> dict[int, Booked]:
    found: dict[int, Booked] = {}
    for row in _BOOKED.firsts(session, match_ids=match_ids, now=now):
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


def has_taught(session: Session, tutor_id: int, student_id: int, *, besides: int) -> bool:
    """Whether a tutor has a session with a child, over or to come, `besides` those of a match."""
    found = session.exec(
        select(Appointment.id)
        .where(
            Appointment.tutor_id == tutor_id,
            Appointment.student_id == student_id,
            col(Appointment.match_id).is_distinct_from(besides),
        )
        .limit(1)
    )
    return found.first() is not None


_answerer, _ender = aliased(Person), aliased(Person)
_NAMED: Any = (
    select(Match, Person, Student, _answerer.name, _ender.name)  # type: ignore[call-overload]
    .join(Person, col(Person.id) == Match.tutor_id)
    .join(Student, col(Student.id) == Match.student_id)
    .outerjoin(_answerer, col(_answerer.id) == Match.answered_by_id)
    .outerjoin(_ender, col(_ender.id) == Match.ended_by_id)
    .execution_options(populate_existing=True)
)
_IN_ORDER = _NAMED.order_by(col(Match.id))
_IS_OFFERED = text("match.status = 'offered'")
_ONE = Prepared(_NAMED.where(col(Match.id) == bindparam("match_id")))
_OFFERED = Prepared(_IN_ORDER.where(_IS_OFFERED))
_OFFERED_TO = Prepared(
    _IN_ORDER.where(
        _IS_OFFERED,
        col(Match.student_id).in_(bindparam("student_ids", type_=Integer, expanding=True)),
        col(Match.tutor_id) != bindparam("parent_id"),
    )
)
_OF_TUTOR = Prepared(
    _IN_ORDER.where(text("match.status = 'accepted'"), col(Match.tutor_id) == bindparam("tutor_id"))
)
_LISTED = Prepared(
    _NAMED.where(
        col(Match.status).in_(bindparam("statuses", expanding=True)),
        contains(Student.name, "name") | contains(Person.name, "name"),
    )
    .order_by(col(Match.id).desc())
    .limit(A_PAGE + 1)
    .offset(bindparam("skipped", type_=Integer))
)
_MATCHES = bindparam("match_ids", type_=Integer, expanding=True)
_SLOTS = Prepared(
    select(MatchSlot)
    .where(col(MatchSlot.match_id).in_(_MATCHES))
    .order_by(col(MatchSlot.weekday), col(MatchSlot.start_time), col(MatchSlot.id))
)
_BOOKED = Prepared(
    select(Appointment)
    .where(
        col(Appointment.match_id).in_(_MATCHES),
        text("appointment.status = 'scheduled'"),
        col(Appointment.starts_at) > bindparam("now"),
    )
    .order_by(col(Appointment.starts_at), col(Appointment.id))
)
