"""What a row of the coordinators' queue tells, read for a page of rows at once (SPEC 10)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Integer, bindparam, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func

from models import (
    Appointment,
    Dispute,
    EvidenceFile,
    NotePart,
    OutboxMessage,
    Person,
    ProblemReport,
    QueueSnooze,
    RescheduleProposal,
    RescheduleThread,
)
from models.enums import Action, DisputeReason, MessageKind, PartKind
from models.matters import Matter
from services.db import Session
from services.lifecycle.open_requests import AskedToMove
from services.prepared import Prepared
from services.queries.last_events import last_events
from services.queries.late_changes import LateChange, late_changes_of
from services.queries.questions import ASKED_AT, asked
from services.queries.queue import QueueItem
from services.queries.replacements import AskedFor, asked_for
from services.queries.sessions import SessionView, views_of


@dataclass(frozen=True)
class Put:
    """Who did something about a matter, and when: put it off, or nudged."""

    who: str
    person_id: int | None
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Undelivered:
    """Message that could not be delivered, or the messages that wait for a person."""

    reader: Person | None
    """None for the coordinators' group."""
    kind: MessageKind | None = None
    error: str = ""
    tries: int = 0
    is_given_up: bool = False
    expires_at: datetime | None = None
    waiting: int = 0
    """Messages that wait for a person who has blocked the bot."""


@dataclass(frozen=True)
class Unstored:
    """File that is not stored."""

    kind: PartKind
    name: str | None
    tries: int
    next_try_at: datetime | None


@dataclass(frozen=True)
class QueueRow:
    """One matter with what its row tells."""

    item: QueueItem
    view: SessionView | None
    reason: DisputeReason | None = None
    text: str = ""
    by: str = ""
    """Person who disputes, reports, tells or asks."""
    claimed_by: str = ""
    request: AskedToMove | None = None
    change: LateChange | None = None
    wanted: AskedFor | None = None
    message: Undelivered | None = None
    file: Unstored | None = None
    asked_at: datetime | None = None
    """When the parents were asked whose answer is missing."""
    nudged: Put | None = None
    snoozed: Put | None = None

    @property
    def session_id(self) -> int:
        """Id of its session; 0 where it is about none."""
        return self.view.id if self.view else 0


@dataclass(frozen=True)
class _Found:
    views: Mapping[int, SessionView]
    of: Mapping[Matter, Mapping[int, dict[str, Any]]] = field(default_factory=dict)
    nudged: Mapping[int, Put] = field(default_factory=dict)
    snoozed: Mapping[tuple[Matter, int], Put] = field(default_factory=dict)


def queue_rows(session: Session, items: Sequence[QueueItem], now: datetime) -> list[QueueRow]:
    """Rows of these matters, in their order; a statement for each kind that is among them."""
    sessions = {one.appointment_id for one in items if one.appointment_id is not None}
    views = {view.id: view for view in views_of(session, sorted(sessions))}
    found = _Found(
        views,
        {
            matter: read(session, ids)
            for matter, read in _READ.items()
            if (ids := [one.subject_id for one in items if one.matter is matter])
        },
        nudges(session, sessions) if sessions else {},
        _snoozes(session, items, now) if items else {},
    )
    return [_row(item, found) for item in items]


def _row(item: QueueItem, found: _Found) -> QueueRow:
    told = found.of.get(item.matter, {}).get(item.subject_id, {})
    session_id = item.appointment_id
    return QueueRow(
        item,
        found.views.get(session_id) if session_id is not None else None,
        nudged=found.nudged.get(session_id) if session_id is not None else None,
        snoozed=found.snoozed.get((item.matter, item.subject_id)),
        **told,
    )


def nudges(session: Session, session_ids: Collection[int]) -> dict[int, Put]:
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


Told = dict[int, dict[str, Any]]


