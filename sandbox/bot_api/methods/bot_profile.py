"""Methods about the bot itself: commands, menu button, name and descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from sandbox.bot_api.bot_profile import Profile
from sandbox.bot_api.call import Call
from sandbox.chat_view import chat_changed
from sandbox.wire import ApiError, Json
from sandbox.world import World

MAX_COMMANDS = 100
LOOPBACK = ("127.0.0.1", "localhost")
_LANGUAGE = re.compile(r"[a-z]{2}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, _call: Call) -> Json:
    """Who the bot is."""
    return world.bot.as_me()


def set_my_commands(world: World, call: Call) -> bool:
    """Set the command menu of a scope and language."""
    key = _scope_key(world, call)
    commands = [
        {
            "command": item["command"].strip().removeprefix("/"),
            "description": item["description"].strip(),
        }
        for item in call.fields["commands"]
    ]
    for item in commands:
        _check_command(item["command"], item["description"])
    if len(commands) > MAX_COMMANDS:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    world.profile.commands[key] = commands
    _tell_page(world)
    return True


def _check_command(command: str, description: str) -> None:
    if not command:
        raise ApiError("command must be non-empty")
    if not description:
        raise ApiError("command description must be non-empty")
    if not _COMMAND.fullmatch(command):
        raise ApiError("BOT_COMMAND_INVALID")


def get_my_commands(world: World, call: Call) -> list[Json]:
    """The command menu of exactly this scope and language."""
    return world.profile.commands.get(_scope_key(world, call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    """Remove the command menu of a scope and language."""
    world.profile.commands.pop(_scope_key(world, call), None)
    _tell_page(world)
    return True


def _scope_key(world: World, call: Call) -> str:
    language = _language(call)
    scope = call.fields.get("scope")
    if scope is not None and "chat_id" in scope:
        scope = scope | {"chat_id": world.directory.resolve(scope["chat_id"])}
    return Profile.command_key(scope, language)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise ApiError("invalid language code specified")
    return language


def set_chat_menu_button(world: World, call: Call) -> bool:
    """Set what the button beside the text field does, in one chat or everywhere."""
    chat_id = "0"
    if "chat_id" in call.fields:
        chat_id = str(world.directory.resolve(call.fields["chat_id"]))
    button = call.fields.get("menu_button", {"type": "default"})
    if button["type"] == "web_app":
        _check_app(button)
    if button["type"] == "default":
        world.profile.menu_buttons.pop(chat_id, None)
    else:
        world.profile.menu_buttons[chat_id] = button
    _tell_page(world)
    return True


def _check_app(button: Json) -> None:
    """Refuse what Telegram refuses; here an address of this machine is taken, too."""
    address = button["web_app"]["url"]
    if not button["text"]:
        raise ApiError("BUTTON_TEXT_INVALID")
    if not (address.startswith("https://") or is_loopback(address)):
        raise ApiError(
            f"menu button Web App URL '{address}' is invalid: Only HTTPS links are allowed"
        )


def is_loopback(address: str) -> bool:
    """Whether an address is served by this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def get_chat_menu_button(world: World, call: Call) -> Json:
    """What the button beside the text field does."""
    return world.profile.menu_button(call.number("chat_id"))


def text_setter(name: str) -> Callable[[World, Call], Any]:
    """The method that sets the bot's name or a description, by language."""

    def set_text(world: World, call: Call) -> bool:
        world.profile.texts[f"{name}|{_language(call)}"] = call.text(name)
        return True

    return set_text


def text_getter(name: str) -> Callable[[World, Call], Any]:
    """The method that returns the bot's name or a description, by language."""

    def get_text(world: World, call: Call) -> Json:
        texts = world.profile.texts
        default = world.bot.first_name if name == "name" else ""
        found = texts.get(f"{name}|{_language(call)}") or texts.get(f"{name}|")
        return {name: found or default}

    return get_text


def log_out(world: World, _call: Call) -> bool:
    """Refuse every call from now on."""
    world.logged_out = True
    return True


def close(_world: World, _call: Call) -> bool:
    """Do nothing: the sandbox has only one instance of the bot."""
    return True


def _tell_page(world: World) -> None:
    for person in world.directory.persons.values():
        for chat_id in (person.id, *(group.id for group in world.directory.groups_of(person.id))):
            chat_changed(world, person.id, chat_id)
