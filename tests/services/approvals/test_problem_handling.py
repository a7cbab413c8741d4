"""Coordinators claim, answer and close problem reports; the author is told (SPEC 5)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Card, Person, ProblemReply, ProblemReport
from models.enums import Action, DisputeReason, MessageKind, ProblemStatus, Role
from services.approvals.problem_reports import (
    claim,
    close,
    reply,
    report_problem,
    require_answerable,
)
from services.lifecycle.actors import Source
from services.queries.problems import count_open, open_problems, problem_of
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.refusals.standing import NotCoordinator
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients, refused, trail
from tests.services.scenes import Scene, carry_out, scene

MESSAGE = Source(4711, 1)
REPLY = Source(-100, 9)
LATER = NOW + timedelta(minutes=5)


def reported(database: OpenDatabase) -> tuple[Scene, ProblemReport]:
    there = scene(database)
    made = carry_out(
        database, report_problem, there.id, acting(there.grace), "Nobody came", MESSAGE
    )
    return there, made


def second_coordinator(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Marcus Lee")


def stands(database: OpenDatabase, report_id: int) -> ProblemReport:
    with database.reading() as session:
        return problem_of(session, report_id).report


def test_a_claim_names_the_coordinator_and_tells_the_author(database: OpenDatabase) -> None:
    there, made = reported(database)

    carry_out(database, claim, made.id, acting(there.coordinator, LATER))

    now = stands(database, made.id)
    event = trail(database, there.id)[-1]
    assert (now.status, now.claimed_by_id, now.claimed_at) == (
        ProblemStatus.CLAIMED,
        there.coordinator.id,
        LATER,
    )
    assert recipients(database, MessageKind.PROBLEM_CLAIMED) == [there.grace.id]
    assert (event.action, event.role, event.details) == (
        Action.CLAIM_PROBLEM,
        Role.COORDINATOR,
        {"report_id": made.id},
    )


def test_a_reply_reaches_the_author_and_claims_what_nobody_claimed(
    database: OpenDatabase,
) -> None:
    there, made = reported(database)

    carry_out(database, reply, made.id, acting(there.coordinator), " We are sorry. ", REPLY)

    now = stands(database, made.id)
    with database.reading() as session:
        written = session.exec(select(ProblemReply)).one()
    assert (written.text, written.person_id) == ("We are sorry.", there.coordinator.id)
    assert (now.status, now.claimed_by_id) == (ProblemStatus.ANSWERED, there.coordinator.id)
    told = outbox_rows(database, MessageKind.PROBLEM_ANSWERED)
    assert [(one.person_id, one.payload["reply_id"]) for one in told] == [
        (there.grace.id, written.id)
    ]


def test_another_coordinator_replies_and_closes_what_one_claimed(database: OpenDatabase) -> None:
    there, made = reported(database)
    marcus = second_coordinator(database)
    carry_out(database, claim, made.id, acting(there.coordinator))

    carry_out(database, reply, made.id, acting(marcus), "He was ill.", REPLY)
    carry_out(database, close, made.id, acting(marcus, LATER))

    now = stands(database, made.id)
    assert (now.status, now.claimed_by_id, now.closed_by_id, now.closed_at) == (
        ProblemStatus.CLOSED,
        there.coordinator.id,
        marcus.id,
        LATER,
    )
    assert recipients(database, MessageKind.PROBLEM_CLOSED) == [there.grace.id]


def test_who_comes_second_is_told_who_was_first(database: OpenDatabase) -> None:
    there, made = reported(database)
    marcus = second_coordinator(database)
    carry_out(database, claim, made.id, acting(there.coordinator))

    with refused(ActedFirst, actor_id=there.coordinator.id, action=Action.CLAIM_PROBLEM):
        carry_out(database, claim, made.id, acting(marcus))
    carry_out(database, close, made.id, acting(there.coordinator))
    for late in (claim, close):
        with refused(ActedFirst, actor_id=there.coordinator.id, action=Action.CLOSE_PROBLEM):
            carry_out(database, late, made.id, acting(marcus))
    with refused(ActedFirst, action=Action.CLOSE_PROBLEM):
        carry_out(database, reply, made.id, acting(marcus), "Too late", REPLY)
    with refused(ActedFirst, action=Action.CLOSE_PROBLEM):
        carry_out(database, require_answerable, made.id, acting(marcus))


def test_the_same_by_the_same_coordinator_again_changes_nothing(database: OpenDatabase) -> None:
    there, made = reported(database)
    priya = acting(there.coordinator)
    carry_out(database, claim, made.id, priya)
    once = every_row(database)
    carry_out(database, claim, made.id, priya)
    assert every_row(database) == once

    carry_out(database, reply, made.id, priya, "We are sorry.", REPLY)
    once = every_row(database)
    carry_out(database, reply, made.id, priya, "We are sorry.", REPLY)
    assert every_row(database) == once

    carry_out(database, close, made.id, priya)
    once = every_row(database)
    carry_out(database, close, made.id, priya)
    carry_out(database, reply, made.id, priya, "We are sorry.", REPLY)
    assert every_row(database) == once


def test_only_coordinators_handle_reports(database: OpenDatabase) -> None:
    there, made = reported(database)
    before = every_row(database)

    for person in (there.grace, there.tutor):
        for use_case in (claim, close, require_answerable):
            with refused(NotCoordinator):
                carry_out(database, use_case, made.id, acting(person))
        with refused(NotCoordinator):
            carry_out(database, reply, made.id, acting(person), "No.", REPLY)
    with refused(NotFound):
        carry_out(database, claim, made.id + 1, acting(there.coordinator))

    assert every_row(database) == before


@pytest.mark.parametrize(("text", "kind"), [(" ", ReasonRequired), ("a" * 1001, TextTooLong)])
def test_a_reply_says_something_and_is_no_novel(
    database: OpenDatabase, text: str, kind: type[ReasonRequired | TextTooLong]
) -> None:
    there, made = reported(database)

    with refused(kind):
        carry_out(database, reply, made.id, acting(there.coordinator), text, REPLY)

    assert stands(database, made.id).status is ProblemStatus.OPEN


def test_every_card_of_the_report_is_brought_up_to_date(database: OpenDatabase) -> None:
    there, made = reported(database)
    marcus = second_coordinator(database)
    with database.unit_of_work() as session:
        for number, person_id in enumerate((None, marcus.id, there.grace.id), start=1):
            session.add(
                Card(
                    chat_id=number,
                    message_id=number,
                    person_id=person_id,
                    appointment_id=there.id,
                    report_id=made.id,
                )
            )

    carry_out(database, claim, made.id, acting(there.coordinator))

    assert recipients(database, MessageKind.PROBLEM_CARD_REFRESH) == [None, marcus.id]
    assert recipients(database, MessageKind.PROBLEM_CLAIMED) == [there.grace.id]


def test_open_reports_are_listed_oldest_first_until_they_are_closed(
    database: OpenDatabase,
) -> None:
    there, first = reported(database)
    second = carry_out(
        database,
        report_problem,
        there.id,
        acting(there.daniel, LATER),
        None,
        Source(4712, 1),
        reason=DisputeReason.CONDUCT,
    )
    carry_out(database, reply, first.id, acting(there.coordinator), "We are sorry.", REPLY)

    with database.reading() as session:
        found = open_problems(session)
        assert [one.report.id for one in found] == [first.id, second.id]
        assert [one.parent for one in found] == ["Grace Lim", "Daniel Lim"]
        assert [one.claimed_by for one in found] == ["Priya Nair", None]
        assert [reply.text for reply in found[0].replies] == ["We are sorry."]
        assert found[1].report.reason is DisputeReason.CONDUCT
    carry_out(database, close, first.id, acting(there.coordinator))
    with database.reading() as session:
        assert [one.report.id for one in open_problems(session)] == [second.id]
        assert count_open(session) == 1
