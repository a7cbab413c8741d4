"""An agency with a row or two of much, for backups to copy."""

from datetime import timedelta

from models import Dispute, OutboxMessage
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
    session.flush()
