"""Buttons as they are laid out: at most two a row, coloured where it matters (UX 4)."""

from telegram import InlineKeyboardButton
from telegram.constants import KeyboardButtonStyle

from chat.callbacks import Button, encode

Row = tuple[InlineKeyboardButton, ...]
Rows = tuple[Row, ...]


def button(label: str, does: Button) -> InlineKeyboardButton:
    """A button that does something."""
    return InlineKeyboardButton(label, callback_data=encode(does))


def success(label: str, does: Button) -> InlineKeyboardButton:
    """The button that is hoped for: green."""
    return InlineKeyboardButton(
        label, callback_data=encode(does), style=KeyboardButtonStyle.SUCCESS
    )


def danger(label: str, does: Button) -> InlineKeyboardButton:
    """A button that starts something grave: red. Nothing grave is one tap."""
    return InlineKeyboardButton(label, callback_data=encode(does), style=KeyboardButtonStyle.DANGER)


def link(label: str, url: str) -> InlineKeyboardButton:
    """A button that opens an address; Telegram takes public ones only."""
    return InlineKeyboardButton(label, url=url)


def in_pairs(*buttons: InlineKeyboardButton | None) -> Rows:
    """The buttons that are there, two a row."""
    there = [one for one in buttons if one is not None]
    return tuple(tuple(there[i : i + 2]) for i in range(0, len(there), 2))


def one_a_row(*buttons: InlineKeyboardButton | None) -> Rows:
    """The buttons that are there, each on a row of its own: for labels with times in them."""
    return tuple((one,) for one in buttons if one is not None)
