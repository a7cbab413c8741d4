"""A reason as it was given: from a list, in somebody's own words, or both."""

from markupsafe import Markup

from locales.reader import Reader


def given_reason(reader: Reader, why: str, text: str | None) -> Markup:
    """The reason from the list, and the words below; `why` is empty where the words say it all."""
    lines = [reader.text("Reason: {why}", why=why)] if why else []
    if text:
        lines.append(Markup("<blockquote>{}</blockquote>").format(text))
    return Markup("\n").join(lines)
