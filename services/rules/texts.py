"""Length of typed reasons and messages, and what stands for erased ones (SPEC 2, 5, 11)."""

from unicodedata import east_asian_width, normalize

from services.rules.refusals.typed import ReasonRequired, TextTooLong

ERASED = "(erased)"
"""Stands for a name or a text that was erased (SPEC 11)."""
REASON_LIMIT = 1000
"""The longest reason or report, in characters."""


_MARKS = " .,!?…。、"
"""What people put behind a word, also after NFKC."""


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for capitals, spaces and punctuation; neither is empty."""
    words = _words(one)
    return bool(words) and words == _words(other)


def _words(text: str) -> list[str]:
    words = (word.strip(_MARKS) for word in normalize("NFKC", text).casefold().split())
    return [word for word in words if word]


def count_words(text: str) -> int:
    """How many words a text has; two characters of a script without spaces count as one."""
    unspaced = sum(_is_unspaced(one) for one in text)
    return len(text.split()) + unspaced // 2


def _is_unspaced(character: str) -> bool:
    return character.isalpha() and east_asian_width(character) in "WF"


def require_reason(reason: str | None) -> str:
    """The reason without surrounding space. Refused: ReasonRequired, TextTooLong."""
    stripped = (reason or "").strip()
    if not stripped:
        raise ReasonRequired
    if len(stripped) > REASON_LIMIT:
        raise TextTooLong(limit=REASON_LIMIT)
    return stripped


def with_more(text: str | None, more: str | None) -> str:
    """A text with more below it. Refused: ReasonRequired, TextTooLong."""
    return require_reason("\n".join(filter(None, (text, more))))
