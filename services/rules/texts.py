"""Length of typed reasons and messages, and what stands for erased ones (SPEC 2, 5, 11)."""

from services.rules.refusals.typed import ReasonRequired, TextTooLong

ERASED = "(erased)"
"""Stands for a name or a text that was erased (SPEC 11)."""
REASON_LIMIT = 1000
"""The longest reason or report, in characters."""


def require_reason(reason: str | None) -> str:
    """The reason without surrounding space. Refused: ReasonRequired, TextTooLong."""
    stripped = (reason or "").strip()
    if not stripped:
        raise ReasonRequired
    if len(stripped) > REASON_LIMIT:
        raise TextTooLong(limit=REASON_LIMIT)
    return stripped
