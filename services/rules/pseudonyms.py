"""Placeholders for names in what a model receives, and names again in its answer (SPEC 4). Pure."""

import re
from collections.abc import Iterable

SHORTEST = 2
"""Fewest letters of a word that counts as a name."""

PLACEHOLDER = re.compile(r"\[P\d+\]")
"""What stands for a name."""


class Pseudonyms:
    """Placeholders, one for each way in which a name is written, so that each can be restored."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: full names of the child, its guardians and its tutor."""
        forms = {form for name in names for form in (name, *name.split())}
        known = sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True)
        self._names = re.compile(
            "|".join([PLACEHOLDER.pattern, *map(_as_word, known)]), re.IGNORECASE
        )
        self._placeholders: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """Text with every known name replaced by its placeholder, such as [P1]."""
        return self._names.sub(lambda found: self._placeholder(found[0]), text)

    def show(self, text: str) -> str:
        """Text with the names restored; an unknown placeholder stays as it is."""
        written = {placeholder: name for name, placeholder in self._placeholders.items()}
        return PLACEHOLDER.sub(lambda found: written.get(found[0], found[0]), text)

    def _placeholder(self, name: str) -> str:
        return self._placeholders.setdefault(name, f"[P{len(self._placeholders) + 1}]")


def _as_word(name: str) -> str:
    """Pattern of the name as a whole word; in scripts without spaces, anywhere."""
    escaped = re.escape(name)
    return rf"\b{escaped}\b" if name.isascii() else escaped
