"""One of everything that can wait for a coordinator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models import OutboxMessage, Person
from models.enums import ChangeReason, DisputeReason, MessageKind, PartKind, Status
from services.approvals import disputes, problem_reports
from services.sessions.late_changes import tell_coordinators
from services.sessions.replacements import ask_for_replacement
from tests import builders
from tests.builders import NOW, ZONE, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, carry_out, open_thread

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Matters:
    """Keys of what waits, and the sessions that it is about."""

    keys: dict[str, str]
    sessions: dict[str, int]

    def __getitem__(self, name: str) -> str:
        return self.keys[name]

    @property
    def in_order(self) -> list[str]:
        """The keys, sorted by what waiting costs."""
        return list(self.keys.values())


def over(*, starts_at: datetime = NOW - 3 * DAY, **values: Any) -> dict[str, Any]:
    """Columns of a session that was attended, and awaits an answer."""
    return {
        "starts_at": starts_at,
        "checked_in_at": starts_at,
        "checked_out_at": starts_at + timedelta(minutes=90),
        "status": Status.AWAITING_APPROVAL_PARENT,
    } | values


def matters(database: OpenDatabase, there: Scene) -> Matters:
    """One of everything; the scene's own session is not among it."""
    asked = another_session(database, there, starts_at=NOW + 2 * HOUR, subject="Science")
    thread = open_thread(database, asked)
    soon = another_session(database, there, starts_at=NOW + 3 * HOUR, subject="Physics")
    carry_out(
        database, tell_coordinators, soon.id, acting(there.tutor, NOW - HOUR),
        ChangeReason.OTHER, "My train stands still.",
    )  # fmt: skip
    disputed = another_session(database, there, **over(starts_at=NOW - 4 * HOUR))
    carry_out(
        database, disputes.dispute, disputed.id, acting(there.grace, NOW - 2 * HOUR),
        DisputeReason.SHORTER_THAN_BOOKED, "It was forty minutes, not ninety.",
    )  # fmt: skip
    reported = another_session(database, there, **over(subject="English"))
    report = carry_out(
        database, problem_reports.report_problem, reported.id, acting(there.daniel, NOW - HOUR),
        "The worksheet was for another class.", None,
    )  # fmt: skip
    missed = another_session(database, there, starts_at=NOW - 2 * DAY, subject="Chemistry")
    lost = another_session(
        database, there, starts_at=NOW - DAY, subject="Biology", status=Status.NOT_COMPLETED
    )
    carry_out(
        database, ask_for_replacement, lost.id, acting(there.grace, NOW - 3 * HOUR),
        NOW + 4 * DAY, zone=ZONE,
    )  # fmt: skip
    silent = another_session(database, there, **over(starts_at=NOW - 5 * DAY, subject="History"))
    with database.unit_of_work() as session:
        message = _given_up(there.daniel)
        session.add(message)
        person = session.merge(there.daniel)
        person.unreachable_since = NOW - HOUR
        session.add(_waiting(there.daniel))
        file = builders.note_part(
            session, reported.session, kind=PartKind.PHOTO, text=None, telegram_file_id="AbC",
            file_name="board.jpg", store_attempts=4, next_try_at=NOW + HOUR,
            created_at=NOW - 2 * HOUR,
        )  # fmt: skip
        session.flush()
        keys = {
            "request": f"request-{thread.id}",
            "late_change": f"late_change-{soon.id}",
            "dispute": "dispute-1",
            "problem": f"problem-{report.id}",
            "attendance": f"attendance-{missed.id}",
            "replacement": f"replacement-{lost.id}",
            "silent": f"unanswered-{silent.id}",
            "reported": f"unanswered-{reported.id}",
            "message": f"message-{message.id}",
            "unreachable": f"unreachable-{person.id}",
            "file": f"note_file-{file.id}",
        }
    return Matters(
        keys,
        {
            "request": asked.id, "dispute": disputed.id, "problem": reported.id,
            "attendance": missed.id, "silent": silent.id, "late_change": soon.id,
            "replacement": lost.id,
        },
    )  # fmt: skip


def _given_up(reader: Person) -> OutboxMessage:
    return OutboxMessage(
        dedupe_key="given-up",
        kind=MessageKind.NOTES_ADDED,
        payload={},
        person_id=reader.id,
        created_at=NOW - 3 * HOUR,
        due_at=NOW - 3 * HOUR,
        failed_at=NOW - 2 * HOUR,
        attempts=1,
        error="Bad Request: message is too long",
    )


def _waiting(reader: Person) -> OutboxMessage:
    return OutboxMessage(
        dedupe_key="waiting",
        kind=MessageKind.NOTES_ADDED,
        payload={},
        person_id=reader.id,
        created_at=NOW - HOUR,
        due_at=NOW - HOUR,
    )
