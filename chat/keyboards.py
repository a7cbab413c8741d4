"""Inline keyboards: at most two buttons a row, coloured where it matters (UX 4)."""

from telegram import InlineKeyboardButton
from telegram.constants import KeyboardButtonStyle

from chat.callbacks import Button, encode

Row = tuple[InlineKeyboardButton, ...]
Rows = tuple[Row, ...]


def button(label: str, does: Button) -> InlineKeyboardButton:
    """A button that does something."""
    return InlineKeyboardButton(label, callback_data=encode(does))


def success(label: str, does: Button) -> InlineKeyboardButton:
    """A green button, for the answer that is hoped for."""
    return InlineKeyboardButton(
        label, callback_data=encode(does), style=KeyboardButtonStyle.SUCCESS
    )


def danger(label: str, does: Button) -> InlineKeyboardButton:
    """A red button, for the first step of something grave: a second one confirms it."""
    return InlineKeyboardButton(label, callback_data=encode(does), style=KeyboardButtonStyle.DANGER)


def link(label: str, url: str) -> InlineKeyboardButton:
    """A button that opens an address, which has to be public: Telegram takes no other."""
    return InlineKeyboardButton(label, url=url)


def in_pairs(*buttons: InlineKeyboardButton | None) -> Rows:
    """Rows of two buttons each, without those that are None."""
    there = [one for one in buttons if one is not None]
    return tuple(tuple(there[i : i + 2]) for i in range(0, len(there), 2))


def one_a_row(*buttons: InlineKeyboardButton | None) -> Rows:
    """Rows of one button each, without those that are None: for labels with times in them."""
    return tuple((one,) for one in buttons if one is not None)
