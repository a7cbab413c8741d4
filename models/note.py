"""Session notes: their parts, and the batches in which they are sent (SPEC 4)."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, index_where, instant, one_of, prose, word
from models.enums import PartKind


class NoteBatch(SQLModel, table=True):
    """Batch of note parts: open until *Done* or ten minutes without a part."""

    __tablename__ = "note_batch"
    __table_args__ = (
        index_where("closed_at IS NULL", "uq_note_batch_open", "chat_id", "tutor_id", unique=True),
        index_where("closed_at IS NULL", "ix_note_batch_quiet", "last_part_at"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    tutor_id: int = Field(foreign_key="person.id")
    chat_id: int = Field(sa_type=BigInteger)
    opened_at: datetime = instant()
    last_part_at: datetime = instant()
    """When the newest part arrived; the ten minutes count from it."""
    closed_at: datetime | None = instant(default=None)
    tally_message_id: int | None = None


class NotePart(SQLModel, table=True):
    """Part of a session's note: a text, or a file with its caption in `text`."""

    __tablename__ = "note_part"
    __table_args__ = (
        one_of("kind", PartKind),
        UniqueConstraint("chat_id", "message_id"),
        Index(None, "appointment_id", "id"),
        index_where(
            "telegram_file_id IS NOT NULL AND stored_at IS NULL",
            "ix_note_part_unstored",
            "next_try_at",
        ),
        index_where("media_key IS NOT NULL", "ix_note_part_media_key", "media_key"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id")
    batch_id: int | None = Field(default=None, foreign_key="note_batch.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    kind: PartKind = word(PartKind)
    text: str | None = prose(default=None)
    created_at: datetime = instant()
    is_late: bool = False
    """Whether it came after the session was approved (SPEC 4)."""
    edited_at: datetime | None = instant(default=None)
    """When its words or its file were last changed after others could read them."""
    removed_at: datetime | None = instant(default=None)
    """When it was removed by *Remove last*, or its file refused; hidden, never deleted."""
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
    media_group_id: str | None = None
    telegram_file_id: str | None = None
    file_name: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    duration_seconds: int | None = None
    media_key: str | None = None
    """Key in the media store; None while the file is not stored yet, and once it is removed."""
    stored_at: datetime | None = instant(default=None)
    store_attempts: int = 0
    next_try_at: datetime | None = instant(default=None)
    late_alerted_at: datetime | None = instant(default=None)
    """When coordinators were told that it cannot be stored, once (SPEC 4)."""
    transcript: str | None = prose(default=None)
    """Words of a voice memo or audio file; None while it is not transcribed."""
    transcript_model: str | None = None


class MediaReservation(SQLModel, table=True):
    """Key under which a file is being stored, until a part refers to it, or is to be deleted."""

    __tablename__ = "media_reservation"

    key: str = Field(primary_key=True)
    reserved_at: datetime = instant()
    """Long ago where the part that referred to it let it go."""
