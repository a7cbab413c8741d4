"""The one function that changes a status (SPEC 2)."""

from datetime import timedelta

import pytest

from models import Appointment
from models.enums import Action, Channel, Role, Status
from services.lifecycle.actors import Actor
from services.lifecycle.status import change_status, create, record
from services.rules.lifecycle import ARROWS
from services.rules.refusals.sessions import ActedFirst, WrongStatus
from services.rules.refusals.typed import ReasonRequired
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, refused, trail
from tests.services.scenes import carry_out, scene

WHY = "A reason"
STEPS = [step for step in ARROWS if step[0] is not None]


@pytest.mark.parametrize(("before", "action", "role"), STEPS, ids="-".join)
def test_every_arrow_of_the_table_goes_through_it(
    database: OpenDatabase, before: Status, action: Action, role: Role
) -> None:
    there = scene(database, before)
    actor = Actor.system(NOW) if role is Role.SYSTEM else acting(there.coordinator)
    attended = {"checked_in_at": NOW - timedelta(hours=1), "checked_out_at": NOW}

    outcome = carry_out(
        database, change_status, there.session, action, role, actor, reason=WHY, values=attended
    )

    after = ARROWS[before, action, role]
    (event,) = trail(database, there.id)
    assert outcome.appointment.status is after
    assert as_it_stands(database, there.id).status is after
    assert (event.action, event.role, event.actor_id, event.channel) == (
        action,
        role,
        actor.person_id,
        actor.channel,
    )
    assert (event.at, event.from_status, event.to_status) == (NOW, before, after)


def test_a_status_that_moved_since_it_was_read_is_not_overwritten(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    parent, tutor = acting(there.grace), acting(there.tutor, NOW + timedelta(seconds=1))
    stale = there.session.model_copy()
    carry_out(
        database, change_status, there.session, Action.CANCEL, Role.PARENT, parent, reason=WHY
    )
    before = every_row(database)

    with refused(
        ActedFirst,
        who="Grace Lim",
        actor_id=there.grace.id,
        action=Action.CANCEL,
        role=Role.PARENT,
        at=NOW,
    ):
        carry_out(database, change_status, stale, Action.CHECK_IN, Role.TUTOR, tutor)

    assert every_row(database) == before


def test_what_time_alone_did_names_nobody(database: OpenDatabase) -> None:
    there = scene(database)
    expired = carry_out(
        database, change_status, there.session, Action.EXPIRE, Role.SYSTEM, Actor.system(NOW)
    )

    with refused(WrongStatus, action=Action.CHECK_IN, status=Status.NOT_COMPLETED):
        carry_out(
            database,
            change_status,
            expired.appointment,
            Action.CHECK_IN,
            Role.TUTOR,
            acting(there.tutor),
        )


def test_nobody_cancels_without_saying_why(database: OpenDatabase) -> None:
    there = scene(database)

    with refused(ReasonRequired):
        carry_out(
            database,
            change_status,
            there.session,
            Action.CANCEL,
            Role.TUTOR,
            acting(there.tutor),
        )


def test_an_event_without_a_session_is_kept_too(database: OpenDatabase) -> None:
    there = scene(database)
    actor = acting(there.coordinator, channel=Channel.WEB)

    with database.unit_of_work() as session:
        record(session, Action.INVITE, Role.COORDINATOR, actor, details={"person_id": 1})

    event = every_row(database)["audit_event"][-1]
    assert (event.appointment_id, event.actor_id, event.action) == (
        None,
        there.coordinator.id,
        Action.INVITE,
    )


NEW = [step for step in ARROWS if step[0] is None]


@pytest.mark.parametrize(("nothing", "action", "role"), NEW)
def test_what_does_not_exist_yet_begins_as_the_table_says(
    database: OpenDatabase, nothing: None, action: Action, role: Role
) -> None:
    there = scene(database)
    actor = Actor.system(NOW) if role is Role.SYSTEM else acting(there.coordinator)
    new = Appointment(
        tutor_id=there.tutor.id,
        student_id=there.student.id,
        subject="Physics",
        starts_at=NOW - timedelta(hours=2),
        ends_at=NOW,
        status=Status.SCHEDULED,
        checked_in_at=NOW - timedelta(hours=2),
        checked_out_at=NOW,
        created_at=NOW,
    )

    outcome = carry_out(database, create, new, action, role, actor, reason=WHY)

    after = ARROWS[nothing, action, role]
    (event,) = trail(database, outcome.appointment.id)
    assert as_it_stands(database, outcome.appointment.id).status is after
    assert (event.action, event.role, event.actor_id) == (action, role, actor.person_id)
    assert (event.from_status, event.to_status, event.reason) == (None, after, WHY)
