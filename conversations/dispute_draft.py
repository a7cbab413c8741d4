"""What a parent has said so far in a dispute: the draft that its steps put together."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from chat.cards import overtaken
from conversations.evidence import EvidenceDraft
from locales.reader import Reader
from models.enums import DisputeReason


class State(StrEnum):
    """The steps of the dialogue."""

    REASON = "reason"
    TEXT = "text"
    CONFIRM = "confirm"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class DisputeDraft(EvidenceDraft):
    """What the parent has said so far; nothing is disputed yet."""

    reason: DisputeReason | None = None

    @property
    def has_words(self) -> bool:
        """Whether anything was written or sent."""
        return bool(self.text or self.files)

    @property
    def is_begun(self) -> bool:
        """Whether anything was chosen, written or sent."""
        return self.reason is not None or self.has_words


def written(reader: Reader, draft: DisputeDraft) -> Markup:
    """What was chosen and written so far."""
    files = Counter(sent.kind for sent in draft.files)
    return overtaken.written(reader, draft.reason, draft.text, files)
