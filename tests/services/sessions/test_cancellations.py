"""A session is cancelled by its own people (SPEC 2, 6)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import Cancellation, Person, RescheduleProposal, RescheduleThread
from models.enums import (
    Action,
    ChangeReason,
    Kind,
    MessageKind,
    ProposalStatus,
    Role,
    Status,
    ThreadStatus,
)
from services.rules.penalties import Guidance
from services.rules.refusals.sessions import ActedFirst, TooLateToChange, WrongStatus
from services.rules.refusals.standing import NotYourChild
from services.rules.refusals.typed import ReasonRequired
from services.sessions.cancellations import cancel, require_cancellable
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, open_thread, scene, with_cards

START = NOW + timedelta(days=1)
FOUR_HOURS_BEFORE = START - timedelta(hours=4)
SECOND = timedelta(seconds=1)
SHOWN = Guidance("50 % of the fee", "Half the fee is charged.")


def tomorrow(database: OpenDatabase, **over: Any) -> Scene:
    return scene(database, starts_at=START, **over)


def cancelled(
    database: OpenDatabase,
    there: Scene,
    who: Person,
    reason: ChangeReason = ChangeReason.SCHEDULE_CONFLICT,
    text: str | None = None,
    now: datetime = NOW,
) -> None:
    carry_out(database, cancel, there.id, acting(who, now), reason, text, SHOWN)


@pytest.mark.parametrize(
    ("who", "side", "status"),
    [
        ("tutor", Role.TUTOR, Status.CANCELLED_BY_TUTOR),
        ("grace", Role.PARENT, Status.CANCELLED_BY_PARENT),
        ("daniel", Role.PARENT, Status.CANCELLED_BY_PARENT),
    ],
)
@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.TRIAL])
def test_the_tutor_and_either_parent_cancel_a_session_trial_or_not(
    database: OpenDatabase, who: str, side: Role, status: Status, kind: Kind
) -> None:
    there = tomorrow(database, kind=kind)

    cancelled(database, there, getattr(there, who))

    assert as_it_stands(database, there.id).status is status
    (event,) = trail(database, there.id)
    assert (event.action, event.role, event.reason) == (Action.CANCEL, side, "schedule_conflict")


def test_reason_text_and_what_was_shown_of_a_penalty_are_kept(database: OpenDatabase) -> None:
    there = tomorrow(database)

    cancelled(database, there, there.grace, ChangeReason.OTHER, " We move app. ")

    with database.reading() as session:
        kept = session.exec(select(Cancellation)).one()
    assert (kept.side, kept.cancelled_by_id, kept.at) == (Role.PARENT, there.grace.id, NOW)
    assert (kept.reason, kept.text) == (ChangeReason.OTHER, "We move app.")
    assert (kept.penalty, kept.guidance) == (SHOWN.penalty, SHOWN.guidance)


@pytest.mark.parametrize("who", ["tutor", "grace"])
def test_it_is_possible_until_a_second_before_the_last_four_hours(
    database: OpenDatabase, who: str
) -> None:
    there = tomorrow(database)
    before = every_row(database)

    for now in (FOUR_HOURS_BEFORE, FOUR_HOURS_BEFORE + SECOND, START, START + SECOND):
        with refused(TooLateToChange, starts_at=START):
            cancelled(database, there, getattr(there, who), now=now)
    assert every_row(database) == before

    cancelled(database, there, getattr(there, who), now=FOUR_HOURS_BEFORE - SECOND)
    assert as_it_stands(database, there.id).status is not Status.SCHEDULED


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.SCHEDULED])
def test_only_a_scheduled_session_is_cancelled(database: OpenDatabase, status: Status) -> None:
    there = tomorrow(database, status=status)
    before = every_row(database)

    with refused(WrongStatus, status=status):
        cancelled(database, there, there.tutor)
    assert every_row(database) == before


def test_somebody_elses_session_is_not_theirs_to_cancel(database: OpenDatabase) -> None:
    there, neighbours = tomorrow(database), tomorrow(database)

    for stranger in (neighbours.grace, neighbours.tutor, there.coordinator):
        with refused(NotYourChild):
            cancelled(database, there, stranger)


def test_a_tutor_who_is_the_childs_guardian_cancels_as_its_tutor(database: OpenDatabase) -> None:
    there = tomorrow(database)
    with database.unit_of_work() as session:
        child = builders.student(session, [there.tutor, there.grace])
        row = builders.appointment(session, tutor=there.tutor, student=child, starts_at=START)

    side, notice = carry_out(database, require_cancellable, row.id, acting(there.tutor))

    assert (side, notice) == (Role.TUTOR, timedelta(days=1))


def test_other_needs_a_text_and_the_other_sides_reasons_are_none(
    database: OpenDatabase,
) -> None:
    there = tomorrow(database)
    before = every_row(database)

    with refused(ReasonRequired):
        cancelled(database, there, there.tutor, ChangeReason.OTHER, "  ")
    with refused(ReasonRequired):
        cancelled(database, there, there.tutor, ChangeReason.CHILD_UNWELL)
    assert every_row(database) == before


def test_everybody_else_and_the_coordinators_are_told_and_cards_brought_up_to_date(
    database: OpenDatabase,
) -> None:
    by_tutor, by_parent = tomorrow(database), with_cards(database, tomorrow(database))

    cancelled(database, by_tutor, by_tutor.tutor)
    cancelled(database, by_parent, by_parent.grace)

    told = outbox_rows(database, MessageKind.SESSION_CANCELLED)
    of_tutor = [row.person_id for row in told if row.appointment_id == by_tutor.id]
    of_parent = [row.person_id for row in told if row.appointment_id == by_parent.id]
    assert of_tutor == [by_tutor.grace.id, by_tutor.daniel.id, None]
    assert of_parent == [by_parent.tutor.id, by_parent.daniel.id, None]
    assert by_parent.grace.id in recipients(database, MessageKind.APPOINTMENT_CARD_REFRESH)


def test_an_open_request_to_move_it_is_closed_with_it(database: OpenDatabase) -> None:
    there = tomorrow(database)
    open_thread(database, there)

    cancelled(database, there, there.tutor)

    with database.reading() as session:
        thread = session.exec(select(RescheduleThread)).one()
        proposal = session.exec(select(RescheduleProposal)).one()
    assert (thread.status, thread.closed_at) == (ThreadStatus.CLOSED, NOW)
    assert (proposal.status, proposal.closed_at) == (ProposalStatus.CLOSED, NOW)


def test_cancelling_twice_is_cancelling_once(database: OpenDatabase) -> None:
    there = tomorrow(database)
    cancelled(database, there, there.grace)
    before = every_row(database)

    outcome = carry_out(
        database,
        cancel,
        there.id,
        acting(there.grace, NOW + timedelta(minutes=1)),
        ChangeReason.FAMILY_MATTER,
        None,
        None,
    )

    assert (outcome.repeated, outcome.at) == (True, NOW)
    assert every_row(database) == before


def test_who_comes_second_is_told_who_cancelled(database: OpenDatabase) -> None:
    there = tomorrow(database)
    cancelled(database, there, there.grace)

    for late in (there.daniel, there.tutor):
        with refused(ActedFirst, actor_id=there.grace.id, action=Action.CANCEL):
            cancelled(database, there, late)
