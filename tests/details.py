"""Details of sessions for their cards, made in memory without a database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from models import (
    Appointment,
    Cancellation,
    Dispute,
    NotePart,
    NoteSummary,
    Person,
    RescheduleProposal,
    RescheduleThread,
    Student,
)
from models.enums import (
    ChangeReason,
    DisputeReason,
    DisputeStatus,
    PartKind,
    Role,
    Status,
    SummaryStatus,
    ThreadStatus,
)
from services.lifecycle.open_requests import OpenRequest
from services.queries.notes import NoteView
from services.queries.replacements import Replacement
from services.queries.sessions import SessionDetail, SessionView
from tests.builders import NOW

TUTOR = Person(id=1, name="Tan Wei Ming", is_tutor=True)
PARENT = Person(id=2, name="Grace Lim", is_parent=True)
COORDINATOR = Person(id=4, name="Priya Nair", is_coordinator=True)
STUDENT = Student(id=3, name="Emily Lim")

START = NOW + timedelta(days=1)
END = START + timedelta(minutes=90)


def row(status: Status, **over: Any) -> Appointment:
    """The session's row, tomorrow at this time if `over` says no other."""
    values: dict[str, Any] = {
        "id": 7,
        "tutor_id": TUTOR.id,
        "student_id": STUDENT.id,
        "subject": "Mathematics",
        "starts_at": START,
        "ends_at": END,
        "status": status,
        "created_at": NOW,
    }
    return Appointment(**(values | over))


def detail(status: Status, **over: Any) -> SessionDetail:
    """The session as its tutor sees it; `over` are fields of the detail."""
    bare = SessionDetail(
        view=SessionView(row(status), TUTOR, STUDENT),
        last_move=None,
        request=None,
        last_change=None,
        cancellation=None,
        waived_by=None,
        replacement=Replacement(),
        dispute=None,
        claimed_by=None,
        settled_by=None,
        notes=[],
        summary=None,
        roles=frozenset({Role.TUTOR}),
    )
    return replace(bare, **over)


def request(side: Role) -> OpenRequest:
    """An open request to move the session two hours later."""
    proposer = TUTOR if side is Role.TUTOR else PARENT
    later = timedelta(hours=2)
    return OpenRequest(
        RescheduleThread(
            id=11,
            appointment_id=7,
            status=ThreadStatus.OPEN,
            opened_at=NOW,
            expires_at=START,
        ),
        RescheduleProposal(
            id=12,
            thread_id=11,
            side=side,
            proposed_by_id=proposer.id,
            new_starts_at=START + later,
            new_ends_at=END + later,
            proposed_at=NOW,
        ),
        proposer,
    )


def dispute(status: DisputeStatus, **over: Any) -> Dispute:
    """A dispute of Grace's."""
    values: dict[str, Any] = {
        "id": 13,
        "appointment_id": 7,
        "opened_by_id": PARENT.id,
        "opened_at": NOW,
        "reason": DisputeReason.CONDUCT,
        "evidence": {},
        "status": status,
    }
    return Dispute(**(values | over))


def cancellation(**over: Any) -> Cancellation:
    """A cancellation by Grace, without a penalty."""
    values: dict[str, Any] = {
        "id": 14,
        "appointment_id": 7,
        "cancelled_by_id": PARENT.id,
        "side": Role.PARENT,
        "reason": ChangeReason.OTHER,
        "at": NOW,
    }
    return Cancellation(**(values | over))


def note() -> NoteView:
    """A text of the tutor's."""
    part = NotePart(
        id=15, appointment_id=7, author_id=TUTOR.id, kind=PartKind.TEXT, text="x", created_at=NOW
    )
    return NoteView(part, TUTOR.name)


def summary(*, is_right: bool | None = None) -> NoteSummary:
    """A summary that was made; `is_right`: the tutor's judgement."""
    return NoteSummary(
        id=16,
        appointment_id=7,
        language="en",
        version=1,
        status=SummaryStatus.MADE,
        is_right=is_right,
    )
