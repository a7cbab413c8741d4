"""A parent reports a problem with a session; no status changes (SPEC 5)."""

from datetime import timedelta

import pytest

from models.enums import Action, MessageKind, Status
from services.actors import Source
from services.db import Database
from services.problems import report_problem, require_reportable
from services.rules.refusals import RefusalCode
from tests.builders import NOW, acting
from tests.services.proofs import as_it_stands, every_row, outbox_rows, refused, trail
from tests.services.scenes import carry_out, scene

MESSAGE = Source(4711, 1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("status", list(Status))
async def test_a_problem_can_be_reported_in_every_status_and_changes_none(
    database: Database, status: Status
) -> None:
    there = await scene(database, status)

    report = await carry_out(
        database, report_problem, there.id, acting(there.grace), " Nobody came ", MESSAGE
    )

    told = (await outbox_rows(database, MessageKind.PROBLEM_REPORTED))[0]
    event = (await trail(database, there.id))[-1]
    assert (report.person_id, report.text, report.at) == (there.grace.id, "Nobody came", NOW)
    assert (await as_it_stands(database, there.id)).status is status
    assert told.person_id is None
    assert told.payload == {"appointment_id": there.id, "report_id": report.id}
    assert (event.action, event.from_status, event.to_status) == (
        Action.REPORT_PROBLEM,
        None,
        None,
    )


async def test_a_problem_is_reported_from_the_start_on_that_instant_included(
    database: Database,
) -> None:
    there = await scene(database)
    before = await every_row(database)

    with refused(RefusalCode.NOT_STARTED_YET, starts_at=NOW):
        await carry_out(database, require_reportable, there.id, acting(there.grace, NOW - SECOND))
    with refused(RefusalCode.NOT_STARTED_YET, starts_at=NOW):
        await carry_out(
            database, report_problem, there.id, acting(there.grace, NOW - SECOND), "?", MESSAGE
        )

    assert await every_row(database) == before
    await carry_out(database, require_reportable, there.id, acting(there.grace, NOW))


async def test_a_redelivered_report_is_one_report(database: Database) -> None:
    there = await scene(database)
    first = await carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )
    after_once = await every_row(database)

    again = await carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )

    assert again.id == first.id
    assert await every_row(database) == after_once


async def test_a_parent_may_report_more_than_one_problem(database: Database) -> None:
    there = await scene(database)
    for number in (1, 2):
        await carry_out(
            database, report_problem, there.id, acting(there.grace), "Again", Source(4711, number)
        )

    assert len(await outbox_rows(database, MessageKind.PROBLEM_REPORTED)) == 2


async def test_only_the_parents_of_the_child_report(database: Database) -> None:
    there = await scene(database)
    neighbours = await scene(database)

    with refused(RefusalCode.NOT_YOUR_CHILD):
        await carry_out(
            database, report_problem, there.id, acting(neighbours.grace), "Noise", MESSAGE
        )
    with refused(RefusalCode.OWN_SESSION):
        await carry_out(database, report_problem, there.id, acting(there.tutor), "Noise", MESSAGE)


@pytest.mark.parametrize(
    ("text", "code"),
    [(" ", RefusalCode.REASON_REQUIRED), ("a" * 1001, RefusalCode.TEXT_TOO_LONG)],
)
async def test_a_report_says_something_and_is_no_novel(
    database: Database, text: str, code: RefusalCode
) -> None:
    there = await scene(database)

    with refused(code):
        await carry_out(database, report_problem, there.id, acting(there.grace), text, MESSAGE)
