"""What takes a credit, once, and what is owed (SPEC 7)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from models import Dispute, PackageEntry
from models.enums import DisputeReason, EntryKind, Kind, MessageKind, Origin, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import dispute, uphold
from services.packages.alerts import next_expiring, tell_expiring
from services.packages.corrections import adjust, reverse
from services.packages.purchases import Purchase, buy
from services.queries.packages import left_uncovered, low_packages
from services.rules.refusals.packages import (
    AdjustmentNotPossible,
    AlreadyReversed,
    EntryNotReversible,
    ExpiresBeforeStart,
    NoCurrency,
    SessionsNotPossible,
)
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from tests import builders
from tests.builders import AGENCY, NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.packages.scenes import (
    approved,
    awaiting,
    bought,
    charged,
    entries,
    left,
    owed,
)
from tests.services.proofs import every_row, recipients, refused
from tests.services.scenes import carry_out, scene

WHY = "Agreed by phone"
LAST = date(2026, 11, 24)
"""The last day of a package that expires the day before NOW."""
ITS_END = datetime(2026, 11, 25, tzinfo=ZONE)


def test_an_approval_takes_one_credit_of_the_oldest_package(database: OpenDatabase) -> None:
    there = scene(database)
    newer = bought(database, there, starts_on=date(2026, 11, 20))
    older = bought(database, there, 1)

    first = approved(database, there)
    second = awaiting(database, there)
    carry_out(database, verify, second.id, acting(there.coordinator), WHY)

    assert charged(database) == [(first.id, older.id), (second.id, newer.id)]
    assert (left(database, older), left(database, newer)) == (0, 9)
    assert entries(database)[-1].actor_id == there.coordinator.id


@pytest.mark.parametrize(
    "over",
    [
        {"kind": Kind.TRIAL},
        {"kind": Kind.ADHOC, "billed_as_addon": 1},
        {"origin": Origin.IMPORTED},
    ],
    ids=["trial", "add-on", "imported"],
)
def test_trials_add_ons_and_imported_sessions_take_nothing(
    database: OpenDatabase, over: dict[str, Any]
) -> None:
    there = scene(database)
    package = bought(database, there)

    approved(database, there, **over)

    assert [one.kind for one in entries(database)] == [EntryKind.PURCHASE]
    assert left(database, package) == 10


def test_a_repeated_approval_takes_no_second_credit(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there)
    held = approved(database, there)

    assert carry_out(database, acknowledge, held.id, acting(there.grace)).repeated

    assert left(database, package) == 9


def test_an_upheld_dispute_takes_nothing(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    bought(database, there)
    carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    with database.reading() as session:
        opened = session.exec(select(Dispute)).one()
    carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)

    assert entries(database, EntryKind.DEDUCTION, EntryKind.OWED) == []


def test_without_a_package_a_session_is_owed_and_a_later_one_takes_it_up(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    sooner, later = NOW - timedelta(days=2), NOW - timedelta(days=1)
    second = approved(database, there, later)
    first = approved(database, there, sooner)
    third = approved(database, there, NOW - timedelta(hours=3))
    assert owed(database) == [second.id, first.id, third.id]

    package = bought(database, there, 2)

    assert charged(database) == [(first.id, package.id), (second.id, package.id)]
    assert left(database, package) == 0
    more = bought(database, there, 2)
    assert charged(database)[2:] == [(third.id, more.id)]


def test_another_childs_package_covers_nothing(database: OpenDatabase) -> None:
    there, neighbours = scene(database), scene(database)
    package = bought(database, neighbours)

    held = approved(database, there)

    assert owed(database) == [held.id]
    assert left(database, package) == 10


@pytest.mark.parametrize(
    ("starts_at", "is_covered"),
    [
        (ITS_END - timedelta(minutes=1), True),
        (ITS_END, False),
        (ITS_END - timedelta(days=60), True),
    ],
    ids=["on the last day", "the day after", "before its first day"],
)
def test_expiry_is_judged_by_the_sessions_own_date_and_not_by_a_sweep(
    database: OpenDatabase, starts_at: datetime, is_covered: bool
) -> None:
    """No sweep has run: the credit is unswept in one case, and the approval late in the other."""
    there = scene(database)
    package = bought(database, there, expires_on=LAST)

    held = approved(database, there, starts_at)

    assert charged(database) == ([(held.id, package.id)] if is_covered else [])
    assert owed(database) == ([] if is_covered else [held.id])


def test_what_an_expired_package_cannot_take_up_the_next_one_does(database: OpenDatabase) -> None:
    there = scene(database)
    after, before = (
        approved(database, there, ITS_END),
        approved(database, there, ITS_END - timedelta(days=1)),
    )

    expired = bought(database, there, expires_on=LAST)

    assert charged(database) == [(before.id, expired.id)]
    fresh = bought(database, there, starts_on=date(2026, 11, 25))
    assert charged(database)[1:] == [(after.id, fresh.id)]


def test_under_a_fifth_parents_and_coordinators_are_told_once(database: OpenDatabase) -> None:
    there = scene(database)
    bought(database, there, 10)
    everybody = [there.grace.id, there.daniel.id, None]
    for _ in range(8):
        approved(database, there)
    assert recipients(database, MessageKind.PACKAGE_LOW) == []  # two of ten are a fifth

    approved(database, there)
    assert recipients(database, MessageKind.PACKAGE_LOW) == everybody
    approved(database, there)
    assert recipients(database, MessageKind.PACKAGE_LOW) == everybody


def test_coordinators_hear_of_an_expiry_fourteen_days_before_once(database: OpenDatabase) -> None:
    there = scene(database)
    last = date(2026, 12, 20)
    bought(database, there, expires_on=last)
    used = bought(database, there, 1, starts_on=date(2026, 10, 1), expires_on=last)
    approved(database, there)
    assert left(database, used) == 0
    due = datetime(2026, 12, 6, 7, tzinfo=ZONE)

    with database.reading() as session:
        assert next_expiring(session, AGENCY, NOW) == due
    carry_out(database, tell_expiring, AGENCY, due - timedelta(seconds=1))
    assert recipients(database, MessageKind.PACKAGE_EXPIRES) == []
    for _ in range(2):
        carry_out(database, tell_expiring, AGENCY, due)

    assert recipients(database, MessageKind.PACKAGE_EXPIRES) == [None]
    with database.reading() as session:
        assert next_expiring(session, AGENCY, due) is None


def test_a_balance_may_go_below_zero(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there, 2)
    approved(database, there)
    purchase = entries(database, EntryKind.PURCHASE)[0]

    carry_out(database, reverse, purchase.id, WHY, acting(there.coordinator))

    assert left(database, package) == -1
    assert approved(database, there).id in owed(database)
    carry_out(database, adjust, package.id, -3, WHY, acting(there.coordinator))
    assert left(database, package) == -4


def test_sessions_that_a_reversed_purchase_leaves_without_a_credit_lose_theirs_if_asked(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    package = bought(database, there, 3)
    first, second = approved(database, there), approved(database, there)
    purchase = entries(database, EntryKind.PURCHASE)[0]
    carry_out(database, adjust, package.id, 1, WHY, acting(there.coordinator))

    for _ in range(2):
        carry_out(
            database, reverse, purchase.id, WHY, acting(there.coordinator), with_sessions=True
        )

    undone = [(one.appointment_id, one.sessions) for one in entries(database, EntryKind.REVERSAL)]
    assert undone == [(None, -3), (second.id, 1)], "the credit that was given pays for the first"
    assert charged(database) == [(first.id, package.id), (second.id, package.id)]
    assert left(database, package) == 0


def test_only_what_cannot_be_paid_for_is_left_uncovered(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there, 2)
    taken = [approved(database, there).id for _ in range(2)]
    carry_out(database, adjust, package.id, -1, WHY, acting(there.coordinator))
    purchase, deduction, _, adjustment = entries(database)

    def uncovered(entry: PackageEntry) -> list[int | None]:
        with database.reading() as session:
            return [one.entry.appointment_id for one in left_uncovered(session, entry)]

    assert uncovered(purchase) == taken[::-1]
    assert uncovered(deduction) == uncovered(adjustment) == []
    carry_out(database, adjust, package.id, 4, WHY, acting(there.coordinator))
    assert uncovered(entries(database)[-1]) == taken[1:]
    assert uncovered(purchase) == []


def test_a_package_whose_purchase_is_reversed_is_not_low(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there, 1)
    approved(database, there)
    with database.reading() as session:
        assert [one.id for one in low_packages(session, NOW)] == [package.id]

    purchase = entries(database, EntryKind.PURCHASE)[0]
    carry_out(database, reverse, purchase.id, WHY, acting(there.coordinator))

    with database.reading() as session:
        assert low_packages(session, NOW) == []


def test_an_entry_is_reversed_once(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there)
    held = approved(database, there)
    [deduction] = entries(database, EntryKind.DEDUCTION)
    with database.unit_of_work() as session:
        farah = builders.coordinator(session, name="Farah Aziz")

    first = carry_out(database, reverse, deduction.id, WHY, acting(there.coordinator))
    again = carry_out(database, reverse, deduction.id, WHY, acting(there.coordinator))
    with refused(AlreadyReversed, who="Priya Nair", actor_id=there.coordinator.id, at=NOW):
        carry_out(database, reverse, deduction.id, WHY, acting(farah))

    assert first.id == again.id
    assert (first.reverses_id, first.appointment_id, first.sessions) == (deduction.id, held.id, 1)
    assert left(database, package) == 10
    with refused(EntryNotReversible):
        carry_out(database, reverse, first.id, WHY, acting(there.coordinator))


def test_a_session_whose_deduction_is_reversed_takes_no_credit_again(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    package = bought(database, there, 1)
    held, waiting = approved(database, there), approved(database, there)
    [deduction] = entries(database, EntryKind.DEDUCTION)

    carry_out(database, reverse, deduction.id, WHY, acting(there.coordinator))

    assert charged(database) == [(held.id, package.id), (waiting.id, package.id)]
    assert left(database, package) == 0


def test_credits_that_are_added_take_up_what_is_owed(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there, 1)
    approved(database, there)
    waiting = approved(database, there)

    carry_out(database, adjust, package.id, 2, WHY, acting(there.coordinator))

    assert charged(database)[1:] == [(waiting.id, package.id)]
    assert left(database, package) == 1


def test_what_cannot_be_is_refused_and_changes_nothing(database: OpenDatabase) -> None:
    there = scene(database)
    package = bought(database, there)
    priya, before = acting(there.coordinator), every_row(database)
    child, day = there.student.id, date(2026, 11, 1)

    for kind, purchase in (
        (SessionsNotPossible, Purchase(child, 0, day)),
        (SessionsNotPossible, Purchase(child, 1001, day)),
        (ExpiresBeforeStart, Purchase(child, 5, day, date(2026, 10, 31))),
        (NoCurrency, Purchase(child, 5, day, price=100)),
        (NotFound, Purchase(child + 99, 5, day)),
    ):
        with refused(kind):
            carry_out(database, buy, purchase, AGENCY, priya)
    with refused(NotCoordinator):
        carry_out(database, buy, Purchase(child, 5, day), AGENCY, acting(there.grace))
    for sessions in (0, 1001, -1001):
        with refused(AdjustmentNotPossible):
            carry_out(database, adjust, package.id, sessions, WHY, priya)
    with refused(ReasonRequired):
        carry_out(database, adjust, package.id, 1, " ", priya)
    with refused(NotCoordinator):
        carry_out(database, reverse, 1, WHY, acting(there.tutor))

    assert every_row(database) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE package_entry SET sessions = 99",
        "DELETE FROM package_entry",
        (
            "INSERT INTO package_entry "
            "(package_id, student_id, kind, sessions, appointment_id, at) "
            "SELECT package_id, student_id, kind, sessions, appointment_id, at FROM package_entry "
            "WHERE kind = 'deduction'"
        ),
    ],
    ids=["no change", "no deletion", "no second deduction"],
)
def test_the_database_guards_the_ledger(database: OpenDatabase, statement: str) -> None:
    there = scene(database)
    bought(database, there)
    approved(database, there)
    before = every_row(database)

    with pytest.raises(DBAPIError), database.unit_of_work() as session:
        session.execute(text(statement))

    assert every_row(database) == before
