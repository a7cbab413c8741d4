"""Summaries of a session's notes, one for each language of its readers (SPEC 4)."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import document, identity, index_where, instant, one_of, prose, word
from models.enums import SummarySource, SummaryStatus


class NoteSummary(SQLModel, table=True):
    """Summary of the notes at one time, made or still to be made."""

    __tablename__ = "note_summary"
    __table_args__ = (
        one_of("status", SummaryStatus),
        one_of("source", SummarySource),
        UniqueConstraint("appointment_id", "language", "version"),
        index_where("status = 'pending'", "ix_note_summary_pending", "next_try_at"),
    )

    id: int = identity()
    appointment_id: int = Field(foreign_key="appointment.id")
    language: str
    version: int
    """How often the notes have changed; the highest version is shown."""
    status: SummaryStatus = word(SummaryStatus, default=SummaryStatus.PENDING)
    source: SummarySource | None = word(SummarySource, default=None)
    content: dict[str, Any] | None = document(default=None)
    """Checked summary (`services.rules.summaries.Summary`)."""
    readings: dict[str, Any] | None = document(default=None)
    """What the model read in photos and PDFs, by part."""
    model: str | None = None
    prompt_version: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    """Tokens of the model's answer."""
    requested_at: datetime = instant()
    attempts: int = 0
    next_try_at: datetime | None = instant(default=None)
    error: str | None = None
    """Name of the error of the last try."""
    made_at: datetime | None = instant(default=None)
    is_right: bool | None = None
    """Tutor's judgement; None while there is none."""
    judgement: str | None = prose(default=None)
    judged_at: datetime | None = instant(default=None)
    shown_to: list[int] | None = document(default=None)
    """Ids of those who had a card of the session when it was judged wrong, and may have read it."""
