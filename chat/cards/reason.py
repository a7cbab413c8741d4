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
    lines = [reader.text("Reason: {why}", why=why)] if why else []
    if text:
        lines.append(Markup("<blockquote>{}</blockquote>").format(text))
    return Markup("\n").join(lines)
