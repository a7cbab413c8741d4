"""Acknowledging, and verifying in the parents' place (SPEC 2, 5, 9)."""

from datetime import timedelta

import pytest

from models.enums import Action, MessageKind, Origin, Role, Status
from services.approvals.approvals import acknowledge, verify
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import AttendanceMissing
from services.rules.refusals.sessions import ActedFirst, WrongStatus
from services.rules.refusals.standing import NotCoordinator, NotYourChild, OwnSession
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, recipients, refused
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

WHY = "Confirmed by phone"
LATER = NOW + timedelta(minutes=2)


def without_times(database: OpenDatabase, status: Status, origin: Origin) -> Scene:
    """A session that has no attendance, which only an imported one may lack by then."""
    return scene(database, status, origin=origin, checked_in_at=None, checked_out_at=None)


@pytest.mark.parametrize("parent", ["grace", "daniel"])
def test_either_parent_acknowledges_with_one_tap(database: OpenDatabase, parent: str) -> None:
    there = with_cards(database, scene(database, Status.AWAITING_APPROVAL_PARENT))

    carry_out(database, acknowledge, there.id, acting(getattr(there, parent)))

    assert as_it_stands(database, there.id).status is Status.APPROVED
    assert set(recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)) == {
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    }


def test_who_is_charged_by_a_verification_is_told_and_so_is_the_tutor(
    database: OpenDatabase,
) -> None:
    there = with_cards(database, scene(database, Status.AWAITING_APPROVAL_PARENT))

    carry_out(database, verify, there.id, acting(there.coordinator), WHY)

    assert recipients(database, MessageKind.SESSION_VERIFIED) == [
        there.grace.id,
        there.daniel.id,
        there.tutor.id,
    ]


def test_the_other_parent_is_told_who_was_first_with_what_and_when(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, acknowledge, there.id, acting(there.grace))
    after_grace = every_row(database)

    with refused(
        ActedFirst,
        who="Grace Lim",
        actor_id=there.grace.id,
        action=Action.ACKNOWLEDGE,
        role=Role.PARENT,
        at=NOW,
    ):
        carry_out(database, acknowledge, there.id, acting(there.daniel, LATER))

    assert every_row(database) == after_grace


def test_the_parent_of_another_child_is_refused(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    neighbours = scene(database)

    with refused(NotYourChild):
        carry_out(database, acknowledge, there.id, acting(neighbours.grace))


def test_a_tutor_who_is_also_the_guardian_cannot_acknowledge_their_own_session(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        both = builders.tutor(session, name="Lim Hui", is_parent=True)
        child = builders.student(session, [both, there.grace])
    own = another_session(
        database, there, tutor=both, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )

    with refused(OwnSession):
        carry_out(database, acknowledge, own.id, acting(both))
    outcome = carry_out(database, acknowledge, own.id, acting(there.grace))

    assert outcome.appointment.status is Status.APPROVED


def test_a_guardian_who_teaches_the_child_acts_as_its_tutor_only(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        both = builders.tutor(session, name="Lim Hui", is_parent=True)
        child = builders.student(session, [both, there.grace])
    another_session(database, there, tutor=both, student=child)
    others = another_session(database, there, student=child, status=Status.AWAITING_APPROVAL_PARENT)

    with refused(OwnSession):
        carry_out(database, acknowledge, others.id, acting(both))


@pytest.mark.parametrize("somebody", ["tutor", "coordinator"])
def test_nobody_else_acknowledges(database: OpenDatabase, somebody: str) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    kind = {"tutor": OwnSession, "coordinator": NotYourChild}

    with refused(kind[somebody]):
        carry_out(database, acknowledge, there.id, acting(getattr(there, somebody)))


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CHECKED_IN, Status.DISPUTED])
def test_only_what_awaits_them_can_be_acknowledged(database: OpenDatabase, status: Status) -> None:
    there = scene(database, status)

    with refused(WrongStatus, action=Action.ACKNOWLEDGE, status=status):
        carry_out(database, acknowledge, there.id, acting(there.grace))


def test_a_native_session_is_verified_with_both_times_only(database: OpenDatabase) -> None:
    there = without_times(database, Status.DISPUTED, Origin.NATIVE)
    before = every_row(database)

    with refused(AttendanceMissing):
        carry_out(database, verify, there.id, acting(there.coordinator), WHY)

    assert every_row(database) == before


def test_imported_sessions_are_exempt_from_attendance(database: OpenDatabase) -> None:
    status, origin = Status.AWAITING_APPROVAL_PARENT, Origin.IMPORTED
    acknowledged = without_times(database, status, origin)
    verified = without_times(database, status, origin)

    carry_out(database, acknowledge, acknowledged.id, acting(acknowledged.grace))
    carry_out(database, verify, verified.id, acting(verified.coordinator), WHY)

    for row_id in (acknowledged.id, verified.id):
        assert as_it_stands(database, row_id).status is Status.APPROVED


def test_only_coordinators_in_our_records_verify(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    for somebody in (there.tutor, there.grace):
        with refused(NotCoordinator):
            carry_out(database, verify, there.id, acting(somebody), WHY)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("", ReasonRequired),
        (" \n", ReasonRequired),
        ("a" * 1001, TextTooLong),
    ],
)
def test_verifying_needs_a_reason_of_sensible_length(
    database: OpenDatabase, reason: str, kind: type[Refusal]
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    with refused(kind):
        carry_out(database, verify, there.id, acting(there.coordinator), reason)


def test_a_parent_after_the_coordinator_is_told_of_the_coordinator(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, verify, there.id, acting(there.coordinator), WHY)

    with refused(ActedFirst, who="Priya Nair", action=Action.VERIFY, role=Role.COORDINATOR):
        carry_out(database, acknowledge, there.id, acting(there.grace, LATER))


def test_verifying_after_a_parent_says_that_the_parent_was_first(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, acknowledge, there.id, acting(there.daniel))

    with refused(ActedFirst, who="Daniel Lim", action=Action.ACKNOWLEDGE):
        carry_out(database, verify, there.id, acting(there.coordinator, LATER), WHY)
