"""Storing an uploaded file, and the part of a message that shows it."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from sandbox.bot_api.files import FileStore, StatedSize
from sandbox.wire import ApiError, Json, Upload

ALBUM_KINDS = {"photo", "video", "document", "audio"}
MAX_ALBUM = 10
PHOTO_SIDES = (90, 320, 800, 1280)
THUMBNAIL_SIDE = 320


@dataclass(frozen=True)
class MediaDetails:
    """What a sender says about a file; `duration` in seconds."""

    duration: int = 0
    title: str = ""
    performer: str = ""
    stated_size: StatedSize = "true"


def media_content(
    files: FileStore, kind: str, upload: Upload, details: MediaDetails | None = None
) -> Json:
    """Store a file and describe it: `{"photo": [...]}`, `{"document": {...}}` and so on."""
    details = details or MediaDetails()
    if kind == "photo":
        sizes = _photo_sizes(files, upload, details)
        for size in sizes:
            files.describe(size["file_id"], {"photo": sizes})
        return {"photo": sizes}
    stored = files.add(
        upload.data, kind, name=upload.name, mime=upload.mime, stated_size=details.stated_size
    )
    media: Json = stored.as_json() | _DESCRIBERS[kind](upload, details)
    if kind in {"document", "video"} and (thumbnail := _thumbnail(files, upload)):
        media["thumbnail"] = thumbnail
    files.describe(stored.file_id, {kind: media})
    return {kind: media}


def new_album_id() -> str:
    """A `media_group_id`."""
    return str(secrets.randbelow(9 * 10**16) + 10**16)


def open_image(data: bytes) -> Image.Image:
    """The picture, turned upright; raises ApiError for bad data and for bad dimensions."""
    try:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise ApiError("IMAGE_PROCESS_FAILED") from None
    width, height = image.size
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise ApiError("PHOTO_INVALID_DIMENSIONS")
    return image


def _photo_sizes(files: FileStore, upload: Upload, details: MediaDetails) -> list[Json]:
    image = open_image(upload.data).convert("RGB")
    sizes: list[Json] = []
    for side in PHOTO_SIDES:
        if sizes and max(image.size) <= PHOTO_SIDES[len(sizes) - 1]:
            break
        sizes.append(_photo_size(files, image, side, details.stated_size))
    return sizes


def _photo_size(files: FileStore, image: Image.Image, side: int, stated: StatedSize) -> Json:
    scaled = image.copy()
    scaled.thumbnail((side, side))
    encoded = io.BytesIO()
    scaled.save(encoded, "JPEG", quality=87)
    stored = files.add(encoded.getvalue(), "photo", mime="image/jpeg", stated_size=stated)
    return stored.as_json() | {"width": scaled.width, "height": scaled.height}


def _thumbnail(files: FileStore, upload: Upload) -> Json | None:
    if not upload.mime.startswith("image/"):
        return None
    try:
        image = open_image(upload.data).convert("RGB")
    except ApiError:
        return None
    return _photo_size(files, image, THUMBNAIL_SIDE, "true")


def _document(upload: Upload, _details: MediaDetails) -> Json:
    return {"file_name": upload.name, "mime_type": upload.mime}


def _voice(upload: Upload, details: MediaDetails) -> Json:
    return {"duration": details.duration, "mime_type": upload.mime}


def _audio(upload: Upload, details: MediaDetails) -> Json:
    audio: Json = {
        "duration": details.duration,
        "file_name": upload.name,
        "mime_type": upload.mime,
    }
    if details.title:
        audio["title"] = details.title
    if details.performer:
        audio["performer"] = details.performer
    return audio


def _video(upload: Upload, details: MediaDetails) -> Json:
    return _audio(upload, details) | {"width": 640, "height": 360}


def _sticker(_upload: Upload, _details: MediaDetails) -> Json:
    return {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }


_DESCRIBERS = {
    "document": _document,
    "voice": _voice,
    "audio": _audio,
    "video": _video,
    "sticker": _sticker,
}
KINDS = ("photo", *_DESCRIBERS)
