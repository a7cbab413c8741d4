"""What waits for coordinators, a statement for each kind of matter (SPEC 10).

Each reads an index of rows that are open, so that it stays fast however much is over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    text,
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
)
from models.matters import Matter
from services.queries.questions import ASKED_AT, AWAITS, asked
from services.queries.requests import OPEN_THREAD
from services.rules.agency import Agency
from services.rules.queue import LATER, PARKED_AFTER, UNSTORED, URGENT, QueueKind, rank_of
from services.rules.reminders import OVERDUE
from services.rules.windows import CHECK_OUT_GRACE, bounds_of_day, start_of_day

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue is wanted; everything where nothing is said."""

    kind: QueueKind | None = None
    person_id: int | None = None
    """Tutor of the session, parent of the child, or reader of the message."""
    student_id: int | None = None
    words: str = ""
    """Part of the name of the child, the tutor or a parent, or of the subject."""
    since: date | None = None
    """First day of sessions, in the agency's zone."""
    until: date | None = None
    """Last day of sessions."""
    is_snoozed: bool = False
    """Whether what is put off is wanted, and nothing else."""

    @property
    def is_about_sessions(self) -> bool:
        """Whether it asks for something that only a session has."""
        return self.student_id is not None or self.since is not None or self.until is not None


_tutor = aliased(Person)
_parent = aliased(Person)


def of_sessions(wanted: QueueFilter, agency: Agency) -> list[Condition]:
    """Conditions on the session that a matter is about."""
    found: list[Condition] = []
    if wanted.student_id is not None:
        found.append(col(Appointment.student_id) == wanted.student_id)
    if wanted.person_id is not None:
        found.append(
            or_(
                col(Appointment.tutor_id) == wanted.person_id,
                col(Appointment.student_id).in_(
                    select(col(Guardianship.student_id)).where(
                        col(Guardianship.person_id) == wanted.person_id
                    )
                ),
            )
        )
    if wanted.since is not None:
        found.append(col(Appointment.starts_at) >= bounds_of_day(wanted.since, agency.zone)[0])
    if wanted.until is not None:
        found.append(col(Appointment.starts_at) < bounds_of_day(wanted.until, agency.zone)[1])
    if wanted.words:
        found.append(_called(wanted.words))
    return found


def _called(words: str) -> Condition:
    """Whether a session's subject, or the name of somebody in it, contains these words."""

    def of(column: Any) -> Condition:
        return col(column).icontains(words, autoescape=True)

    families = (
        select(col(Guardianship.student_id))
        .join(_parent, col(_parent.id) == col(Guardianship.person_id))
        .where(of(_parent.name))
    )
    return or_(
        of(Appointment.subject),
        col(Appointment.tutor_id).in_(select(col(_tutor.id)).where(of(_tutor.name))),
        col(Appointment.student_id).in_(select(col(Student.id)).where(of(Student.name))),
        col(Appointment.student_id).in_(families),
    )


def _rows(
    matter: Matter, subject: Any, at: Any, rank: Any = None, session_id: Any = None
) -> Select[Any]:
    """Columns of every matter: its place, what it is, its session, and the time by which it is
    sorted.
    """
    return select(
        (literal(rank_of(matter)) if rank is None else rank).label("rank"),
        literal(matter.value).label("matter"),
        col(subject).label("subject_id"),
        (col(Appointment.id) if session_id is None else session_id).label("appointment_id"),
        at.label("at"),
    )


