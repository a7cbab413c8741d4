"""Making the requested summaries, in the background (SPEC 4).

The model is called outside of any transaction, and its answer is kept only if the notes are still
the same. Failures are tried again after longer and longer pauses; nothing else waits for a summary.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, text, update
from sqlmodel import col, select

from models import NotePart, NoteSummary
from models.columns import UtcDateTime
from models.enums import SummaryStatus
from services.db import Database, Session
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.notifications.announcements import refresh_cards
from services.ports import (
    Clock,
    MediaMissingError,
    MediaStore,
    MediaUnavailableError,
    ModelRefusesError,
    ModelUnavailableError,
    ModelUnusableError,
    Recording,
    Summariser,
    SummaryReply,
    SummaryRequest,
    Transcriber,
)
from services.prepared import Prepared
from services.rules.agency import Agency
from services.rules.pseudonyms import Pseudonyms
from services.rules.summaries import (
    Claim,
    Evidence,
    Observation,
    Summary,
    checked,
    is_too_short,
)
from services.summaries.requests import stored
from services.summaries.sources import Notes, notes_for

logger = structlog.get_logger(__name__)

AT_ONCE = 2
BATCH = 10
"""How many summaries are tried in one round."""
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""Pauses after failed tries; after the last one the summary is given up."""
FILES_WAIT = timedelta(minutes=1)
FILES_WAITED_FOR = timedelta(hours=1)
"""How long a summary waits for files that are not stored yet; then it is made without them."""


@dataclass(frozen=True)
class SummaryMaker:
    """Makes summaries, a few at a time."""

    database: Database
    summariser: Summariser
    transcriber: Transcriber | None
    """None where recordings are not transcribed."""
    media: MediaStore
    clock: Clock

    async def make_due(self) -> int:
        """Try every due summary; return how many of them changed."""
        due = await self.database.read(_due, self.clock.now())
        semaphore = asyncio.Semaphore(AT_ONCE)
        of_session: dict[int, list[NoteSummary]] = {}
        for summary in due:
            of_session.setdefault(summary.appointment_id, []).append(summary)
        moved = await asyncio.gather(
            *(self._try_all(same, semaphore) for same in of_session.values())
        )
        return sum(moved)

    async def _try_all(self, summaries: list[NoteSummary], semaphore: asyncio.Semaphore) -> int:
        """Try the summaries of one session one by one, so that recordings are transcribed once."""
        async with semaphore:
            return sum([await self._try(summary) for summary in summaries])

    async def _try(self, summary: NoteSummary) -> bool:
        try:
            return await self._make(summary)
        except (ModelUnavailableError, ModelUnusableError, MediaUnavailableError) as error:
            await self._try_later(summary, error)
        except Exception as error:  # noqa: BLE001 - one summary must not hold up the others
            logger.warning("summary_failed", summary_id=summary.id, error=type(error).__name__)
            await self._try_later(summary, error)
        return False

    async def _make(self, summary: NoteSummary) -> bool:
        notes = await self.database.read(notes_for, summary.appointment_id)
        now = self.clock.now()
        if notes.unstored and now < summary.requested_at + FILES_WAITED_FOR:
            return await self.database.write(_wait_for_files, summary, now)
        if await self._transcribe(notes.untranscribed()):
            notes = await self.database.read(notes_for, summary.appointment_id)
        texts = [source.text for source in notes.sources({}) if source.part_id in _ids(notes.own)]
        if is_too_short(texts, has_files=bool(notes.pictures())):
            return await self._finish(summary, SummaryStatus.TOO_SHORT, None, {})
        pseudonyms = Pseudonyms(notes.names)
        reply = await self.summariser.summarise(await self._request(summary, notes, pseudonyms))
        pictures = _ids(notes.pictures())
        readings = {
            part_id: pseudonyms.show(text)
            for part_id, text in reply.readings.items()
            if part_id in pictures
        }
        content = checked(
            named(reply.draft, pseudonyms), notes.sources(readings), summary.appointment_id
        )
        if content.is_empty:
            return await self._finish(summary, SummaryStatus.TOO_SHORT, reply, {})
        values: dict[str, object] = {
            "content": stored(content),
            "readings": {str(part_id): text for part_id, text in readings.items()},
            "source": self.summariser.source,
        }
        return await self._finish(summary, SummaryStatus.MADE, reply, values)

    async def _request(
        self, summary: NoteSummary, notes: Notes, pseudonyms: Pseudonyms
    ) -> SummaryRequest:
        contents: dict[int, bytes] = {}
        for part in notes.pictures():
            if content := await self._content(part):
                contents[part.id] = content
        return SummaryRequest(
            appointment_id=summary.appointment_id,
            subject=notes.appointment.subject,
            language=summary.language,
            items=notes.items(pseudonyms, contents),
        )

    async def _transcribe(self, recordings: list[NotePart]) -> bool:
        """Transcribe recordings; whether any was transcribed."""
        if self.transcriber is None:
            return False
        for part in recordings:
            said, model = "", ""
            if content := await self._content(part):
                name = part.file_name or "recording"
                recording = Recording(content, name, part.media_type or "audio/ogg")
                try:
                    transcript = await self.transcriber.transcribe(recording)
                    said, model = transcript.text, transcript.model
                except ModelUnusableError:
                    logger.warning("recording_not_understood", part_id=part.id)

            await self.database.write(_keep_transcript, part.id, said, model)
        return bool(recordings)

    async def _content(self, part: NotePart) -> bytes | None:
        try:
            return await self.media.get(part.media_key or "")
        except MediaMissingError:
            return None

    async def _finish(
        self,
        summary: NoteSummary,
        status: SummaryStatus,
        reply: SummaryReply | None,
        values: dict[str, object],
    ) -> bool:
        """Store the result unless the notes have changed, and refresh its readers' cards."""
        now = self.clock.now()
        cost: dict[str, object] = {}
        if reply is not None:
            cost = {
                "model": reply.model,
                "prompt_version": reply.prompt_version,
                "input_tokens": reply.input_tokens,
                "output_tokens": reply.output_tokens,
            }

        def keep(session: Session) -> bool:
            appointment = for_update(session, summary.appointment_id)
            kept = session.exec(
                update(NoteSummary)
                .where(_unchanged(summary))
                .values(status=status, made_at=now, next_try_at=None, error=None, **cost, **values)
            )
            if kept.rowcount != 1:
                return False
            if status is SummaryStatus.MADE:
                moment = f"summary:{summary.id}:{now.isoformat()}"
                refresh_cards(session, appointment, Actor.system(now), because=moment)
            return True

        return await self.database.write(keep)

    async def _try_later(self, summary: NoteSummary, error: Exception) -> None:
        """Try again after a pause, at the earliest when the server allows; or give up.

        The row keeps the reason.
        """
        kind = ModelRefusesError if isinstance(error, ModelRefusesError) else type(error)
        told = {"attempts": summary.attempts + 1, "error": kind.__name__}
        if summary.attempts >= len(PAUSES):
            await self._set(summary, status=SummaryStatus.FAILED, next_try_at=None, **told)
            return
        pause = PAUSES[summary.attempts]
        if isinstance(error, ModelUnavailableError) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        await self._set(summary, next_try_at=self.clock.now() + pause, **told)

    async def _set(self, summary: NoteSummary, **values: object) -> None:
        def transaction(session: Session) -> None:
            session.exec(update(NoteSummary).where(_unchanged(summary)).values(**values))

        await self.database.write(transaction)


