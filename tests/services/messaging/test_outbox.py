"""Messages are rows, written once each, with the change that causes them (DESIGN 2, idea 6)."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from models.enums import MessageKind
from services.db import Session
from services.messaging.deliveries import waiting_with
from services.messaging.messages.base import Message
from services.messaging.messages.sessions import CheckInCleared
from services.messaging.outbox import tell_coordinators, tell_person, unwritten
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows
from tests.services.scenes import carry_out, scene

KIND = MessageKind.CHECK_IN_CLEARED


@dataclass(frozen=True)
class Told(Message):
    """A message about nothing."""

    kind = KIND
    number: int = 0


class OtherTold(Told):
    """A message of another kind about nothing."""

    kind = MessageKind.NOTES_ADDED


def test_a_message_waits_from_now_on_unless_told_otherwise(database: OpenDatabase) -> None:
    there = scene(database)
    later, too_late = NOW + timedelta(hours=1), NOW + timedelta(hours=2)

    with database.unit_of_work() as session:
        tell_person(session, there.tutor.id, CheckInCleared(there.id), key="now", now=NOW)
        tell_person(
            session,
            there.tutor.id,
            Told(),
            key="later",
            now=NOW,
            due_at=later,
            expires_at=too_late,
        )

    first, second = outbox_rows(database, KIND)
    assert (first.due_at, first.expires_at, first.created_at) == (NOW, None, NOW)
    assert (first.appointment_id, first.payload) == (there.id, {"appointment_id": there.id})
    assert (second.due_at, second.expires_at, second.appointment_id) == (later, too_late, None)
    assert (first.attempts, first.sent_at, first.failed_at) == (0, None, None)


def test_the_same_key_is_written_once(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, tell_person, there.tutor.id, Told(1), key="k", now=NOW)
    after_once = every_row(database)

    later = NOW + timedelta(hours=1)
    carry_out(database, tell_person, there.grace.id, Told(2), key="k", now=later)
    carry_out(database, tell_coordinators, Told(3), key="k", now=later)

    assert every_row(database) == after_once


async def test_the_same_key_written_by_two_at_once_is_written_once(database: OpenDatabase) -> None:
    def tell_slowly(session: Session) -> None:
        tell_coordinators(session, Told(), key="k", now=NOW)
        time.sleep(0.05)

    await asyncio.gather(*(database.write(tell_slowly) for _ in range(4)))

    assert len(outbox_rows(database, KIND)) == 1


def test_a_message_to_the_coordinators_goes_to_no_single_person(
    database: OpenDatabase,
) -> None:
    carry_out(database, tell_coordinators, Told(), key="k", now=NOW)

    (row,) = outbox_rows(database, KIND)
    assert row.person_id is None


def test_what_was_never_written_under_a_key_is_known(database: OpenDatabase) -> None:
    carry_out(database, tell_coordinators, Told(), key="a", now=NOW)

    with database.reading() as session:
        assert unwritten(session, {"a", "b", "c"}) == {"b", "c"}
        assert unwritten(session, set()) == set()


def test_what_waits_for_the_same_reader_can_be_said_at_once(database: OpenDatabase) -> None:
    there = scene(database)
    hour = timedelta(hours=1)
    for key, person_id, told, due_at, expires_at in (
        ("first", there.grace.id, Told(), NOW, None),
        ("later", there.grace.id, Told(), NOW + hour, None),
        ("second", there.grace.id, Told(), NOW - hour, NOW + hour),
        ("expired", there.grace.id, Told(), NOW - hour, NOW),
        ("other kind", there.grace.id, OtherTold(), NOW, None),
        ("other reader", there.daniel.id, Told(), NOW, None),
    ):
        with database.unit_of_work() as session:
            tell_person(
                session, person_id, told, key=key, now=NOW, due_at=due_at, expires_at=expires_at
            )
    for key in ("group", "group too"):
        carry_out(database, tell_coordinators, Told(), key=key, now=NOW)
    rows = {row.dedupe_key: row for row in outbox_rows(database, KIND)}

    with database.reading() as session:
        of_grace = waiting_with(session, rows["first"], NOW)
        of_group = waiting_with(session, rows["group"], NOW)

    assert [row.dedupe_key for row in of_grace] == ["first", "second"]
    assert [row.dedupe_key for row in of_group] == ["group", "group too"]
