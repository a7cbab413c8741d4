"""Courtesies that people type, such as "ok, thank you", in their language or English (UX 19)."""

import re
from enum import StrEnum
from functools import cache
from unicodedata import normalize

from locales.catalogue import phrase
from locales.word_lists import one_of

LONGEST = 60
"""Characters of a text that can be a courtesy."""

# Translators: thanks that people type, separated by commas, with what is short for them
_THANKS = phrase(
    "thanks, thank you, thank u, thankyou, thanku, thx, thks, tks, tq, tqvm, ty, many thanks, "
    "thanks a lot, thanks so much, thank you so much, thank you very much, much appreciated, "
    "appreciate it, appreciated, 🙏, ❤"
)
# Translators: words that people type for "I have read this", separated by commas; none that could
# be the answer to a question, such as "yes"
_READ = phrase(
    "ok, okay, okie, oki, okok, k, kk, ok lah, okay lah, alright, all right, noted, got it, "
    "no problem, np, no worries, well received, 👍, 👌"
)
# Translators: apologies that people type, separated by commas
_SORRY = phrase(
    "sorry, so sorry, very sorry, really sorry, sry, sorry ah, paiseh, apologies, my apologies, "
    "sorry about that, sorry for that, sorry about this, sorry for this, sorry for the trouble, "
    "sorry for the late notice, sorry for the short notice"
)
# Translators: greetings that people type, and questions who or what they write to, separated by
# commas
_GREETING = phrase(
    "hi, hello, hey, hiya, helo, hallo, hi there, hello there, hey there, good morning, morning, "
    "gm, good afternoon, good evening, good day, good night, goodnight, gn, bye, goodbye, "
    "who are you, what are you, who is this, what is this, are you a bot, is this a bot, "
    "are you human, are you there, anyone there, anybody there, what can you do, "
    "how does this work, 👋"
)
# Translators: words that people type beside these, separated by commas; by themselves they say
# something, for instance about a session
_BESIDE = phrase("great, good, nice, cool, perfect, fine, wonderful, for everything, all, 🙂, 😊")
_BETWEEN = r"[\s.,!~…:;)，。！、\ufe0f\U0001F3FB-\U0001F3FF-]*"
"""What may stand between them: punctuation, and the variants of pictures. No question mark."""


class Courtesy(StrEnum):
    """What a text says that asks for nothing."""

    THANKS = "thanks"
    READ = "read"
    SORRY = "sorry"
    GREETING = "greeting"


def courtesy_of(text: str, language: str) -> Courtesy | None:
    """The courtesy that a text is from beginning to end; None where it says anything else."""
    if len(text) > LONGEST:
        return None
    found = _pattern(language).fullmatch(normalize("NFKC", text).casefold())
    said = found.groupdict() if found else {}
    return next((one for one in Courtesy if said.get(one)), None)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    thanks, read, sorry, greeting, beside = (
        one_of(one, language) for one in (_THANKS, _READ, _SORRY, _GREETING, _BESIDE)
    )
    word = (
        rf"(?:(?P<thanks>{thanks})|(?P<read>{read})|(?P<sorry>{sorry})|"
        rf"(?P<greeting>{greeting})\?*|{beside})(?![a-z])"
    )
    return re.compile(rf"{_BETWEEN}(?:{word}{_BETWEEN})+")
