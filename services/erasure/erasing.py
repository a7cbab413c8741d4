"""Erasing a person or a child (SPEC 11).

What stays is what the agency's books need: that a session was held, by its number, when, and who
decided what in which order. Names become "(erased)"; what the person wrote, or anybody about the
child, goes, with the files. Messages that stand in people's Telegram chats are out of reach.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, delete, func, or_, select, update

from models import MediaReservation
from models.enums import Action, Role
from services.db import Session
from services.erasure import finding, scopes
from services.erasure.audit_trail import unsealed
from services.erasure.scopes import Scope, table_named
from services.erasure.words import documents, take_name, take_words
from services.inserts import insert_once
from services.lifecycle.actors import Actor
from services.lifecycle.status import record_of_person
from services.media.names import keys_in
from services.rules.texts import ERASED

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Instant since which a file's key is reserved, so that the next sweep takes it for an orphan."""


@dataclass(frozen=True)
class Erasure:
    """What was erased."""

    sessions: int
    """Number of their sessions, which are kept without names and words."""
    media_keys: tuple[str, ...]
    """Files to delete from the media store; the sweep of orphaned files deletes those left."""


def erase_child(session: Session, who: str, now: datetime) -> Erasure:
    """Erase a child, found by ref, `#id` or name. Raises `ErasureError`."""
    child = finding.child_named(session, who)
    finding.require_nothing_to_come_of_child(session, child)
    erased = _erase(session, scopes.of_child(child.id, child.name), now)
    child.name, child.ref, child.address = ERASED, None, None
    _record(session, now, student_id=child.id)
    return erased


def erase_person(session: Session, who: str, now: datetime) -> Erasure:
    """Erase a person, found by ref, `#id` or name, with their account. Raises `ErasureError`."""
    person = finding.person_named(session, who)
    finding.require_nothing_to_come_of_person(session, person)
    erased = _erase(session, scopes.of_person(person.id, person.name), now)
    person.name, person.ref = ERASED, None
    person.is_tutor = person.is_parent = person.is_coordinator = False
    person.language = person.time_zone = None
    person.telegram_user_id = person.started_at = person.unreachable_since = None
    person.web_since = None
    _record(session, now, person_id=person.id)
    return erased


def _erase(session: Session, scope: Scope, now: datetime) -> Erasure:
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # what is deleted is overwritten, too
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    sessions = session.execute(select(func.count()).select_from(scope.sessions.subquery()))
    count = sessions.scalar_one()
    chats = _chats(session, scope)
    with unsealed(connection):
        keys = _take_files(session, scope, now)
        take_words(session, scope)
        take_name(session, scope)
    _forget_chats(session, scope, chats, now)
    for name, which in scope.deleted.items():
        session.execute(delete(table_named(name)).where(which))
    return Erasure(count, keys)


def _record(session: Session, now: datetime, **whom: int) -> None:
    actor = Actor.system(now)
    record_of_person(session, Action.ERASE, Role.SYSTEM, actor, details=dict(whom), **whom)


def _chats(session: Session, scope: Scope) -> list[int]:
    person = table_named("person").c
    found = session.execute(select(person.telegram_user_id).where(person.id.in_(scope.people)))
    return [chat for chat in found.scalars() if chat is not None]


def _take_files(session: Session, scope: Scope, now: datetime) -> tuple[str, ...]:
    """Take the files from notes, and give up those that are not fetched yet; keys to delete.

    The rows of evidence go as a whole, later.
    """
    which = scope.words["note_part", "text"]
    keys = {key for key in documents(session, "note_part", "media_key", which) if key}
    evidence, sent = table_named("evidence_file"), scope.deleted["evidence_file"]
    keys.update(key for key in documents(session, "evidence_file", "media_key", sent) if key)
    for name, column in (("dispute", "evidence"), ("audit_event", "details")):
        for document in documents(session, name, column, scope.words[name, column]):
            keys.update(keys_in(document))
    part = table_named("note_part")
    gone = ("chat_id", "message_id", "media_group_id", "media_key", "telegram_file_id")
    hidden = {"removed_at": func.coalesce(part.c.removed_at, now)}
    session.execute(update(part).where(which).values(dict.fromkeys(gone) | hidden))
    others = documents(session, "note_part", "media_key", part.c.media_key.in_(keys))
    others += documents(
        session, "evidence_file", "media_key", and_(evidence.c.media_key.in_(keys), ~sent)
    )
    orphans = sorted(keys - set(others))  # equal files of several notes are stored once
    if orphans:
        rows = [{"key": key, "reserved_at": LONG_AGO} for key in orphans]
        insert_once(session, MediaReservation, rows, "key")
    return tuple(orphans)


def _forget_chats(session: Session, scope: Scope, chats: list[int], now: datetime) -> None:
    """Empty what came from and went to their chats: updates, messages, drafts."""
    inbox, outbox = table_named("inbox_update"), table_named("outbox_message")
    is_handled = inbox.c.done_at.is_not(None)
    is_theirs = and_(inbox.c.chat_id.in_(chats), inbox.c.set_aside_at.is_not(None))
    emptied = update(inbox).values(payload={}, error=None)
    session.execute(emptied.where(or_(is_handled, is_theirs)))
    dialogue = table_named("dialogue")
    session.execute(delete(dialogue).where(dialogue.c.chat_id.in_(chats)))
    is_waiting = and_(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None))
    which = scope.words["outbox_message", "payload"]
    session.execute(update(outbox).where(which, is_waiting).values(failed_at=now, error=ERASED))
    if scope.person_id is None:
        return
    of_chat = inbox.c.chat_id.in_(chats)
    session.execute(
        emptied.where(of_chat).values(chat_id=None, done_at=func.coalesce(inbox.c.done_at, now))
    )
    session.execute(update(outbox).where(which).values(chat_id=None))
    report, batch = table_named("problem_report"), table_named("note_batch")
    said = report.c.person_id == scope.person_id
    session.execute(update(report).where(said).values(chat_id=None, message_id=None))
    reply = table_named("problem_reply")
    written = reply.c.person_id == scope.person_id
    session.execute(update(reply).where(written).values(chat_id=None, message_id=None))
    closed = {"chat_id": 0, "closed_at": func.coalesce(batch.c.closed_at, now)}
    session.execute(update(batch).where(batch.c.tutor_id == scope.person_id).values(closed))
