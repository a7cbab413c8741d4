"""Pseudo-language: every message of the template, accented and in brackets.

It is not offered to anybody. In a text in it, a person or a test can tell which words came from the
catalogues: those in brackets, without a plain Latin letter.
"""

import re

from locales.po_file import PoMessages

PSEUDO = "x-pseudo"

_ACCENTS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýž",
)
_KEPT = re.compile(r"\{[^{}]*\}|<[^<>]*>|&#?\w+;|(?<![\w/])/[a-z]+")
"""Placeholders, tags, entities and commands, which have to work in any language."""


def pseudo(message: str) -> str:
    """`message` in the pseudo-language; placeholders, tags, entities and commands stay."""
    plain = _KEPT.split(message)
    kept = [*_KEPT.findall(message), ""]
    accented = (part.translate(_ACCENTS) + held for part, held in zip(plain, kept, strict=True))
    return f"⟦{''.join(accented)}⟧"


def pseudo_messages(template: PoMessages) -> PoMessages:
    """Every message of `template`, in the pseudo-language."""
    return PoMessages(
        {message: pseudo(message) for message in template.texts},
        {forms: tuple(map(pseudo, forms)) for forms in template.forms},
    )
