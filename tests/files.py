"""Makers of real sample files: what tutors send, and what nobody should.

Every maker returns whole bytes of a valid file unless its name says otherwise. Images can carry
`METADATA_CANARY` wherever their format lets a camera or an editor write; no stored image may.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import openpyxl
from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from pillow_heif import from_pillow

METADATA_CANARY = "CANARY 1.3521N 103.8198E Ang Mo Kio"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{METADATA_CANARY}</a></x:xmpmeta>".encode()
RED, BLUE = (220, 30, 30), (30, 30, 220)
_NO_ENTRY, _END_OF_CHAIN = 0xFFFFFFFF, 0xFFFFFFFE


# ------------------------------------------------------------------------------------- images


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


# ---------------------------------------------------------------------------------- documents


def pdf(text: str = "Fractions, exercise 4") -> bytes:
    """One page that says `text`."""
    drawn = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return bytes(written) + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(written))
    )


def zip_of(entries: Mapping[str, bytes]) -> bytes:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stored.getvalue()


_MAIN_PARTS = {
    "word/document.xml": "wordprocessingml.document.main+xml",
    "xl/workbook.xml": "spreadsheetml.sheet.main+xml",
    "ppt/presentation.xml": "presentationml.presentation.main+xml",
}


def _office(
    main_part: str, body: str, extra: Mapping[str, bytes] | None, main_type: str | None = None
) -> bytes:
    declared = main_type or (
        f"application/vnd.openxmlformats-officedocument.{_MAIN_PARTS[main_part]}"
    )
    packages = "http://schemas.openxmlformats.org/package/2006"
    documents = "http://schemas.openxmlformats.org/officeDocument/2006"
    entries = {
        "[Content_Types].xml": f"<Types xmlns='{packages}/content-types'>"
        f"<Override PartName='/{main_part}' ContentType='{declared}'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{packages}/relationships'><Relationship Id='r1'"
        f" Type='{documents}/relationships/officeDocument' Target='{main_part}'/></Relationships>",
        main_part: body,
    }
    return zip_of({name: text.encode() for name, text in entries.items()} | dict(extra or {}))


def docx(
    text: str = "Fractions, exercise 4",
    extra: Mapping[str, bytes] | None = None,
    main_type: str | None = None,
) -> bytes:
    """A Word document; `extra` entries go in beside its own, `main_type` replaces its type."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:document xmlns:w='{space}'><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return _office("word/document.xml", body + "</w:body></w:document>", extra, main_type)


def pptx(extra: Mapping[str, bytes] | None = None) -> bytes:
    return _office("ppt/presentation.xml", "<presentation/>", extra)


def xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["word", "spelled"])
    sheet.append(["necessary", "neccessary"])
    stored = BytesIO()
    workbook.save(stored)
    return stored.getvalue()


def open_document(kind: str = "text", extra: Mapping[str, bytes] | None = None) -> bytes:
    """`kind`: text, spreadsheet or presentation."""
    own = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
        "content.xml": b"<office:document-content/>",
        "META-INF/manifest.xml": b"<manifest:manifest/>",
    }
    return zip_of(own | dict(extra or {}))


