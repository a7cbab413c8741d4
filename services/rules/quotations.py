"""Whether a text contains a quote, with the same meaning (SPEC 4). Pure."""

import re
import unicodedata

_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})

NEARBY = 60
"""How many characters around a quote are searched for a denial."""

_DENIED_BEFORE = re.compile(
    r"""
    (?:\b(?:not|never|no|nor|hardly|barely|scarcely|without|cannot|lacks?|lacking|(?:\w+n't)
        |tidak|tak|bukan|belum|jangan|kurang|tiada|tanpa)
        (?:\s(?:very|so|really|at\ all|yet|that|too|quite|as|be|been|feel|feeling|a|an|the|any|much
        |always|fully|all|particularly|berapa|begitu|sangat|lagi|pernah|ada)){0,2}
    | [不没未无沒無](?:太|是|是很|有|什么|怎么|够|那么|能|会|很|再)?
    )\s?$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DENIED_AFTER = re.compile(r"^\S*\s*(?:இல்லை|இல்லாமல்|அல்ல|குறைவு|குறைவாக)")
"""Denials that follow their word, as in Tamil."""


def same_words(text: str) -> str:
    """Text in the form for comparison: one quotation mark, dash and space, nothing invisible."""
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).translate(_SAME).split())


def stands_in(text: str, quote: str) -> bool:
    """Whether the text has the quote in whole words, without a "not" that the quote left out.

    Both are in the form that `same_words` makes.
    """
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        before, after = text[max(0, start - NEARBY) : start], text[end : end + NEARBY]
        if not _cuts_a_word(before, quote, after) and not _is_denied(before, after):
            return True
        start = text.find(quote, start + 1)
    return False


def _is_denied(before: str, after: str) -> bool:
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.search(after))


def _cuts_a_word(before: str, quote: str, after: str) -> bool:
    return (_is_latin(before[-1:]) and _is_latin(quote[0])) or (
        _is_latin(quote[-1]) and _is_latin(after[:1])
    )


def _is_latin(character: str) -> bool:
    """Whether it is a digit or a letter of a script with spaces between words, unlike Chinese."""
    return character.isalnum() and ord(character) < 0x250
