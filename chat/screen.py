"""A screen: the content of one message."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from markupsafe import Markup

from chat.keyboards import Rows


@dataclass(frozen=True)
class Screen:
    """Text in Telegram's HTML, and rows of buttons under it."""

    text: str
    rows: Rows = field(default=())
    true_until: datetime | None = field(default=None, compare=False)
    """When it has to be written anew, as at midnight if it says "Today"; None for never."""

    about: frozenset[int] = field(default=frozenset(), compare=False)
    """Sessions of which a list speaks without a button."""

    def below(self, text: Markup) -> "Screen":
        """The same with a text above its own."""
        both = Markup("\n\n").join((text, Markup(self.text)))  # noqa: S704  # it is HTML of ours
        return replace(self, text=both)

    def after(self, first: "Screen") -> "Screen":
        """The same with another screen's text above its own."""
        return self.below(Markup(first.text))  # noqa: S704  # it is HTML of ours

    def true_at_most(self, until: datetime) -> "Screen":
        """The same, to be written anew at `until` at the latest."""
        first = until if self.true_until is None else min(until, self.true_until)
        return replace(self, true_until=first)

    @property
    def content_hash(self) -> str:
        """A hash of the text and the buttons: another one wherever a reader would see a change."""
        seen = [
            [(one.text, one.callback_data, one.url, one.style) for one in row] for row in self.rows
        ]
        return sha256(f"{self.text}\x00{seen!r}".encode()).hexdigest()
