"""Notes from which a summary is made (SPEC 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from models import Appointment, Guardianship, NotePart, Person, Student
from models.enums import PartKind, QuoteOrigin
from services.db import Session
from services.ports import NoteItem
from services.rules.pseudonyms import Pseudonyms
from services.rules.summaries import Source

EARLIER = timedelta(days=90)
EARLIER_SESSIONS = 5
"""How many earlier sessions are searched for patterns."""
LOOKED_AT = ("image/", "application/pdf")
"""Media types of files that a model can read."""
RECORDED = (PartKind.VOICE, PartKind.AUDIO)


@dataclass(frozen=True)
class Notes:
    """Session's notes, and the earlier ones of the same child with the same tutor."""

    appointment: Appointment
    own: Sequence[NotePart]
    earlier: Sequence[NotePart]
    names: Sequence[str]

    @property
    def unstored(self) -> bool:
        """Whether a file is not stored yet."""
        return any(part.telegram_file_id and part.stored_at is None for part in self.own)

    def untranscribed(self) -> list[NotePart]:
        """Recordings that are not transcribed yet."""
        return [
            part
            for part in self.own
            if part.kind in RECORDED and part.transcript is None and part.media_key
        ]

    def pictures(self) -> list[NotePart]:
        """Photos and PDFs that are stored."""
        return [
            part
            for part in self.own
            if part.media_key and (part.media_type or "").startswith(LOOKED_AT)
        ]

    def sources(self, readings: dict[int, str]) -> list[Source]:
        """Texts that can be quoted; `readings`: what the model read in pictures, by part."""
        found = []
        for part in (*self.own, *self.earlier):
            for origin, text in (
                (QuoteOrigin.TEXT, part.text),
                (QuoteOrigin.TRANSCRIPT, part.transcript),
                (QuoteOrigin.READING, readings.get(part.id)),
            ):
                if text:
                    found.append(Source(part.id, part.appointment_id, origin, text))
        return found

    def items(self, pseudonyms: Pseudonyms, contents: dict[int, bytes]) -> tuple[NoteItem, ...]:
        """Parts for the model, without names; `contents`: bytes of the pictures, by part."""
        return tuple(
            NoteItem(
                part_id=part.id,
                appointment_id=part.appointment_id,
                kind=part.kind,
                text=pseudonyms.hide("\n".join(filter(None, (part.text, part.transcript)))),
                media_type=part.media_type if part.id in contents else None,
                content=contents.get(part.id),
            )
            for part in (*self.own, *self.earlier)
        )


def notes_for(session: Session, appointment_id: int) -> Notes:
    """Everything that can go into the summary of a session."""
    appointment = session.exec(select(Appointment).where(Appointment.id == appointment_id)).one()
    own = _parts(session, [appointment_id])
    earlier_ids = _earlier_sessions(session, appointment)
    earlier = [part for part in _parts(session, earlier_ids) if part.text or part.transcript]
    return Notes(appointment, own, earlier, _names(session, appointment))


def _parts(session: Session, appointment_ids: list[int]) -> list[NotePart]:
    found = session.exec(
        select(NotePart)
        .where(
            col(NotePart.appointment_id).in_(appointment_ids), col(NotePart.removed_at).is_(None)
        )
        .order_by(col(NotePart.id))
    )
    return list(found.all())


def _earlier_sessions(session: Session, appointment: Appointment) -> list[int]:
    """Ids of earlier sessions of this child with this tutor, who may not read others' notes."""
    since: datetime = appointment.starts_at - EARLIER
    found = session.exec(
        select(Appointment.id)
        .where(
            Appointment.student_id == appointment.student_id,
            Appointment.tutor_id == appointment.tutor_id,
            Appointment.starts_at < appointment.starts_at,
            Appointment.starts_at > since,
        )
        .order_by(col(Appointment.starts_at).desc())
        .limit(EARLIER_SESSIONS)
    )
    return list(found.all())


def _names(session: Session, appointment: Appointment) -> list[str]:
    people = session.exec(
        select(Person.name).where(
            (col(Person.id) == appointment.tutor_id)
            | col(Person.id).in_(
                select(Guardianship.person_id).where(
                    Guardianship.student_id == appointment.student_id
                )
            )
        )
    )
    child = session.exec(select(Student.name).where(Student.id == appointment.student_id))
    return [*child.all(), *people.all()]
