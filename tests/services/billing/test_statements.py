"""What stands on statements, and what comes after a month is closed (SPEC 7)."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from locales.billing import table_of, told_statement
from models import BillingMonth, Dispute, Guardianship
from models.enums import (
    DisputeReason,
    EntryKind,
    Kind,
    PayMark,
    PriceUnit,
    Role,
    Side,
)
from services.approvals.approvals import acknowledge
from services.approvals.disputes import dispute, uphold
from services.billing.closing import close_month
from services.billing.entries import enter_amount, mark_pay, newest_mark
from services.db import Session
from services.packages.corrections import reverse
from services.packages.purchases import Purchase, buy
from services.queries.statements import statement_of, statements_of
from services.rules.billing import Totals, totals
from services.rules.penalties import Guidance
from services.rules.refusals.billing import AlreadyMarked, MonthClosed, MonthNotOver
from services.rules.refusals.packages import AmountNotRead, NoCurrency
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from services.sessions.cancellations import cancel_for
from services.sessions.waivers import waive_penalty
from services.spreadsheets import to_csv, to_xlsx
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.locales.readers import reader
from tests.open_database import OpenDatabase
from tests.services.billing.scenes import (
    IN_OCTOBER,
    NOVEMBER,
    OCTOBER,
    close,
    family,
    held,
    held_unanswered,
    told,
    tutors,
)
from tests.services.billing.simulated import MONEYED, Agency
from tests.services.packages.scenes import entries
from tests.services.proofs import every_row, refused
from tests.services.scenes import Scene, another_session, carry_out, scene

WHY = "Agreed by phone"
DAY = timedelta(days=1)


def bought(database: OpenDatabase, there: Scene, sessions: int = 5) -> None:
    purchase = Purchase(there.student.id, sessions, NOVEMBER, None, 32000)
    carry_out(database, buy, purchase, MONEYED, acting(there.coordinator))


def test_each_kind_of_session_stands_on_both_statements(database: OpenDatabase) -> None:
    there = scene(database)
    held(database, there, NOW - 4 * DAY)
    bought(database, there, 1)  # takes up what was owed
    held(database, there, NOW - 3 * DAY)
    held(database, there, NOW - 2 * DAY, kind=Kind.ADHOC, billed_as_addon=1)
    held(database, there, NOW - DAY, kind=Kind.TRIAL, price_unit=PriceUnit.SESSION)
    held_unanswered(database, there, NOW - 5 * DAY)

    assert told(family(database, there)) == [
        ("regular", 1, 0, 12000, None),
        ("covered", 1, 1, None, None),
        ("addon", 1, 0, 12000, None),
        ("trial", 1, 0, 8000, None),
        ("package", 0, 0, 32000, None),
        ("awaiting", 0, 0, None, None),
    ]
    assert told(tutors(database, there)) == [
        ("regular", 1, 0, 7500, None),
        ("regular", 1, 0, 7500, None),
        ("addon", 1, 0, 7500, None),
        ("trial", 1, 0, 5000, None),
        ("awaiting", 0, 0, None, None),
    ]
    assert totals(family(database, there).lines) == Totals(4, 360, 1, 64000, 0)


def test_penalties_are_charged_to_their_side_until_they_are_waived(database: OpenDatabase) -> None:
    there = scene(database)
    priya = acting(there.coordinator)
    for side, amount in ((Role.PARENT, 4000), (Role.TUTOR, 2500)):
        lost = another_session(database, there, starts_at=NOW + DAY)
        carry_out(database, cancel_for, lost.id, priya, side, WHY, Guidance("Half", "", amount))
    assert told(family(database, there)) == [("penalty", 0, 0, 4000, None)]
    assert told(tutors(database, there)) == [("penalty", 0, 0, -2500, None)]

    carry_out(database, waive_penalty, lost.id, priya, WHY)

    with database.reading() as session:
        month = NOVEMBER
        assert statement_of(session, MONEYED, month, Side.TUTOR, there.tutor.id, NOW) is None


def test_without_a_currency_only_sessions_and_hours_are_counted(database: OpenDatabase) -> None:
    there = scene(database)
    held(database, there, NOW - DAY, price=None, pay=None, price_unit=None)

    with database.reading() as session:
        [families, pay] = statements_of(session, AGENCY, NOVEMBER, NOW)

    for one in (families, pay):
        words = told_statement(reader(), one)
        assert (words.length, words.amount, words.unpriced) == ("1 session, 1 h 30 min", "", "")


def test_what_is_approved_after_a_month_is_closed_comes_into_the_next(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    held(database, there, IN_OCTOBER)
    late = held_unanswered(database, there, IN_OCTOBER + DAY)
    close(database, there)
    october = family(database, there, OCTOBER).lines

    carry_out(database, acknowledge, late.id, acting(there.grace))

    assert told(family(database, there)) == [("adjustment", 1, 0, 12000, "late")]
    assert told(tutors(database, there)) == [("adjustment", 1, 0, 7500, "late")]
    assert family(database, there).lines[0].subject_of.appointment_id == late.id
    assert family(database, there, OCTOBER).lines == october
    assert [line.kind.value for line in october] == ["regular", "awaiting"]


def test_an_upheld_dispute_is_listed_no_more_and_never_billed(database: OpenDatabase) -> None:
    there = held_unanswered(database, scene(database), NOW - DAY)
    carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    assert told(family(database, there)) == [("disputed", 0, 0, None, None)]
    with database.reading() as session:
        opened = session.exec(select(Dispute)).one()
    carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)

    with database.reading() as session:
        assert statements_of(session, MONEYED, NOVEMBER, NOW) == []


def test_a_reversed_credit_and_a_reversed_package_adjust_the_next_month(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    october = acting(there.coordinator, IN_OCTOBER)
    purchase = Purchase(there.student.id, 5, OCTOBER, None, 32000)
    carry_out(database, buy, purchase, MONEYED, october)
    held(database, there, IN_OCTOBER)
    close(database, there)
    by_kind = {one.kind: one.id for one in entries(database)}

    priya = acting(there.coordinator)
    carry_out(database, reverse, by_kind[EntryKind.DEDUCTION], WHY, priya)
    carry_out(database, reverse, by_kind[EntryKind.PURCHASE], "Paid twice", priya)

    assert sorted(told(family(database, there)), key=str) == [
        ("adjustment", 0, -1, 12000, "uncovered"),
        ("adjustment", 0, 0, -32000, "reversed"),
    ]
    assert {line.reason for line in family(database, there).lines} == {WHY, "Paid twice"}


def test_what_a_closed_statement_has_billed_no_later_package_takes_up(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    held(database, there, IN_OCTOBER)
    unpriced = held(database, there, IN_OCTOBER + DAY, price=None, pay=None, price_unit=None)
    close(database, there)

    bought(database, there)

    taken = [one.appointment_id for one in entries(database, EntryKind.DEDUCTION)]
    assert taken == [unpriced.id]
    kinds = [("package", 0, 0, 32000, None), ("adjustment", 0, 1, None, "covered")]
    assert told(family(database, there)) == kinds


def test_an_amount_with_a_reason_and_a_waiver_after_closing(database: OpenDatabase) -> None:
    there = scene(database)
    priya, october = acting(there.coordinator), acting(there.coordinator, IN_OCTOBER)
    lost = another_session(database, there, starts_at=IN_OCTOBER + DAY)
    shown = Guidance("Half", "", 4000)
    carry_out(database, cancel_for, lost.id, october, Role.PARENT, WHY, shown)
    close(database, there)

    carry_out(database, waive_penalty, lost.id, priya, WHY)
    child = there.student.id
    carry_out(database, enter_amount, Side.FAMILY, child, -500, "A gift", MONEYED, priya)

    assert told(family(database, there)) == [
        ("adjustment", 0, 0, -4000, "waived"),
        ("adjustment", 0, 0, -500, "agreed"),
    ]
    assert [line.reason for line in family(database, there).lines] == [WHY, "A gift"]
    with refused(NoCurrency):
        carry_out(database, enter_amount, Side.FAMILY, child, 1, WHY, AGENCY, priya)
    with refused(AmountNotRead):
        carry_out(database, enter_amount, Side.FAMILY, child, 0, WHY, MONEYED, priya)
    with refused(ReasonRequired):
        carry_out(database, enter_amount, Side.TUTOR, there.tutor.id, 1, " ", MONEYED, priya)
    with refused(NotFound):
        carry_out(database, enter_amount, Side.FAMILY, child + 99, 1, WHY, MONEYED, priya)


def test_a_month_is_closed_once_when_it_is_over_and_earlier_ones_before_it(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    held(database, there, NOW - 60 * DAY)
    held(database, there, IN_OCTOBER)

    with refused(MonthNotOver, month=NOVEMBER):
        close(database, there, NOVEMBER)
    closed = close(database, there)
    before = every_row(database)
    with refused(MonthClosed, month=OCTOBER):
        close(database, there)
    with refused(NotCoordinator):
        carry_out(database, close_month, OCTOBER, MONEYED, acting(there.tutor))

    assert [one.month for one in closed] == [date(2026, 9, 1), OCTOBER]
    assert every_row(database) == before


def test_children_with_the_same_parents_share_a_statement_others_do_not(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        ryan = builders.student(session, [there.grace, there.daniel], name="Ryan Lim")
        mia = builders.student(session, [there.grace], name="Mia Lim")
    for child in (there.student, ryan, mia):
        held(database, there, NOW - DAY, student=child)

    with database.reading() as session:
        names = [
            one.name
            for one in statements_of(session, MONEYED, NOVEMBER, NOW)
            if one.side is Side.FAMILY
        ]
    assert names == ["Emily Lim, Ryan Lim", "Mia Lim"]
    close_names = [line.child for line in family(database, there).lines]
    assert sorted(close_names) == ["Emily Lim", "Ryan Lim"]


def test_a_tutors_pay_is_held_back_with_a_reason_released_and_paid(database: OpenDatabase) -> None:
    there = scene(database)
    held(database, there, IN_OCTOBER)
    close(database, there)
    statement_id = tutors(database, there, OCTOBER).id or 0
    priya = acting(there.coordinator)
    before = tutors(database, there, OCTOBER)

    with refused(ReasonRequired):
        carry_out(database, mark_pay, statement_id, PayMark.HELD_BACK, "", priya)
    with refused(AlreadyMarked):
        carry_out(database, mark_pay, statement_id, PayMark.RELEASED, "", priya)
    for mark in (PayMark.HELD_BACK, PayMark.RELEASED, PayMark.PAID):
        carry_out(database, mark_pay, statement_id, mark, WHY, priya)
    with refused(NotFound):
        families = family(database, there, OCTOBER).id or 0
        carry_out(database, mark_pay, families, PayMark.PAID, "", priya)

    with database.reading() as session:
        newest = newest_mark(session, statement_id)
    assert newest is not None
    assert newest.mark is PayMark.PAID
    assert tutors(database, there, OCTOBER) == before


@pytest.mark.parametrize("table", ["billing_line", "billing_statement", "billing_month"])
def test_the_database_refuses_to_change_a_closed_month(database: OpenDatabase, table: str) -> None:
    there = scene(database)
    held(database, there, IN_OCTOBER)
    close(database, there)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1"):
        with pytest.raises(DBAPIError), database.unit_of_work() as session:
            session.execute(text(statement))


def printed(session: Session, month: date) -> list[bytes]:
    """The month as CSV and XLSX, each statement and all of them."""
    statements = statements_of(session, MONEYED, month, NOW)
    tables = [table_of(reader(), [one]) for one in statements]
    tables.append(table_of(reader(), statements))
    return [made for rows in tables for made in (to_csv(rows), to_xlsx([("Statement", rows)]))]


def test_a_closed_month_prints_the_same_after_a_hundred_later_events(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        agency = Agency(session, Random(7))
        while not (months := session.exec(select(BillingMonth)).all()):
            agency.step()
        month = months[0].month
        before = printed(session, month)
        tutor, child = agency.tutors[0], agency.children[0]
        happened = [agency.step() for _ in range(100)]
        tutor.name, child.name = "Another Name", "Renamed"
        session.add(Guardianship(person_id=agency.parents[1].id, student_id=child.id))
        session.flush()

        assert {"held", "acknowledged", "bought", "reversed_entry"} <= set(happened)
        assert len(before) > 4
        assert printed(session, month) == before
