"""What came outside of any dialogue: the draft that its offers put to use (SPEC 9)."""

from dataclasses import dataclass

from telegram.ext import filters

from conversations.dispute_draft import EVIDENCE
from conversations.wizard import Draft
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
    """What came; its question offers to keep it."""

    parts: tuple[StrayPart, ...] = ()

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
