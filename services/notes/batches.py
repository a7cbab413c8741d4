"""Note batches: a batch takes parts until *Done* or ten minutes without a part (SPEC 4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, case, update
from sqlmodel import col, func, select

from models import Appointment, NoteBatch, NotePart
from models.columns import UtcDateTime
from models.enums import Action, PartKind, Role, Status
from services.db import Session
from services.inserts import insert_once
from services.lifecycle.access import for_update, require_tutor
from services.lifecycle.actors import Actor, Source
from services.lifecycle.facts import facts_of_row
from services.lifecycle.status import record
from services.media.limits import MEBIBYTE, limit_for
from services.media.reservations import let_go
from services.messaging import outbox
from services.messaging.messages.notes import NotesAdded
from services.notifications.announcements import linked_parents, refresh_cards
from services.prepared import Prepared
from services.prepared_rows import set_values
from services.queries.notes import has_notes
from services.rules.actions import require
from services.rules.notes import is_over
from services.rules.refusals.notes import FileTooLarge, NoNotesToRemove, NotesClosed
from services.rules.refusals.sessions import StaleButton
from services.rules.refusals.standing import NotYourSession
from services.rules.session_actions import SessionAction
from services.summaries.requests import request_summaries

TEXT_LIMIT = 4096
"""Longest text or caption of one part, in characters: Telegram's limit for one message."""


@dataclass(frozen=True)
class IncomingFile:
    """File of a message, by Telegram's reference; its bytes are fetched later."""

    kind: PartKind
    telegram_file_id: str
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    duration_seconds: int | None = None
    media_group_id: str | None = None


