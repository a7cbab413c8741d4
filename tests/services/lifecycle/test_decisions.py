"""What a use case reads before the rules decide, and what is asked before a dialogue begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from models import Cancellation, NoteSummary
from models.enums import Action, ChangeReason, Role, Status, SummaryStatus
from services.approvals.disputes import require_disputable
from services.approvals.problem_reports import require_reportable
from services.db import Session
from services.lifecycle.decisions import decide, read_appointment, require_step, with_request
from services.lifecycle.facts import facts_of_row
from services.queries.movable import require_movable
from services.reschedules.negotiation import require_proposable
from services.rules.session_actions import SessionAction
from services.sessions.cancellations import require_cancellable
from services.sessions.coordinator_actions import (
    require_able,
    require_scheduled,
)
from services.sessions.replacements import Instead, require_replaceable
from services.sessions.waivers import require_waivable
from services.summaries.requests import require_judgeable
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, open_thread, scene

START = NOW + timedelta(days=1)
NEW_START = START + timedelta(days=1)

Preflight = Callable[[Session, Scene], object]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Those that are executed meanwhile."""
    executed: list[str] = []
    connection = session.connection()

    def note(*about: object) -> None:
        executed.append(str(about[2]))

    event.listen(connection, "before_cursor_execute", note)
    yield executed
    event.remove(connection, "before_cursor_execute", note)


def to_move(session: Session, there: Scene) -> None:
    actor = acting(there.coordinator)
    row = require_scheduled(session, there.id, actor, Action.MOVE)
    require_movable(session, row, NEW_START, actor.now, ZONE)


PREFLIGHTS: dict[str, tuple[Status, Preflight]] = {
    "cancel": (
        Status.SCHEDULED,
        lambda session, there: require_cancellable(session, there.id, acting(there.tutor)),
    ),
    "propose": (
        Status.SCHEDULED,
        lambda session, there: require_proposable(
            session, there.id, acting(there.grace), new_starts_at=NEW_START, zone=ZONE
        ),
    ),
    "move": (Status.SCHEDULED, to_move),
    "replace": (
        Status.NOT_COMPLETED,
        lambda session, there: require_replaceable(
            session, there.id, acting(there.coordinator), Instead(NEW_START), zone=ZONE
        ),
    ),
    "dispute": (
        Status.AWAITING_APPROVAL_PARENT,
        lambda session, there: require_disputable(session, there.id, acting(there.grace)),
    ),
    "verify": (
        Status.AWAITING_APPROVAL_PARENT,
        lambda session, there: require_step(
            session, there.id, Action.VERIFY, Role.COORDINATOR, NOW
        ),
    ),
    "report a problem": (
        Status.SCHEDULED,
        lambda session, there: require_reportable(
            session, there.id, acting(there.grace, there.session.starts_at)
        ),
    ),
}


@pytest.mark.parametrize("name", PREFLIGHTS)
def test_what_is_asked_before_a_dialogue_begins_needs_no_lock(
    database: OpenDatabase, name: str
) -> None:
    status, preflight = PREFLIGHTS[name]
    there = scene(database, status, starts_at=START)

    with database.reading() as session:
        preflight(session, there)


def test_nor_does_whether_another_tutor_could_teach_it(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)
    with database.unit_of_work() as session:
        colleague = builders.tutor(session, name="Farah Aziz")

    with database.reading() as session:
        row = require_scheduled(session, there.id, acting(there.coordinator), Action.REASSIGN)
        require_able(session, row, colleague.id, ZONE)


def test_nor_does_what_is_asked_of_a_request(database: OpenDatabase) -> None:
    there = scene(database, starts_at=START)
    open_thread(database, there)

    with database.reading() as session:
        request = with_request(session, facts_of_row(there.session)).proposal
        assert request is not None
        require_proposable(
            session,
            there.id,
            acting(there.tutor),
            answers=request.id,
            new_starts_at=NEW_START + timedelta(days=3),
            zone=ZONE,
        )


def test_nor_does_what_is_asked_of_a_penalty(database: OpenDatabase) -> None:
    there = scene(database, Status.CANCELLED_BY_TUTOR)
    with database.unit_of_work() as session:
        session.add(
            Cancellation(
                appointment_id=there.id,
                cancelled_by_id=there.tutor.id,
                side=Role.TUTOR,
                reason=ChangeReason.UNWELL,
                at=NOW,
                penalty="Half the fee",
            )
        )

    with database.reading() as session:
        require_waivable(session, there.id, acting(there.coordinator))


def test_nor_does_what_is_asked_of_a_summary(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED, checked_in_at=NOW, checked_out_at=NOW)
    with database.unit_of_work() as session:
        made = NoteSummary(
            appointment_id=there.id,
            language="en",
            version=1,
            status=SummaryStatus.MADE,
            requested_at=NOW,
        )
        session.add(made)
        session.flush()
        number = made.id

    with database.reading() as session:
        require_judgeable(session, number, acting(there.tutor))


def test_where_the_status_allows_it_nothing_is_read_to_decide(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT, checked_in_at=NOW, checked_out_at=NOW)

    with database.unit_of_work() as session:
        row = read_appointment(session, there.id)
        with statements(session) as executed:
            decided = decide(
                session,
                row,
                facts_of_row(row),
                SessionAction.ACKNOWLEDGE,
                Role.PARENT,
                acting(there.grace),
            )

    assert (decided, executed) == (None, [])


@pytest.mark.parametrize(("status", "count"), [(Status.SCHEDULED, 1), (Status.CHECKED_IN, 0)])
def test_only_of_a_scheduled_session_the_open_request_is_read(
    database: OpenDatabase, status: Status, count: int
) -> None:
    there = scene(database, status)

    with database.unit_of_work() as session, statements(session) as executed:
        facts = with_request(session, facts_of_row(there.session, ZONE))

    assert (facts.proposal, len(executed)) == (None, count)
