"""Wishes to change a session that people type, in their language or English (UX 19)."""

import re
from functools import cache
from unicodedata import normalize

from locales.catalogue import phrase
from locales.typed_words import words_of

# Translators: words that people type who want to move or cancel a session, separated by commas
_CHANGES = phrase(
    "change, move, cancel, reschedule, resched, postpone, shift, swap, push, bring forward, "
    "another day, another time, different day, different time, cant make it, cannot make it, "
    "wont make it, cant come, cannot come, wont come, not coming, cant attend, cannot attend, "
    "no lesson, no class, no session, skip"
)


def wishes_change(text: str, language: str) -> bool:
    """Whether a text has words of somebody who wants to move or cancel a session."""
    plain = normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _pattern(language).search(plain) is not None


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(words_of(_CHANGES, language), key=lambda one: -len(one))
    said = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in words)
    return re.compile(rf"(?<![a-z])(?:{said})(?![a-z])")
