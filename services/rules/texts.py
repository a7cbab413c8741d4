"""Length of typed reasons and messages (SPEC 2, 5)."""

from services.rules.refusals import Refusal, RefusalCode

REASON_LIMIT = 1000
"""The longest reason or report, in characters."""


def require_reason(reason: str | None) -> str:
    """The reason without surrounding space. Refused: REASON_REQUIRED, TEXT_TOO_LONG."""
    stripped = (reason or "").strip()
    if not stripped:
        raise Refusal(RefusalCode.REASON_REQUIRED)
    if len(stripped) > REASON_LIMIT:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, limit=REASON_LIMIT)
    return stripped
