"""Coordinators claim and settle disputes (SPEC 2, 5)."""

from datetime import timedelta

import pytest

from models import Dispute, Person
from models.enums import Action, DisputeReason, DisputeStatus, MessageKind, Origin, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import claim, dispute, latest_dispute, return_to_parent, uphold
from services.rules.refusals.attendance import AttendanceMissing
from services.rules.refusals.sessions import ActedFirst, DisputeClaimed, DisputeSettled, NotFound
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows, refused, trail
from tests.services.scenes import Scene, carry_out, scene

WHY = "Both sides heard"
LATER = NOW + timedelta(minutes=5)


def open_dispute(database: OpenDatabase, there: Scene) -> Dispute:
    """Grace's, of the session as it awaits an answer."""
    carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    return now_known(database, there)


def now_known(database: OpenDatabase, there: Scene) -> Dispute:
    with database.reading() as session:
        found = latest_dispute(session, there.id)
    assert found is not None
    return found


def disputed(database: OpenDatabase) -> tuple[Scene, Dispute]:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    return there, open_dispute(database, there)


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


def test_a_claim_says_whose_it_is_and_leaves_the_status(database: OpenDatabase) -> None:
    there, opened = disputed(database)

    carry_out(database, claim, opened.id, acting(there.coordinator, LATER))

    found = now_known(database, there)
    assert (found.status, found.claimed_by_id, found.claimed_at) == (
        DisputeStatus.CLAIMED,
        there.coordinator.id,
        LATER,
    )
    assert as_it_stands(database, there.id).status is Status.DISPUTED
    assert trail(database, there.id)[-1].action is Action.CLAIM


def test_a_claim_repeated_changes_nothing(database: OpenDatabase) -> None:
    there, opened = disputed(database)
    carry_out(database, claim, opened.id, acting(there.coordinator))
    after_once = every_row(database)

    again = carry_out(database, claim, opened.id, acting(there.coordinator, LATER))

    assert (again.repeated, again.at) == (True, NOW)
    assert every_row(database) == after_once


def test_what_one_coordinator_claimed_another_cannot_claim(database: OpenDatabase) -> None:
    there, opened = disputed(database)
    other = colleague(database)
    carry_out(database, claim, opened.id, acting(there.coordinator))

    with refused(DisputeClaimed, who="Priya Nair", actor_id=there.coordinator.id, at=NOW):
        carry_out(database, claim, opened.id, acting(other, LATER))


def test_any_coordinator_may_settle_whoever_claimed_it_and_both_are_kept(
    database: OpenDatabase,
) -> None:
    there, opened = disputed(database)
    other = colleague(database)
    carry_out(database, claim, opened.id, acting(there.coordinator))

    carry_out(database, uphold, opened.id, acting(other, LATER), WHY)

    found = now_known(database, there)
    assert (found.claimed_by_id, found.settled_by_id) == (there.coordinator.id, other.id)
    assert (found.status, found.settled_at, found.settlement_reason) == (
        DisputeStatus.UPHELD,
        LATER,
        WHY,
    )


def test_only_coordinators_in_our_records_touch_a_dispute(database: OpenDatabase) -> None:
    there, opened = disputed(database)

    for somebody in (there.tutor, there.grace):
        with refused(NotCoordinator):
            carry_out(database, claim, opened.id, acting(somebody))
        with refused(NotCoordinator):
            carry_out(database, uphold, opened.id, acting(somebody), WHY)
        with refused(NotCoordinator):
            carry_out(database, return_to_parent, opened.id, acting(somebody), WHY)


def test_a_dispute_that_is_not_there_is_not_found(database: OpenDatabase) -> None:
    there, opened = disputed(database)

    with refused(NotFound):
        carry_out(database, claim, opened.id + 1000, acting(there.coordinator))


@pytest.mark.parametrize("nothing", ["", "  "])
def test_settling_needs_a_reason(database: OpenDatabase, nothing: str) -> None:
    there, opened = disputed(database)
    actor = acting(there.coordinator)
    before = every_row(database)

    with refused(ReasonRequired):
        carry_out(database, verify, there.id, actor, nothing)
    with refused(ReasonRequired):
        carry_out(database, uphold, opened.id, actor, nothing)
    with refused(ReasonRequired):
        carry_out(database, return_to_parent, opened.id, actor, nothing)

    assert every_row(database) == before


