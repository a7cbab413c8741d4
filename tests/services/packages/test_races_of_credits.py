"""Two at once on one child's credits: none is taken twice, none is lost (SPEC 7)."""

import asyncio
from datetime import date, datetime

from models.enums import EntryKind
from services.approvals.approvals import acknowledge
from services.packages.alerts import tell_expiring
from services.packages.corrections import reverse
from services.packages.purchases import Purchase, buy
from services.rules.refusals.packages import AlreadyReversed
from tests import builders
from tests.builders import AGENCY, ZONE, acting
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
from tests.services.scenes import scene

ROUNDS = 8
WHY = "Entered by mistake"


async def test_two_approvals_of_the_last_credit(database: OpenDatabase) -> None:
    for _ in range(ROUNDS):
        there = scene(database)
        package = bought(database, there, 1)
        one, other = awaiting(database, there), awaiting(database, there)
        seen = len(owed(database))

        await asyncio.gather(
            database.write(acknowledge, one.id, acting(there.grace)),
            database.write(acknowledge, other.id, acting(there.daniel)),
        )

        [(taken, of)] = [pair for pair in charged(database) if pair[1] == package.id]
        assert of == package.id
        assert {taken, *owed(database)[seen:]} == {one.id, other.id}
        assert left(database, package) == 0


async def test_an_approval_and_a_purchase_at_the_same_instant(database: OpenDatabase) -> None:
    """Whichever is first: the session ends up with a credit, and is not left owed beside one."""
    for _ in range(ROUNDS):
        there = scene(database)
        held = awaiting(database, there)
        purchase = Purchase(there.student.id, 5, date(2026, 11, 1))

        _, package = await asyncio.gather(
            database.write(acknowledge, held.id, acting(there.grace)),
            database.write(buy, purchase, AGENCY, acting(there.coordinator)),
        )

        assert (held.id, package.id) in charged(database)
        assert left(database, package) == 4


async def test_two_coordinators_reverse_one_entry(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        farah = builders.coordinator(session, name="Farah Aziz")
    for _ in range(ROUNDS):
        package = bought(database, there, 1)
        approved(database, there)
        entry = entries(database, EntryKind.DEDUCTION)[-1]

        results = await asyncio.gather(
            database.write(reverse, entry.id, WHY, acting(there.coordinator)),
            database.write(reverse, entry.id, WHY, acting(farah)),
            return_exceptions=True,
        )

        assert sum(isinstance(one, AlreadyReversed) for one in results) == 1
        assert left(database, package) == 1
        assert (await database.write(reverse, entry.id - 1, WHY, acting(farah))).sessions == -1


async def test_an_expiry_that_is_told_while_the_last_credit_is_taken(
    database: OpenDatabase,
) -> None:
    due = datetime(2026, 12, 6, 7, tzinfo=ZONE)
    for _ in range(ROUNDS):
        there = scene(database)
        package = bought(database, there, 1, expires_on=date(2026, 12, 20))
        held = awaiting(database, there)

        await asyncio.gather(
            database.write(acknowledge, held.id, acting(there.grace, due)),
            database.write(tell_expiring, AGENCY, due),
            database.write(tell_expiring, AGENCY, due),
        )

        assert (held.id, package.id) in charged(database)