def _requests(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    thread = RescheduleThread
    rank = case((col(thread.expires_at) <= now + URGENT, rank_of(Matter.REQUEST)), else_=LATER)
    return (
        _rows(Matter.REQUEST, thread.id, col(thread.expires_at), rank)
        .join(Appointment, col(Appointment.id) == col(thread.appointment_id))
        .where(
            OPEN_THREAD,
            col(thread.expires_at) > now,
            text("appointment.status = 'scheduled'"),
            *of_sessions(wanted, agency),
        )
    )


def _disputes(wanted: QueueFilter, agency: Agency, _now: datetime) -> Select[Any]:
    return (
        _rows(Matter.DISPUTE, Dispute.id, col(Dispute.opened_at))
        .join(Appointment, col(Appointment.id) == col(Dispute.appointment_id))
        .where(text("dispute.status IN ('open', 'claimed')"), *of_sessions(wanted, agency))
    )


def _problems(wanted: QueueFilter, agency: Agency, _now: datetime) -> Select[Any]:
    return (
        _rows(Matter.PROBLEM, ProblemReport.id, col(ProblemReport.at))
        .join(Appointment, col(Appointment.id) == col(ProblemReport.appointment_id))
        .where(
            text("problem_report.status IN ('open', 'claimed', 'answered')"),
            *of_sessions(wanted, agency),
        )
    )


def _missed_check_ins(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    return _rows(Matter.ATTENDANCE, Appointment.id, col(Appointment.starts_at)).where(
        text("appointment.status = 'scheduled'"),
        col(Appointment.starts_at) < start_of_day(now, agency.zone),
        col(Appointment.ends_at) <= now,  # later only where the session crosses midnight
        *of_sessions(wanted, agency),
    )


def _missed_check_outs(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    return _rows(Matter.ATTENDANCE, Appointment.id, col(Appointment.starts_at)).where(
        text("appointment.status = 'checked_in'"),
        col(Appointment.ends_at) < now - CHECK_OUT_GRACE,
        *of_sessions(wanted, agency),
    )


def _unanswered(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    statement = _rows(Matter.UNANSWERED, Appointment.id, col(Appointment.starts_at))
    return asked(statement).where(AWAITS, now - OVERDUE > ASKED_AT, *of_sessions(wanted, agency))


def _messages(wanted: QueueFilter, agency: Agency, _now: datetime) -> list[Select[Any]]:
    """Messages that were given up, and those that still wait after several tries."""
    message = OutboxMessage
    given_up = _of_messages(col(message.failed_at)).where(
        text("outbox_message.failed_at IS NOT NULL AND outbox_message.set_aside_at IS NULL"),
        text("outbox_message.error <> 'expired'"),
        *_to_reader(wanted, agency),
    )
    parked = _of_messages(col(message.created_at)).where(
        text("outbox_message.sent_at IS NULL AND outbox_message.failed_at IS NULL"),
        text(f"outbox_message.attempts >= {PARKED_AFTER}"),
        *_to_reader(wanted, agency),
    )
    return [given_up, parked]


def _of_messages(at: Any) -> Select[Any]:
    return (
        _rows(Matter.MESSAGE, OutboxMessage.id, at)
        .select_from(OutboxMessage)
        .outerjoin(Appointment, col(Appointment.id) == col(OutboxMessage.appointment_id))
        .outerjoin(Person, col(Person.id) == col(OutboxMessage.person_id))
    )


def _to_reader(wanted: QueueFilter, agency: Agency) -> list[Condition]:
    """Conditions on a message: its session's, or its reader's where it asks for people."""
    about = of_sessions(wanted, agency)
    readers = _readers(wanted)
    if not readers or wanted.is_about_sessions:
        return about
    return [or_(and_(*about), and_(*readers))]


def _readers(wanted: QueueFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.person_id is not None:
        found.append(col(Person.id) == wanted.person_id)
    if wanted.words:
        found.append(col(Person.name).icontains(wanted.words, autoescape=True))
    return found


def _unreachable(wanted: QueueFilter, _agency: Agency, _now: datetime) -> Select[Any]:
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
            text("outbox_message.sent_at IS NULL AND outbox_message.failed_at IS NULL"),
        )
        .exists(),
        *(_readers(wanted) if not wanted.is_about_sessions else [literal(False)]),
    )


def _note_files(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    part = NotePart
    return (
        _rows(Matter.NOTE_FILE, part.id, col(part.created_at))
        .join(Appointment, col(Appointment.id) == col(part.appointment_id))
        .where(
            text("note_part.telegram_file_id IS NOT NULL AND note_part.stored_at IS NULL"),
            col(part.removed_at).is_(None),
            col(part.created_at) <= now - UNSTORED,
            *of_sessions(wanted, agency),
        )
    )


def _evidence_files(wanted: QueueFilter, agency: Agency, now: datetime) -> Select[Any]:
    file = EvidenceFile
    return (
        _rows(Matter.EVIDENCE_FILE, file.id, col(file.created_at))
        .join(Appointment, col(Appointment.id) == col(file.appointment_id))
        .where(
            text("evidence_file.stored_at IS NULL AND evidence_file.removed_at IS NULL"),
            col(file.created_at) <= now - UNSTORED,
            *of_sessions(wanted, agency),
        )
    )


Branch = Callable[[QueueFilter, Agency, datetime], list[Select[Any]]]

BRANCHES: Mapping[Matter, Branch] = MappingProxyType(
    {
        Matter.REQUEST: lambda *given: [_requests(*given)],
        Matter.DISPUTE: lambda *given: [_disputes(*given)],
        Matter.PROBLEM: lambda *given: [_problems(*given)],
        Matter.ATTENDANCE: lambda *given: [_missed_check_ins(*given), _missed_check_outs(*given)],
        Matter.UNANSWERED: lambda *given: [_unanswered(*given)],
        Matter.MESSAGE: _messages,
        Matter.UNREACHABLE: lambda *given: [_unreachable(*given)],
        Matter.NOTE_FILE: lambda *given: [_note_files(*given)],
        Matter.EVIDENCE_FILE: lambda *given: [_evidence_files(*given)],
    }
)
"""Statements for each kind of matter."""