def test_verifying_settles_the_dispute_as_verified(database: OpenDatabase) -> None:
    there, _ = disputed(database)

    carry_out(database, verify, there.id, acting(there.coordinator, LATER), WHY)

    found = now_known(database, there)
    assert as_it_stands(database, there.id).status is Status.APPROVED
    assert (found.status, found.settled_by_id, found.settlement_reason) == (
        DisputeStatus.VERIFIED,
        there.coordinator.id,
        WHY,
    )


def test_upheld_is_for_good(database: OpenDatabase) -> None:
    there, opened = disputed(database)
    other = colleague(database)
    carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)
    settled = {
        "who": "Priya Nair",
        "actor_id": there.coordinator.id,
        "status": DisputeStatus.UPHELD,
        "at": NOW,
    }
    before = every_row(database)

    for somebody in (there.coordinator, other):
        with refused(DisputeSettled, **settled):
            carry_out(database, verify, there.id, acting(somebody, LATER), WHY)
        with refused(DisputeSettled, **settled):
            carry_out(database, return_to_parent, opened.id, acting(somebody, LATER), WHY)
        with refused(DisputeSettled, **settled):
            carry_out(database, claim, opened.id, acting(somebody, LATER))
    with refused(DisputeSettled, **settled):
        carry_out(database, uphold, opened.id, acting(other, LATER), WHY)
    with refused(ActedFirst, who="Priya Nair", action=Action.UPHOLD):
        carry_out(database, acknowledge, there.id, acting(there.grace, LATER))

    assert every_row(database) == before


def test_upholding_repeated_changes_nothing(database: OpenDatabase) -> None:
    there, opened = disputed(database)
    carry_out(database, uphold, opened.id, acting(there.coordinator), WHY)
    after_once = every_row(database)

    again = carry_out(database, uphold, opened.id, acting(there.coordinator, LATER), WHY)

    assert (again.repeated, again.at) == (True, NOW)
    assert every_row(database) == after_once


def test_a_return_asks_the_parents_again_with_a_new_card(database: OpenDatabase) -> None:
    there, opened = disputed(database)

    carry_out(database, return_to_parent, opened.id, acting(there.coordinator), WHY)

    cards = outbox_rows(database, MessageKind.APPOINTMENT_CARD)
    asked = [card.person_id for card in cards if card.person_id != there.tutor.id]
    assert asked == [there.grace.id, there.daniel.id]
    assert now_known(database, there).status is DisputeStatus.RETURNED
    assert as_it_stands(database, there.id).status is Status.AWAITING_APPROVAL_PARENT


def test_what_came_back_can_be_disputed_anew_with_evidence_of_its_own(
    database: OpenDatabase,
) -> None:
    there, first = disputed(database)
    carry_out(database, return_to_parent, first.id, acting(there.coordinator), WHY)

    again = carry_out(
        database, dispute, there.id, acting(there.grace, LATER), DisputeReason.OTHER, "Still wrong"
    )
    second = now_known(database, there)

    assert not again.repeated
    assert second.id != first.id
    assert len(second.evidence["events"]) > len(first.evidence["events"])
    with refused(DisputeSettled, status=DisputeStatus.RETURNED):
        carry_out(database, uphold, first.id, acting(there.coordinator, LATER), WHY)


def test_a_native_dispute_without_attendance_is_not_verified(database: OpenDatabase) -> None:
    there = scene(database, Status.DISPUTED, origin=Origin.NATIVE, checked_out_at=None)

    with refused(AttendanceMissing):
        carry_out(database, verify, there.id, acting(there.coordinator), WHY)


def test_a_dispute_returned_while_the_reason_was_typed_is_not_verified(
    database: OpenDatabase,
) -> None:
    there, opened = disputed(database)
    other = colleague(database)
    carry_out(database, return_to_parent, opened.id, acting(other), WHY)

    with refused(DisputeSettled, actor_id=other.id, status=DisputeStatus.RETURNED):
        carry_out(database, verify, there.id, acting(there.coordinator), WHY, dispute_id=opened.id)

    assert as_it_stands(database, there.id).status is Status.AWAITING_APPROVAL_PARENT
