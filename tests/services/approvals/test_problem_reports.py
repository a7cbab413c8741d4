"""A parent reports a problem with a session; no status changes (SPEC 5)."""

from datetime import timedelta

import pytest

from models.enums import Action, MessageKind, Status
from services.approvals.problem_reports import report_problem, require_reportable
from services.lifecycle.actors import Source
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotStartedYet
from services.rules.refusals.standing import NotYourChild, OwnSession
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, every_row, outbox_rows, refused, trail
from tests.services.scenes import carry_out, scene

MESSAGE = Source(4711, 1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("status", list(Status))
def test_a_problem_can_be_reported_in_every_status_and_changes_none(
    database: OpenDatabase, status: Status
) -> None:
    there = scene(database, status)

    report = carry_out(
        database, report_problem, there.id, acting(there.grace), " Nobody came ", MESSAGE
    )

    told = outbox_rows(database, MessageKind.PROBLEM_REPORTED)[0]
    event = trail(database, there.id)[-1]
    assert (report.person_id, report.text, report.at) == (there.grace.id, "Nobody came", NOW)
    assert as_it_stands(database, there.id).status is status
    assert told.person_id is None
    assert told.payload == {"appointment_id": there.id, "report_id": report.id}
    assert (event.action, event.from_status, event.to_status) == (
        Action.REPORT_PROBLEM,
        None,
        None,
    )


def test_a_problem_is_reported_from_the_start_on_that_instant_included(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    before = every_row(database)

    with refused(NotStartedYet, starts_at=NOW):
        carry_out(database, require_reportable, there.id, acting(there.grace, NOW - SECOND))
    with refused(NotStartedYet, starts_at=NOW):
        carry_out(
            database, report_problem, there.id, acting(there.grace, NOW - SECOND), "?", MESSAGE
        )

    assert every_row(database) == before
    carry_out(database, require_reportable, there.id, acting(there.grace, NOW))


def test_a_redelivered_report_is_one_report(database: OpenDatabase) -> None:
    there = scene(database)
    first = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )
    after_once = every_row(database)

    again = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )

    assert again.id == first.id
    assert every_row(database) == after_once


def test_a_parent_may_report_more_than_one_problem(database: OpenDatabase) -> None:
    there = scene(database)
    for number in (1, 2):
        carry_out(
            database, report_problem, there.id, acting(there.grace), "Again", Source(4711, number)
        )

    assert len(outbox_rows(database, MessageKind.PROBLEM_REPORTED)) == 2


def test_only_the_parents_of_the_child_report(database: OpenDatabase) -> None:
    there = scene(database)
    neighbours = scene(database)

    with refused(NotYourChild):
        carry_out(database, report_problem, there.id, acting(neighbours.grace), "Noise", MESSAGE)
    with refused(OwnSession):
        carry_out(database, report_problem, there.id, acting(there.tutor), "Noise", MESSAGE)


@pytest.mark.parametrize(
    ("text", "kind"),
    [(" ", ReasonRequired), ("a" * 1001, TextTooLong)],
)
def test_a_report_says_something_and_is_no_novel(
    database: OpenDatabase, text: str, kind: type[Refusal]
) -> None:
    there = scene(database)

    with refused(kind):
        carry_out(database, report_problem, there.id, acting(there.grace), text, MESSAGE)
