"""Methods that send files, replace them and name them for download."""

from __future__ import annotations

from sandbox.bot_api.call import Call
from sandbox.bot_api.files import MAX_PHOTO_BYTES
from sandbox.bot_api.media import ALBUM_KINDS, MAX_ALBUM, MediaDetails, media_content, new_album_id
from sandbox.bot_api.methods.messages import apply_edit, editable
from sandbox.bot_api.methods.sending import caption_content, send
from sandbox.wire import ApiError, Json, Upload
from sandbox.world import World

_KINDS = {"photo": "Photo", "document": "Document", "voice": "VoiceNote", "audio": "Audio"}
_ALONE = {"document": "Document", "audio": "Audio"}


def send_photo(world: World, call: Call) -> Json:
    """Send a picture, scaled to Telegram's sizes."""
    return _send_file(world, call, "photo")


def send_document(world: World, call: Call) -> Json:
    """Send a file as it is."""
    return _send_file(world, call, "document")


def send_voice(world: World, call: Call) -> Json:
    """Send a voice memo."""
    return _send_file(world, call, "voice")


def send_audio(world: World, call: Call) -> Json:
    """Send music or a recording."""
    return _send_file(world, call, "audio")


def send_video(world: World, call: Call) -> Json:
    """Send a video."""
    return _send_file(world, call, "video")


def _send_file(world: World, call: Call, kind: str) -> Json:
    caption = caption_content(call.fields)
    world.directory.writable(call.fields["chat_id"])
    content = _file_content(world, call, kind, call.text(kind), call.uploads.get(kind), call.fields)
    return send(world, call, [content | caption])[0]


def send_media_group(world: World, call: Call) -> list[Json]:
    """Send two to ten files as one album."""
    media = call.fields["media"]
    if len(media) > MAX_ALBUM:
        raise ApiError("too many messages to send as an album")
    if not media:
        raise ApiError("there are no messages to send")
    kinds = {item["type"] for item in media}
    if unfit := kinds - ALBUM_KINDS:
        raise ApiError(
            f"can't parse InputMedia: type \"{unfit.pop()}\" can't be used in sendMediaGroup"
        )
    if len(kinds) > 1 and (alone := sorted(kinds & _ALONE.keys())):
        raise ApiError(f"{_ALONE[alone[0]]} can't be mixed with other media types")
    captions = [caption_content(item) for item in media]
    world.directory.writable(call.fields["chat_id"])
    contents = [
        _file_content(world, call, item["type"], item["media"], None, item) | caption
        for item, caption in zip(media, captions, strict=True)
    ]
    if len(contents) > 1:
        album = {"media_group_id": new_album_id()}
        contents = [content | album for content in contents]
    return send(world, call, contents)


def edit_message_media(world: World, call: Call) -> Json:
    """Replace the file of a message, or give a file to a text message."""
    item = call.fields["media"]
    caption = caption_content(item)
    message = editable(world, call)
    content = _file_content(world, call, item["type"], item["media"], None, item)
    dropped = {"text", "entities", "caption", "caption_entities", *_KINDS, "video"}
    return apply_edit(world, call, message, dropped, content | caption)


def get_file(world: World, call: Call) -> Json:
    """The path at which a file of at most 20 MB can be downloaded."""
    stored = world.files.downloadable(call.text("file_id"))
    return stored.as_json() | {"file_path": stored.path}


def _file_content(
    world: World, call: Call, kind: str, given: str, direct: Upload | None, details: Json
) -> Json:
    upload = direct
    if upload is None and given.startswith("attach://"):
        upload = call.uploads.get(given.removeprefix("attach://"))
        if upload is None:
            raise ApiError("can't parse InputMedia: media not found")
    if upload is None:
        return _known_file(world, kind, given)
    if not upload.data:
        raise ApiError("file must be non-empty")
    if kind == "photo" and len(upload.data) > MAX_PHOTO_BYTES:
        raise ApiError(
            f"file of size {len(upload.data)} bytes is too big for a photo; "
            f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    said = MediaDetails(
        duration=int(details.get("duration") or 0),
        title=str(details.get("title") or ""),
        performer=str(details.get("performer") or ""),
    )
    return media_content(world.files, kind, upload, said)


def _known_file(world: World, kind: str, given: str) -> Json:
    if given.startswith(("http://", "https://")):
        raise ApiError("failed to get HTTP URL content")
    stored = world.files.get(given)
    if stored is None:
        raise ApiError("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        names = _KINDS.get(stored.kind, stored.kind.title()), _KINDS.get(kind, kind.title())
        raise ApiError(f"can't use file of type {names[0]} as {names[1]}")
    return dict(stored.content)
