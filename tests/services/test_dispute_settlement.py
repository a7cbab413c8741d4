"""Coordinators claim and settle disputes (SPEC 2, 5)."""

from datetime import timedelta

import pytest

from models import Dispute, Person
from models.enums import Action, DisputeReason, DisputeStatus, MessageKind, Origin, Status
from services.approvals import acknowledge, verify
from services.db import Database
from services.disputes import claim, dispute, latest_dispute, return_to_parent, uphold
from services.rules.refusals import RefusalCode
from tests import builders
from tests.builders import NOW, acting
from tests.services.proofs import as_it_stands, every_row, outbox_rows, refused, trail
from tests.services.scenes import Scene, carry_out, scene

WHY = "Both sides heard"
LATER = NOW + timedelta(minutes=5)


async def open_dispute(database: Database, there: Scene) -> Dispute:
    """Grace's, of the session as it awaits an answer."""
    await carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    return await now_known(database, there)


async def now_known(database: Database, there: Scene) -> Dispute:
    async with database.reading() as session:
        found = await latest_dispute(session, there.id)
    assert found is not None
    return found


async def disputed(database: Database) -> tuple[Scene, Dispute]:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    return there, await open_dispute(database, there)


async def colleague(database: Database) -> Person:
    async with database.unit_of_work() as session:
        return await builders.coordinator(session, name="Farah Aziz")


async def test_a_claim_says_whose_it_is_and_leaves_the_status(database: Database) -> None:
    there, opened = await disputed(database)

    await carry_out(database, claim, opened.id, acting(there.coordinator, LATER))

    found = await now_known(database, there)
    assert (found.status, found.claimed_by_id, found.claimed_at) == (
        DisputeStatus.CLAIMED,
        there.coordinator.id,
        LATER,
    )
    assert (await as_it_stands(database, there.id)).status is Status.DISPUTED
    assert (await trail(database, there.id))[-1].action is Action.CLAIM


async def test_a_claim_repeated_changes_nothing(database: Database) -> None:
    there, opened = await disputed(database)
    await carry_out(database, claim, opened.id, acting(there.coordinator))
    after_once = await every_row(database)

    again = await carry_out(database, claim, opened.id, acting(there.coordinator, LATER))

    assert (again.repeated, again.at) == (True, NOW)
    assert await every_row(database) == after_once


async def test_what_one_coordinator_claimed_another_cannot_claim(database: Database) -> None:
    there, opened = await disputed(database)
    other = await colleague(database)
    await carry_out(database, claim, opened.id, acting(there.coordinator))

    with refused(
        RefusalCode.DISPUTE_CLAIMED, who="Priya Nair", actor_id=there.coordinator.id, at=NOW
    ):
        await carry_out(database, claim, opened.id, acting(other, LATER))


async def test_any_coordinator_may_settle_whoever_claimed_it_and_both_are_kept(
    database: Database,
) -> None:
    there, opened = await disputed(database)
    other = await colleague(database)
    await carry_out(database, claim, opened.id, acting(there.coordinator))

    await carry_out(database, uphold, opened.id, acting(other, LATER), WHY)

    found = await now_known(database, there)
    assert (found.claimed_by_id, found.settled_by_id) == (there.coordinator.id, other.id)
    assert (found.status, found.settled_at, found.settlement_reason) == (
        DisputeStatus.UPHELD,
        LATER,
        WHY,
    )


async def test_only_coordinators_in_our_records_touch_a_dispute(database: Database) -> None:
    there, opened = await disputed(database)

    for somebody in (there.tutor, there.grace):
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, claim, opened.id, acting(somebody))
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, uphold, opened.id, acting(somebody), WHY)
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, return_to_parent, opened.id, acting(somebody), WHY)


async def test_a_dispute_that_is_not_there_is_not_found(database: Database) -> None:
    there, opened = await disputed(database)

    with refused(RefusalCode.NOT_FOUND):
        await carry_out(database, claim, opened.id + 1000, acting(there.coordinator))


@pytest.mark.parametrize("nothing", ["", "  "])
async def test_settling_needs_a_reason(database: Database, nothing: str) -> None:
    there, opened = await disputed(database)
    actor = acting(there.coordinator)
    before = await every_row(database)

    with refused(RefusalCode.REASON_REQUIRED):
        await carry_out(database, verify, there.id, actor, nothing)
    with refused(RefusalCode.REASON_REQUIRED):
        await carry_out(database, uphold, opened.id, actor, nothing)
    with refused(RefusalCode.REASON_REQUIRED):
        await carry_out(database, return_to_parent, opened.id, actor, nothing)

    assert await every_row(database) == before


