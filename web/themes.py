"""Telegram's colours on the pages inside it (SPEC 10; PAGES: Look)."""

import json
import re
from collections.abc import Mapping

from markupsafe import Markup

COLOURS = (
    *("bg_color", "text_color", "hint_color", "link_color", "button_color", "button_text_color"),
    *("secondary_bg_color", "section_bg_color", "section_separator_color"),
    *("subtitle_text_color", "destructive_text_color"),
)
"""Theme parameters that the style sheet uses."""
HEX = re.compile(r"#[0-9a-fA-F]{6}")
NEEDED = frozenset({"bg_color", "text_color"})
"""Without these a theme is no theme."""
LENGTH_LIMIT = 4096
INSTEAD = {
    "secondary_bg_color": "bg_color",
    "section_bg_color": "bg_color",
    "subtitle_text_color": "hint_color",
    "section_separator_color": "secondary_bg_color",
}
"""Older clients do not send all colours: which one stands in for another."""
HALF = 128


def packed(theme_params: str) -> str:
    """The colours of a client's theme, as a cookie holds them; empty where there is none."""
    try:
        given = json.loads(theme_params[:LENGTH_LIMIT])
    except ValueError:
        return ""
    if not isinstance(given, Mapping):
        return ""
    colours = {name: given.get(name) for name in COLOURS}
    return ".".join(
        f"{name}:{value[1:].lower()}"
        for name, value in colours.items()
        if isinstance(value, str) and HEX.fullmatch(value)
    )


def unpacked(cookie: str) -> dict[str, str]:
    """The colours that a cookie holds, by their names; empty where it holds no theme."""
    found = {}
    for part in cookie[:LENGTH_LIMIT].split("."):
        name, _, value = part.partition(":")
        if name in COLOURS and HEX.fullmatch(f"#{value}"):
            found[name] = f"#{value}"
    if not found.keys() >= NEEDED:
        return {}
    for name, other in INSTEAD.items():
        if name not in found and other in found:
            found[name] = found[other]
    return found


def is_dark(colours: Mapping[str, str]) -> bool:
    """Whether a theme has light text on a dark ground."""
    red, green, blue = (int(colours["bg_color"][at : at + 2], 16) for at in (1, 3, 5))
    return (red * 299 + green * 587 + blue * 114) / 1000 < HALF


def styles(colours: Mapping[str, str]) -> Markup:
    """The custom properties that the style sheet reads. Values are checked: they are colours."""
    values = "".join(
        f"--tg-theme-{name.replace('_', '-')}:{value};" for name, value in colours.items()
    )
    return Markup(":root{{{}}}").format(values)
