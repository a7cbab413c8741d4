"""Sessions that a parent's message can be about, the likeliest first (SPEC 9; UX 19)."""

from datetime import timedelta

import pytest
from sqlmodel import delete

from models import Guardianship
from models.enums import Status
from services.approvals import problem_reports
from services.approvals.problem_reports import report_problem
from services.approvals.report_additions import add_to_report
from services.lifecycle.actors import Source
from services.queries.meant import Meant, meant_by_parent
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

AWAITS, DONE = Status.AWAITING_APPROVAL_PARENT, Status.APPROVED
DAY = timedelta(days=1)


def older(database: OpenDatabase, there: Scene, days: int, status: Status = DONE) -> Scene:
    """A session of the same people that began so many days ago."""
    return another_session(database, there, starts_at=NOW - days * DAY, minutes=60, status=status)


def meant(database: OpenDatabase, there: Scene, *, most: int = 9, tutor: bool = False) -> Meant:
    """What Grace, or the tutor, can mean by a message in their private chat."""
    person = there.tutor if tutor else there.grace
    with database.reading() as session:
        return meant_by_parent(session, person, person.telegram_user_id or 0, NOW, most)


def others(found: Meant) -> list[int]:
    return [view.id for view in found.others]


def reported(found: Meant) -> list[int]:
    return [view.id for view in found.reported]


def reports(database: OpenDatabase, there: Scene, message_id: int) -> int:
    """Grace has reported a problem with the session; the report's id."""
    said = Source(4711, message_id)
    made = carry_out(database, report_problem, there.id, acting(there.grace), "Noise", said)
    return made.id


def test_it_is_what_began_last_then_what_awaits_an_answer_then_the_rest_of_a_week(
    database: OpenDatabase,
) -> None:
    there = scene(database)  # starts now
    old, new = older(database, there, 30, AWAITS), older(database, there, 2, AWAITS)
    recent = older(database, there, 1)
    older(database, there, 8)
    older(database, there, -1, Status.SCHEDULED)

    found = meant(database, there)

    assert others(found) == [there.id, new.id, old.id, recent.id]
    assert others(meant(database, there, most=2)) == [there.id, new.id]
    assert (found.reported, found.awaits_answer) == ((), False)
    assert meant(database, there, tutor=True) == Meant()


def test_before_these_it_is_the_one_whose_card_came_last(database: OpenDatabase) -> None:
    there = scene(database)
    opened = older(database, there, 20)
    with_cards(database, opened, there.grace)

    assert others(meant(database, there)) == [opened.id, there.id]


def test_after_that_those_of_today_to_which_nobody_came(database: OpenDatabase) -> None:
    there = scene(database)
    in_time = [
        another_session(
            database,
            there,
            starts_at=NOW - timedelta(hours=hours),
            minutes=60,
            status=Status.SCHEDULED,
        )
        for hours in (11, 5, 13)
    ]
    awaits = older(database, there, 30, AWAITS)
    shown = older(database, there, 20)
    with_cards(database, shown, there.grace)

    found = others(meant(database, there, most=4))

    assert found == [shown.id, there.id, in_time[1].id, in_time[0].id]
    assert awaits.id not in found


@pytest.mark.parametrize(("over_since", "is_overdue"), [(-1, True), (59, True), (61, False)])
def test_a_tutor_is_awaited_until_an_hour_after_the_end(
    database: OpenDatabase, over_since: int, is_overdue: bool
) -> None:
    there = scene(database, status=DONE)
    another_session(
        database,
        there,
        starts_at=NOW - timedelta(minutes=60 + over_since),
        minutes=60,
        status=Status.SCHEDULED,
    )

    assert meant(database, there).is_overdue is is_overdue


def test_the_card_of_a_session_to_come_says_nothing(database: OpenDatabase) -> None:
    there = scene(database)
    with_cards(database, older(database, there, -1, Status.SCHEDULED), there.grace)

    assert others(meant(database, there)) == [there.id]


def test_first_of_all_are_their_open_reports_the_one_last_heard_of_before_others(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    first, second = older(database, there, 9), older(database, there, 10)
    report_of_first, _ = reports(database, first, 1), reports(database, second, 2)
    assert reported(meant(database, there)) == [second.id, first.id]

    later = acting(there.coordinator, NOW + timedelta(minutes=1))
    carry_out(database, problem_reports.reply, report_of_first, later, "When?", Source(-100, 9))

    found = meant(database, there, most=1)
    assert (reported(found), others(found)) == ([first.id, second.id], [there.id])
    assert found.awaits_answer


def test_a_report_that_waits_for_an_answer_comes_before_one_that_has_it(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    first, second = older(database, there, 9), older(database, there, 10)
    ids = [reports(database, one, number) for number, one in enumerate((first, second), start=1)]
    for minutes, report_id in enumerate(ids, start=1):
        later = acting(there.coordinator, NOW + timedelta(minutes=minutes))
        source = Source(-100, minutes)
        carry_out(database, problem_reports.reply, report_id, later, "When?", source)
    assert reported(meant(database, there)) == [second.id, first.id]

    answered = acting(there.grace, NOW + timedelta(minutes=9))
    carry_out(database, add_to_report, ids[1], answered, "At four.", Source(4711, 9))

    found = meant(database, there)
    assert reported(found) == [first.id, second.id]
    assert found.awaits_answer
    assert not found.beginning_with(found.reported[1]).awaits_answer


def test_a_report_is_nobody_elses_and_over_once_it_is_closed(database: OpenDatabase) -> None:
    there = scene(database)
    report_id = reports(database, there, 1)
    with database.reading() as session:
        of_daniel = meant_by_parent(session, there.daniel, 0, NOW, 9)
    assert (reported(of_daniel), others(of_daniel)) == ([], [there.id])
    assert not meant(database, there).awaits_answer

    carry_out(database, problem_reports.close, report_id, acting(there.coordinator))

    found = meant(database, there)
    assert (reported(found), others(found)) == ([], [there.id])


def test_a_child_that_is_theirs_no_more_is_not_meant(database: OpenDatabase) -> None:
    there = scene(database)
    reports(database, there, 1)
    with database.unit_of_work() as session:
        session.exec(delete(Guardianship))

    assert meant(database, there) == Meant()
