"""Words of notes and their summaries (SPEC 4). Standard library only."""

from enum import StrEnum


class PartKind(StrEnum):
    """Kind of a note part (SPEC 11)."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"


class Level(StrEnum):
    """Level of engagement or confidence in a summary (SPEC 4)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_OBSERVED = "not_observed"


class QuoteOrigin(StrEnum):
    """Author of a quote: the tutor, or a model that transcribed or read."""

    TEXT = "text"
    TRANSCRIPT = "transcript"
    READING = "reading"


class SummarySource(StrEnum):
    """Author of a summary: a model, or the offline extractor if none is configured (SPEC 4)."""

    MODEL = "model"
    OFFLINE = "offline"


class SummaryStatus(StrEnum):
    """Status of a summary."""

    PENDING = "pending"
    MADE = "made"
    TOO_SHORT = "too_short"
    FAILED = "failed"
