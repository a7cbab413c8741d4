"""Acknowledging, and verifying in the parents' place (SPEC 2, 5, 9)."""

from datetime import timedelta

import pytest

from models.enums import Action, MessageKind, Origin, Role, Status
from services.approvals import acknowledge, verify
from services.db import Database
from services.rules.refusals import RefusalCode
from tests import builders
from tests.builders import NOW, acting
from tests.services.proofs import as_it_stands, every_row, recipients, refused
from tests.services.scenes import Scene, another_session, carry_out, scene

WHY = "Confirmed by phone"
LATER = NOW + timedelta(minutes=2)


async def without_times(database: Database, status: Status, origin: Origin) -> Scene:
    """A session that has no attendance, which only an imported one may lack by then."""
    return await scene(database, status, origin=origin, checked_in_at=None, checked_out_at=None)


@pytest.mark.parametrize("parent", ["grace", "daniel"])
async def test_either_parent_acknowledges_with_one_tap(database: Database, parent: str) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    await carry_out(database, acknowledge, there.id, acting(getattr(there, parent)))

    assert (await as_it_stands(database, there.id)).status is Status.APPROVED
    assert set(await recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)) == {
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    }


async def test_the_other_parent_is_told_who_was_first_with_what_and_when(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, acknowledge, there.id, acting(there.grace))
    after_grace = await every_row(database)

    with refused(
        RefusalCode.ACTED_FIRST,
        who="Grace Lim",
        actor_id=there.grace.id,
        action=Action.ACKNOWLEDGE,
        role=Role.PARENT,
        at=NOW,
    ):
        await carry_out(database, acknowledge, there.id, acting(there.daniel, LATER))

    assert await every_row(database) == after_grace


async def test_the_parent_of_another_child_is_refused(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    neighbours = await scene(database)

    with refused(RefusalCode.NOT_YOUR_CHILD):
        await carry_out(database, acknowledge, there.id, acting(neighbours.grace))


async def test_a_tutor_who_is_also_the_guardian_cannot_acknowledge_their_own_session(
    database: Database,
) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        both = await builders.tutor(session, name="Lim Hui", is_parent=True)
        child = await builders.student(session, [both, there.grace])
    own = await another_session(
        database, there, tutor=both, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )

    with refused(RefusalCode.OWN_SESSION):
        await carry_out(database, acknowledge, own.id, acting(both))
    outcome = await carry_out(database, acknowledge, own.id, acting(there.grace))

    assert outcome.appointment.status is Status.APPROVED


async def test_a_guardian_who_teaches_the_child_acts_as_its_tutor_only(
    database: Database,
) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        both = await builders.tutor(session, name="Lim Hui", is_parent=True)
        child = await builders.student(session, [both, there.grace])
    await another_session(database, there, tutor=both, student=child)
    others = await another_session(
        database, there, student=child, status=Status.AWAITING_APPROVAL_PARENT
    )

    with refused(RefusalCode.OWN_SESSION):
        await carry_out(database, acknowledge, others.id, acting(both))


@pytest.mark.parametrize("somebody", ["tutor", "coordinator"])
async def test_nobody_else_acknowledges(database: Database, somebody: str) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    code = {"tutor": RefusalCode.OWN_SESSION, "coordinator": RefusalCode.NOT_YOUR_CHILD}

    with refused(code[somebody]):
        await carry_out(database, acknowledge, there.id, acting(getattr(there, somebody)))


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CHECKED_IN, Status.DISPUTED])
async def test_only_what_awaits_them_can_be_acknowledged(
    database: Database, status: Status
) -> None:
    there = await scene(database, status)

    with refused(RefusalCode.WRONG_STATUS, action=Action.ACKNOWLEDGE, status=status):
        await carry_out(database, acknowledge, there.id, acting(there.grace))


async def test_a_native_session_is_verified_with_both_times_only(database: Database) -> None:
    there = await without_times(database, Status.DISPUTED, Origin.NATIVE)
    before = await every_row(database)

    with refused(RefusalCode.ATTENDANCE_MISSING):
        await carry_out(database, verify, there.id, acting(there.coordinator), WHY)

    assert await every_row(database) == before


async def test_imported_sessions_are_exempt_from_attendance(database: Database) -> None:
    status, origin = Status.AWAITING_APPROVAL_PARENT, Origin.IMPORTED
    acknowledged = await without_times(database, status, origin)
    verified = await without_times(database, status, origin)

    await carry_out(database, acknowledge, acknowledged.id, acting(acknowledged.grace))
    await carry_out(database, verify, verified.id, acting(verified.coordinator), WHY)

    for row_id in (acknowledged.id, verified.id):
        assert (await as_it_stands(database, row_id)).status is Status.APPROVED


async def test_only_coordinators_in_our_records_verify(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    for somebody in (there.tutor, there.grace):
        with refused(RefusalCode.NOT_COORDINATOR):
            await carry_out(database, verify, there.id, acting(somebody), WHY)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", RefusalCode.REASON_REQUIRED),
        (" \n", RefusalCode.REASON_REQUIRED),
        ("a" * 1001, RefusalCode.TEXT_TOO_LONG),
    ],
)
async def test_verifying_needs_a_reason_of_sensible_length(
    database: Database, reason: str, code: RefusalCode
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    with refused(code):
        await carry_out(database, verify, there.id, acting(there.coordinator), reason)


async def test_a_parent_after_the_coordinator_is_told_of_the_coordinator(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, verify, there.id, acting(there.coordinator), WHY)

    with refused(
        RefusalCode.ACTED_FIRST, who="Priya Nair", action=Action.VERIFY, role=Role.COORDINATOR
    ):
        await carry_out(database, acknowledge, there.id, acting(there.grace, LATER))


async def test_verifying_after_a_parent_says_that_the_parent_was_first(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, acknowledge, there.id, acting(there.daniel))

    with refused(RefusalCode.ACTED_FIRST, who="Daniel Lim", action=Action.ACKNOWLEDGE):
        await carry_out(database, verify, there.id, acting(there.coordinator, LATER), WHY)
