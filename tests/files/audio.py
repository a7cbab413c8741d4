"""Voice memos, music and the heads of films."""

import struct


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
