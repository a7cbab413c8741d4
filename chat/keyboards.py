"""Inline keyboards: at most two buttons a row, coloured where it matters (UX 4)."""

from typing import NamedTuple

from telegram.constants import KeyboardButtonStyle

from chat.callbacks import Button, decode, encode
from services.rules.texts import same_words


class InlineButton(NamedTuple):
    """A button below a message; python-telegram-bot's own takes seventy calls to make and write."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    style: KeyboardButtonStyle | None = None


Row = tuple[InlineButton, ...]
Rows = tuple[Row, ...]


def button(label: str, does: Button) -> InlineButton:
    """A button that does something."""
    return InlineButton(label, encode(does))


def success(label: str, does: Button) -> InlineButton:
    """A green button, for the answer that is hoped for."""
    return InlineButton(label, encode(does), style=KeyboardButtonStyle.SUCCESS)


def danger(label: str, does: Button) -> InlineButton:
    """A red button, for the first step of something grave: a second one confirms it."""
    return InlineButton(label, encode(does), style=KeyboardButtonStyle.DANGER)


def link(label: str, url: str) -> InlineButton:
    """A button that opens an address, which has to be public: Telegram takes no other."""
    return InlineButton(label, url=url)


LONGEST_LABEL = 40
"""Characters of the longest text that is taken for the label of a button."""


def typed(text: str, rows: Rows) -> Button | None:
    """The button whose label was typed instead of tapped; None where it is none of them."""
    found = (one for row in rows for one in row if same_words(text, one.text))
    return next((decode(str(one.callback_data)) for one in found), None)


HALF_A_ROW = 15
"""Most characters of a label on one of two buttons, so that it does not wrap on a narrow phone."""


def in_pairs(*buttons: InlineButton | None) -> Rows:
    """Rows of two buttons each, without those that are None; a long label has its own row."""
    rows: list[Row] = []
    for one in (button for button in buttons if button is not None):
        last = rows[-1] if rows else ()
        if len(last) == 1 and max(len(last[0].text), len(one.text)) <= HALF_A_ROW:
            rows[-1] = (*last, one)
        else:
            rows.append((one,))
    return tuple(rows)


def one_a_row(*buttons: InlineButton | None) -> Rows:
    """Rows of one button each, without those that are None: for labels with times in them."""
    return tuple((one,) for one in buttons if one is not None)
