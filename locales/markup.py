"""HTML made of our own text and of what other people wrote."""

from markupsafe import Markup, escape


def html(template: str, /, *parts: object, **named: object) -> Markup:
    """HTML in which every part is escaped, unless it is `Markup`; `template` is our own text.

    As `Markup(template).format(...)` without format specifications, in a fifth of its time: a card
    has a dozen of them.
    """
    escaped = {name: escape(value) for name, value in named.items()}
    return Markup(template.format(*map(escape, parts), **escaped))  # noqa: S704  # they are escaped
