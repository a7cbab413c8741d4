"""Photos and documents that a parent sends with a dispute or a report (SPEC 5)."""

from dataclasses import dataclass, replace
from typing import TypeVar

from markupsafe import Markup
from telegram import Update

from chat.incoming import incoming_file, message_of
from conversations.draft import SessionDraft
from locales.reader import Reader
from models.enums import PartKind
from services.approvals.evidence_files import SentFile
from services.lifecycle.actors import Source
from services.notes import batches
from services.rules.texts import with_more

EVIDENCE = (PartKind.PHOTO, PartKind.DOCUMENT)


@dataclass(frozen=True)
class EvidenceDraft(SessionDraft):
    """What a parent has written and sent so far."""

    text: str | None = None
    files: tuple[SentFile, ...] = ()
    """Photos and documents."""


D = TypeVar("D", bound=EvidenceDraft)


def with_file(update: Update, draft: D) -> D:
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
    return replace(with_caption(draft, message.caption), files=(*draft.files, sent))


def with_caption(draft: D, caption: str | None) -> D:
    """The draft with the words that came with a file. Refused: TextTooLong."""
    return replace(draft, text=with_more(draft.text, caption)) if caption else draft


def only_evidence(reader: Reader) -> Markup:
    """The sentence for a sticker or a voice memo (UX 19)."""
    return reader.text("Please send text, a photo or a document. What you just sent is not kept.")
