"""Every change of a status leaves its event, in the same transaction (SPEC 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from models.enums import Action, Channel, DisputeReason, Role, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import dispute, latest_dispute, return_to_parent, uphold
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.status import Outcome
from services.sessions.attendance import check_in, check_out, clear_check_in, correct_attendance
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, trail
from tests.services.scenes import Scene, carry_out, scene

WHY = "The tutor's phone was off"
TIMES = (NOW - timedelta(minutes=80), NOW - timedelta(minutes=5))


class AfterwardsError(Exception):
    """Something that goes wrong after the use case, in its unit of work."""


@dataclass(frozen=True)
class Arrow:
    """One arrow of SPEC 2, and the use case that takes it."""

    before: Status
    action: Action
    role: Role
    after: Status
    take: Callable[[Session, int, Actor], Outcome]
    reason: str | None = None

    def actor(self, there: Scene, now: datetime = NOW) -> Actor:
        who = {
            Role.TUTOR: there.tutor,
            Role.PARENT: there.grace,
            Role.COORDINATOR: there.coordinator,
        }
        return Actor(who[self.role].id, Channel.WEB, now)


def _dispute(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return dispute(session, appointment_id, actor, DisputeReason.WRONG_TIME, "It was 3 pm")


def _return(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    opened = latest_dispute(session, appointment_id)
    assert opened is not None
    return return_to_parent(session, opened.id, actor, WHY)


def _check_in(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return check_in(session, appointment_id, actor, AGENCY)


def _verify(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return verify(session, appointment_id, actor, WHY)


def _correct(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return correct_attendance(session, appointment_id, actor, *TIMES, WHY)


def _clear(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return clear_check_in(session, appointment_id, actor, WHY)


S, A, R = Status, Action, Role
ARROWS = [
    Arrow(S.SCHEDULED, A.CHECK_IN, R.TUTOR, S.CHECKED_IN, _check_in),
    Arrow(S.CHECKED_IN, A.CHECK_OUT, R.TUTOR, S.AWAITING_APPROVAL_PARENT, check_out),
    Arrow(S.AWAITING_APPROVAL_PARENT, A.ACKNOWLEDGE, R.PARENT, S.APPROVED, acknowledge),
    Arrow(
        S.AWAITING_APPROVAL_PARENT,
        A.DISPUTE,
        R.PARENT,
        S.DISPUTED,
        _dispute,
        "wrong_time",
    ),
    Arrow(S.AWAITING_APPROVAL_PARENT, A.VERIFY, R.COORDINATOR, S.APPROVED, _verify, WHY),
    Arrow(S.DISPUTED, A.VERIFY, R.COORDINATOR, S.APPROVED, _verify, WHY),
    Arrow(S.DISPUTED, A.RETURN, R.COORDINATOR, S.AWAITING_APPROVAL_PARENT, _return, WHY),
    Arrow(
        S.SCHEDULED,
        A.CORRECT_ATTENDANCE,
        R.COORDINATOR,
        S.AWAITING_APPROVAL_PARENT,
        _correct,
        WHY,
    ),
    Arrow(
        S.CHECKED_IN,
        A.CORRECT_ATTENDANCE,
        R.COORDINATOR,
        S.AWAITING_APPROVAL_PARENT,
        _correct,
        WHY,
    ),
    Arrow(S.CHECKED_IN, A.CLEAR_CHECK_IN, R.COORDINATOR, S.SCHEDULED, _clear, WHY),
]

every_arrow = pytest.mark.parametrize("arrow", ARROWS, ids=lambda a: f"{a.before}-{a.action}")


def standing_before(database: OpenDatabase, arrow: Arrow) -> Scene:
    """The session where the arrow begins; a dispute is one that Daniel made."""
    if arrow.before is not Status.DISPUTED:
        return scene(database, arrow.before)
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    objector = Actor(there.daniel.id, Channel.TELEGRAM, NOW)
    carry_out(database, dispute, there.id, objector, DisputeReason.CONDUCT, None)
    return there


@every_arrow
def test_each_arrow_says_who_in_which_role_by_which_way_when_from_to_and_why(
    database: OpenDatabase, arrow: Arrow
) -> None:
    there = standing_before(database, arrow)
    actor = arrow.actor(there)

    outcome = carry_out(database, arrow.take, there.id, actor)

    event = trail(database, there.id)[-1]
    assert (outcome.appointment.status, outcome.at, outcome.repeated) == (arrow.after, NOW, False)
    assert as_it_stands(database, there.id).status is arrow.after
    assert (event.actor_id, event.role, event.channel, event.at) == (
        actor.person_id,
        arrow.role,
        Channel.WEB,
        NOW,
    )
    assert (event.action, event.from_status, event.to_status, event.reason) == (
        arrow.action,
        arrow.before,
        arrow.after,
        arrow.reason,
    )


@every_arrow
def test_what_fails_after_an_arrow_takes_its_event_and_its_messages_with_it(
    database: OpenDatabase, arrow: Arrow
) -> None:
    there = standing_before(database, arrow)
    before = every_row(database)

    def take_and_fail(session: Session) -> None:
        arrow.take(session, there.id, arrow.actor(there))
        raise AfterwardsError

    with pytest.raises(AfterwardsError):
        carry_out(database, take_and_fail)

    assert every_row(database) == before


@every_arrow
def test_the_same_by_the_same_person_again_answers_the_same_and_changes_nothing(
    database: OpenDatabase, arrow: Arrow
) -> None:
    there = standing_before(database, arrow)
    first = carry_out(database, arrow.take, there.id, arrow.actor(there))
    after_once = every_row(database)

    later = arrow.actor(there, NOW + timedelta(hours=30))
    again = carry_out(database, arrow.take, there.id, later)

    assert again.repeated
    assert (again.at, again.appointment.status) == (first.at, first.appointment.status)
    assert every_row(database) == after_once


def test_upholding_is_in_the_trail_though_the_status_stays(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    objector = Actor(there.grace.id, Channel.TELEGRAM, NOW)
    carry_out(database, dispute, there.id, objector, DisputeReason.CONDUCT, None)
    with database.unit_of_work() as session:
        opened = latest_dispute(session, there.id)
        assert opened is not None
        actor = Actor(there.coordinator.id, Channel.WEB, NOW)
        uphold(session, opened.id, actor, WHY)

    event = trail(database, there.id)[-1]

    assert (event.action, event.role, event.reason) == (Action.UPHOLD, Role.COORDINATOR, WHY)
    assert (event.from_status, event.to_status) == (Status.DISPUTED, Status.DISPUTED)
