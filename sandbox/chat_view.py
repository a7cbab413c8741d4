"""What the page shows around a chat's messages: commands, keyboards, the bot's action."""

from __future__ import annotations

from sandbox.wire import Json
from sandbox.world import World


def chat_view(world: World, user_id: int, chat_id: int) -> Json:
    """Commands, keyboards and the bot's action, without the messages."""
    person = world.directory.person(user_id)
    private = user_id == chat_id
    key = world.keyboards.key(user_id, chat_id)
    return {
        "commands": world.profile.commands_for(world.directory, user_id, chat_id),
        "reply_keyboard": world.keyboards.shown.get(key),
        "force_reply": world.keyboards.forced.get(key),
        "action": world.keyboards.action(chat_id, world.now()),
        "menu_button": world.profile.menu_button(chat_id),
        "started": person.started or not private,
        "blocked": person.blocked and private,
    }


def chat_changed(world: World, user_id: int, chat_id: int) -> None:
    """Tell the page that what surrounds a chat has changed."""
    key = world.keyboards.key(user_id, chat_id)
    world.events.add("chat", key=key, chat=chat_view(world, user_id, chat_id))
