"""Words and numbers of a typed time, in any language (SPEC 6).

Pure. What the words of a language mean is passed in: a vocabulary gives for each word or phrase, in
lower case, the tokens that it stands for: "tonight" is today and after noon, "please" nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from string import digits


class Kind(Enum):
    """What a token can be; the comment tells its number."""

    NUMBER = auto()  # as it was typed
    SIGN = auto()  # a mark between numbers, such as / or :
    UNKNOWN = auto()  # a word of no meaning here
    WEEKDAY = auto()  # 0 is Monday
    MONTH = auto()  # 1 is January
    DAYS_AHEAD = auto()  # 0 is today
    NEXT = auto()  # "next", before a weekday
    NEXT_WEEK = auto()
    HALF = auto()  # half of the day: 0 before noon, 1 after it
    NOON = auto()
    SAME_TIME = auto()  # at which the session starts now
    AFTER_HOUR = auto()  # "h", "o'clock"; minutes to add to the hour before it
    BEFORE_HOUR = auto()  # "half past"; minutes to add to the hour after it
    DAY_MARK = auto()  # "th" in 26th
    MONTH_MARK = auto()  # what follows the number of a month, in Chinese
    UNTIL = auto()  # "to" in 3 to 4
    OR = auto()  # "or" in 4 or 5
    FROM_NOW = auto()  # "in" of "in 2 hours"
    UNIT = auto()  # minutes that "hour" has, or "minute"
    LATER = auto()  # 1, of "an hour later" and "later today"; -1 is "earlier"


@dataclass(frozen=True)
class Token:
    """A word, number or sign of a typed text."""

    kind: Kind
    number: int = 0
    text: str = ""
    """What was typed, of numbers, signs and unknown words."""


Vocabulary = Mapping[str, tuple[Token, ...]]

LONGEST_PHRASE = 4
"""Words of the longest phrase that is looked up."""
LONGEST_NUMBER = 9
"""Digits of the longest number that is read: none of a day or time has more than four."""
SHORTEST_TYPO = 4
"""Letters of the shortest word that may be a misspelt one."""
LIKENESS = 0.82
"""How alike a misspelt word and a known one have to be, from 0 to 1."""

_DOTTED_HALF = re.compile(r"(?<![^\W\d])([ap])\.\s?m\b\.?")
_ISO = re.compile(r"(?<=[0-9])t(?=[0-9])")  # in 2026-11-26T16:00
_PIECE = re.compile(r"[0-9]+|[^\s0-9.,:;/()~@!?\"–—-]+|[.:/~–—-]")  # dashes too
_SIGNS = frozenset("-/:.")
_DASHES = frozenset("-~–—")  # as phones write them


def tokens_of(text: str, vocabulary: Vocabulary) -> tuple[Token, ...]:
    """Tokens of a text; marks that say nothing, such as commas, are left out."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    plain = _ISO.sub(" ", plain)
    pieces = list(_pieces(_DOTTED_HALF.sub(r"\1m", plain)))
    tokens: list[Token] = []
    while pieces:
        taken, found = _longest_phrase(pieces, vocabulary)
        tokens += found
        del pieces[:taken]
    return tuple(tokens)


def corrected(tokens: tuple[Token, ...], vocabulary: Vocabulary) -> tuple[Token, ...]:
    """The tokens, with misspelt words replaced by the known ones that they are most like."""
    fixed: list[Token] = []
    for token in tokens:
        like: list[str] = []
        if token.kind is Kind.UNKNOWN and len(token.text) >= SHORTEST_TYPO:
            like = get_close_matches(token.text, vocabulary, n=1, cutoff=LIKENESS)
        fixed += vocabulary[like[0]] if like else (token,)
    return tuple(fixed)


def _pieces(text: str) -> Iterator[str]:
    """Numbers, words and signs; a full stop only where a number follows it at once."""
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece != "." or text[found.end() : found.end() + 1].isdigit():
            yield "-" if piece in _DASHES else piece


def _longest_phrase(pieces: list[str], vocabulary: Vocabulary) -> tuple[int, tuple[Token, ...]]:
    """How many pieces the longest known phrase at the beginning has, and what it means."""
    for length in range(min(LONGEST_PHRASE, len(pieces)), 0, -1):
        found = vocabulary.get(" ".join(pieces[:length]))
        if found is not None:
            return length, found
    first = pieces[0]
    if first[0] in digits and len(first) <= LONGEST_NUMBER:
        return 1, (Token(Kind.NUMBER, int(first), first),)
    if first in _SIGNS:
        return 1, (Token(Kind.SIGN, text=first),)
    return 1, _run_together(first, vocabulary) or (Token(Kind.UNKNOWN, text=first),)


def _run_together(word: str, vocabulary: Vocabulary) -> tuple[Token, ...]:
    """Meaning of several known words without spaces, as Chinese has them; empty if it is not."""
    if word.isascii():
        return ()
    tokens: tuple[Token, ...] = ()
    while word:
        length = next((n for n in range(len(word), 0, -1) if word[:n] in vocabulary), 0)
        if not length:
            return ()
        tokens += vocabulary[word[:length]]
        word = word[length:]
    return tokens
