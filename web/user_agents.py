"""Browsers as people know them, from what they tell of themselves (SPEC 10)."""

from services.people.sign_in import Device

_BROWSERS = (
    ("Telegram", "Telegram"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
)
"""What a browser's text holds, and its name; the first counts, since many also name others."""
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> Device:
    """Browser and system that a `User-Agent` names; None for what it does not tell."""
    return Device(_named(_BROWSERS, user_agent), _named(_SYSTEMS, user_agent))


def _named(known: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for part, name in known if part in text), None)
