"""A parent adds to their problem report, and coordinators are told (SPEC 5)."""

from datetime import timedelta

import pytest
from sqlmodel import col, delete, select

from models import EvidenceFile, Guardianship, Person, ProblemReply, ProblemReport
from models.enums import Action, MessageKind, PartKind, ProblemStatus, Role
from services.approvals.evidence_files import SentFile
from services.approvals.problem_reports import claim, close, reply, report_problem
from services.approvals.report_additions import (
    add_to_report,
    open_report_of,
    require_open_to_author,
)
from services.lifecycle.actors import Source
from services.queries.problems import open_problems, problem_of
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.refusals.standing import NotYourChild
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, scene

MESSAGE, REPLY, ANSWER = Source(4711, 1), Source(-100, 9), Source(4711, 5)
LATER = NOW + timedelta(minutes=5)
SAID = "I was at home."


def replied(database: OpenDatabase) -> tuple[Scene, ProblemReport]:
    there = scene(database)
    made = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )
    carry_out(database, reply, made.id, acting(there.coordinator), "Were you there?", REPLY)
    return there, made


def stands(database: OpenDatabase, report_id: int) -> ProblemReport:
    with database.reading() as session:
        return problem_of(session, report_id).report


def test_it_waits_for_who_claimed_it_and_they_are_told(database: OpenDatabase) -> None:
    there, made = replied(database)

    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), f" {SAID} ", ANSWER)

    now, event = stands(database, made.id), trail(database, there.id)[-1]
    assert (now.status, now.claimed_by_id) == (ProblemStatus.CLAIMED, there.coordinator.id)
    with database.reading() as session:
        written = session.exec(select(ProblemReply).where(ProblemReply.role == Role.PARENT)).one()
        (found,) = open_problems(session)
        assert [(one.who, one.text, one.is_authors) for one in found.replies] == [
            ("Priya Nair", "Were you there?", False),
            ("Grace Lim", SAID, True),
        ]
        assert found.was_added_to
    assert (written.text, written.person_id, written.at) == (SAID, there.grace.id, LATER)
    told = outbox_rows(database, MessageKind.PROBLEM_ADDED_TO)
    assert [(one.person_id, one.payload["reply_id"]) for one in told] == [
        (there.coordinator.id, written.id)
    ]
    assert (event.action, event.role, event.actor_id, event.details) == (
        Action.ADD_TO_REPORT,
        Role.PARENT,
        there.grace.id,
        {"report_id": made.id},
    )


def test_the_author_and_the_group_see_it_at_once(database: OpenDatabase) -> None:
    there, made = replied(database)
    before = len(outbox_rows(database, MessageKind.PROBLEM_CARD_REFRESH))

    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), SAID, ANSWER)

    refreshed = recipients(database, MessageKind.PROBLEM_CARD_REFRESH)[before:]
    assert refreshed == [None, there.grace.id]


def test_the_group_is_told_where_nobody_claimed_it(database: OpenDatabase) -> None:
    there = scene(database)
    made = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )

    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), SAID, ANSWER)

    assert stands(database, made.id).status is ProblemStatus.OPEN
    assert recipients(database, MessageKind.PROBLEM_ADDED_TO) == [None]


@pytest.mark.parametrize(
    "change",
    [
        {"is_coordinator": False},
        {"telegram_user_id": None},
        {"unreachable_since": NOW},
    ],
)
def test_the_group_is_told_where_no_message_reaches_who_claimed_it(
    database: OpenDatabase, change: dict[str, object]
) -> None:
    there, made = replied(database)
    with database.unit_of_work() as session:
        priya = session.get_one(Person, there.coordinator.id)
        for name, value in change.items():
            setattr(priya, name, value)

    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), SAID, ANSWER)

    assert recipients(database, MessageKind.PROBLEM_ADDED_TO) == [None]


def test_a_message_that_comes_again_is_added_once(database: OpenDatabase) -> None:
    there, made = replied(database)
    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), SAID, ANSWER)
    carry_out(database, close, made.id, acting(there.coordinator))
    once = every_row(database)

    carry_out(database, add_to_report, made.id, acting(there.grace, LATER), SAID, ANSWER)

    assert every_row(database) == once


def test_a_closed_report_takes_nothing_more(database: OpenDatabase) -> None:
    there, made = replied(database)
    carry_out(database, close, made.id, acting(there.coordinator))

    closed = {"actor_id": there.coordinator.id, "action": Action.CLOSE_PROBLEM}
    with refused(ActedFirst, **closed):
        carry_out(database, add_to_report, made.id, acting(there.grace), SAID, ANSWER)
    with refused(ActedFirst, **closed):
        carry_out(database, require_open_to_author, made.id, acting(there.grace))
    with database.reading() as session:
        assert open_report_of(session, there.id, there.grace.id) is None


def test_only_its_author_adds_while_they_are_a_parent(database: OpenDatabase) -> None:
    there, made = replied(database)
    before = every_row(database)
    for person in (there.daniel, there.tutor, there.coordinator):
        with refused(NotFound):
            carry_out(database, add_to_report, made.id, acting(person), SAID, ANSWER)
        with refused(NotFound):
            carry_out(database, require_open_to_author, made.id, acting(person))
    assert every_row(database) == before

    with database.unit_of_work() as session:
        session.exec(delete(Guardianship).where(col(Guardianship.person_id) == there.grace.id))
    with refused(NotYourChild):
        carry_out(database, add_to_report, made.id, acting(there.grace), SAID, ANSWER)


@pytest.mark.parametrize(("text", "kind"), [(" ", ReasonRequired), ("a" * 1001, TextTooLong)])
def test_it_says_something_and_is_no_novel(
    database: OpenDatabase, text: str, kind: type[ReasonRequired | TextTooLong]
) -> None:
    there, made = replied(database)

    with refused(kind):
        carry_out(database, add_to_report, made.id, acting(there.grace), text, ANSWER)

    assert stands(database, made.id).status is ProblemStatus.ANSWERED


def test_files_go_with_it(database: OpenDatabase) -> None:
    there, made = replied(database)
    photo = SentFile(Source(4711, 6), PartKind.PHOTO, "file-id")

    carry_out(database, add_to_report, made.id, acting(there.grace), SAID, ANSWER, files=[photo])

    with database.reading() as session:
        assert [one.report_id for one in session.exec(select(EvidenceFile)).all()] == [made.id]
        assert len(problem_of(session, made.id).files) == 1


def test_of_several_open_reports_the_one_heard_of_last_goes_on(database: OpenDatabase) -> None:
    there, first = replied(database)
    second = carry_out(
        database, report_problem, there.id, acting(there.grace), "And late", Source(4711, 2)
    )
    with database.reading() as session:
        found = open_report_of(session, there.id, there.grace.id)
        assert found is not None
        assert found.id == first.id
        assert open_report_of(session, there.id, there.daniel.id) is None
    carry_out(database, close, first.id, acting(there.coordinator))
    with database.reading() as session:
        found = open_report_of(session, there.id, there.grace.id)
        assert found is not None
        assert found.id == second.id


def test_a_claim_after_an_addition_is_one_as_before(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        marcus = builders.coordinator(session, name="Marcus Lee")
    made = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )
    carry_out(database, add_to_report, made.id, acting(there.grace), SAID, ANSWER)

    carry_out(database, claim, made.id, acting(marcus, LATER))

    assert stands(database, made.id).claimed_by_id == marcus.id
