"""Pseudo-language: every message of the template, accented and in brackets.

It is not offered to anybody. In a text in it, a person or a test can tell which words came from the
catalogues: those in brackets, without a plain Latin letter.
"""

import re

from babel.messages import Catalog

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


def pseudo_catalogue(template: Catalog) -> Catalog:
    """Catalogue with every message of `template`, and no other."""
    catalogue = Catalog(locale="en")
    for message in template:
        if isinstance(message.id, str):
            if message.id:
                catalogue.add(message.id, pseudo(message.id))
        else:
            catalogue.add(message.id, tuple(pseudo(form) for form in message.id))
    return catalogue
