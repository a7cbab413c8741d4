"""Re-encoding of images, so that only the picture is stored (SPEC 4).

EXIF, XMP, IPTC, GPS, comments, thumbnails and data behind the picture are dropped. The orientation
and the colour profile are applied first.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from services.media.refusals import FileRefusal, FileRefused
from services.media.types import GIF, HEIC, JPEG, PNG, WEBP, FileType

MAX_MEGAPIXELS = 64
"""Limit over all frames; a phone's largest ordinary photo has 50."""
MAX_FRAMES = 500

_QUALITY = 85
_DECODERS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", GIF: "GIF", HEIC: "HEIF"}
_SRGB = ImageCms.createProfile("sRGB")

register_heif_opener()


def clean_image(content: bytes, found: FileType) -> tuple[bytes, FileType]:
    """The picture without metadata, and its type: JPEG for HEIC, otherwise the same.

    PNG, WebP and GIF keep their transparency. GIF keeps its animation; of other animations the
    first frame is kept. Refuses what cannot be decoded whole, and more than 64 megapixels.
    """
    with _decoder_errors(), Image.open(BytesIO(content), formats=[_DECODERS[found]]) as image:
        _check_pixels(image.size)
        if found is GIF:
            return _clean_animation(image), GIF
        image.load()
        # Broken EXIF, or EXIF that cannot be written again, is no reason to refuse a picture.
        with suppress(Exception):
            ImageOps.exif_transpose(image, in_place=True)
        return _encoded(_in_srgb(image), JPEG if found is HEIC else found)


@contextmanager
def _decoder_errors() -> Iterator[None]:
    try:
        yield
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    # Decoders raise nearly every kind of exception for hostile bytes.
    except Exception as error:
        raise FileRefused(FileRefusal.UNREADABLE_IMAGE) from error


def _too_large() -> FileRefused:
    return FileRefused(FileRefusal.IMAGE_TOO_LARGE, limit_megapixels=MAX_MEGAPIXELS)


def _check_pixels(size: tuple[int, int], before: int = 0) -> int:
    """Pixels so far; refuses a frame that exceeds the limit together with earlier ones."""
    pixels = before + size[0] * size[1]
    if pixels > MAX_MEGAPIXELS * 1_000_000:
        raise _too_large()
    return pixels


def _in_srgb(image: Image.Image) -> Image.Image:
    """Image in sRGB; a broken colour profile is ignored."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    if "transparency" in image.info:  # names one colour, which will be another
        image = image.convert("RGBA")
    target = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=target)
    except (ImageCms.PyCMSError, OSError):
        return image
    return image if converted is None else converted


def _encoded(picture: Image.Image, target: FileType) -> tuple[bytes, FileType]:
    mode = _mode_for(picture, target)
    if picture.mode != mode:
        picture = picture.convert(mode)
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    stored = BytesIO()
    if target is PNG:
        picture.save(stored, "PNG")
    else:
        picture.save(stored, _DECODERS[target], quality=_QUALITY)
    return stored.getvalue(), target


def _mode_for(picture: Image.Image, target: FileType) -> str:
    if target is PNG:
        return picture.mode
    if target is WEBP:
        return "RGBA" if picture.has_transparency_data else "RGB"
    return "L" if picture.mode in {"1", "L"} else "RGB"


def _clean_animation(image: Image.Image) -> bytes:
    frames = pixels = 0
    while True:
        pixels = _check_pixels(image.size, pixels)
        frames += 1
        if frames > MAX_FRAMES:
            raise _too_large()
        try:
            image.seek(frames)
        except EOFError:
            break
    image.seek(0)
    stored = BytesIO()
    image.save(stored, "GIF", save_all=True, comment=b"", extension=None)
    return stored.getvalue()