def _wait_for_files(session: Session, summary: NoteSummary, now: datetime) -> bool:
    """Put a summary off until its files are stored; whether they are stored by now.

    The session is locked, as it is where a file is stored: a summary cannot miss the last one.
    """
    for_update(session, summary.appointment_id)
    if not notes_for(session, summary.appointment_id).unstored:
        return True
    session.exec(
        update(NoteSummary).where(_unchanged(summary)).values(next_try_at=now + FILES_WAIT)
    )
    return False


def _keep_transcript(session: Session, part_id: int, said: str, model: str) -> None:
    session.exec(
        update(NotePart)
        .where(col(NotePart.id) == part_id)
        .values(transcript=said, transcript_model=model)
    )


def named(draft: Summary, pseudonyms: Pseudonyms) -> Summary:
    """Draft with the names restored."""

    def evidence(found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(one, quote=pseudonyms.show(one.quote)) for one in found)

    def claim(one: Claim) -> Claim:
        return Claim(pseudonyms.show(one.statement), evidence(one.evidence))

    def observed(one: Observation) -> Observation:
        shown = pseudonyms.show(one.statement)
        return replace(one, statement=shown, evidence=evidence(one.evidence))

    return Summary(
        headline=claim(draft.headline) if draft.headline else None,
        topics=tuple(map(claim, draft.topics)),
        engagement=observed(draft.engagement),
        confidence=observed(draft.confidence),
        patterns=tuple(map(claim, draft.patterns)),
        strengths=tuple(map(claim, draft.strengths)),
        struggles=tuple(map(claim, draft.struggles)),
        next_steps=tuple(map(claim, draft.next_steps)),
    )


def _due(session: Session, now: datetime) -> list[NoteSummary]:
    return _DUE.firsts(session, now=now)


_DUE = Prepared(
    select(NoteSummary)
    .where(
        text("note_summary.status = 'pending'"),
        col(NoteSummary.next_try_at) <= bindparam("now", type_=UtcDateTime),
    )
    .order_by(col(NoteSummary.next_try_at), col(NoteSummary.id))
    .limit(BATCH)
)


def next_summary(session: Session, _agency: Agency, now: datetime) -> datetime | None:
    """When the next summary that failed is tried again."""
    found = session.exec(
        select(NoteSummary.next_try_at)
        .where(text("note_summary.status = 'pending'"), col(NoteSummary.next_try_at) > now)
        .order_by(col(NoteSummary.next_try_at))
        .limit(1)
    )
    return found.first()


def _unchanged(summary: NoteSummary) -> ColumnElement[bool]:
    """Condition that the summary still waits, for the same notes."""
    return and_(
        col(NoteSummary.id) == summary.id,
        text("note_summary.status = 'pending'"),
        col(NoteSummary.requested_at) == summary.requested_at,
    )


def _ids(parts: Iterable[NotePart]) -> set[int]:
    return {part.id for part in parts}
