"""What waits for coordinators, a statement for each kind of matter (SPEC 10).

Each reads an index of rows that are open, so that it stays fast however much is over.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    TextClause,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import Select
from sqlmodel import col

from models import (
    Appointment,
    Dispute,
    EvidenceFile,
    Guardianship,
    NotePart,
    OutboxMessage,
    Person,
    ProblemReport,
    RescheduleThread,
    Student,
    WantedReplacement,
)
from models.columns import UtcDateTime
from models.delivery import IS_UNSENT
from models.enums import MissedKind
from models.matters import Matter
from services.queries.containing import contains
from services.queries.late_changes import is_waiting
from services.queries.problems import IS_LIVE
from services.queries.questions import ASKED_AT, AWAITS, asked
from services.queries.queue_filter import (
    ASKED_BEFORE,
    LATE_UNTIL,
    NOW,
    OUT_BEFORE,
    PERSON,
    SINCE,
    STORED_BEFORE,
    STUDENT,
    TODAY,
    TOLD_AFTER,
    UNTIL,
    URGENT_UNTIL,
    Asks,
)
from services.queries.requests import OPEN_THREAD
from services.rules.queue import LATER, PARKED_AFTER, rank_of

Condition = ColumnElement[bool]
MISSED: Mapping[MissedKind, tuple[Condition | TextClause, ...]] = MappingProxyType(
    {
        MissedKind.CHECK_IN: (
            text("appointment.status = 'scheduled'"),
            col(Appointment.starts_at) < TODAY,
            col(Appointment.ends_at) <= NOW,  # later only where the session crosses midnight
        ),
        MissedKind.CHECK_OUT: (
            text("appointment.status = 'checked_in'"),
            col(Appointment.ends_at) < OUT_BEFORE,
        ),
    }
)
"""Conditions of sessions whose attendance is missing (SPEC 3)."""


_tutor = aliased(Person)
_parent = aliased(Person)


def _of_sessions(asks: Asks) -> list[Condition]:
    """Conditions on the session that a matter is about."""
    found: list[Condition] = []
    if asks.student:
        found.append(col(Appointment.student_id) == STUDENT)
    if asks.person:
        children = select(col(Guardianship.student_id)).where(col(Guardianship.person_id) == PERSON)
        found.append(
            or_(
                col(Appointment.tutor_id) == PERSON,
                col(Appointment.student_id).in_(children),
            )
        )
    if asks.since:
        found.append(col(Appointment.starts_at) >= SINCE)
    if asks.until:
        found.append(col(Appointment.starts_at) < UNTIL)
    if asks.words:
        found.append(_called())
    return found


def _called() -> Condition:
    """Whether a session's subject, or the name of somebody in it, contains the words."""
    return or_(
        contains(Appointment.subject, "words"),
        col(Appointment.tutor_id).in_(select(_CALLED_TUTORS)),
        col(Appointment.student_id).in_(select(_CALLED_CHILDREN)),
    )


_CALLED_TUTORS = select(col(_tutor.id)).where(contains(_tutor.name, "words")).cte("called_tutors")
_CALLED_CHILDREN = union(
    select(col(Student.id)).where(contains(Student.name, "words")),
    select(col(Guardianship.student_id))
    .join(_parent, col(_parent.id) == col(Guardianship.person_id))
    .where(contains(_parent.name, "words")),
).cte("called_children")
"""Those whose own name, or a parent's, contains the words: looked for once for all branches."""


def _rows(
    matter: Matter,
    subject: Any,
    at: Any,
    rank: Any = None,
    session_id: Any = None,
    asked_at: Any = None,
) -> Select[Any]:
    """Columns of every matter: its place, what it is, its session, the time by which it is sorted,
    and when parents were asked whose answer is missing.
    """
    return select(
        (literal(rank_of(matter)) if rank is None else rank).label("rank"),
        literal(matter.value).label("matter"),
        col(subject).label("subject_id"),
        (col(Appointment.id) if session_id is None else session_id).label("appointment_id"),
        at.label("at"),
        (cast(null(), UtcDateTime) if asked_at is None else asked_at).label("asked_at"),
    )


def _requests(asks: Asks) -> Select[Any]:
    thread = RescheduleThread
    rank = case((col(thread.expires_at) <= URGENT_UNTIL, rank_of(Matter.REQUEST)), else_=LATER)
    return (
        _rows(Matter.REQUEST, thread.id, col(thread.expires_at), rank)
        .join(Appointment, col(Appointment.id) == col(thread.appointment_id))
        .where(
            OPEN_THREAD,
            col(thread.expires_at) > NOW,
            text("appointment.status = 'scheduled'"),
            *_of_sessions(asks),
        )
    )


def _late_changes(asks: Asks) -> Select[Any]:
    return _rows(Matter.LATE_CHANGE, Appointment.id, col(Appointment.starts_at)).where(
        *is_waiting(NOW, LATE_UNTIL, TOLD_AFTER), *_of_sessions(asks)
    )


def _replacements(asks: Asks) -> Select[Any]:
    wanted = WantedReplacement
    return (
        _rows(Matter.REPLACEMENT, wanted.appointment_id, col(wanted.asked_at))
        .select_from(wanted)
        .outerjoin(Appointment, col(Appointment.id) == col(wanted.appointment_id))
        .where(*_of_sessions(asks))
    )


def _disputes(asks: Asks) -> Select[Any]:
    return (
        _rows(Matter.DISPUTE, Dispute.id, col(Dispute.opened_at))
        .join(Appointment, col(Appointment.id) == col(Dispute.appointment_id))
        .where(text("dispute.status IN ('open', 'claimed')"), *_of_sessions(asks))
    )


