"""What people do in Telegram: write, tap, attach, start, block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.bot_api.entities import utf16_length, with_found_entities
from sandbox.bot_api.media import ALBUM_KINDS, MAX_ALBUM, MediaDetails, media_content, new_album_id
from sandbox.chat_view import chat_changed
from sandbox.people import Person
from sandbox.wire import ApiError, Json, PageError, Upload
from sandbox.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024


@dataclass(frozen=True)
class PersonInChat:
    """A person in one chat."""

    world: World
    user_id: int
    chat_id: int

    def person(self) -> Person:
        if self.user_id not in self.world.directory.persons:
            raise PageError(f"there is nobody with id {self.user_id}")
        return self.world.directory.person(self.user_id)

    def check(self) -> Person:
        """Return the person; raises PageError where they cannot write in this chat."""
        person = self.person()
        if self.chat_id == self.user_id:
            if person.blocked:
                raise PageError("the bot is blocked: unblock it to write to it")
            return person
        group = self.world.directory.groups.get(self.chat_id)
        if group is None or self.user_id not in group.member_ids:
            raise PageError(f"{person.first_name} is not a member of chat {self.chat_id}")
        if group.migrated_to is not None:
            raise PageError("the group was upgraded to a supergroup")
        return person


def send_text(actor: PersonInChat, text: str, reply_to: int | None = None) -> Json:
    """Send a text, a long one in several messages; returns the last."""
    with actor.world.turn():
        actor.check()
        if not text.strip():
            raise PageError("an empty message cannot be sent")
        parts = _in_parts(text.strip())
        sent = [_send(actor, text_content(part), reply_to) for part in parts]
    return sent[-1]


def text_content(text: str) -> Json:
    """The `text` and `entities` of somebody's message."""
    formatted = with_found_entities(text, [])
    content: Json = {"text": text}
    if formatted.entities:
        content["entities"] = list(formatted.entities)
    return content


def _in_parts(text: str) -> list[str]:
    parts = [""]
    for character in text:
        if utf16_length(parts[-1]) + utf16_length(character) > MAX_TEXT:
            parts.append("")
        parts[-1] += character
    return parts


def send_media(
    actor: PersonInChat,
    kind: str,
    uploads: Sequence[Upload],
    *,
    caption: str = "",
    details: MediaDetails | None = None,
    reply_to: int | None = None,
    arrival: Sequence[int] | None = None,
) -> list[Json]:
    """Send files of one kind; several are an album.

    `arrival` is the order in which the bot receives an album's parts, by index.
    """
    if utf16_length(caption) > MAX_CAPTION:
        raise PageError(f"a caption has at most {MAX_CAPTION} characters")
    with actor.world.turn():
        actor.check()
        contents = [_media_part(actor, kind, upload, details) for upload in uploads]
        if caption:
            captioned = with_found_entities(caption, [])
            contents[0]["caption"] = caption
            if captioned.entities:
                contents[0]["caption_entities"] = list(captioned.entities)
        if kind in ALBUM_KINDS:
            contents = _in_albums(contents)
        sent = [_write(actor, content, reply_to) for content in contents]
        for index in arrival if arrival is not None else range(len(sent)):
            tell_bot(actor, "message", sent[index])
    return sent


def _in_albums(contents: list[Json]) -> list[Json]:
    """Mark files sent together as albums of at most ten, as Telegram's apps do."""
    marked: list[Json] = []
    for begin in range(0, len(contents), MAX_ALBUM):
        album = contents[begin : begin + MAX_ALBUM]
        mark = {} if len(album) == 1 else {"media_group_id": new_album_id()}
        marked += [content | mark for content in album]
    return marked


def _media_part(
    actor: PersonInChat, kind: str, upload: Upload, details: MediaDetails | None
) -> Json:
    try:
        return media_content(actor.world.files, kind, upload, details)
    except ApiError as error:
        raise PageError(f"{upload.name} cannot be sent as a {kind}") from error


def send_location(actor: PersonInChat, latitude: float, longitude: float) -> Json:
    """Send a point on the map."""
    with actor.world.turn():
        actor.check()
        return _send(actor, {"location": {"latitude": latitude, "longitude": longitude}}, None)


