"""People and groups, and whether the bot may write to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.wire import ApiError, Json

GroupKind = Literal["group", "supergroup"]
BotStatus = Literal["member", "administrator", "left", "kicked"]
FIRST_SUPERGROUP_ID = -1_001_000_000_000


@dataclass
class Person:
    """A person with a Telegram account; `started` and `blocked` concern the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    started: bool = False
    blocked: bool = False

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user

    def as_chat(self) -> Json:
        chat: Json = {"id": self.id, "first_name": self.first_name, "type": "private"}
        for name in ("last_name", "username"):
            if value := getattr(self, name):
                chat[name] = value
        return chat


@dataclass
class Group:
    """A group or supergroup; the first of `admin_ids` is its owner."""

    id: int
    title: str
    member_ids: list[int] = field(default_factory=list)
    admin_ids: list[int] = field(default_factory=list)
    kind: GroupKind = "group"
    bot_status: BotStatus = "member"
    migrated_to: int | None = None

    def as_chat(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.kind}


@dataclass(frozen=True)
class Pane:
    """One phone on the page: its owner and the words above it."""

    user_id: int
    title: str
    subtitle: str = ""


class Directory:
    """Everybody and every group, by id."""

    def __init__(self) -> None:
        self.persons: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.panes: list[Pane] = []

    def person(self, user_id: int) -> Person:
        """The person with this id; raises KeyError where there is none."""
        return self.persons[user_id]

    def chat_json(self, chat_id: int) -> Json:
        """The `Chat` object of a private chat or a group."""
        if chat_id in self.persons:
            return self.persons[chat_id].as_chat()
        return self.groups[chat_id].as_chat()

    def groups_of(self, user_id: int) -> list[Group]:
        return [
            group
            for group in self.groups.values()
            if user_id in group.member_ids and group.migrated_to is None
        ]

    def readers(self, chat_id: int) -> list[int]:
        """The ids of the people who see a chat."""
        if chat_id in self.persons:
            return [chat_id]
        return list(self.groups[chat_id].member_ids) if chat_id in self.groups else []

    def is_group(self, chat_id: int) -> bool:
        return chat_id in self.groups

    def resolve(self, given: object) -> int:
        """The id that a `chat_id` field means; raises ApiError for an unknown chat."""
        text = str(given if given is not None else "").strip()
        if not text:
            raise ApiError("chat_id is empty")
        if text.startswith("@"):
            raise ApiError("chat not found")
        try:
            chat_id = int(text)
        except ValueError:
            raise ApiError("chat not found") from None
        if chat_id not in self.persons and chat_id not in self.groups:
            raise ApiError("chat not found")
        return chat_id

    def writable(self, given: object) -> int:
        """The id that a `chat_id` field means; raises ApiError where the bot may not send."""
        chat_id = self.resolve(given)
        if person := self.persons.get(chat_id):
            if person.blocked:
                raise ApiError("bot was blocked by the user", 403)
            if not person.started:
                raise ApiError("bot can't initiate conversation with a user", 403)
            return chat_id
        self._check_group(self.groups[chat_id])
        return chat_id

    def readable(self, given: object) -> int:
        """The id that a `chat_id` field means; raises ApiError where the bot cannot see it."""
        chat_id = self.resolve(given)
        person = self.persons.get(chat_id)
        if person is not None and not person.started:
            raise ApiError("chat not found")
        return chat_id

    def _check_group(self, group: Group) -> None:
        if group.migrated_to is not None:
            raise ApiError(
                "group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=group.migrated_to,
            )
        if group.bot_status == "kicked":
            raise ApiError(f"bot was kicked from the {group.kind} chat", 403)
        if group.bot_status == "left":
            raise ApiError(f"bot is not a member of the {group.kind} chat", 403)

    def as_json(self) -> Json:
        return {
            "persons": [dict(vars(person)) for person in self.persons.values()],
            "groups": [dict(vars(group)) for group in self.groups.values()],
            "panes": [dict(vars(pane)) for pane in self.panes],
        }

    def restore(self, saved: Json) -> None:
        self.persons = {item["id"]: Person(**item) for item in saved["persons"]}
        self.groups = {item["id"]: Group(**item) for item in saved["groups"]}
        self.panes = [Pane(**item) for item in saved["panes"]]
