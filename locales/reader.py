"""Whoever reads a text: their language and zone, and how texts and times are put for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time, format_timedelta
from markupsafe import Markup

from locales.catalogue import catalogue_of


@dataclass(frozen=True)
class Reader:
    """Puts messages of the catalogue, and times, into words for one person.

    Messages are written in English in the code, as literals, with named places:
    `reader.text("Hello {name}", name=person.name)`. `text` gives HTML, escaping what it is given;
    `label` gives plain text, for buttons and toasts.
    """

    language: str
    zone: ZoneInfo
    agency_zone: ZoneInfo
    now: datetime

    def text(self, message: str, **params: object) -> Markup:
        """HTML; `message` may hold Telegram's tags, parameters are escaped."""
        return Markup(catalogue_of(self.language).gettext(message)).format(**params)

    def texts(self, one: str, many: str, count: int, **params: object) -> Markup:
        """HTML in the plural form that `count` asks for; `{count}` may stand in it."""
        translated = catalogue_of(self.language).ngettext(one, many, count)
        return Markup(translated).format(count=count, **params)

    def label(self, message: str, **params: object) -> str:
        """Plain text, nothing escaped."""
        return catalogue_of(self.language).gettext(message).format(**params)

    def labels(self, one: str, many: str, count: int, **params: object) -> str:
        """Plain text in the plural form that `count` asks for."""
        return catalogue_of(self.language).ngettext(one, many, count).format(count=count, **params)
