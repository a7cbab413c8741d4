"""What a row of the coordinators' queue tells, read for a page of rows at once (SPEC 10)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, exists, or_, select, text
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import Select
from sqlmodel import col, func

from models import (
    Appointment,
    Dispute,
    EvidenceFile,
    Guardianship,
    NotePart,
    OutboxMessage,
    Person,
    ProblemReply,
    ProblemReport,
    QueueSnooze,
    RescheduleProposal,
)
from models.delivery import IS_UNSENT
from models.enums import Action, DisputeReason, Role
from models.matters import Matter
from services.db import Session
from services.prepared import Prepared
from services.queries.last_events import last_events
from services.queries.late_changes import LateChange, late_changes_of
from services.queries.listed_rows import ListedRow, rows_by, rows_with
from services.queries.problems import LAST_REPLY
from services.queries.queue import QueueItem
from services.queries.queue_parts import Put, QueueRequest, Undelivered, Unstored
from services.queries.replacements import AskedFor, asked_for


class QueueRow(NamedTuple):
    """One matter with what its row tells."""

    item: QueueItem
    session: ListedRow | None
    reason: DisputeReason | None = None
    text: str = ""
    by: str = ""
    """Person who disputes, reports, tells or asks."""
    claimed_by: str = ""
    request: QueueRequest | None = None
    change: LateChange | None = None
    wanted: AskedFor | None = None
    message: Undelivered | None = None
    file: Unstored | None = None
    nudged: Put | None = None
    snoozed: Put | None = None
    newest: Put | None = None
    """What a report's author has added, where nobody has replied since."""
    was_asked: bool = True
    """Whether a parent of the child is linked, who was asked then."""

    @property
    def session_id(self) -> int:
        """Id of its session; 0 where it is about none."""
        return self.session.id if self.session else 0


Told = dict[int, dict[str, Any]]
"""What the rows of one kind of matter tell, by the ids of what waits."""


def queue_rows(session: Session, items: Sequence[QueueItem], now: datetime) -> list[QueueRow]:
    """Rows of these matters, in their order; a statement for each kind that is among them."""
    if not items:
        return []
    ids = sorted({one.appointment_id for one in items if one.appointment_id is not None})
    sessions = _sessions(session, ids) if ids else {}
    nudged = nudges(session, ids) if ids else {}
    snoozed = _snoozes(session, items, now)
    told = {
        matter: read(session, subjects)
        for matter, read in _READ.items()
        if (subjects := [one.subject_id for one in items if one.matter is matter])
    }
    nothing: Told = {}
    return [
        QueueRow(
            item,
            sessions.get(item.appointment_id),
            nudged=nudged.get(item.appointment_id),
            snoozed=snoozed.get((item.matter, item.subject_id)),
            **told.get(item.matter, nothing).get(item.subject_id, {}),
        )
        for item in items
    ]


def _sessions(session: Session, ids: Sequence[int]) -> Mapping[int | None, ListedRow]:
    return {row.id: row for row in rows_with(_SESSIONS, session, ids=ids)}


def nudges(session: Session, session_ids: Collection[int]) -> dict[int | None, Put]:
    """Newest nudge about each of these sessions."""
    rows = _NUDGES.rows(session, ids=sorted(session_ids))
    return {event.appointment_id: Put(who or "", event.actor_id, event.at) for event, who in rows}


def _snoozes(
    session: Session, items: Iterable[QueueItem], now: datetime
) -> dict[tuple[Matter, int], Put]:
    rows = _SNOOZES.rows(session, ids=sorted({one.subject_id for one in items}), now=now)
    return {
        (one.matter, one.subject_id): Put(who, one.by_id, one.at, one.until) for one, who in rows
    }


def _requests(session: Session, ids: Sequence[int]) -> Told:
    return {
        thread_id: {"request": QueueRequest._make(asked), "text": text or ""}
        for thread_id, text, *asked in _REQUESTS.rows(session, ids=ids)
    }


def _late_changes(session: Session, ids: Sequence[int]) -> Told:
    return {
        session_id: {"change": change, "text": change.text or "", "by": change.who}
        for session_id, change in late_changes_of(session, ids).items()
    }


def _replacements(session: Session, ids: Sequence[int]) -> Told:
    return {
        session_id: {"wanted": asked, "by": asked.who}
        for session_id, asked in asked_for(session, ids).items()
    }


def _claimed(rows: Sequence[Any]) -> Told:
    return {
        number: {"reason": reason, "text": text or "", "by": by, "claimed_by": claimed_by or ""}
        for number, reason, text, by, claimed_by, *_ in rows
    }


def _disputes(session: Session, ids: Sequence[int]) -> Told:
    return _claimed(_DISPUTES.rows(session, ids=ids))


def _problems(session: Session, ids: Sequence[int]) -> Told:
    rows = _PROBLEMS.rows(session, ids=ids)
    told = _claimed(rows)
    for number, *_, by, _, role, person_id, at in rows:
        if role is Role.PARENT:
            told[number]["newest"] = Put(by, person_id, at)
    return told


def _unanswered(session: Session, ids: Sequence[int]) -> Told:
    """Those about which nobody was asked."""
    return {number: {"was_asked": False} for number in _NOBODY_ASKED.firsts(session, ids=ids)}