def _problems(asks: Asks) -> Select[Any]:
    return (
        _rows(Matter.PROBLEM, ProblemReport.id, col(ProblemReport.at))
        .join(Appointment, col(Appointment.id) == col(ProblemReport.appointment_id))
        .where(
            IS_LIVE,
            *_of_sessions(asks),
        )
    )


def _missed_check_ins(asks: Asks) -> Select[Any]:
    return _rows(Matter.ATTENDANCE, Appointment.id, col(Appointment.starts_at)).where(
        *MISSED[MissedKind.CHECK_IN], *_of_sessions(asks)
    )


def _missed_check_outs(asks: Asks) -> Select[Any]:
    return _rows(Matter.ATTENDANCE, Appointment.id, col(Appointment.starts_at)).where(
        *MISSED[MissedKind.CHECK_OUT], *_of_sessions(asks)
    )


def _unanswered(asks: Asks) -> Select[Any]:
    starts_at = col(Appointment.starts_at)
    statement = _rows(Matter.UNANSWERED, Appointment.id, starts_at, asked_at=ASKED_AT)
    return asked(statement).where(AWAITS, ASKED_BEFORE > ASKED_AT, *_of_sessions(asks))


def _messages(asks: Asks) -> list[Select[Any]]:
    """Messages that were given up, and those that still wait after several tries."""
    message = OutboxMessage
    given_up = _of_messages(col(message.failed_at)).where(
        text("outbox_message.failed_at IS NOT NULL AND outbox_message.set_aside_at IS NULL"),
        text("outbox_message.error <> 'expired'"),
        *_to_reader(asks),
    )
    parked = _of_messages(col(message.created_at)).where(
        IS_UNSENT,
        text(f"outbox_message.attempts >= {PARKED_AFTER}"),
        *_to_reader(asks),
    )
    return [given_up, parked]


def _of_messages(at: Any) -> Select[Any]:
    return (
        _rows(Matter.MESSAGE, OutboxMessage.id, at)
        .select_from(OutboxMessage)
        .outerjoin(Appointment, col(Appointment.id) == col(OutboxMessage.appointment_id))
        .outerjoin(Person, col(Person.id) == col(OutboxMessage.person_id))
    )


def _to_reader(asks: Asks) -> list[Condition]:
    """Conditions on a message: its session's, or its reader's where it asks for people."""
    about = _of_sessions(asks)
    readers = _readers(asks)
    if not readers or asks.is_about_sessions:
        return about
    return [or_(and_(*about), and_(*readers))]


def _readers(asks: Asks) -> list[Condition]:
    found: list[Condition] = []
    if asks.person:
        found.append(col(Person.id) == PERSON)
    if asks.words:
        found.append(contains(Person.name, "words"))
    return found


def _unreachable(asks: Asks) -> Select[Any]:
    statement = _rows(
        Matter.UNREACHABLE,
        Person.id,
        col(Person.unreachable_since),
        session_id=cast(null(), Integer),
    )
    return statement.where(
        text("person.unreachable_since IS NOT NULL"),
        select(col(OutboxMessage.id))
        .where(
            col(OutboxMessage.person_id) == col(Person.id),
            IS_UNSENT,
        )
        .exists(),
        *(_readers(asks) if not asks.is_about_sessions else [literal(False)]),
    )


def _note_files(asks: Asks) -> Select[Any]:
    part = NotePart
    return (
        _rows(Matter.NOTE_FILE, part.id, col(part.created_at))
        .join(Appointment, col(Appointment.id) == col(part.appointment_id))
        .where(
            text("note_part.telegram_file_id IS NOT NULL AND note_part.stored_at IS NULL"),
            # By this PostgreSQL knows how few there are: most parts have no file to be stored, and
            # of those that have one, most are stored, but it takes the two to have nothing to do
            # with each other, and would read every part.
            col(part.next_try_at).is_not(None),
            col(part.removed_at).is_(None),
            col(part.created_at) <= STORED_BEFORE,
            *_of_sessions(asks),
        )
    )


def _evidence_files(asks: Asks) -> Select[Any]:
    file = EvidenceFile
    return (
        _rows(Matter.EVIDENCE_FILE, file.id, col(file.created_at))
        .join(Appointment, col(Appointment.id) == col(file.appointment_id))
        .where(
            text("evidence_file.stored_at IS NULL AND evidence_file.removed_at IS NULL"),
            col(file.created_at) <= STORED_BEFORE,
            *_of_sessions(asks),
        )
    )


Branch = Callable[[Asks], list[Select[Any]]]

BRANCHES: Mapping[Matter, Branch] = MappingProxyType(
    {
        Matter.REQUEST: lambda asks: [_requests(asks)],
        Matter.LATE_CHANGE: lambda asks: [_late_changes(asks)],
        Matter.DISPUTE: lambda asks: [_disputes(asks)],
        Matter.PROBLEM: lambda asks: [_problems(asks)],
        Matter.ATTENDANCE: lambda asks: [_missed_check_ins(asks), _missed_check_outs(asks)],
        Matter.REPLACEMENT: lambda asks: [_replacements(asks)],
        Matter.UNANSWERED: lambda asks: [_unanswered(asks)],
        Matter.MESSAGE: _messages,
        Matter.UNREACHABLE: lambda asks: [_unreachable(asks)],
        Matter.NOTE_FILE: lambda asks: [_note_files(asks)],
        Matter.EVIDENCE_FILE: lambda asks: [_evidence_files(asks)],
    }
)
"""Statements for each kind of matter."""
