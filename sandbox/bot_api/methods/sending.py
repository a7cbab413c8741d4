"""What all sending methods share: chat, reply, text and keyboard."""

from __future__ import annotations

from sandbox.bot_api.call import Call
from sandbox.bot_api.entities import (
    FormattedText,
    check_given_entities,
    trimmed,
    utf16_length,
    utf16_slice,
    with_found_entities,
)
from sandbox.bot_api.html import button_link, parse_html
from sandbox.chat_view import chat_changed
from sandbox.wire import ApiError, Json
from sandbox.world import World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_BUTTONS = 100
MAX_SOURCE_BYTES = 1 << 15
BUTTON_STYLES = {"danger", "success", "primary"}


def formatted_text(source: str, parse_mode: str, given: list[Json]) -> FormattedText:
    """The text without markup, with the entities given, parsed and found."""
    if len(source.encode()) > MAX_SOURCE_BYTES:
        raise ApiError("Text is too long")
    mode = parse_mode.lower()
    if not source or mode in {"", "none"}:
        parsed = FormattedText(source, tuple(check_given_entities(source, given)))
    elif mode == "html":
        parsed = parse_html(source)
    elif mode in {"markdown", "markdownv2"}:
        raise ApiError("Not Implemented: the sandbox reads no Markdown, only HTML", 501)
    else:
        raise ApiError("Unsupported parse_mode")
    clean = trimmed(parsed)
    return with_found_entities(clean.text, list(clean.entities))


def text_content(call: Call) -> Json:
    """The `text` and `entities` of a message to send or edit."""
    formatted = formatted_text(
        call.text("text"), call.text("parse_mode"), call.fields.get("entities", [])
    )
    if not formatted.text:
        raise ApiError("text must be non-empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise ApiError("message is too long")
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = list(formatted.entities)
    if "link_preview_options" in call.fields:
        content["link_preview_options"] = call.fields["link_preview_options"]
    return content


def caption_content(fields: Json) -> Json:
    """The `caption` and `caption_entities` of a file; empty when there is no caption."""
    formatted = formatted_text(
        str(fields.get("caption") or ""),
        str(fields.get("parse_mode") or ""),
        fields.get("caption_entities", []),
    )
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise ApiError("message caption is too long")
    content: Json = {}
    if formatted.text:
        content["caption"] = formatted.text
        if formatted.entities:
            content["caption_entities"] = list(formatted.entities)
    return content


def inline_keyboard(markup: Json | None) -> Json | None:
    """An inline keyboard, checked; None where the markup is of another kind."""
    if markup is None or not markup.get("inline_keyboard"):
        return None
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise ApiError("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(button: Json) -> Json:
    _check_style(button)
    if not button["text"]:
        raise ApiError("inline keyboard button text must be non-empty")
    if len(button.keys() - {"text", "style", "icon_custom_emoji_id"}) == 0:
        raise ApiError(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "url" in button:
        return button | {"url": button_link(button["url"])}
    if "web_app" in button and not button["web_app"]["url"].startswith("https://"):
        address = button["web_app"]["url"]
        raise ApiError(
            f"inline keyboard button Web App URL '{address}' is invalid: "
            "Only HTTPS links are allowed"
        )
    return button


def _check_style(button: Json) -> None:
    if "style" in button and button["style"] not in BUTTON_STYLES:
        raise ApiError("can't parse inline keyboard button: invalid button style specified")


def edited_keyboard(call: Call) -> Json | None:
    """The keyboard of an edited message; raises ApiError for any but an inline one."""
    markup = call.fields.get("reply_markup")
    if markup and "inline_keyboard" not in markup:
        raise ApiError("inline keyboard expected")
    return inline_keyboard(markup)


def replied_message(world: World, call: Call, chat_id: int) -> Json | None:
    """The message to which a new one replies."""
    parameters = call.fields.get("reply_parameters")
    if parameters is None:
        return None
    message = world.messages.get(chat_id, parameters["message_id"])
    if message is None and not parameters.get("allow_sending_without_reply", False):
        raise ApiError("message to be replied not found")
    return message


def send(world: World, call: Call, contents: list[Json]) -> list[Json]:
    """Post the bot's messages, once everything that Telegram checks is checked."""
    markup = call.fields.get("reply_markup")
    keyboard = inline_keyboard(markup)
    chat_id = world.directory.writable(call.fields["chat_id"])
    reply_to = replied_message(world, call, chat_id)
    is_group = world.directory.is_group(chat_id)
    world.limiter.admit(chat_id, is_group=is_group, now=world.now(), messages=len(contents))
    sent = []
    for content in contents:
        complete = dict(content)
        if keyboard is not None:
            complete["reply_markup"] = keyboard
        if call.flag("protect_content"):
            complete["has_protected_content"] = True
        sent.append(
            world.post(
                chat_id,
                world.bot.as_user(),
                complete,
                reply_to=reply_to,
                silent=bool(call.fields.get("disable_notification")),
            )
        )
    world.show_action(chat_id, None)
    if markup is not None and keyboard is None:
        _apply_markup(world, markup, sent[-1])
    return sent


def _apply_markup(world: World, markup: Json, message: Json) -> None:
    for row in markup.get("keyboard", []):
        for button in row:
            _check_style(button)
    chat_id = message["chat"]["id"]
    readers = world.directory.readers(chat_id)
    if markup.get("selective") and world.directory.is_group(chat_id):
        readers = [user_id for user_id in readers if user_id in _addressed(world, message)]
    for key in world.keyboards.apply(markup, message["message_id"], readers, chat_id):
        chat_changed(world, int(key.split(":")[0]), chat_id)


def _addressed(world: World, message: Json) -> set[int]:
    """The ids that a selective markup is for: people mentioned, and whom it replies to."""
    addressed = {message.get("reply_to_message", {}).get("from", {}).get("id", 0)}
    names = {
        person.username.lower(): person.id
        for person in world.directory.persons.values()
        if person.username
    }
    text = str(message.get("text") or message.get("caption") or "")
    for entity in [*message.get("entities", []), *message.get("caption_entities", [])]:
        if entity["type"] == "text_mention":
            addressed.add(entity["user"]["id"])
        elif entity["type"] == "mention":
            name = utf16_slice(text, entity["offset"], entity["length"]).lstrip("@").lower()
            addressed.add(names.get(name, 0))
    return addressed
