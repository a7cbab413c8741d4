"""Two at once: one wins, the other is told who did; no database error gets out (SPEC 2, 5)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import chain

import pytest
from sqlmodel import select

from models import Dispute, NoteBatch, OutboxMessage, Person
from models.enums import Action, DisputeReason, MessageKind, Status
from services.approvals.approvals import acknowledge, verify
from services.approvals.disputes import claim, dispute, uphold
from services.db import Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor, Source
from services.lifecycle.status import Outcome
from services.messaging.messages.sessions import SessionExpired
from services.messaging.outbox import tell_coordinators
from services.notes.batches import add_text, close_batch, open_batch, remove_part
from services.notes.quiet_batches import close_quiet_batches
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst, DisputeClaimed, DisputeSettled
from services.sessions.attendance import check_in, check_out
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.databases import PostgresDatabases
from tests.open_database import OpenDatabase
from tests.services.proofs import as_it_stands, outbox_rows, recipients, trail
from tests.services.scenes import Scene, another_session, carry_out, scene

ROUNDS = 12
CHAT = 4711
WHY = "Both sides heard"

Answer = Callable[[Session, int, Actor], Outcome]


def _dispute(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return dispute(session, appointment_id, actor, DisputeReason.CONDUCT, None)


def _verify(session: Session, appointment_id: int, actor: Actor) -> Outcome:
    return verify(session, appointment_id, actor, WHY)


async def both(first: Awaitable[object], second: Awaitable[object]) -> list[object]:
    """Their results or refusals; any other error is raised."""
    results = await asyncio.gather(first, second, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Refusal):
            raise result
    return list(results)


@pytest.mark.parametrize(
    ("one", "other"),
    [(acknowledge, acknowledge), (acknowledge, _dispute), (acknowledge, _verify), (_dispute,) * 2],
    ids=["both acknowledge", "acknowledge or dispute", "acknowledge or verify", "both dispute"],
)
async def test_of_two_answers_one_wins_and_the_loser_is_told_whose(
    database: OpenDatabase, one: Answer, other: Answer
) -> None:
    there = scene(database)
    for _ in range(ROUNDS):
        there = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
        second = there.coordinator if other is _verify else there.daniel

        results = await both(
            database.write(one, there.id, acting(there.grace)),
            database.write(other, there.id, acting(second)),
        )

        (winner,) = [result for result in results if isinstance(result, Outcome)]
        (loser,) = [result for result in results if isinstance(result, Refusal)]
        (event,) = trail(database, there.id)
        assert isinstance(loser, ActedFirst)
        assert (loser.actor_id, loser.action, loser.at) == (
            event.actor_id,
            event.action,
            NOW,
        )
        assert winner.appointment.status is event.to_status


@pytest.mark.parametrize("action", ["check in", "check out", "acknowledge"])
async def test_a_double_tap_has_its_effect_once(database: OpenDatabase, action: str) -> None:
    there = scene(database)
    for _ in range(ROUNDS):
        if action == "check in":
            there = another_session(database, there, status=Status.SCHEDULED)
            taps = [
                database.write(check_in, there.id, acting(there.tutor), AGENCY) for _ in range(2)
            ]
        elif action == "check out":
            there = another_session(database, there, status=Status.CHECKED_IN)
            taps = [database.write(check_out, there.id, acting(there.tutor)) for _ in range(2)]
        else:
            there = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
            taps = [database.write(acknowledge, there.id, acting(there.grace)) for _ in range(2)]

        outcomes = await asyncio.gather(*taps)

        assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
        assert {outcome.at for outcome in outcomes} == {NOW}
        assert len(trail(database, there.id)) == 1


async def test_a_dispute_claimed_by_two_is_one_coordinators(database: OpenDatabase) -> None:
    there, other = scene(database), colleague(database)
    for _ in range(ROUNDS):
        there = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
        opened = open_dispute(database, there)

        results = await both(
            database.write(claim, opened.id, acting(there.coordinator)),
            database.write(claim, opened.id, acting(other)),
        )

        (loser,) = [result for result in results if isinstance(result, Refusal)]
        with database.reading() as session:
            kept = session.exec(select(Dispute).where(Dispute.id == opened.id)).one()
        assert isinstance(loser, DisputeClaimed)
        assert loser.actor_id == kept.claimed_by_id


async def test_a_dispute_is_upheld_or_verified_and_never_both(database: OpenDatabase) -> None:
    there, other = scene(database), colleague(database)
    for _ in range(ROUNDS):
        there = another_session(database, there, status=Status.AWAITING_APPROVAL_PARENT)
        opened = open_dispute(database, there)

        results = await both(
            database.write(uphold, opened.id, acting(there.coordinator), WHY),
            database.write(verify, there.id, acting(other), WHY),
        )

        (loser,) = [result for result in results if isinstance(result, Refusal)]
        upheld = trail(database, there.id)[-1].action is Action.UPHOLD
        assert isinstance(loser, DisputeSettled)
        assert as_it_stands(database, there.id).status is (
            Status.DISPUTED if upheld else Status.APPROVED
        )


async def test_an_album_that_comes_at_once_is_all_there(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    tutor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)

    tallies = await asyncio.gather(
        *(
            database.write(add_text, batch.id, tutor, f"Part {number}", Source(CHAT, number))
            for number in chain(range(10), range(10))
        )
    )

    assert max(counted.total for counted in tallies) == 10


async def test_remove_last_tapped_twice_at_once_is_in_the_trail_once(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    tutor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)
    for number in range(ROUNDS):
        counted = carry_out(database, add_text, batch.id, tutor, "Part", Source(CHAT, number))
        assert counted.last_part_id is not None

        await asyncio.gather(
            *(database.write(remove_part, counted.last_part_id, tutor) for _ in range(3))
        )

    assert len(trail(database, there.id)) == ROUNDS


async def test_done_the_sweep_a_late_part_and_a_new_batch_never_lock_each_other_out(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    for number in range(ROUNDS):
        at = NOW + number * timedelta(hours=1)
        due = at + timedelta(minutes=10)
        batch = carry_out(database, open_batch, there.id, acting(there.tutor, at), CHAT)
        carry_out(
            database, add_text, batch.id, acting(there.tutor, at), "Part", Source(CHAT, 2 * number)
        )

        results = await asyncio.gather(
            database.write(close_batch, batch.id, acting(there.tutor, due)),
            database.write(close_quiet_batches, due),
            database.write(open_batch, there.id, acting(there.tutor, due), CHAT),
            database.write(
                add_text,
                batch.id,
                acting(there.tutor, due - timedelta(seconds=1)),
                "Late",
                Source(CHAT, 2 * number + 1),
            ),
            return_exceptions=True,
        )

        errors = [result for result in results if isinstance(result, BaseException)]
        assert all(isinstance(error, Refusal) for error in errors), errors
        newest = results[2]
        assert isinstance(newest, NoteBatch)
        carry_out(database, close_batch, newest.id, acting(there.tutor, due))
        told = [row.payload["note_batch_id"] for row in notes_added(database)]
        assert told.count(batch.id) == 2  # each parent once


async def test_a_parent_who_links_while_the_tutor_checks_out_is_asked(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        tutor = builders.tutor(session)
        mother = builders.parent(session, telegram_user_id=None, started_at=None)
        child = builders.student(session, [mother])
        row = builders.appointment(session, tutor=tutor, student=child, status=Status.CHECKED_IN)

    with database.unit_of_work() as session:
        linking = session.exec(select(Person).where(Person.id == mother.id)).one()
        linking.telegram_user_id = 8_000_001
        session.flush()
        checking_out = asyncio.create_task(database.write(check_out, row.id, acting(tutor)))
        await asyncio.wait([checking_out], timeout=0.3)
    await checking_out

    assert recipients(database, MessageKind.APPOINTMENT_CARD) == [mother.id]
    assert recipients(database, MessageKind.NO_PARENT_LINKED) == []


async def test_a_message_about_a_session_is_written_while_somebody_else_changes_it(
    postgresql: PostgresDatabases,
) -> None:
    with postgresql.fresh() as url:
        database = OpenDatabase(url)
        there = scene(database)
        told = SessionExpired(there.id)

        with database.unit_of_work() as session:
            for_update(session, there.id)
            telling = database.write(tell_coordinators, told, key="k", now=NOW)
            await asyncio.wait_for(telling, timeout=5)

        assert recipients(database, told.kind) == [None]
        await database.close()


def colleague(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.coordinator(session, name="Farah Aziz")


def open_dispute(database: OpenDatabase, there: Scene) -> Dispute:
    carry_out(database, _dispute, there.id, acting(there.grace))
    with database.reading() as session:
        found = session.exec(select(Dispute).where(Dispute.appointment_id == there.id))
        return found.one()


def notes_added(database: OpenDatabase) -> list[OutboxMessage]:
    return outbox_rows(database, MessageKind.NOTES_ADDED)
