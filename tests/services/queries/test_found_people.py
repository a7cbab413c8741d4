"""Coordinators' search by name, and what waits on whom (SPEC 9)."""

from datetime import timedelta

from models.enums import Status
from services.approvals.problem_reports import report_problem
from services.lifecycle.actors import Source
from services.queries.found_people import everybody_called
from services.queries.waiting import waiting
from services.sessions.attendance import check_in, check_out
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import another_session, carry_out, open_thread, scene

FORTNIGHT = timedelta(days=14)


def test_people_children_with_parents_and_sessions_are_found_by_a_part_of_a_name(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW + timedelta(days=1))
    with database.unit_of_work() as session:
        ben = builders.student(session, name="Ben 100%_Ong")

    def found(search: str) -> tuple[list[str], list[str], list[int]]:
        with database.reading() as session:
            result = everybody_called(session, search, NOW, 10)
        return (
            [one.name for one in result.people],
            [one.student.name for one in result.students],
            [view.id for view in result.sessions],
        )

    assert found(" lim ") == (["Daniel Lim", "Grace Lim"], ["Emily Lim"], [there.id])
    assert found("tan wei") == (["Tan Wei Ming"], [], [there.id])
    assert found("EMILY") == ([], ["Emily Lim"], [there.id])
    assert found("grace") == (["Grace Lim"], [], [there.id])  # by her child
    assert found("%_") == ([], [ben.name], [])
    assert found("nobody") == ([], [], [])
    with database.reading() as session:
        (emily,) = everybody_called(session, "emily", NOW, 10).students
    assert [one.name for one in emily.parents] == ["Daniel Lim", "Grace Lim"]


def test_sessions_are_found_from_two_weeks_ago_on_and_no_more_than_asked(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW - FORTNIGHT)
    another_session(database, there, starts_at=NOW - FORTNIGHT - timedelta(seconds=1))
    newer = another_session(database, there, starts_at=NOW)
    with database.reading() as session:
        assert [one.id for one in everybody_called(session, "emily", NOW, 10).sessions] == [
            newer.id,
            there.id,
        ]
        assert len(everybody_called(session, "emily", NOW, 1).sessions) == 1
        assert len(everybody_called(session, "lim", NOW, 1).people) == 1


def test_the_nearest_sessions_come_first_whichever_side_of_now(database: OpenDatabase) -> None:
    there = scene(database, starts_at=NOW + timedelta(days=3))
    yesterday = another_session(database, there, starts_at=NOW - timedelta(days=1))
    today = another_session(database, there, starts_at=NOW + timedelta(hours=2))
    another_session(database, there, starts_at=NOW - timedelta(days=9))

    with database.reading() as session:
        found = everybody_called(session, "emily", NOW, 3).sessions

    assert [one.id for one in found] == [today.id, yesterday.id, there.id]


def test_those_with_sessions_come_before_those_who_have_none_any_more(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        builders.tutor(session, name="Aaron Lim")
        builders.student(session, [builders.parent(session, name="Abel Lim")], name="Ada Lim")
    scene(database, starts_at=NOW - FORTNIGHT)

    with database.reading() as session:
        found = everybody_called(session, "lim", NOW, 10)

    assert [one.name for one in found.people] == [
        *("Daniel Lim", "Grace Lim"),
        *("Aaron Lim", "Abel Lim"),
    ]
    assert [one.student.name for one in found.students] == ["Emily Lim", "Ada Lim"]


def test_a_mistyped_name_finds_those_whose_name_is_like_it(database: OpenDatabase) -> None:
    scene(database)

    with database.reading() as session:
        assert [one.name for one in everybody_called(session, "danial", NOW, 10).alike] == [
            "Daniel Lim"
        ]
        assert everybody_called(session, "xyzzy", NOW, 10).alike == []
        assert everybody_called(session, "daniel", NOW, 10).alike == []


def test_what_waits_is_told_with_those_on_whom_it_waits_the_oldest_first(
    database: OpenDatabase,
) -> None:
    there = scene(database, starts_at=NOW - timedelta(minutes=90))
    carry_out(database, check_in, there.id, acting(there.tutor, NOW), AGENCY)
    carry_out(database, check_out, there.id, acting(there.tutor, NOW))
    second = another_session(database, there, starts_at=NOW - timedelta(minutes=60))
    later = NOW + timedelta(minutes=1)
    carry_out(database, check_in, second.id, acting(there.tutor, NOW), AGENCY)
    carry_out(database, check_out, second.id, acting(there.tutor, later))
    third = another_session(database, there, starts_at=NOW + timedelta(days=2))
    open_thread(database, third)
    carry_out(database, report_problem, there.id, acting(there.grace), "Too short.", Source(1, 1))

    with database.reading() as session:
        found = waiting(session, AGENCY, later)

    assert [one.view.id for one in found.unanswered] == [there.id, second.id]
    assert [one.asked_at for one in found.unanswered] == [NOW, later]
    assert {one.name for one in found.unanswered[0].waits_on} == {"Grace Lim", "Daniel Lim"}
    (request,) = found.requested
    assert [one.name for one in request.waits_on] == [there.tutor.name]
    (problem,) = found.problems
    assert (problem.view.id, problem.parent) == (there.id, "Grace Lim")


def test_where_nothing_waits_nothing_is_told(database: OpenDatabase) -> None:
    scene(database, Status.APPROVED)
    with database.reading() as session:
        found = waiting(session, AGENCY, NOW)
    assert (found.unanswered, found.requested, found.problems) == ([], [], [])
