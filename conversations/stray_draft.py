"""What came outside of any dialogue: the draft that its offers put to use (SPEC 9)."""

from dataclasses import dataclass

from telegram import Update
from telegram.ext import filters

from chat.context import Context
from conversations.dispute_draft import EVIDENCE
from conversations.draft import Draft
from services.approvals.evidence_files import SentFile
from services.lifecycle.actors import Source
from services.notes.batches import IncomingFile
from services.rules.texts import require_reason

FILES = filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.AUDIO


@dataclass(frozen=True)
class StrayPart:
    """A message that came outside of any dialogue, as it would be a part of notes."""

    source: Source
    text: str | None
    """Text, or the file's caption."""
    file: IncomingFile | None = None

    @property
    def is_evidence(self) -> bool:
        """Whether it is a file that a parent can send with a dispute or a report."""
        return self.file is not None and self.file.kind in EVIDENCE


@dataclass(frozen=True)
class StrayDraft(Draft):
    """What came; its question offers to keep it, or is that of `/notes` while nothing came."""

    parts: tuple[StrayPart, ...] = ()
    is_for_notes: bool = False
    """Whether `/notes` asked for which session: whatever comes then is for one of these notes."""

    @property
    def words(self) -> str:
        """All texts and captions, a line each."""
        return "\n".join(part.text for part in self.parts if part.text)

    @property
    def files(self) -> tuple[SentFile, ...]:
        """The files, as evidence."""
        return tuple(
            SentFile(
                part.source,
                part.file.kind,
                part.file.telegram_file_id,
                part.file.file_name,
                part.file.media_type,
                part.file.size_bytes,
                part.text,
            )
            for part in self.parts
            if part.file is not None and part.is_evidence
        )

    def text_after(self, text: str | None) -> str | None:
        """Captions and texts, below a text that was there before. Refused: TextTooLong."""
        said = [one for one in (text, *(part.text for part in self.parts)) if one]
        return require_reason("\n".join(said)) if said else None


def await_strays(update: Update, context: Context, question_id: int) -> None:
    """Take what comes next, of a word or two as well, for what `/notes` has asked about."""
    draft = context.dialogues.draft(update, StrayDraft)
    if draft is None or not draft.parts:
        awaited = StrayDraft(is_for_notes=True, question_id=question_id)
        context.dialogues.set_draft(update, awaited)


def await_none(update: Update, context: Context) -> None:
    """`/notes` has its answer: a word or two are no stray any more."""
    draft = context.dialogues.draft(update, StrayDraft)
    if draft is not None and not draft.parts:
        context.dialogues.drop(update, StrayDraft)
