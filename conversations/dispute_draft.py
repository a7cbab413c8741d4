"""What a parent has said so far in a dispute: the draft that its steps put together."""

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup
from telegram import Update

from chat.cards import overtaken
from chat.incoming import incoming_file, message_of
from conversations.draft import SessionDraft
from locales.reader import Reader
from models.enums import DisputeReason, PartKind
from services.approvals.evidence_files import SentFile
from services.lifecycle.actors import Source
from services.notes import batches
from services.rules.texts import require_reason

EVIDENCE = (PartKind.PHOTO, PartKind.DOCUMENT)


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class DisputeDraft(SessionDraft):
    """What the parent has said so far; nothing is disputed yet."""

    reason: DisputeReason | None = None
    text: str | None = None
    files: tuple[SentFile, ...] = ()
    """Photos and documents, as evidence."""

    @property
    def has_words(self) -> bool:
        """Whether anything was written or sent."""
        return bool(self.text or self.files)

    @property
    def is_begun(self) -> bool:
        """Whether anything was chosen, written or sent."""
        return self.reason is not None or self.has_words


def with_file(update: Update, draft: DisputeDraft) -> DisputeDraft:
    """The draft with the message's photo or document, once; its caption is text.

    Refused: FileTooLarge, TextTooLong.
    """
    message = message_of(update)
    file = incoming_file(message)
    if file is None or file.kind not in EVIDENCE:
        return draft
    batches.require_size(file)
    sent = SentFile(
        Source(message.chat_id, message.message_id),
        file.kind,
        file.telegram_file_id,
        file.file_name,
        file.media_type,
        file.size_bytes,
        message.caption,
    )
    if sent in draft.files:
        return draft
    text = "\n".join(filter(None, (draft.text, message.caption)))
    return replace(draft, text=require_reason(text) if text else None, files=(*draft.files, sent))


def only_evidence(reader: Reader) -> Markup:
    """The sentence for a sticker or a voice memo (UX 19)."""
    return reader.text("Please send text, a photo or a document. What you just sent is not kept.")


def written(reader: Reader, draft: DisputeDraft) -> Markup:
    """What was chosen and written so far."""
    files = Counter(sent.kind for sent in draft.files)
    return overtaken.written(reader, draft.reason, draft.text, files)