def legacy_office(
    *streams: str, class_id: bytes = bytes(16), body: bytes = b"", sector_bytes: int = 512
) -> bytes:
    """A compound file whose root holds these streams; the first one's content is `body`.

    `legacy_office("WordDocument")` is what Word wrote before 2007. `embedded` names a stream that
    lies deeper, in an object inside the document.
    """
    directory = [_directory_entry("Root Entry", 5, child=1, class_id=class_id)]
    for number, name in enumerate(streams, start=1):
        following = number + 1 if number < len(streams) else _NO_ENTRY
        directory.append(_directory_entry(name, 2, right=following, first=0, size=len(body)))
    if embedded:
        directory.append(_directory_entry(embedded, 2))
    directory_bytes = b"".join(directory)
    numbers = sector_bytes // 4
    body_sectors = max(1, -(-len(body) // sector_bytes))
    directory_sectors = -(-len(directory_bytes) // sector_bytes)
    # The tables lie first and the directory last, so that a reader needs all of both tables.
    used = body_sectors + directory_sectors
    tables = next(n for n in range(1, used + 2) if n * numbers >= used + n + n // 100 + 1)
    further = max(0, -(-(tables - 109) // (numbers - 1)))
    at_body = tables + further
    chains = [0xFFFFFFFD] * tables + [0xFFFFFFFC] * further
    chains += _chain(at_body, body_sectors)
    chains += _chain(at_body + body_sectors, directory_sectors)
    table_bytes = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * sector_bytes, b"\xff")
    body_bytes = body.ljust(body_sectors * sector_bytes, b"\x00")
    return (
        _compound_header(sector_bytes, tables, further, at_body + body_sectors)
        + table_bytes
        + _further_tables(sector_bytes, tables, further)
        + body_bytes
        + directory_bytes.ljust(directory_sectors * sector_bytes, b"\x00")
    )


def _compound_header(sector_bytes: int, tables: int, further: int, directory: int) -> bytes:
    shift = sector_bytes.bit_length() - 1
    version = 3 if sector_bytes == 512 else 4
    fixed = struct.pack("<HHHHH6x", 0x3E, version, 0xFFFE, shift, 6)
    fixed += struct.pack("<IIIIII", 0, tables, directory, 0, 4096, _END_OF_CHAIN)
    fixed += struct.pack("<III", 0, tables if further else _END_OF_CHAIN, further)
    direct = [*range(min(tables, 109))] + [_NO_ENTRY] * (109 - min(tables, 109))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + fixed
    return (header + struct.pack("<109I", *direct)).ljust(sector_bytes, b"\x00")


def _further_tables(sector_bytes: int, tables: int, further: int) -> bytes:
    """Sectors that tell where those tables lie for which the header has no room."""
    each = sector_bytes // 4 - 1
    written = b""
    for number in range(further):
        told = [*range(109 + number * each, tables)][:each]
        following = tables + number + 1 if number + 1 < further else _END_OF_CHAIN
        row = [*told, *[_NO_ENTRY] * (each - len(told)), following]
        written += struct.pack(f"<{each + 1}I", *row)
    return written


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END_OF_CHAIN]


def _directory_entry(
    name: str,
    kind: int,
    *,
    right: int = _NO_ENTRY,
    child: int = _NO_ENTRY,
    class_id: bytes = bytes(16),
    first: int = _END_OF_CHAIN,
    size: int = 0,
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(encoded), kind, 1, _NO_ENTRY, right, child)
        + class_id
        + bytes(20)
        + struct.pack("<IQ", first, size)
    )


# -------------------------------------------------------------------------------------- audio


def ogg_voice(seconds: int = 3) -> bytes:
    """A voice memo as Telegram sends it: Opus in Ogg, silent, 20 ms a packet."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    pages = [_ogg_page([head], 0, 0, flags=2), _ogg_page([tags], 0, 1)]
    for second in range(1, seconds + 1):
        last = 4 if second == seconds else 0
        pages.append(_ogg_page([b"\xf8\xff\xfe"] * 50, second * 48_000, second + 1, flags=last))
    return b"".join(pages)


def ogg_video() -> bytes:
    """The first pages of Theora in Ogg."""
    return _ogg_page([b"\x80theora" + bytes(35)], 0, 0, flags=2) + _ogg_page([b"\x81"], 0, 1)


def _ogg_page(packets: list[bytes], granule: int, number: int, flags: int = 0) -> bytes:
    lengths = bytes(len(packet) for packet in packets)  # every packet here is under 255 bytes
    header = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 1, number, 0, len(lengths))
    page = header + lengths + b"".join(packets)
    return page[:22] + struct.pack("<I", _ogg_checksum(page)) + page[26:]


def _ogg_checksum(page: bytes) -> int:
    remainder = 0
    for byte in page:
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x04C11DB7 if remainder & 0x80000000 else 0)
            remainder &= 0xFFFFFFFF
    return remainder


def mp3(seconds: int = 1, *, tagged: bool = True) -> bytes:
    """Silence, 128 kbit/s at 44.1 kHz; `tagged`: with an ID3 tag before it."""
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x10TIT2" + bytes(12)
    return (tag if tagged else b"") + (b"\xff\xfb\x90\x00" + bytes(413)) * (39 * seconds)


def aac() -> bytes:
    return (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 20


def wav(seconds: int = 1) -> bytes:
    sound = bytes(8_000 * seconds)
    described = struct.pack("<HHIIHH", 1, 1, 8_000, 8_000, 1, 8)
    chunks = b"WAVEfmt " + struct.pack("<I", 16) + described
    chunks += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def amr() -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50


def m4a() -> bytes:
    """A voice memo as an iPhone exports it (its boxes; no sound inside)."""
    return _mpeg4(b"M4A ", b"soun")


def avif_head() -> bytes:
    """The first box of an AVIF image, which is told from a HEIC one by a single brand."""
    return _box(b"ftyp", b"avif" + bytes(4) + b"avifmif1miaf")


def mp4_video() -> bytes:
    return _mpeg4(b"isom", b"soun", b"vide")


def _mpeg4(brand: bytes, *handlers: bytes) -> bytes:
    tracks = b"".join(
        _box(b"trak", _box(b"mdia", _box(b"hdlr", bytes(8) + handler + bytes(13))))
        for handler in handlers
    )
    kind = _box(b"ftyp", brand + bytes(4) + brand + b"mp42")
    return kind + _box(b"mdat", bytes(64)) + _box(b"moov", _box(b"mvhd", bytes(100)) + tracks)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


# ----------------------------------------------------------------------- what nobody should send


def outlook_message() -> bytes:
    """A compound file that is none of Office's documents."""
    return legacy_office("__properties_version1.0", "__substg1.0_0037001F")


def executable() -> bytes:
    """The head of a Windows program."""
    stub = b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21"
    stub += b"This program cannot be run in DOS mode.\r\r\n$"
    return (b"MZ\x90\x00" + bytes(56) + b"\x80\x00\x00\x00" + stub).ljust(128, b"\x00") + b"PE\0\0"


def zip_bomb(mebibytes: int = 20) -> bytes:
    """A Word document of some kilobytes that unpacks to `mebibytes`."""
    return docx(extra={"word/media/image1.bmp": bytes(mebibytes * 1024 * 1024)})


def many_entries(count: int) -> bytes:
    return docx(extra={f"word/media/{number}.txt": b"" for number in range(count)})


def nested_documents(depth: int) -> bytes:
    """A document in a document in a document …"""
    inner = docx()
    for _ in range(depth):
        inner = docx(extra={"word/embeddings/inner.docx": inner})
    return inner
