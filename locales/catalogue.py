"""Gettext catalogues: read from their .po files, found by folder, with English as fallback.

A language is a folder, `<code>/LC_MESSAGES/tutorline.po`; it needs no other registration.
"""

from functools import cache, lru_cache
from gettext import NullTranslations, c2py
from pathlib import Path

from babel import Locale
from markupsafe import Markup

from locales.markup import html
from locales.po_file import PoMessages, read_messages
from locales.pseudo import PSEUDO, pseudo_messages

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "messages.pot"
ENGLISH = "en"
TAGS = 256
"""Language tags whose catalogue is kept in mind."""
TEXTS = 8192
"""Messages without parameters that are kept as they are put out, of all languages."""

_CONVENTIONS = {ENGLISH: "en_GB", PSEUDO: "el"}
"""Locales for dates, where a language's own code says too little.

In British English the day precedes the month. The pseudo-language has Greek dates, so that an
English date is noticed.
"""


def phrase(message: str) -> str:
    """Mark a message for the catalogues; a `Reader` translates it later."""
    return message


def catalogue_path(language: str) -> Path:
    """Path of the catalogue of `language`."""
    return FOLDER / language / "LC_MESSAGES" / "tutorline.po"


@cache
def codes() -> tuple[str, ...]:
    """Languages with a catalogue, by folder name; English first."""
    found = {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/tutorline.po")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def languages() -> list[tuple[str, str]]:
    """Languages that `/language` offers: each code with the language's own name."""
    return [(code, _own_name(code)) for code in codes()]


@lru_cache(TAGS)
def language_for(code: str | None) -> str:
    """Catalogue for a language tag such as a Telegram client's; English where none fits.

    Case and separator do not matter. A tag whose script or country has no catalogue gets another of
    the same language: `en-GB` English, `zh-hant` Simplified Chinese.
    """
    wanted = (code or "").strip().replace("_", "-").lower()
    if wanted == PSEUDO:
        return PSEUDO
    known = {each.replace("_", "-").lower(): each for each in codes()}
    if wanted in known:
        return known[wanted]
    base = wanted.partition("-")[0]
    return next((each for tag, each in known.items() if tag.partition("-")[0] == base), ENGLISH)


@cache
def locale_of(language: str) -> Locale:
    """Locale for dates and lists in `language`."""
    return Locale.parse(_CONVENTIONS.get(language, language))


class Translations(NullTranslations):
    """Translated messages; one without a translation is left out as a whole, plurals included."""

    def __init__(self, messages: PoMessages) -> None:
        super().__init__()
        self._texts = messages.texts
        self._forms = {message: told for (message, _), told in messages.forms.items() if all(told)}
        self._form_for = c2py(messages.plural)

    def gettext(self, message: str) -> str:
        """Translation of a message, or what the fallback has for it."""
        return self._texts.get(message) or super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Translation in the plural form for `n`, or what the fallback has for it."""
        forms = self._forms.get(msgid1)
        return forms[self._form_for(n)] if forms else super().ngettext(msgid1, msgid2, n)


@cache
def catalogue_of(language: str) -> Translations:
    """Translations into `language`, with English for what is missing. Cached."""
    if language == PSEUDO:
        return Translations(pseudo_messages(read_messages(TEMPLATE)))
    known = language if language in codes() else ENGLISH
    translations = Translations(read_messages(catalogue_path(known)))
    if known != ENGLISH:
        translations.add_fallback(catalogue_of(ENGLISH))
    return translations


@lru_cache(TEXTS)
def plain_html(language: str, message: str) -> Markup:
    """HTML of a message without parameters; a page has dozens of them."""
    return html(catalogue_of(language).gettext(message))


@lru_cache(TEXTS)
def plain_text(language: str, message: str) -> str:
    """Text of a message without parameters."""
    return catalogue_of(language).gettext(message).format()


def _own_name(code: str) -> str:
    locale = Locale.parse(code)
    name = locale.get_display_name(locale) or code
    return name[:1].upper() + name[1:]
