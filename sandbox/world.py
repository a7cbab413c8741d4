"""Telegram as the sandbox keeps it: people, groups, messages, and updates for the bot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.bot_api.bot_profile import BotIdentity, Profile
from sandbox.bot_api.call_log import CallRecord
from sandbox.bot_api.files import FileStore
from sandbox.bot_api.rate_limits import RateLimiter, Rates
from sandbox.bot_api.taps import Taps
from sandbox.bot_api.updates import UpdateQueue
from sandbox.bot_api.webhook import Webhook
from sandbox.clock import MovableClock
from sandbox.events import EventLog
from sandbox.faults import UPDATES, Faults
from sandbox.keyboards import ACTION_LASTS, Keyboards
from sandbox.messages import MessageStore
from sandbox.people import Directory, Group, Pane, Person
from sandbox.saved_state import SavedState
from sandbox.wire import Json

DEFAULT_TOKEN = "4200000001:sandbox-token-of-no-use-elsewhere"  # noqa: S105
FIRST_PERSON_ID = 5_000_000_001
FIRST_GROUP_ID = -4_000_000_001


class World:
    """Everything behind the Bot API, without HTTP.

    `rates=None` turns Telegram's rate limits off. With a `state_dir` the world is saved there and
    restored from there; its clock goes on from the time of the last save. The page shows times in
    `zone`, a name like Asia/Singapore, or in the browser's own for None. Make every change inside
    `turn()`, which locks the world and saves it.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        username: str = "tutorline_bot",
        first_name: str = "Tutorline",
        clock: MovableClock | None = None,
        rates: Rates | None = Rates(),  # noqa: B008 - frozen
        state_dir: Path | None = None,
        webhook_retry_seconds: float = 1.0,
        zone: str | None = None,
    ) -> None:
        self.token = token
        self.zone = zone
        self.bot = BotIdentity(int(token.split(":", maxsplit=1)[0]), username, first_name)
        self.clock = clock or MovableClock()
        self.webhook_retry_seconds = webhook_retry_seconds
        self.directory = Directory()
        self.messages = MessageStore()
        self.files = FileStore(None if state_dir is None else state_dir / "files")
        self.updates = UpdateQueue()
        self.webhook = Webhook()
        self.taps = Taps()
        self.profile = Profile()
        self.keyboards = Keyboards()
        self.faults = Faults()
        self.limiter = RateLimiter(rates)
        self.events = EventLog()
        self.calls = CallRecord()
        self.toasts: list[Json] = []
        self.reactions: dict[tuple[int, int], list[Json]] = {}
        self.silent: set[tuple[int, int]] = set()
        """Chat and id of each silent message; the Bot API's `Message` does not say it."""
        self.logged_out = False
        self.closing = False
        self._lock = threading.RLock()
        self._depth = 0
        self._saved = None if state_dir is None else SavedState(state_dir)
        if self._saved is not None:
            self._saved.restore(self)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Lock the world for one change, and save it afterwards."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._saved is not None and self._depth == 0:
                    self._saved.save(self)

    def close(self) -> None:
        """End long polls and event streams, so that a server can stop, and save."""
        with self.turn():
            self.closing = True
        self.updates.signal.notify()
        self.events.signal.notify()

    def now(self) -> datetime:
        return self.clock.now()

    def stamp(self) -> int:
        """The time as Telegram writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    # People and groups

    def add_person(
        self,
        first_name: str,
        last_name: str = "",
        *,
        user_id: int | None = None,
        username: str = "",
        language_code: str = "en",
        started: bool = False,
    ) -> Person:
        with self.turn():
            if user_id is None:
                user_id = max([FIRST_PERSON_ID - 1, *self.directory.persons]) + 1
            person = Person(user_id, first_name, last_name, username, language_code, started)
            self.directory.persons[user_id] = person
            self.events.add("reset")
        return person

    def add_group(
        self,
        title: str,
        member_ids: list[int],
        *,
        group_id: int | None = None,
        admin_ids: list[int] | None = None,
    ) -> Group:
        """Add a group with the bot as a member in privacy mode, and tell the bot."""
        with self.turn():
            if group_id is None:
                group_id = min([FIRST_GROUP_ID + 1, *self.directory.groups]) - 1
            admins = member_ids[:1] if admin_ids is None else admin_ids
            group = Group(group_id, title, list(member_ids), list(admins))
            self.directory.groups[group_id] = group
            if admins:
                self.push(
                    "my_chat_member", self.own_membership(group_id, admins[0], "left"), group_id
                )
            self.events.add("reset")
        return group

    def add_pane(self, user_id: int, title: str, subtitle: str = "") -> None:
        """Show a person's phone on the page; without any pane the page shows all."""
        with self.turn():
            self.directory.panes.append(Pane(user_id, title, subtitle))
            self.events.add("reset")

    def own_membership(self, chat_id: int, actor_id: int, before: str) -> Json:
        """A `ChatMemberUpdated` of the bot, from the status `before` to its present one."""
        person = self.directory.persons.get(chat_id)
        if person is not None:
            after = "kicked" if person.blocked else "member"
        else:
            after = self.directory.groups[chat_id].bot_status
        return {
            "chat": self.directory.chat_json(chat_id),
            "from": self.directory.person(actor_id).as_user(),
            "date": self.stamp(),
            "old_chat_member": chat_member(self.bot.as_user(), before),
            "new_chat_member": chat_member(self.bot.as_user(), after),
        }

    # Messages

    def post(
        self,
        chat_id: int,
        sender: Json,
        content: Json,
        *,
        reply_to: Json | None = None,
        silent: bool = False,
    ) -> Json:
        """Add a message to a chat and show it; a `silent` one makes no sound."""
        message: Json = {
            "message_id": self.messages.next_id(),
            "from": sender,
            "chat": self.directory.chat_json(chat_id),
            "date": self.stamp(),
        }
        if reply_to is not None:
            message["reply_to_message"] = {
                key: value for key, value in reply_to.items() if key != "reply_to_message"
            }
        message |= content
        self.messages.put(message)
        if silent:
            self.silent.add((chat_id, message["message_id"]))
        self.events.add("message", chat_id=chat_id, message=self.shown(message))
        return message

    def shown(self, message: Json) -> Json:
        """A message for the page, which also learns whether it is silent."""
        place = (message["chat"]["id"], message["message_id"])
        return message | {"disable_notification": True} if place in self.silent else message

    def change(self, message: Json, changed: Json) -> Json:
        """Replace a message by its edited form and show it."""
        self.messages.put(changed)
        chat_id = message["chat"]["id"]
        self.events.add("edited", chat_id=chat_id, message=self.shown(changed))
        return changed

    def set_reactions(self, message: Json, reactions: list[Json]) -> None:
        """Store the bot's reactions to a message; they are no part of the `Message` object."""
        place = (message["chat"]["id"], message["message_id"])
        self.reactions[place] = reactions
        self.events.add("reaction", chat_id=place[0], message_id=place[1], reactions=reactions)

    def delete(self, chat_id: int, message_id: int) -> None:
        self.messages.remove(chat_id, message_id)
        self.events.add("deleted", chat_id=chat_id, message_id=message_id)

    def push(self, kind: str, body: Json, chat_id: int, *, late: float = 0.0) -> None:
        """Queue an update for the bot, later where a fault delays it."""
        fault = self.faults.take(UPDATES)
        late += fault.seconds if fault is not None else 0.0
        self.updates.push(kind, body, chat_id, self.now(), late=late)

    def show_action(self, chat_id: int, action: str | None) -> None:
        """Show a chat action such as `typing`, or end it with None."""
        if action is None:
            if self.keyboards.actions.pop(chat_id, None) is None:
                return
        else:
            self.keyboards.actions[chat_id] = (action, self.now() + ACTION_LASTS)
        self.events.add("action", chat_id=chat_id, action=action)

    def toast(self, toast: Json) -> None:
        self.toasts.append(toast)
        self.events.add("toast", **toast)


def chat_member(user: Json, status: str) -> Json:
    """A `ChatMember` object with the fields that its status requires."""
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    elif status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        rights = (
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
            "can_manage_video_chats", "can_restrict_members", "can_promote_members",
            "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories",
        )  # fmt: skip
        member |= {right: right == "can_manage_chat" for right in rights}
    return member
