"""Credits that were moved, penalties of nothing, and prices of extra sessions (SPEC 7)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select

from locales.billing import table_of, told_statement
from models import Appointment
from models.enums import Action, Kind, LineKind, PriceUnit, Role, Why
from services.approvals.approvals import acknowledge
from services.billing.closing import close_month
from services.billing.prices import SessionPrice, price_to_set, set_price
from services.packages.corrections import adjust, reverse
from services.packages.purchases import Purchase, buy
from services.queries.statements import statements_of
from services.rules.billing import totals
from services.rules.penalties import Guidance
from services.rules.refusals.billing import MonthClosed
from services.rules.refusals.packages import AmountNotRead, NoCurrency
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from services.sessions.cancellations import cancel_for
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
from tests.services.billing.simulated import MONEYED
from tests.services.proofs import every_row, refused, trail
from tests.services.scenes import Scene, another_session, carry_out, scene

WHY = "Agreed by phone"
DAY = timedelta(days=1)
AGREED = SessionPrice(9000, 4500, PriceUnit.SESSION)


def test_credits_that_were_given_and_taken_back_later_adjust_the_next_month(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    october, priya = acting(there.coordinator, IN_OCTOBER), acting(there.coordinator)
    bought = carry_out(
        database, buy, Purchase(there.student.id, 5, OCTOBER, None, 32000), MONEYED, october
    )
    given = carry_out(database, adjust, bought.id, 2, "A gift", october)
    close(database, there)
    before = family(database, there, OCTOBER).lines

    carry_out(database, reverse, given.id, "The wrong family", priya)
    carry_out(database, adjust, bought.id, -1, "By mistake", priya)

    lines = family(database, there).lines
    assert [(line.subject, line.why, line.reason) for line in lines] == [
        ("-2", Why.REVERSED, "The wrong family"),
        ("-1", Why.AGREED, "By mistake"),
    ]
    assert {line.kind for line in lines} == {LineKind.ADJUSTMENT}
    assert family(database, there, OCTOBER).lines == before
    with database.unit_of_work() as session:
        later = acting(there.coordinator, NOW + timedelta(days=30))
        close_month(session, NOVEMBER, MONEYED, later)
        december = date(2026, 12, 1)
        assert statements_of(session, MONEYED, december, later.now) == []


def test_a_penalty_of_nothing_is_no_line(database: OpenDatabase) -> None:
    there = another_session(database, scene(database), starts_at=NOW + DAY)
    priya = acting(there.coordinator)
    carry_out(database, cancel_for, there.id, priya, Role.PARENT, WHY, Guidance("None", "", 0))
    with database.reading() as session:
        assert statements_of(session, MONEYED, NOVEMBER, NOW) == []


def test_a_statement_comes_to_the_sum_of_its_rounded_lines_to_the_cent(
    database: OpenDatabase,
) -> None:
    """Three times 80.625 is 241.875, but three lines of 80.63 are 241.89."""
    there = scene(database)
    hour = {"price": 6450, "pay": 4825, "minutes": 75}
    for days in (1, 2, 3):
        held(database, there, NOW - days * DAY, **hour)
    for statement, line, total in (
        (family(database, there), 8063, 24189),
        (tutors(database, there), 6031, 18093),
    ):
        assert [one.amount for one in statement.lines] == [line] * 3
        assert totals(statement.lines).amount == total
        words = told_statement(reader(), statement)
        shown = [one.amount for section in words.sections for one in section.lines]
        assert [one.rpartition("\N{NO-BREAK SPACE}")[2] for one in (*shown, words.amount)] == [
            *[f"{line / 100:.2f}"] * 3,
            f"{total / 100:.2f}",
        ]
        table = table_of(reader(), [statement])
        assert [row[-1] for row in table[1:]] == [*[Decimal(line) / 100] * 3, Decimal(total) / 100]


def extra(database: OpenDatabase, there: Scene, at: Any) -> Scene:
    return held(database, there, at, kind=Kind.ADHOC, billed_as_addon=1)


def set_for(database: OpenDatabase, there: Scene, wanted: SessionPrice = AGREED) -> Appointment:
    return carry_out(database, set_price, there.id, wanted, MONEYED, acting(there.coordinator))


def test_an_extra_session_has_a_price_of_its_own_where_a_coordinator_sets_one(
    database: OpenDatabase,
) -> None:
    there = extra(database, scene(database), NOW - DAY)
    assert told(family(database, there)) == [("addon", 1, 0, 12000, None)]

    set_for(database, there)
    before = every_row(database)
    set_for(database, there)

    assert every_row(database) == before
    assert told(family(database, there)) == [("addon", 1, 0, 9000, None)]
    assert told(tutors(database, there)) == [("addon", 1, 0, 4500, None)]
    [event] = [one for one in trail(database, there.id) if one.action is Action.SET_PRICE]
    assert (event.details or {})["price"] == 8000
    assert (event.details or {})["new_price"] == 9000

    set_for(database, there, SessionPrice(None, None, PriceUnit.HOUR))
    assert told(family(database, there)) == [("addon", 1, 0, None, None)]


def test_a_price_can_be_set_before_the_parents_answer(database: OpenDatabase) -> None:
    there = held_unanswered(database, scene(database), NOW - DAY)
    with database.unit_of_work() as session:
        row = session.exec(select(Appointment).where(Appointment.id == there.id)).one()
        row.kind, row.billed_as_addon = Kind.ADHOC, 1
    set_for(database, there)
    carry_out(database, acknowledge, there.id, acting(there.grace))
    assert told(family(database, there)) == [("addon", 1, 0, 9000, None)]


def test_a_price_is_set_by_coordinators_for_extra_sessions_of_open_months_only(
    database: OpenDatabase,
) -> None:
    there = extra(database, scene(database), IN_OCTOBER)
    regular = held(database, there, IN_OCTOBER + DAY)
    priya = acting(there.coordinator)
    before = every_row(database)

    with refused(NotCoordinator):
        carry_out(database, set_price, there.id, AGREED, MONEYED, acting(there.tutor))
    with refused(NotFound):
        carry_out(database, set_price, regular.id, AGREED, MONEYED, priya)
    with refused(NoCurrency):
        carry_out(database, set_price, there.id, AGREED, AGENCY, priya)
    with refused(AmountNotRead):
        set_for(database, there, SessionPrice(-1, None, PriceUnit.HOUR))
    assert every_row(database) == before

    close(database, there)
    with refused(MonthClosed, month=OCTOBER):
        set_for(database, there)
    with refused(MonthClosed, month=OCTOBER):
        carry_out(database, price_to_set, there.id, MONEYED, priya)
