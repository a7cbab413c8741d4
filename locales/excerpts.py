"""Names and texts that are cut to the room that they have."""

NAME_LIMIT = 32
"""Most characters of a name in a refusal."""


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and "…": at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def short_name(name: str) -> str:
    """A name as a refusal says it."""
    return shortened(name, NAME_LIMIT)
