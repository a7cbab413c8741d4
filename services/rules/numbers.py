"""Numbers in a text, in digits of any script or in words of four languages (SPEC 4). Pure.

A summary states no number that its sources lack; "eighty per cent" counts like "80 %".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LARGEST_OF_SPEECH = 10
"""Largest number whose word is often idiom ("one of them", "十分"); larger ones count something."""

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,18}")
_LATIN = re.compile(r"[a-z]+")
_HAN = re.compile(r"[一二两兩三四五六七八九十百千零〇]+")

_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ENGLISH = f"one two three four five six seven eight nine ten {_TEENS}"
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_MALAY = "satu dua tiga empat lima enam tujuh lapan sembilan sepuluh sebelas"
_TAMIL = {
    "பதினொன்று": 11, "பன்னிரண்டு": 12, "பதின்மூன்று": 13, "பதினான்கு": 14, "பதினைந்து": 15,
    "பதினாறு": 16, "பதினேழு": 17, "பதினெட்டு": 18, "பத்தொன்பது": 19, "இருபது": 20, "முப்பது": 30,
    "நாற்பது": 40, "ஐம்பது": 50, "அறுபது": 60, "எழுபது": 70, "எண்பது": 80, "தொண்ணூறு": 90, "நூறு": 100,
}  # fmt: skip

_ADDED = {
    **{word: number for number, word in enumerate(_ENGLISH.split(), 1)},
    **{word: number * 10 for number, word in enumerate(_ENGLISH_TENS.split(), 2)},
    **{word: number for number, word in enumerate(_MALAY.split(), 1)},
    **{word: number for number, word in enumerate("一二三四五六七八九", 1)},
    "两": 2,
    "兩": 2,
    "seratus": 100,
}
_MULTIPLIED = {"hundred": 100, "ratus": 100, "puluh": 10, "十": 10, "百": 100, "千": 1000}
_TEEN = "belas"
_SILENT = {"and", "零", "〇"}


def numbers(text: str) -> frozenset[int]:
    """Every number in the text, in digits or words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    digits = (int(found.replace(",", "")) for found in _DIGITS.findall(plain))
    return frozenset(digits) | frozenset(_spoken(plain))


def claimed(statement: str) -> frozenset[int]:
    """Numbers that a statement must prove: all in digits, and the larger ones of those in words."""
    plain = unicodedata.normalize("NFKC", statement)
    digits = frozenset(int(found.replace(",", "")) for found in _DIGITS.findall(plain))
    return digits | {number for number in numbers(plain) if number > LARGEST_OF_SPEECH}


def _spoken(text: str) -> Iterator[int]:
    yield from _counted(_LATIN.findall(text))
    for run in _HAN.findall(text.replace("百分之", " ")):
        yield from _counted(run)
    yield from (number for word, number in _TAMIL.items() if word in text)


def _counted(words: Iterable[str]) -> Iterator[int]:
    """Numbers that a row of words makes: "two hundred and five" is one."""
    number = 0
    for word in words:
        if word in _ADDED:
            added = _ADDED[word]
            if number and not _has_room(number, added):
                yield number
                number = 0
            number += added
        elif word == _TEEN and number % 10 > 0:
            number += 10
        elif word in _MULTIPLIED:
            number = _multiplied(number, _MULTIPLIED[word])
        elif word not in _SILENT and number:
            yield number
            number = 0
    if number:
        yield number


def _has_room(number: int, added: int) -> bool:
    """Whether `added` can follow `number`: "five" after "twenty", "twelve" after "hundred"."""
    return added < 100 if number % 100 == 0 else added < 10 < number and number % 10 == 0


def _multiplied(number: int, factor: int) -> int:
    """Number after a factor: in "two hundred three tens" the tens multiply only the three."""
    last = number % 10 if factor == 10 else number
    if not last:
        return number + factor if factor <= 100 else number
    return number - last + last * factor