def _messages(session: Session, ids: Sequence[int]) -> Told:
    return {
        number: {
            "message": Undelivered(reader, error or "", tries, failed_at is not None, expires_at)
        }
        for number, reader, error, tries, failed_at, expires_at in _MESSAGES.rows(session, ids=ids)
    }


def _unreachable(session: Session, ids: Sequence[int]) -> Told:
    return {
        number: {"message": Undelivered(name, waiting=waiting)}
        for number, name, waiting in _UNREACHABLE.rows(session, ids=ids)
    }


def _unstored(rows: Sequence[Any]) -> Told:
    return {
        number: {"text": text or "", "file": Unstored(kind, name, tries)}
        for number, text, kind, name, tries in rows
    }


def _note_files(session: Session, ids: Sequence[int]) -> Told:
    return _unstored(_NOTE_FILES.rows(session, ids=ids))


def _evidence_files(session: Session, ids: Sequence[int]) -> Told:
    return _unstored(_EVIDENCE_FILES.rows(session, ids=ids))


_READ: Mapping[Matter, Callable[[Session, Sequence[int]], Told]] = MappingProxyType(
    {
        Matter.REQUEST: _requests,
        Matter.LATE_CHANGE: _late_changes,
        Matter.DISPUTE: _disputes,
        Matter.PROBLEM: _problems,
        Matter.REPLACEMENT: _replacements,
        Matter.UNANSWERED: _unanswered,
        Matter.MESSAGE: _messages,
        Matter.UNREACHABLE: _unreachable,
        Matter.NOTE_FILE: _note_files,
        Matter.EVIDENCE_FILE: _evidence_files,
    }
)

# Built once: the first page of coordinators is read with these.

_IDS = bindparam("ids", type_=Integer, expanding=True)
_NUDGES = last_events(Action.NUDGE)
_SNOOZES = Prepared(
    select(QueueSnooze, col(Person.name))
    .join(Person, col(Person.id) == col(QueueSnooze.by_id))
    .where(col(QueueSnooze.subject_id).in_(_IDS), col(QueueSnooze.until) > bindparam("now"))
)
_SESSIONS = Prepared(rows_by(col(Appointment.id).in_(_IDS), limit=None))
_asked_to = RescheduleProposal
_REQUESTS = Prepared(
    select(
        *(col(_asked_to.thread_id), col(_asked_to.text), col(_asked_to.side)),
        *(col(_asked_to.reason), col(_asked_to.new_starts_at), col(_asked_to.new_ends_at)),
    ).where(col(_asked_to.thread_id).in_(_IDS), text("reschedule_proposal.status = 'open'"))
)


def _claimable(
    table: type[Dispute] | type[ProblemReport], author: Any, *more: Any
) -> Select[tuple[Any, ...]]:
    parent, claimer = aliased(Person), aliased(Person)
    return (
        select(
            *(col(table.id), col(table.reason), col(table.text)),
            *(col(parent.name), col(claimer.name), *more),
        )
        .join(parent, col(parent.id) == author)
        .outerjoin(claimer, col(claimer.id) == col(table.claimed_by_id))
        .where(col(table.id).in_(_IDS))
    )


_DISPUTES = Prepared(_claimable(Dispute, col(Dispute.opened_by_id)))
_newest = aliased(ProblemReply)
_PROBLEMS = Prepared(
    _claimable(
        *(ProblemReport, col(ProblemReport.person_id)),
        *(col(_newest.role), col(_newest.person_id), col(_newest.at)),
    ).outerjoin(_newest, col(_newest.id) == LAST_REPLY)
)
_NOBODY_ASKED = Prepared(
    select(col(Appointment.id)).where(
        col(Appointment.id).in_(_IDS),
        ~exists()
        .where(
            col(Guardianship.student_id) == col(Appointment.student_id),
            col(Person.id) == col(Guardianship.person_id),
            col(Person.id) != col(Appointment.tutor_id),
            or_(col(Person.telegram_user_id).is_not(None), col(Person.web_since).is_not(None)),
        )
        .correlate(Appointment),
    )
)
_MESSAGES = Prepared(
    select(
        *(col(OutboxMessage.id), col(Person.name), col(OutboxMessage.error)),
        *(col(OutboxMessage.attempts), col(OutboxMessage.failed_at)),
        col(OutboxMessage.expires_at),
    )
    .outerjoin(Person, col(Person.id) == col(OutboxMessage.person_id))
    .where(col(OutboxMessage.id).in_(_IDS))
)
_UNREACHABLE = Prepared(
    select(col(Person.id), col(Person.name), func.count(col(OutboxMessage.id)))
    .join(OutboxMessage, col(OutboxMessage.person_id) == col(Person.id))
    .where(
        col(Person.id).in_(_IDS),
        IS_UNSENT,
    )
    .group_by(col(Person.id))
)


def _files(table: type[NotePart] | type[EvidenceFile]) -> Prepared:
    return Prepared(
        select(
            *(col(table.id), col(table.text), col(table.kind)),
            *(col(table.file_name), col(table.store_attempts)),
        ).where(col(table.id).in_(_IDS))
    )


_NOTE_FILES = _files(NotePart)
_EVIDENCE_FILES = _files(EvidenceFile)
