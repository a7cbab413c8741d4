"""Names taken out of what a model is given, and put back into what it answers (SPEC 4). Pure."""

import re
from collections.abc import Iterable

SHORTEST = 2
"""Letters; a shorter word of a name is no name."""

_PLACEHOLDER = re.compile(r"\[P\d+\]")


class Pseudonyms:
    """Each way in which a name was written has a placeholder of its own, so that it comes back."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: those of the child, its guardians and its tutor, in full."""
        forms = {form for name in names for form in (name, *name.split())}
        known = sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True)
        self._names = re.compile(
            "|".join([_PLACEHOLDER.pattern, *map(_as_word, known)]), re.IGNORECASE
        )
        self._placeholders: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with every known name replaced by its placeholder, like [P1]."""
        return self._names.sub(lambda found: self._placeholder(found[0]), text)

    def show(self, text: str) -> str:
        """The text with the names back; a placeholder that never was stays as it is."""
        written = {placeholder: name for name, placeholder in self._placeholders.items()}
        return _PLACEHOLDER.sub(lambda found: written.get(found[0], found[0]), text)

    def _placeholder(self, name: str) -> str:
        return self._placeholders.setdefault(name, f"[P{len(self._placeholders) + 1}]")


def _as_word(name: str) -> str:
    """The name where it is a word by itself; scripts without spaces have no such bounds."""
    escaped = re.escape(name)
    return rf"\b{escaped}\b" if name.isascii() else escaped
