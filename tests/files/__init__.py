"""Makers of real sample files: what tutors send, and what nobody should.

Every maker returns whole bytes of a valid file unless its name says otherwise. Images can carry
`METADATA_CANARY` wherever their format lets a camera or an editor write; no stored image may.
"""

from tests.files.audio import aac, amr, avif_head, m4a, mp3, mp4_video, ogg_video, ogg_voice, wav
from tests.files.documents import docx, open_document, pdf, pptx, xlsx, zip_of
from tests.files.hostile import executable, many_entries, nested_documents, zip_bomb
from tests.files.images import (
    BLUE,
    METADATA_CANARY,
    RED,
    XMP,
    camera_exif,
    gif,
    gif_of_tiny_frames,
    heic,
    jpeg_in_other_colours,
    jpeg_photo,
    jpeg_with_profile,
    picture,
    pixel_bomb,
    png,
    webp,
)
from tests.files.legacy import legacy_office, outlook_message

__all__ = [
    "BLUE",
    "METADATA_CANARY",
    "RED",
    "XMP",
    "aac",
    "amr",
    "avif_head",
    "camera_exif",
    "docx",
    "executable",
    "gif",
    "gif_of_tiny_frames",
    "heic",
    "jpeg_in_other_colours",
    "jpeg_photo",
    "jpeg_with_profile",
    "legacy_office",
    "m4a",
    "many_entries",
    "mp3",
    "mp4_video",
    "nested_documents",
    "ogg_video",
    "ogg_voice",
    "open_document",
    "outlook_message",
    "pdf",
    "picture",
    "pixel_bomb",
    "png",
    "pptx",
    "wav",
    "webp",
    "xlsx",
    "zip_bomb",
    "zip_of",
]