def edit_text(actor: PersonInChat, message_id: int, text: str) -> Json:
    """Edit somebody's own text message."""
    world = actor.world
    with world.turn():
        actor.check()
        message = world.messages.get(actor.chat_id, message_id)
        if message is None or message["from"]["id"] != actor.user_id or "text" not in message:
            raise PageError("only one's own text messages can be edited")
        kept = {key: value for key, value in message.items() if key not in {"text", "entities"}}
        edited = world.change(message, kept | text_content(text) | {"edit_date": world.stamp()})
        tell_bot(actor, "edited_message", edited)
    return edited


def press(actor: PersonInChat, message_id: int, data: str) -> str:
    """Tap a button; returns the callback query's id. As in Telegram, any data can be forged."""
    world = actor.world
    with world.turn():
        person = actor.check()
        message = world.messages.get(actor.chat_id, message_id)
        if message is None:
            chat = world.directory.chat_json(actor.chat_id)
            message = {"message_id": message_id, "chat": chat, "date": 0}
        elif message["from"]["id"] != world.bot.id:
            raise PageError("only the bot's messages have buttons")
        tap = world.taps.add(actor.user_id, actor.chat_id, message_id, world.now())
        query: Json = {
            "id": tap.id,
            "from": person.as_user(),
            "message": message,
            "chat_instance": str(-(abs(actor.chat_id) * 7919)),
            "data": data,
        }
        world.push("callback_query", query, actor.chat_id)
    return tap.id


def start(world: World, user_id: int, payload: str | None = None) -> Json:
    """Open the bot by its link and press Start, which also unblocks it."""
    actor = PersonInChat(world, user_id, user_id)
    with world.turn():
        if actor.person().blocked:
            set_blocked(world, user_id, blocked=False)
        return send_text(actor, f"/start {payload}" if payload else "/start")


def set_blocked(world: World, user_id: int, *, blocked: bool) -> None:
    """Block or unblock the bot, which is told."""
    with world.turn():
        person = PersonInChat(world, user_id, user_id).person()
        if person.blocked == blocked:
            return
        person.blocked = blocked
        before = "member" if blocked else "kicked"
        world.push("my_chat_member", world.own_membership(user_id, user_id, before), user_id)
        chat_changed(world, user_id, user_id)


def _send(actor: PersonInChat, content: Json, reply_to: int | None) -> Json:
    message = _write(actor, content, reply_to)
    tell_bot(actor, "message", message)
    return message


def _write(actor: PersonInChat, content: Json, reply_to: int | None) -> Json:
    world = actor.world
    person = actor.person()
    answered = None
    if reply_to is not None:
        answered = world.messages.get(actor.chat_id, reply_to)
        if answered is None:
            raise PageError(f"there is no message {reply_to} to reply to")
    newly_started = actor.chat_id == actor.user_id and not person.started
    person.started = person.started or newly_started
    message = world.post(actor.chat_id, person.as_user(), content, reply_to=answered)
    if world.keyboards.used(actor.user_id, actor.chat_id) or newly_started:
        chat_changed(world, actor.user_id, actor.chat_id)
    return message


def tell_bot(actor: PersonInChat, kind: str, message: Json) -> None:
    """Queue an update, unless privacy mode hides the message from the bot."""
    if is_for_bot(actor.world, message):
        actor.world.push(kind, message, actor.chat_id)


def is_for_bot(world: World, message: Json) -> bool:
    """Whether privacy mode shows a message to the bot: in groups commands and replies to it."""
    group = world.directory.groups.get(message["chat"]["id"])
    if group is None or group.bot_status == "administrator":
        return True
    if group.bot_status != "member":
        return False
    replied = message.get("reply_to_message", {})
    if replied.get("from", {}).get("id") == world.bot.id:
        return True
    text = message.get("text", "")
    for entity in message.get("entities", []):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            _, _, addressee = text[: entity["length"]].partition("@")
            return addressee.lower() in {"", world.bot.username.lower()}
    return False