def _requests(session: Session, ids: Sequence[int]) -> Told:
    return {
        thread.id: {"request": AskedToMove(thread, proposal), "text": proposal.text or ""}
        for thread, proposal in _REQUESTS.rows(session, ids=ids)
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


def _unanswered(session: Session, ids: Sequence[int]) -> Told:
    return {session_id: {"asked_at": at} for session_id, at in _ASKED.rows(session, ids=ids)}


def _claimed(rows: Sequence[Any]) -> Told:
    return {
        one.id: {
            "reason": one.reason, "text": one.text or "", "by": by, "claimed_by": claimed_by or "",
        }
        for one, by, claimed_by in rows
    }  # fmt: skip


def _messages(session: Session, ids: Sequence[int]) -> Told:
    return {
        message.id: {
            "message": Undelivered(
                reader, message.kind, message.error or "", message.attempts,
                message.failed_at is not None, message.expires_at,
            )
        }
        for message, reader in _MESSAGES.rows(session, ids=ids)
    }  # fmt: skip


def _unreachable(session: Session, ids: Sequence[int]) -> Told:
    return {
        person.id: {"message": Undelivered(person, waiting=waiting)}
        for person, waiting in _UNREACHABLE.rows(session, ids=ids)
    }


def _unstored(files: Sequence[NotePart] | Sequence[EvidenceFile]) -> Told:
    return {
        one.id: {
            "file": Unstored(one.kind, one.file_name, one.store_attempts, one.next_try_at),
            "text": one.text or "",
        }
        for one in files
    }


def _disputes(session: Session, ids: Sequence[int]) -> Told:
    return _claimed(_DISPUTES.rows(session, ids=ids))


def _problems(session: Session, ids: Sequence[int]) -> Told:
    return _claimed(_PROBLEMS.rows(session, ids=ids))


def _note_files(session: Session, ids: Sequence[int]) -> Told:
    return _unstored(_NOTE_FILES.firsts(session, ids=ids))


def _evidence_files(session: Session, ids: Sequence[int]) -> Told:
    return _unstored(_EVIDENCE_FILES.firsts(session, ids=ids))


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
_REQUESTS = Prepared(
    select(RescheduleThread, RescheduleProposal)
    .join(RescheduleProposal, col(RescheduleProposal.thread_id) == col(RescheduleThread.id))
    .where(col(RescheduleThread.id).in_(_IDS), text("reschedule_proposal.status = 'open'"))
)


_ASKED = Prepared(
    asked(select(Appointment.id, ASKED_AT)).where(col(Appointment.id).in_(_IDS))  # type: ignore[call-overload]
)


def _claimable(table: type[Dispute] | type[ProblemReport], author: Any) -> Prepared:
    parent, claimer = aliased(Person), aliased(Person)
    return Prepared(
        select(table, col(parent.name), col(claimer.name))
        .join(parent, col(parent.id) == author)
        .outerjoin(claimer, col(claimer.id) == col(table.claimed_by_id))
        .where(col(table.id).in_(_IDS))
    )


_DISPUTES = _claimable(Dispute, col(Dispute.opened_by_id))
_PROBLEMS = _claimable(ProblemReport, col(ProblemReport.person_id))
_MESSAGES = Prepared(
    select(OutboxMessage, Person)
    .outerjoin(Person, col(Person.id) == col(OutboxMessage.person_id))
    .where(col(OutboxMessage.id).in_(_IDS))
)
_UNREACHABLE = Prepared(
    select(Person, func.count(col(OutboxMessage.id)))
    .join(OutboxMessage, col(OutboxMessage.person_id) == col(Person.id))
    .where(
        col(Person.id).in_(_IDS),
        text("outbox_message.sent_at IS NULL AND outbox_message.failed_at IS NULL"),
    )
    .group_by(col(Person.id))
)
_NOTE_FILES = Prepared(select(NotePart).where(col(NotePart.id).in_(_IDS)))
_EVIDENCE_FILES = Prepared(select(EvidenceFile).where(col(EvidenceFile.id).in_(_IDS)))
