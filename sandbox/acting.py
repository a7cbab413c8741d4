"""What a person does in Telegram: write, tap, attach, start, block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.entities import utf16_length, with_found_entities
from sandbox.media import ALBUM_KINDS, MAX_ALBUM, MediaDetails, media_content, new_album_id
from sandbox.people import Person
from sandbox.views import chat_view
from sandbox.wire import ApiError, Json, PageError, Upload
from sandbox.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024


@dataclass(frozen=True)
class Place:
    """Somebody in one chat."""

    world: World
    user_id: int
    chat_id: int

    def person(self) -> Person:
        if self.user_id not in self.world.directory.persons:
            raise PageError(f"there is nobody with id {self.user_id}")
        return self.world.directory.person(self.user_id)

    def check(self) -> Person:
        """Raises PageError where this person cannot write in this chat."""
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


def send_text(place: Place, text: str, reply_to: int | None = None) -> Json:
    """Writes a text; a long one goes as several messages, of which the last is returned."""
    with place.world.turn():
        place.check()
        if not text.strip():
            raise PageError("an empty message cannot be sent")
        parts = _in_parts(text.strip())
        sent = [_send(place, text_content(part), reply_to) for part in parts]
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
    place: Place,
    kind: str,
    uploads: Sequence[Upload],
    *,
    caption: str = "",
    details: MediaDetails | None = None,
    reply_to: int | None = None,
    arrival: Sequence[int] | None = None,
) -> list[Json]:
    """Sends files of one kind; several are an album.

    `arrival` is the order in which the bot hears of an album's parts, by index.
    """
    if utf16_length(caption) > MAX_CAPTION:
        raise PageError(f"a caption has at most {MAX_CAPTION} characters")
    with place.world.turn():
        place.check()
        contents = [_media_part(place, kind, upload, details) for upload in uploads]
        if caption:
            captioned = with_found_entities(caption, [])
            contents[0]["caption"] = caption
            if captioned.entities:
                contents[0]["caption_entities"] = list(captioned.entities)
        if kind in ALBUM_KINDS:
            contents = _in_albums(contents)
        sent = [_write(place, content, reply_to) for content in contents]
        for index in arrival if arrival is not None else range(len(sent)):
            tell_bot(place, "message", sent[index])
    return sent


def _in_albums(contents: list[Json]) -> list[Json]:
    """Marks files sent together as albums of at most ten, as Telegram's apps do."""
    marked: list[Json] = []
    for begin in range(0, len(contents), MAX_ALBUM):
        album = contents[begin : begin + MAX_ALBUM]
        mark = {} if len(album) == 1 else {"media_group_id": new_album_id()}
        marked += [content | mark for content in album]
    return marked


def _media_part(place: Place, kind: str, upload: Upload, details: MediaDetails | None) -> Json:
    try:
        return media_content(place.world.files, kind, upload, details)
    except ApiError as error:
        raise PageError(f"{upload.name} cannot be sent as a {kind}") from error


def send_location(place: Place, latitude: float, longitude: float) -> Json:
    """Sends a point on the map."""
    with place.world.turn():
        place.check()
        return _send(place, {"location": {"latitude": latitude, "longitude": longitude}}, None)


def edit_text(place: Place, message_id: int, text: str) -> Json:
    """Edits somebody's own text message."""
    world = place.world
    with world.turn():
        place.check()
        message = world.messages.get(place.chat_id, message_id)
        if message is None or message["from"]["id"] != place.user_id or "text" not in message:
            raise PageError("only one's own text messages can be edited")
        kept = {key: value for key, value in message.items() if key not in {"text", "entities"}}
        edited = world.change(message, kept | text_content(text) | {"edit_date": world.stamp()})
        tell_bot(place, "edited_message", edited)
    return edited


def press(place: Place, message_id: int, data: str) -> str:
    """Taps a button; returns the callback query's id. As in Telegram, any data can be forged."""
    world = place.world
    with world.turn():
        person = place.check()
        message = world.messages.get(place.chat_id, message_id)
        if message is None:
            chat = world.directory.chat_json(place.chat_id)
            message = {"message_id": message_id, "chat": chat, "date": 0}
        elif message["from"]["id"] != world.bot.id:
            raise PageError("only the bot's messages have buttons")
        tap = world.taps.add(place.user_id, place.chat_id, message_id, world.now())
        query: Json = {
            "id": tap.id,
            "from": person.as_user(),
            "message": message,
            "chat_instance": str(-(abs(place.chat_id) * 7919)),
            "data": data,
        }
        world.push("callback_query", query, place.chat_id)
    return tap.id


def start(world: World, user_id: int, payload: str | None = None) -> Json:
    """Opens the bot by its link and presses Start; somebody who blocked it unblocks it so."""
    place = Place(world, user_id, user_id)
    with world.turn():
        if place.person().blocked:
            set_blocked(world, user_id, blocked=False)
        return send_text(place, f"/start {payload}" if payload else "/start")


def set_blocked(world: World, user_id: int, *, blocked: bool) -> None:
    """Blocks or unblocks the bot, which is told."""
    with world.turn():
        person = Place(world, user_id, user_id).person()
        if person.blocked == blocked:
            return
        person.blocked = blocked
        before = "member" if blocked else "kicked"
        world.push("my_chat_member", world.own_membership(user_id, user_id, before), user_id)
        chat_changed(world, user_id, user_id)


def chat_changed(world: World, user_id: int, chat_id: int) -> None:
    """Tells the page that what surrounds a chat has changed."""
    key = world.keyboards.key(user_id, chat_id)
    world.events.add("chat", key=key, chat=chat_view(world, user_id, chat_id))


def _send(place: Place, content: Json, reply_to: int | None) -> Json:
    message = _write(place, content, reply_to)
    tell_bot(place, "message", message)
    return message


def _write(place: Place, content: Json, reply_to: int | None) -> Json:
    world = place.world
    person = place.person()
    answered = None
    if reply_to is not None:
        answered = world.messages.get(place.chat_id, reply_to)
        if answered is None:
            raise PageError(f"there is no message {reply_to} to reply to")
    newly_started = place.chat_id == place.user_id and not person.started
    person.started = person.started or newly_started
    message = world.post(place.chat_id, person.as_user(), content, reply_to=answered)
    if world.keyboards.used(place.user_id, place.chat_id) or newly_started:
        chat_changed(world, place.user_id, place.chat_id)
    return message


def tell_bot(place: Place, kind: str, message: Json) -> None:
    """Queues the update, unless privacy mode keeps a group's message from the bot."""
    if is_for_bot(place.world, message):
        place.world.push(kind, message, place.chat_id)


def is_for_bot(world: World, message: Json) -> bool:
    """Privacy mode: in groups only commands and replies to the bot, unless it administers them."""
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
