"""A reason as it was given: from a list, in somebody's own words, or both."""

from markupsafe import Markup

from locales.reader import Reader
from locales.wording import reason_told
from models.enums import ChangeReason, DisputeReason


def given_reason(
    reader: Reader, reason: ChangeReason | DisputeReason | None, text: str | None
) -> Markup:
    """The reason from the list, unless the words say it all, and the words below."""
    why = reason_told(reader, reason, text)
    if not why:
        return written_reason(reader, text) if text else Markup()
    chosen = reader.text("Reason: {why}", why=why)
    return Markup("{}\n{}").format(chosen, quoted(text)) if text else chosen


def written_reason(reader: Reader, words: str) -> Markup:
    """A reason in somebody's own words, which says that it is one."""
    return Markup("{}\n{}").format(reader.text("Reason:"), quoted(words))


def quoted(words: str) -> Markup:
    """Somebody's own words."""
    return Markup("<blockquote>{}</blockquote>").format(words)
