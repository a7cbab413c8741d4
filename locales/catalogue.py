"""Gettext catalogues: read from their .po files, found by their folders, falling back to English.

A language is one folder, `<code>/LC_MESSAGES/tutorline.po`; there is nothing else to register.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.pseudo import PSEUDO, pseudo_catalogue

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "messages.pot"
ENGLISH = "en"

_CONVENTIONS = {ENGLISH: "en_GB", PSEUDO: "el"}
"""Whose dates a language takes where its own code says too little: a day comes before its month.
The pseudo-language takes Greek ones, so that no English date can hide among them."""


def phrase(message: str) -> str:
    """Marks a message for the catalogues where it is named; a reader words it later."""
    return message


def catalogue_path(language: str) -> Path:
    """Where the catalogue of `language` is kept."""
    return FOLDER / language / "LC_MESSAGES" / "tutorline.po"


@cache
def codes() -> tuple[str, ...]:
    """The languages that have a catalogue, as their folders are named; English first."""
    found = {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/tutorline.po")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def languages() -> list[tuple[str, str]]:
    """What `/language` offers: each code, with the language's own name for itself."""
    return [(code, _own_name(code)) for code in codes()]


def language_for(code: str | None) -> str:
    """The catalogue for a language tag such as a Telegram client's, English where none fits.

    Case and separator don't matter. A tag whose script or country has no catalogue of its own
    gets another of the same language: `en-GB` English, `zh-hant` Simplified Chinese.
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
    """By whose conventions dates and lists are written in `language`."""
    return Locale.parse(_CONVENTIONS.get(language, language))


def read_catalogue(path: Path) -> Catalog:
    """A .po or .pot file, parsed; a malformed one raises `PoFileError`."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


@cache
def catalogue_of(language: str) -> GNUTranslations:
    """The translations into `language`; what it lacks is English. Read once, then remembered."""
    if language == PSEUDO:
        return _translations(pseudo_catalogue(read_catalogue(TEMPLATE)))
    known = language if language in codes() else ENGLISH
    translations = _translations(read_catalogue(catalogue_path(known)))
    if known != ENGLISH:
        translations.add_fallback(catalogue_of(ENGLISH))
    return translations


def _translations(catalogue: Catalog) -> GNUTranslations:
    """What the catalogue translates; left out, the rest falls back as a whole, plurals included."""
    for message in list(catalogue):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(forms):
            catalogue.delete(message.id)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _own_name(code: str) -> str:
    locale = Locale.parse(code)
    name = locale.get_display_name(locale) or code
    return name[:1].upper() + name[1:]
