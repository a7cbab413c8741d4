"""Billing months for tests: sessions with a price, and the agency with a currency."""

from datetime import date, datetime, timedelta
from typing import Any

from models import BillingMonth
from models.enums import PriceUnit, Side
from services.billing.closing import close_month
from services.queries.statements import Statement, statement_of
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.billing.simulated import MONEYED
from tests.services.packages.scenes import approved, awaiting
from tests.services.scenes import Scene, carry_out

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
IN_OCTOBER = NOW - timedelta(days=30)
PRICED: dict[str, Any] = {"price": 8000, "pay": 5000, "price_unit": PriceUnit.HOUR}


def held(database: OpenDatabase, there: Scene, at: datetime, **over: Any) -> Scene:
    """A session of 90 minutes at 80 an hour, acknowledged."""
    return approved(database, there, at, **(PRICED | over))


def held_unanswered(database: OpenDatabase, there: Scene, at: datetime) -> Scene:
    return awaiting(database, there, at, **PRICED)


def close(database: OpenDatabase, there: Scene, month: date = OCTOBER) -> list[BillingMonth]:
    return carry_out(database, close_month, month, MONEYED, acting(there.coordinator))


def family(database: OpenDatabase, there: Scene, month: date = NOVEMBER) -> Statement:
    with database.reading() as session:
        found = statement_of(session, MONEYED, month, Side.FAMILY, there.student.id, NOW)
    assert found is not None
    return found


def tutors(database: OpenDatabase, there: Scene, month: date = NOVEMBER) -> Statement:
    with database.reading() as session:
        found = statement_of(session, MONEYED, month, Side.TUTOR, there.tutor.id, NOW)
    assert found is not None
    return found


def told(statement: Statement) -> list[tuple[str, int, int, int | None, str | None]]:
    """Kind, sessions, credits, amount and why of each line."""
    return [
        (line.kind.value, line.sessions, line.credits, line.amount, line.why and line.why.value)
        for line in statement.lines
    ]
