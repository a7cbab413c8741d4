"""Images with everything that cameras and editors write beside the picture."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from pillow_heif import from_pillow

METADATA_CANARY = "CANARY 1.3521N 103.8198E Ang Mo Kio"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{METADATA_CANARY}</a></x:xmpmeta>".encode()
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: enough to see which way up it is."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def camera_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = "Phone maker"
    exif[Base.ImageDescription] = METADATA_CANARY
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (1.0, 21.0, 7.56)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (103.0, 49.0, 11.28)
    return exif


def jpeg_photo(
    *, with_gps: bool = True, orientation: int = 1, size: tuple[int, int] = (64, 32)
) -> bytes:
    """A photo as a phone makes it: with_gps also brings XMP, IPTC and a comment."""
    stored = BytesIO()
    if not with_gps:
        picture(size).save(stored, "JPEG")
        return stored.getvalue()
    comment = METADATA_CANARY.encode()
    picture(size).save(stored, "JPEG", exif=camera_exif(orientation), xmp=XMP, comment=comment)
    return _with_iptc(stored.getvalue())


def _with_iptc(jpeg: bytes) -> bytes:
    caption = METADATA_CANARY.encode()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    record += b"\x00" * (len(record) % 2)
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record
    segment = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    return jpeg[:2] + segment + jpeg[2:]


def jpeg_in_other_colours() -> bytes:
    """A JPEG in CMYK, as scanners and print shops make them."""
    stored = BytesIO()
    picture(mode="CMYK").save(stored, "JPEG")
    return stored.getvalue()


def jpeg_with_profile() -> bytes:
    """A JPEG with a colour profile of its own."""
    stored = BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture().save(stored, "JPEG", icc_profile=profile)
    return stored.getvalue()


def png(*, transparent: bool = False, size: tuple[int, int] = (64, 32)) -> bytes:
    """A PNG with text chunks, XMP and EXIF; `transparent`: its left half can be seen through."""
    image = picture(size, "RGBA")
    if transparent:
        image.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Comment", METADATA_CANARY)
    chunks.add_itxt("XML:com.adobe.xmp", XMP.decode())
    stored = BytesIO()
    image.save(stored, "PNG", pnginfo=chunks, exif=camera_exif())
    return stored.getvalue()


def webp() -> bytes:
    stored = BytesIO()
    picture().save(stored, "WEBP", exif=camera_exif(), xmp=XMP)
    return stored.getvalue()


def heic(*, orientation: int = 1) -> bytes:
    """A photo as an iPhone makes it."""
    stored = BytesIO()
    from_pillow(picture()).save(
        stored, format="HEIF", exif=camera_exif(orientation).tobytes(), xmp=XMP
    )
    return stored.getvalue()


def gif(frames: int = 3, size: tuple[int, int] = (64, 32)) -> bytes:
    """A moving GIF, 200 ms a frame, with a comment."""
    shown = [picture(size).rotate(90 * number) for number in range(frames)]
    stored = BytesIO()
    shown[0].save(
        stored,
        "GIF",
        save_all=True,
        append_images=shown[1:],
        duration=200,
        loop=0,
        comment=METADATA_CANARY.encode(),
    )
    return stored.getvalue()


def gif_of_tiny_frames(frames: int, size: tuple[int, int]) -> bytes:
    """A GIF of some bytes a frame, each of which is to be shown on the whole of a large canvas."""
    screen = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(3) + b"\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return screen + frame * frames + b";"


def pixel_bomb(side: int = 12_000) -> bytes:
    """A PNG of some kilobytes that asks for `side` × `side` pixels of memory."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + bytes(-(-side // 8))) * side)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