@dataclass(frozen=True)
class Tally:
    """Counts of what a batch holds so far."""

    batch: NoteBatch
    counts: dict[PartKind, int]
    last_part_id: int | None
    on_its_way: int
    """Files that are not stored yet."""
    has_notes: bool
    """Whether its session has notes, of this batch or of another."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def takes_parts(self, now: datetime) -> bool:
        """Whether a message sent at `now` is a part of this batch."""
        return self.batch.closed_at is None and not is_over(self.batch.last_part_at, now)


def open_batch(session: Session, appointment_id: int, actor: Actor, chat_id: int) -> NoteBatch:
    """Begin a batch, or continue the one that is open for this session in this chat.

    A batch that is open for another session is closed as by *Done*. Refused: NotYourSession,
    WrongStatus before check-in and for sessions that never took place.
    """
    appointment = for_update(session, appointment_id)
    require_tutor(session, appointment, actor)
    require(facts_of_row(appointment), SessionAction.ADD_NOTES, Role.TUTOR, actor.now)
    current = open_batch_of(session, actor, chat_id)
    if current is not None:
        if current.appointment_id == appointment_id and not is_over(
            current.last_part_at, actor.now
        ):
            return current
        close_batch(session, current.id, actor)
    batch = NoteBatch(
        appointment_id=appointment_id,
        tutor_id=actor.identified,
        chat_id=chat_id,
        opened_at=actor.now,
        last_part_at=actor.now,
    )
    session.add(batch)
    session.flush()
    return batch


def open_batch_of(session: Session, actor: Actor, chat_id: int) -> NoteBatch | None:
    """Open batch of this tutor in this chat; its ten minutes may be over."""
    found: NoteBatch | None = _OPEN.one(session, tutor_id=actor.person_id, chat_id=chat_id)
    return found


_OPEN = Prepared(
    select(NoteBatch).where(
        NoteBatch.tutor_id == bindparam("tutor_id"),
        NoteBatch.chat_id == bindparam("chat_id"),
        col(NoteBatch.closed_at).is_(None),
    )
)


def add_text(
    session: Session, batch_id: int, actor: Actor, text: str, source: Source | None
) -> Tally:
    """Add a text to the batch; a redelivered message counts once. Refused: NotesClosed.

    `source`: None from a page, whose form counts once.
    """
    return add_part(session, batch_id, actor, source, kind=PartKind.TEXT, text=text[:TEXT_LIMIT])


def add_file(
    session: Session,
    batch_id: int,
    actor: Actor,
    file: IncomingFile,
    caption: str | None,
    source: Source,
) -> Tally:
    """Add a file to the batch; its bytes follow (`services.notes.files`).

    Refused: FileTooLarge where Telegram tells a size over the limit, NotesClosed.
    """
    require_size(file)
    return add_part(
        session,
        batch_id,
        actor,
        source,
        kind=file.kind,
        text=caption,
        telegram_file_id=file.telegram_file_id,
        file_name=file.file_name,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        duration_seconds=file.duration_seconds,
        media_group_id=file.media_group_id,
        next_try_at=actor.now,
    )


def remove_part(session: Session, part_id: int, actor: Actor) -> Tally:
    """Remove a part, once, however often it is asked for; its stored file is let go."""
    part = session.get(NotePart, part_id)
    if part is None or part.batch_id is None or part.author_id != actor.person_id:
        raise NoNotesToRemove
    _, batch = _open_batch(session, part.batch_id, actor)
    removed = session.exec(
        update(NotePart)
        .where(col(NotePart.id) == part_id, col(NotePart.removed_at).is_(None))
        .values(removed_at=actor.now)
        .returning(col(NotePart.media_key))
    ).first()
    if removed is not None:
        _let_file_go(session, part_id, removed.media_key)
        record(
            session,
            Action.REMOVE_NOTE,
            Role.TUTOR,
            actor,
            appointment_id=part.appointment_id,
            details={"note_part_id": part.id, "kind": part.kind.value},
        )
        _touch(session, batch, actor.now)
    return _counted(session, batch)


def _let_file_go(session: Session, part_id: int, media_key: str | None) -> None:
    """Let the file of a removed part be deleted once this is committed."""
    if media_key is not None:
        session.exec(update(NotePart).where(col(NotePart.id) == part_id).values(media_key=None))
        let_go(session, media_key)


def close_batch(session: Session, batch_id: int, actor: Actor) -> Tally:
    """Close a batch and tell the parents once what it added; a second call changes nothing."""
    appointment, batch = _locked(session, batch_id)
    counted = tally(session, batch_id)
    closed = session.exec(
        update(NoteBatch)
        .where(col(NoteBatch.id) == batch_id, col(NoteBatch.closed_at).is_(None))
        .values(closed_at=actor.now)
    )
    if closed.rowcount != 1 or counted.total == 0:
        return counted
    record(
        session,
        Action.ADD_NOTE,
        Role.TUTOR,
        Actor(batch.tutor_id, actor.channel, actor.now),
        appointment_id=appointment.id,
        details={
            "note_batch_id": batch_id,
            "parts": counted.total,
            "is_late": appointment.status is Status.APPROVED,
        },
    )
    request_summaries(session, appointment, actor.now)
    refresh_cards(session, appointment, actor)
    if appointment.status is Status.CHECKED_IN:
        return counted  # the card that comes with the check-out has the notes (UX 21)
    for person_id in linked_parents(session, appointment):
        outbox.tell_person(
            session,
            person_id,
            NotesAdded(appointment.id, batch_id),
            key=f"notes:{batch_id}:{person_id}",
            now=actor.now,
        )
    return counted


def tally(session: Session, batch_id: int) -> Tally:
    """Count what a batch holds."""
    return _counted(session, _batch(session, batch_id))


def _counted(session: Session, batch: NoteBatch) -> Tally:
    rows = _COUNTS.rows(session, batch_id=batch.id)
    return Tally(
        batch,
        {PartKind(kind): count for kind, count, _, _ in rows},
        max((newest for _, _, newest, _ in rows), default=None),
        sum(unstored for _, _, _, unstored in rows),
        bool(rows) or has_notes(session, batch.appointment_id),
    )


_IS_UNSTORED = and_(col(NotePart.telegram_file_id).is_not(None), col(NotePart.stored_at).is_(None))
_COUNTS = Prepared(
    select(
        NotePart.kind,
        func.count(),
        func.max(NotePart.id),
        func.sum(case((_IS_UNSTORED, 1), else_=0)),
    )
    .where(NotePart.batch_id == bindparam("batch_id"), col(NotePart.removed_at).is_(None))
    .group_by(col(NotePart.kind))
)


def require_size(file: IncomingFile) -> None:
    """Check a file's size, if it is known, before it is fetched (SPEC 4).

    Refused: FileTooLarge.
    """
    limit = limit_for(file.kind)
    if file.size_bytes is not None and file.size_bytes > limit:
        raise FileTooLarge(limit_mb=limit // MEBIBYTE, file_name=file.file_name)


def remember_tally_message(session: Session, batch_id: int, message_id: int) -> None:
    """Remember the message that shows the counts, so that it is edited and not sent again."""
    _REMEMBER.run_later(session, number=batch_id, shown_in=message_id)


_REMEMBER = Prepared(
    update(NoteBatch.__table__)  # type: ignore[attr-defined]
    .where(col(NoteBatch.id) == bindparam("number"))
    .values(tally_message_id=bindparam("shown_in", type_=Integer))
)


def add_part(
    session: Session, batch_id: int, actor: Actor, source: Source | None, **values: object
) -> Tally:
    """Add a part with these columns. Refused: NotesClosed, NotYourSession."""
    appointment, batch = _open_batch(session, batch_id, actor)
    part = {
        "appointment_id": appointment.id,
        "batch_id": batch_id,
        "author_id": actor.identified,
        "created_at": actor.now,
        "is_late": appointment.status is Status.APPROVED,
        "chat_id": source.chat_id if source else None,
        "message_id": source.message_id if source else None,
        "store_attempts": 0,
        **values,
    }
    insert_once(session, NotePart, [part], "chat_id", "message_id")
    _touch(session, batch, actor.now)
    return _counted(session, batch)


def _open_batch(session: Session, batch_id: int, actor: Actor) -> tuple[Appointment, NoteBatch]:
    """Session and batch, if the batch is this tutor's and still takes parts."""
    appointment, batch = _locked(session, batch_id)
    if batch.tutor_id != actor.person_id:
        raise NotYourSession
    if batch.closed_at is not None or is_over(batch.last_part_at, actor.now):
        raise NotesClosed
    return appointment, batch


