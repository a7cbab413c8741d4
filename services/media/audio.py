"""Audio containers, recognised by their structure and not only by their first bytes (SPEC 4)."""

from services.media.refusals import FileRefusal, FileRefused
from services.media.types import AAC, AMR, MP3, OGG, WAV, FileType

_OGG_AUDIO = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_FIRST_PAGE = 0x02
_MAX_OGG_STREAMS = 16
_KBITS_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def audio_type(content: bytes) -> FileType | None:
    """Audio type of `content`, None for others; refuses damaged containers."""
    if content.startswith(b"OggS"):
        return _ogg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return _wav(content)
    if content.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    return _mpeg(content)


def _ogg(content: bytes) -> FileType | None:
    """Ogg whose logical streams are all audio; the first page of each names its codec."""
    at = 0
    for _ in range(_MAX_OGG_STREAMS):
        header = content[at : at + 27]
        if len(header) < 27 or not header.startswith(b"OggS\x00"):
            break
        segments = content[at + 27 : at + 27 + header[26]]
        body = at + 27 + len(segments)
        if len(segments) < header[26] or body + sum(segments) > len(content):
            break
        if not header[5] & _FIRST_PAGE:
            return OGG if at else None
        if not content.startswith(_OGG_AUDIO, body):
            return None
        at = body + sum(segments)
    raise FileRefused(FileRefusal.DAMAGED, found=OGG.extension)


def _wav(content: bytes) -> FileType:
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] == b"fmt ":
            return WAV
        at += 8 + int.from_bytes(content[at + 4 : at + 8], "little")
    raise FileRefused(FileRefusal.DAMAGED, found=WAV.extension)


def _mpeg(content: bytes) -> FileType | None:
    """MP3 or AAC frames, possibly after an ID3 tag."""
    tagged = content.startswith(b"ID3") and len(content) >= 10
    at = _after_tag(content) if tagged else 0
    for frame_bytes, found in ((_mp3_frame_bytes, MP3), (_aac_frame_bytes, AAC)):
        length = frame_bytes(content, at)
        after = at + length
        if length and (after == len(content) or frame_bytes(content, after)):
            return found
    if tagged:
        raise FileRefused(FileRefusal.DAMAGED, found=MP3.extension)
    return None


def _after_tag(content: bytes) -> int:
    """Offset of the first frame: after the tag, its footer, and padding with zero bytes."""
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    at = 10 + size + (10 if content[5] & 0x10 else 0)
    return len(content) - len(content[at:].lstrip(b"\x00"))


def _mp3_frame_bytes(content: bytes, at: int) -> int:
    """Length of the MPEG layer III frame at offset `at`; 0 where there is none."""
    header = int.from_bytes(content[at : at + 4], "big")
    version, layer = header >> 19 & 3, header >> 17 & 3
    bitrate, rate, padding = header >> 12 & 15, header >> 10 & 3, header >> 9 & 1
    if header >> 21 != 0x7FF or version == 1 or layer != 1 or bitrate in {0, 15} or rate == 3:
        return 0
    kbits = (_KBITS_MPEG_1 if version == 3 else _KBITS_MPEG_2)[bitrate]
    samples_in_bytes = 144 if version == 3 else 72
    return samples_in_bytes * kbits * 1000 // _HERTZ[version][rate] + padding


def _aac_frame_bytes(content: bytes, at: int) -> int:
    """Length of the ADTS frame at offset `at`; 0 where there is none."""
    header = content[at : at + 7]
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length >= 7 else 0
