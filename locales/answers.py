"""Answers to a request that people type, such as "yes, friday", in their language (UX 19)."""

import re
from functools import cache
from unicodedata import normalize

from locales.catalogue import phrase
from locales.typed_words import words_of

# Translators: words that people type who answer a question with yes or no, separated by commas
_ANSWERS = phrase(
    "yes, yep, yup, yeah, ya, sure, ok, okay, okie, can, fine, works, possible, accept, accepted, "
    "agree, agreed, approve, approved, confirm, confirmed, no, nope, cannot, cant, decline, "
    "declined, reject, rejected, refuse, wont work, doesnt work"
)


def is_like_answer(text: str, language: str) -> bool:
    """Whether a text has words of somebody who answers a request."""
    plain = normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _pattern(language).search(plain) is not None


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(words_of(_ANSWERS, language), key=lambda one: -len(one))
    said = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in words)
    return re.compile(rf"(?<![a-z])(?:{said})(?![a-z])")
