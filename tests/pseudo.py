"""Finds English in what was rendered in the pseudo-language: words that bypassed the catalogues."""

import re
from collections.abc import Iterable
from html import unescape

_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"https?://\S+")
_COMMAND = re.compile(r"(?<![\w/])/[a-z]+\b")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")


def leaked_english(text: str, data: Iterable[str] = ()) -> list[str]:
    """The words of `text`, HTML or plain, that are in plain Latin letters and are not `data`.

    Whatever comes from the catalogues in the pseudo-language is in ⟦brackets⟧ and has no plain
    letter, and its dates are Greek. So a plain word is one that bypassed them: outside the
    brackets, or put into a place as it was. `data` are names, subjects, texts of people: whole,
    as they were stored. Tags, web addresses and commands are no words.
    """
    rest = _COMMAND.sub(" ", _ADDRESS.sub(" ", unescape(_TAG.sub(" ", text))))
    for known in sorted(filter(None, data), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", rest)
    return _WORD.findall(rest)
