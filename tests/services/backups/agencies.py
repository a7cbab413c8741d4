"""An agency with a row or two of much, for backups to copy."""

from datetime import date, time, timedelta

from sqlmodel import func, select

from models import (
    Dispute,
    Holiday,
    Match,
    MatchSlot,
    OutboxMessage,
    Person,
    Student,
    TutorLeave,
)
from models.enums import Action, DisputeReason, MessageKind, PartKind, Role, Status
from services.db import Session
from services.lifecycle.status import record
from tests import builders
from tests.builders import NOW, acting

PHOTO = "notes/ab/abcdef0123.jpg"
FORMER = "notes/ab/abcdef4567.jpg"
LOST = "notes/ab/abcdef8901.jpg"


def agency(session: Session) -> None:
    """Two sessions, of which the later replaces the other, with notes, a dispute and messages."""
    tutor, parent = builders.tutor(session, name="Tan Wei Ming"), builders.parent(session)
    child = builders.student(session, [parent])
    lost = builders.appointment(session, tutor=tutor, student=child, status=Status.NOT_COMPLETED)
    held = builders.appointment(
        session, tutor=tutor, student=child, status=Status.DISPUTED, replaces_id=lost.id
    )
    lost.replaces_id = builders.appointment(
        session, tutor=tutor, student=child, starts_at=NOW + timedelta(days=1)
    ).id
    builders.note_part(session, held, text="Brüche — 分数 — பின்னங்கள்")
    builders.note_part(session, held, kind=PartKind.PHOTO, media_key=PHOTO, stored_at=NOW)
    builders.note_part(session, held, kind=PartKind.PHOTO, media_key=LOST, stored_at=NOW)
    evidence = {"notes": [{"id": 1, "media_key": FORMER}], "events": []}
    session.add(
        Dispute(
            appointment_id=held.id,
            opened_by_id=parent.id,
            opened_at=NOW,
            reason=DisputeReason.DID_NOT_TAKE_PLACE,
            evidence=evidence,
        )
    )
    for details in (None, {"ratio": 0.1, "text": "é"}):
        record(session, Action.DISPUTE, Role.PARENT, acting(parent), details=details)
    session.add(
        OutboxMessage(
            dedupe_key=f"notes_added:{held.id}",
            kind=MessageKind.NOTES_ADDED,
            payload={"text": "x"},
            person_id=parent.id,
            created_at=NOW,
            due_at=NOW,
        )
    )
    _weekly_lessons(session, tutor, child)
    session.flush()


def _weekly_lessons(session: Session, tutor: Person, child: Student) -> None:
    """A match with a slot and a session, a holiday and leave: days and times of day."""
    match = Match(
        tutor_id=tutor.id,
        student_id=child.id,
        subject="Physics",
        starts_on=date(2026, 11, 30),
        created_at=NOW,
    )
    session.add(match)
    session.flush()
    holidays = session.exec(select(func.count()).select_from(Holiday)).one()
    slot = MatchSlot(
        match_id=match.id,
        weekday=1,
        start_time=time(15, 30),
        duration_minutes=90,
        valid_from=match.starts_on,
    )
    session.add_all(
        [
            slot,
            Holiday(date=date(2026, 12, 25) + timedelta(days=holidays), name="Christmas Day"),
            TutorLeave(
                tutor_id=tutor.id,
                starts_on=date(2026, 12, 21),
                ends_on=date(2026, 12, 28),
                asked_by_id=tutor.id,
                asked_at=NOW,
            ),
        ]
    )
    session.flush()
    builders.appointment(
        session,
        tutor=tutor,
        student=child,
        starts_at=NOW + timedelta(days=5),
        match_id=match.id,
        match_slot_id=slot.id,
        match_day=match.starts_on,
    )
