"""The demo agency's past, played through the use cases: every page has something to see."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from jobs.commands import begin_demo
from models import (
    Appointment,
    BillingMonth,
    Cancellation,
    Dispute,
    Holiday,
    Match,
    NotePart,
    OutboxMessage,
    PackageEntry,
    StatementMark,
    TutorLeave,
)
from models.enums import (
    DisputeStatus,
    EntryKind,
    LineKind,
    MatchStatus,
    MessageKind,
    PayMark,
    Side,
    Status,
    Why,
)
from sandbox import demo
from services.queries.packages import low_packages
from services.queries.statements import statements_of
from services.rules.billing import next_month
from services.rules.penalties import read_penalty_sheet
from tests.builders import ZONE
from tests.open_database import OpenDatabase
from tests.services.imports.runs import PRICED

STARTS = [
    datetime(2026, 11, 30, 1, 10, tzinfo=UTC),
    datetime(2026, 12, 31, 16, 30, tzinfo=UTC),
    datetime(2027, 3, 1, 3, 0, tzinfo=UTC),
]
"""The last day of a month, the first of a year in Singapore, and the day after February."""


async def begun(database: OpenDatabase, folder: Path, now: datetime) -> None:
    sheet = read_penalty_sheet(demo.write_penalty_sheet(folder).read_text(), PRICED.currency)
    await begin_demo(database, PRICED, demo, folder / "demo", sheet, now)


@pytest.mark.parametrize("now", STARTS, ids=str)
async def test_two_months_lie_behind_the_demo_agency_with_their_books(
    database: OpenDatabase, tmp_path: Path, now: datetime
) -> None:
    """Played once for all that is looked at: it takes longer than that."""
    await begun(database, tmp_path, now)

    require_all_sorts_of_events(database, now)
    require_a_closed_month_and_what_came_after(database, now)
    require_nothing_sent_of_what_was_written_then(database, now)


def require_all_sorts_of_events(database: OpenDatabase, now: datetime) -> None:
    with database.reading() as session:
        rows = session.exec(select(Appointment)).all()
        past = Counter(one.status for one in rows if one.starts_at < now)
        assert past.keys() == set(Status)
        assert past[Status.APPROVED] > 25
        assert now - min(one.starts_at for one in rows) > timedelta(days=57)
        disputes = {one.status for one in session.exec(select(Dispute)).all()}
        assert disputes == {DisputeStatus.VERIFIED, DisputeStatus.UPHELD, DisputeStatus.RETURNED}
        cancelled = session.exec(select(Cancellation)).all()
        assert {one.amount for one in cancelled} >= {0, 1400, 4000}
        assert sum(one.waived_at is not None for one in cancelled) == 1
        assert len({one.reason for one in cancelled}) >= 4
        assert {one.status for one in session.exec(select(Match)).all()} == {
            MatchStatus.ACCEPTED,
            MatchStatus.OFFERED,
            MatchStatus.DECLINED,
            MatchStatus.ENDED,
        }
        assert len(session.exec(select(NotePart)).all()) > 5
        today = now.astimezone(ZONE).date()
        for days in (
            [one.starts_on for one in session.exec(select(TutorLeave)).all()],
            [one.date for one in session.exec(select(Holiday)).all()],
        ):
            assert min(days) < today < max(days)


def require_a_closed_month_and_what_came_after(database: OpenDatabase, now: datetime) -> None:
    with database.reading() as session:
        [closed] = session.exec(select(BillingMonth)).all()
        month = next_month(closed.month)
        assert next_month(month) == now.astimezone(ZONE).date().replace(day=1)
        marks = {one.mark for one in session.exec(select(StatementMark)).all()}
        assert marks == {PayMark.PAID, PayMark.HELD_BACK}
        lines = [
            line
            for when in (closed.month, month)
            for one in statements_of(session, PRICED, when, now)
            for line in one.lines
        ]
        assert {line.kind for line in lines} >= {
            LineKind.REGULAR,
            LineKind.COVERED,
            LineKind.ADDON,
            LineKind.TRIAL,
            LineKind.PENALTY,
            LineKind.PACKAGE,
            LineKind.ADJUSTMENT,
        }
        assert {line.why for line in lines} >= {Why.LATE, Why.AGREED}
        assert {line.side for line in lines} == set(Side)
        low = low_packages(session, now)
        assert [(one.student.name, one.left) for one in low] == [("Ryan Lim", 1)]
        kinds = {one.kind for one in session.exec(select(PackageEntry)).all()}
        assert kinds == {EntryKind.PURCHASE, EntryKind.DEDUCTION, EntryKind.OWED}


def require_nothing_sent_of_what_was_written_then(database: OpenDatabase, now: datetime) -> None:
    with database.reading() as session:
        waiting = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    assert {one.created_at for one in waiting} == {now}
    assert Counter(one.kind for one in waiting)[MessageKind.MATCH_OFFERED] == 2


async def test_it_begins_once(database: OpenDatabase, tmp_path: Path) -> None:
    await begun(database, tmp_path, STARTS[0])
    with database.reading() as session:
        before = session.exec(select(Appointment.id)).all()
    await begun(database, tmp_path, STARTS[1])
    with database.reading() as session:
        assert session.exec(select(Appointment.id)).all() == before
