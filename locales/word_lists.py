"""Lists of words that people type: messages of the catalogue, in English and in the language."""

import re
from functools import cache
from unicodedata import normalize

from locales.catalogue import ENGLISH, catalogue_of


def words_of(listed: str, language: str) -> list[str]:
    """Words of a list, in English and in the language."""
    lists = (catalogue_of(of).gettext(listed) for of in dict.fromkeys([ENGLISH, language]))
    words = (normalize("NFKC", word).casefold().strip() for one in lists for word in one.split(","))
    return [word for word in words if word]


def one_of(listed: str, language: str) -> str:
    """Regular expression for any word of a list; of two that begin alike the longer one counts."""
    words = sorted(words_of(listed, language), key=lambda one: -len(one))
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in words)


def has_any(text: str, listed: str, language: str) -> bool:
    """Whether a text has a word of a list, with or without its apostrophe."""
    plain = normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _anywhere(listed, language).search(plain) is not None


@cache
def _anywhere(listed: str, language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{one_of(listed, language)})(?![a-z])")
