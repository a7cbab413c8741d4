"""Buttons of the calendar feed (SPEC 10)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class ShowFeed(Button):
    code = "fs"


@dataclass(frozen=True)
class OfFeed(Button):
    """A button about the address that the reader knows of."""

    known: int
    """Its mark; 0 for none."""


class MakeFeed(OfFeed):
    code = "fm"


class RevokeFeed(OfFeed):
    code = "fr"
