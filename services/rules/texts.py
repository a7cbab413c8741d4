"""Length of typed reasons and messages (SPEC 2, 5)."""

from services.rules.refusals.typed import ReasonRequired, TextTooLong

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