async def test_verifying_settles_the_dispute_as_verified(database: Database) -> None:
    there, _ = await disputed(database)

    await carry_out(database, verify, there.id, acting(there.coordinator, LATER), WHY)

    found = await now_known(database, there)
    assert (await as_it_stands(database, there.id)).status is Status.APPROVED
    assert (found.status, found.settled_by_id, found.settlement_reason) == (
        DisputeStatus.VERIFIED,
        there.coordinator.id,
        WHY,
    )


async def test_upheld_is_for_good(database: Database) -> None:
    there, opened = await disputed(database)
    other = await colleague(database)
    await carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)
    settled = {
        "who": "Priya Nair",
        "actor_id": there.coordinator.id,
        "status": DisputeStatus.UPHELD,
        "at": NOW,
    }
    before = await every_row(database)

    for somebody in (there.coordinator, other):
        with refused(RefusalCode.DISPUTE_SETTLED, **settled):
            await carry_out(database, verify, there.id, acting(somebody, LATER), WHY)
        with refused(RefusalCode.DISPUTE_SETTLED, **settled):
            await carry_out(database, return_to_parent, opened.id, acting(somebody, LATER), WHY)
        with refused(RefusalCode.DISPUTE_SETTLED, **settled):
            await carry_out(database, claim, opened.id, acting(somebody, LATER))
    with refused(RefusalCode.DISPUTE_SETTLED, **settled):
        await carry_out(database, uphold, opened.id, acting(other, LATER), WHY)
    with refused(RefusalCode.ACTED_FIRST, who="Priya Nair", action=Action.UPHOLD):
        await carry_out(database, acknowledge, there.id, acting(there.grace, LATER))

    assert await every_row(database) == before


async def test_upholding_repeated_changes_nothing(database: Database) -> None:
    there, opened = await disputed(database)
    await carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)
    after_once = await every_row(database)

    again = await carry_out(database, uphold, opened.id, acting(there.coordinator, LATER), WHY)

    assert (again.repeated, again.at) == (True, NOW)
    assert await every_row(database) == after_once


async def test_a_return_asks_the_parents_again_with_a_new_card(database: Database) -> None:
    there, opened = await disputed(database)

    await carry_out(database, return_to_parent, opened.id, acting(there.coordinator), WHY)

    cards = await outbox_rows(database, MessageKind.APPOINTMENT_CARD)
    asked = [card.person_id for card in cards if card.person_id != there.tutor.id]
    assert asked == [there.grace.id, there.daniel.id]
    assert (await now_known(database, there)).status is DisputeStatus.RETURNED
    assert (await as_it_stands(database, there.id)).status is Status.AWAITING_APPROVAL_PARENT


async def test_what_came_back_can_be_disputed_anew_with_evidence_of_its_own(
    database: Database,
) -> None:
    there, first = await disputed(database)
    await carry_out(database, return_to_parent, first.id, acting(there.coordinator), WHY)

    again = await carry_out(
        database, dispute, there.id, acting(there.grace, LATER), DisputeReason.OTHER, "Still wrong"
    )
    second = await now_known(database, there)

    assert not again.repeated
    assert second.id != first.id
    assert len(second.evidence["events"]) > len(first.evidence["events"])
    with refused(RefusalCode.DISPUTE_SETTLED, status=DisputeStatus.RETURNED):
        await carry_out(database, uphold, first.id, acting(there.coordinator, LATER), WHY)


async def test_a_native_dispute_without_attendance_is_not_verified(database: Database) -> None:
    there = await scene(database, Status.DISPUTED, origin=Origin.NATIVE, checked_out_at=None)

    with refused(RefusalCode.ATTENDANCE_MISSING):
        await carry_out(database, verify, there.id, acting(there.coordinator), WHY)


async def test_a_dispute_returned_while_the_reason_was_typed_is_not_verified(
    database: Database,
) -> None:
    there, opened = await disputed(database)
    other = await colleague(database)
    await carry_out(database, return_to_parent, opened.id, acting(other), WHY)

    with refused(RefusalCode.DISPUTE_SETTLED, actor_id=other.id, status=DisputeStatus.RETURNED):
        await carry_out(
            database, verify, there.id, acting(there.coordinator), WHY, dispute_id=opened.id
        )

    assert (await as_it_stands(database, there.id)).status is Status.AWAITING_APPROVAL_PARENT