def _locked(session: Session, batch_id: int) -> tuple[Appointment, NoteBatch]:
    """Session, locked, and then its batch: the session's lock protects its batches, too."""
    appointment = _LOCKED.one(session, batch_id=batch_id)
    if appointment is None:
        raise StaleButton
    return appointment, _batch(session, batch_id)


_LOCKED = Prepared(
    select(Appointment)
    .join(NoteBatch, col(NoteBatch.appointment_id) == Appointment.id)
    .where(NoteBatch.id == bindparam("batch_id"))
    .with_for_update(of=Appointment, key_share=True)
    .execution_options(populate_existing=True)
)


def _batch(session: Session, batch_id: int) -> NoteBatch:
    found: NoteBatch | None = _ONE.one(session, batch_id=batch_id)
    if found is None:
        raise StaleButton
    return found


_ONE = Prepared(
    select(NoteBatch)
    .where(NoteBatch.id == bindparam("batch_id"))
    .execution_options(populate_existing=True)
)


def _touch(session: Session, batch: NoteBatch, now: datetime) -> None:
    """Note when the newest part came; parts may be handled out of order."""
    if now > batch.last_part_at:
        _TOUCH.run_later(session, number=batch.id, now=now)
        set_values(batch, {"last_part_at": now})


_TOUCH = Prepared(
    update(NoteBatch.__table__)  # type: ignore[attr-defined]
    .where(col(NoteBatch.id) == bindparam("number"))
    .values(last_part_at=bindparam("now", type_=UtcDateTime))
)
