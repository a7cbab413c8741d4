"""Buttons of the calendar feed (SPEC 10)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class ShowFeed(Button):
    code = "fs"


@dataclass(frozen=True)
class MakeFeed(Button):
    code = "fm"


@dataclass(frozen=True)
class RevokeFeed(Button):
    code = "fr"
