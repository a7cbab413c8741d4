"""The bot's settings at Telegram: commands, menu buttons, descriptions."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.people import Directory
from sandbox.wire import Json

COMMANDS_BUTTON: Json = {"type": "commands"}


@dataclass(frozen=True)
class BotIdentity:
    """Who the bot is. Its id is the number before the colon of its token."""

    id: int
    username: str = "tutorline_bot"
    first_name: str = "Tutorline"

    def as_user(self) -> Json:
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }

    def as_me(self) -> Json:
        return self.as_user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


@dataclass
class Profile:
    """Commands by scope and language, menu buttons by chat (0: the default), texts by language."""

    commands: dict[str, list[Json]] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def command_key(scope: Json | None, language_code: str) -> str:
        """A scope and language as one key."""
        scope = scope or {"type": "default"}
        parts = (scope["type"], scope.get("chat_id", ""), scope.get("user_id", ""), language_code)
        return "|".join(str(part) for part in parts)

    def commands_for(self, directory: Directory, user_id: int, chat_id: int) -> list[Json]:
        """The command menu that a person sees in a chat: that of the narrowest scope."""
        language = directory.person(user_id).language_code
        for scope in _scopes(directory, user_id, chat_id):
            for code in (language, ""):
                found = self.commands.get(self.command_key(scope, code))
                if found:
                    return found
        return []

    def menu_button(self, chat_id: int) -> Json:
        return self.menu_buttons.get(str(chat_id)) or self.menu_buttons.get("0") or COMMANDS_BUTTON


def _scopes(directory: Directory, user_id: int, chat_id: int) -> list[Json]:
    if not directory.is_group(chat_id):
        chat: Json = {"type": "chat", "chat_id": chat_id}
        return [chat, {"type": "all_private_chats"}, {"type": "default"}]
    administers = user_id in directory.groups[chat_id].admin_ids
    scopes: list[Json] = [{"type": "chat_member", "chat_id": chat_id, "user_id": user_id}]
    if administers:
        scopes.append({"type": "chat_administrators", "chat_id": chat_id})
    scopes.append({"type": "chat", "chat_id": chat_id})
    if administers:
        scopes.append({"type": "all_chat_administrators"})
    return [*scopes, {"type": "all_group_chats"}, {"type": "default"}]
