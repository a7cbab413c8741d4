"""The pseudo-language: every message of the template, accented and in brackets.

Nobody is offered it. A text rendered in it shows at a glance, and to a test, which words came
through the catalogues: those in brackets, without one plain Latin letter.
"""

import re

from babel.messages import Catalog

PSEUDO = "x-pseudo"

_ACCENTS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýž",
)
_KEPT = re.compile(r"\{[^{}]*\}|<[^<>]*>|&#?\w+;|(?<![\w/])/[a-z]+")
"""Places, tags, entities and commands have to work in any language."""


def pseudo(message: str) -> str:
    """`message` in the pseudo-language, its places, tags, entities and commands untouched."""
    plain = _KEPT.split(message)
    kept = [*_KEPT.findall(message), ""]
    accented = (part.translate(_ACCENTS) + held for part, held in zip(plain, kept, strict=True))
    return f"⟦{''.join(accented)}⟧"


def pseudo_catalogue(template: Catalog) -> Catalog:
    """A catalogue that has every message of `template`, and nothing else."""
    catalogue = Catalog(locale="en")
    for message in template:
        if isinstance(message.id, str):
            if message.id:
                catalogue.add(message.id, pseudo(message.id))
        else:
            catalogue.add(message.id, tuple(pseudo(form) for form in message.id))
    return catalogue
