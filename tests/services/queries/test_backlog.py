"""What waits, counted (SPEC 11)."""

from datetime import timedelta
from typing import Any

from models import InboxUpdate, OutboxMessage
from models.enums import MessageKind, Status
from services.db import Session
from services.queries.backlog import Backlog, backlog
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase


def message(session: Session, number: int, **over: Any) -> None:
    values: dict[str, Any] = {"due_at": NOW - timedelta(minutes=number)} | over
    session.add(
        OutboxMessage(
            dedupe_key=str(number),
            kind=MessageKind.NOTES_ADDED,
            payload={},
            created_at=NOW,
            **values,
        )
    )


async def test_what_waits_is_counted_and_its_oldest_known(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        tutor = builders.tutor(session)
        builders.parent(session, unreachable_since=NOW)
        held = builders.appointment(
            session, tutor=tutor, student=builders.student(session), status=Status.APPROVED
        )
        builders.note_part(session, held, telegram_file_id="x")
        builders.note_part(session, held, telegram_file_id="y", stored_at=NOW)
        handled: tuple[dict[str, Any], ...] = ({}, {"done_at": NOW}, {"set_aside_at": NOW})
        for number, over in enumerate(handled, start=1):
            session.add(
                InboxUpdate(bot_id=1, update_id=number, payload={}, received_at=NOW, **over)
            )
        message(session, 1)
        message(session, 2)
        message(session, 3, sent_at=NOW)
        message(session, 4, due_at=NOW + timedelta(hours=1))

    with database.reading() as session:
        assert backlog(session, NOW) == Backlog(1, NOW, 2, NOW - timedelta(minutes=2), 1, 0, 1)
