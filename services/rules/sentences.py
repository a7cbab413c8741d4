"""Splitting notes into sentences, in English, Chinese, Malay and Tamil (SPEC 4). Pure."""

import re

SENTENCE_LIMIT = 280
"""Longest sentence, in characters. Spoken notes lack full stops: longer ones are cut."""

_LINE = re.compile(r"[\r\n\v\f\u0085\u2028\u2029]+")
_BULLET = re.compile(r"^(?:[-–—*•·●▪◦‣➤→✓✔☑✅]+|\(?\d{1,2}[.)、](?=\D)|[a-z]\))\s*")
_INNER_BULLET = re.compile(r"\s[•●▪◦‣➤]\s?")
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_END = re.compile(
    rf"""
    (?:(?<=[。！？；｡])|(?<=[\u4e00-\u9fff][!?;]))[”’」』）)"'{_UNSEEN}]*\s*  # no space follows
    | (?<=[.!?…।])["'”’)\]{_UNSEEN}]*(?:\s+|$)      # a decimal point has no space after it
    """,
    re.VERBOSE,
)
_SHORT = re.compile(r"\b(?:mr|mrs|ms|dr|mdm|vs|eg|e\.g|i\.e)\.$", re.IGNORECASE)
_SHORT_BEFORE_A_NUMBER = re.compile(
    r"\b(?:nos?|qns?|q|ch|chap|pp?|pgs?|ex|fig|hal|bab|approx)\.$", re.IGNORECASE
)
_COMMA = re.compile(r"(?<=[,，、;；:：])\s*")
_SPACE = re.compile(r"\s+")


def sentences(text: str) -> tuple[str, ...]:
    """Sentences of a text, as they stand in it; a line break and a bullet end a sentence."""
    found: list[str] = []
    for line in _LINE.split(text):
        for item in _INNER_BULLET.split(line):
            for sentence in _in_line(_BULLET.sub("", item.strip())):
                found.extend(_cut(sentence))
    return tuple(found)


def _in_line(line: str) -> list[str]:
    """Sentences of one line; the full stop of an abbreviation ends none."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(line):
        before, after = line[start : end.start()], line[end.end() :]
        if _SHORT.search(before) or (after[:1].isdigit() and _SHORT_BEFORE_A_NUMBER.search(before)):
            continue
        found.append(line[start : end.end()].strip())
        start = end.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _cut(sentence: str) -> list[str]:
    pieces: list[str] = []
    while len(sentence) > SENTENCE_LIMIT:
        place = _last(_COMMA, sentence) or _last(_SPACE, sentence) or SENTENCE_LIMIT
        pieces.append(sentence[:place].strip())
        sentence = sentence[place:].strip()
    return [*pieces, sentence]


def _last(where: re.Pattern[str], sentence: str) -> int:
    """Last place to cut that leaves no short piece; 0 where there is none."""
    places = (match.end() for match in where.finditer(sentence, 0, SENTENCE_LIMIT))
    return max((place for place in places if place > SENTENCE_LIMIT // 3), default=0)
