"""Opening a Mini App: the address with what Telegram signs for it."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urlencode, urlsplit

from sandbox.bot_api.methods.bot_profile import is_loopback
from sandbox.wire import Json, PageError
from sandbox.world import World

VERSION = "8.0"
LIGHT: Json = {
    "bg_color": "#ffffff",
    "text_color": "#0f1419",
    "hint_color": "#5f6b76",
    "link_color": "#176bb8",
    "button_color": "#176bb8",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#f1f4f7",
    "section_bg_color": "#ffffff",
    "section_separator_color": "#dfe5ea",
    "subtitle_text_color": "#5f6b76",
    "destructive_text_color": "#b3261e",
}
DARK: Json = {
    "bg_color": "#17212b",
    "text_color": "#f3f6f9",
    "hint_color": "#93a3b1",
    "link_color": "#6ab8f7",
    "button_color": "#6ab8f7",
    "button_text_color": "#08233a",
    "secondary_bg_color": "#0f1921",
    "section_bg_color": "#17212b",
    "section_separator_color": "#2b3641",
    "subtitle_text_color": "#93a3b1",
    "destructive_text_color": "#ff9c94",
}


def opened_app(world: World, user_id: int, *, is_dark: bool, start: str = "") -> Json:
    """The address at which the menu button's Mini App opens for a person.

    On this machine each person has a host of their own, `NUMBER.localhost`, as each has a phone of
    their own: browsers keep the cookies of hosts apart.
    """
    button = world.profile.menu_button(user_id)
    if button["type"] != "web_app" or user_id not in world.directory.persons:
        raise PageError("the bot has no Mini App here")
    address = urlsplit(button["web_app"]["url"])
    if is_loopback(button["web_app"]["url"]):
        address = address._replace(netloc=f"{user_id}.localhost:{address.port}")
    launch = {
        "tgWebAppData": init_data(world, user_id, start),
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "sandbox",
        "tgWebAppThemeParams": json.dumps(DARK if is_dark else LIGHT),
    }
    return {"url": address._replace(fragment=urlencode(launch)).geturl(), "title": button["text"]}


def init_data(world: World, user_id: int, start: str = "") -> str:
    """Who opens the app and when, signed with a key of the bot's token."""
    user = {
        name: value
        for name, value in world.directory.person(user_id).as_user().items()
        if name != "is_bot"
    }
    fields = {
        "auth_date": str(int(world.now().timestamp())),
        "query_id": token_hex(12),
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        **({"start_param": start} if start else {}),
    }
    signed = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", world.token.encode(), sha256)
    fields["hash"] = hmac.digest(key, signed.encode(), sha256).hex()
    return urlencode(fields)
