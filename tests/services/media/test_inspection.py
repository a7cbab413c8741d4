"""Inspection of files: which are accepted, which are refused, and why (SPEC 4)."""

import hashlib

import pytest

from models.enums import PartKind
from services.media.inspection import inspect_file
from services.media.limits import MEBIBYTE
from services.media.refusals import FileRefusal, FileRefused
from tests import files

DOCUMENT, PHOTO, VOICE, AUDIO = (
    PartKind.DOCUMENT,
    PartKind.PHOTO,
    PartKind.VOICE,
    PartKind.AUDIO,
)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."


def refusal(kind: PartKind, content: bytes, name: str | None) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        inspect_file(kind, content, name)
    return refused.value


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (files.jpeg_photo(), "board.JPEG", "image/jpeg"),
        (files.png(), "board.png", "image/png"),
        (files.webp(), "board.webp", "image/webp"),
        (files.heic(), "IMG_0001.HEIC", "image/jpeg"),
        (files.gif(), "board.gif", "image/gif"),
        (files.pdf(), "fractions.pdf", "application/pdf"),
        (files.docx(), "essay.docx", OFFICE + "wordprocessingml.document"),
        (files.xlsx(), "words.xlsx", OFFICE + "spreadsheetml.sheet"),
        (files.pptx(), "slides.pptx", OFFICE + "presentationml.presentation"),
        (files.open_document("text"), "essay.odt", OPEN_DOCUMENT + "text"),
        (files.open_document("spreadsheet"), "words.ods", OPEN_DOCUMENT + "spreadsheet"),
        (files.open_document("presentation"), "slides.odp", OPEN_DOCUMENT + "presentation"),
        (files.legacy_office("WordDocument", "1Table"), "essay.doc", "application/msword"),
        (files.legacy_office("Workbook"), "words.xls", "application/vnd.ms-excel"),
        (files.legacy_office("PowerPoint Document"), "s.ppt", "application/vnd.ms-powerpoint"),
        ("Brüche, 分数, பின்னங்கள்".encode(), "notes.txt", "text/plain"),
        ("分数练习".encode("gb18030"), "notes.txt", "text/plain"),
        ("fractions".encode("utf-16"), "notes.txt", "text/plain"),
        (b"word;spelled\nnecessary;neccessary\n", "words.csv", "text/csv"),
        (files.ogg_voice(), "memo.ogg", "audio/ogg"),
        (files.mp3(), "memo.mp3", "audio/mpeg"),
        (files.m4a(), "memo.m4a", "audio/mp4"),
        (files.aac(), "memo.aac", "audio/aac"),
        (files.wav(), "memo.wav", "audio/wav"),
        (files.amr(), "memo.amr", "audio/amr"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_allowed_type_passes_as_a_document(
    content: bytes, name: str, media_type: str
) -> None:
    inspected = inspect_file(DOCUMENT, content, name)

    assert inspected.media_type == media_type
    assert inspected.file_name.endswith(f".{name.split('.')[1]}") or name.endswith("HEIC")
    assert inspected.sha256 == hashlib.sha256(inspected.content).hexdigest()


def test_what_is_not_an_image_is_stored_byte_for_byte() -> None:
    for content, name in [(files.pdf(), "a.pdf"), (files.docx(), "a.docx"), (b"a,b", "a.csv")]:
        assert inspect_file(DOCUMENT, content, name).content == content


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (PHOTO, files.jpeg_photo(), "photo.jpg"),
        (VOICE, files.ogg_voice(), "voice.ogg"),
        (AUDIO, files.mp3(), "audio.mp3"),
        (DOCUMENT, files.pdf(), "document.pdf"),
    ],
)
def test_a_file_without_a_name_is_named_after_its_kind_and_content(
    kind: PartKind, content: bytes, expected: str
) -> None:
    assert inspect_file(kind, content, None).file_name == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("voice/file_1.oga", "file_1.oga"),
        ("memo", "memo.ogg"),
        ("memo.final", "memo.final.ogg"),
        ("Lesson 3.5", "Lesson 3.5.ogg"),
        ("../../etc/memo.ogg", "memo.ogg"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_the_content_says(name: str, expected: str) -> None:
    assert inspect_file(VOICE, files.ogg_voice(), name).file_name == expected


def test_a_photo_converted_to_jpeg_loses_its_old_extension() -> None:
    inspected = inspect_file(DOCUMENT, files.heic(), "IMG_0001.HEIC")

    assert (inspected.file_name, inspected.extension) == ("IMG_0001.jpg", "jpg")


@pytest.mark.parametrize(
    ("kind", "limit_mb"), [(DOCUMENT, 10), (AUDIO, 10), (PHOTO, 20), (VOICE, 20)]
)
def test_one_byte_over_the_limit_is_refused_before_anything_is_read(
    kind: PartKind, limit_mb: int
) -> None:
    refused = refusal(kind, bytes(limit_mb * MEBIBYTE + 1), None)

    assert (refused.code, refused.params) == (FileRefusal.TOO_LARGE, {"limit_mb": limit_mb})


def test_a_document_of_exactly_ten_megabytes_passes() -> None:
    content = files.pdf()
    content += b" " * (10 * MEBIBYTE - len(content))

    assert len(inspect_file(DOCUMENT, content, "scan.pdf").content) == 10 * 1024 * 1024


def test_a_voice_memo_of_exactly_twenty_megabytes_passes() -> None:
    content = files.ogg_voice().ljust(20 * MEBIBYTE, b"\x00")

    assert inspect_file(VOICE, content, None).media_type == "audio/ogg"


def test_an_empty_file_is_refused() -> None:
    assert refusal(DOCUMENT, b"", "a.pdf").code == FileRefusal.EMPTY


def test_a_text_part_is_no_file() -> None:
    with pytest.raises(ValueError, match="no file"):
        inspect_file(PartKind.TEXT, b"words", None)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.executable(), "homework.pdf"),
        (files.executable(), None),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "homework"),
        (b"\xcf\xfa\xed\xfe" + bytes(64), "homework.doc"),
        (b"#!/bin/sh\nrm -rf /\n", "notes.txt"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(64), "notes.pdf.lnk"),
        (b"@echo off\r\nformat c:\r\n", "homework.bat"),
        (files.pdf(), "homework.pdf.exe"),
        (files.jpeg_photo(), "photo_\u202egpj.exe"),
        (b"<script>alert(1)</script>", "homework.hta"),
        (files.docx(extra={"setup.exe": b"hello"}), "homework.docx"),
        (files.docx(extra={"word/media/image1.png": files.executable()}), "homework.docx"),
        (files.zip_of({"META-INF/MANIFEST.MF": b"", "Main.class": b"x"}), "homework.docx"),
        (files.legacy_office("WordDocument", body=files.executable()), "homework.doc"),
        (files.legacy_office("WordDocument", "\x01Ole10Native", body=b"run.vbs\0"), "a.doc"),
        (
            files.legacy_office("!", class_id=bytes.fromhex("84100c0000000000c000000000000046")),
            "homework.doc",
        ),
    ],
)
def test_an_executable_is_refused_whatever_it_is_called(content: bytes, name: str | None) -> None:
    assert refusal(DOCUMENT, content, name).code == FileRefusal.EXECUTABLE


def test_a_text_that_begins_like_a_program_is_a_text() -> None:
    assert inspect_file(DOCUMENT, b"MZ is a gene.", "biology.txt").media_type == "text/plain"


@pytest.mark.parametrize(
    ("kind", "content", "name", "claimed", "found"),
    [
        (DOCUMENT, files.png(), "homework.pdf", "pdf", "png"),
        (DOCUMENT, files.pdf(), "photo.jpg", "jpg", "pdf"),
        (DOCUMENT, files.png(), "photo.jpg", "jpg", "png"),
        (DOCUMENT, files.docx(), "words.xlsx", "xlsx", "docx"),
        (DOCUMENT, files.docx(), "essay.zip", "zip", "docx"),
        (DOCUMENT, files.pdf(), "film.mkv", "mkv", "pdf"),
        (DOCUMENT, b"just words", "homework.pdf", "pdf", "txt"),
        (DOCUMENT, b"<html>words</html>", "words.xls", "xls", "html"),
        (DOCUMENT, files.zip_of({"a.txt": b"a"}), "homework.docx", "docx", "zip"),
        (DOCUMENT, b"Rar!\x1a\x07\x00" + bytes(64), "homework.pdf", "pdf", "rar"),
        (DOCUMENT, files.mp4_video(), "homework.pdf", "pdf", "video"),
        (DOCUMENT, files.mp3(), "memo.ogg", "ogg", "mp3"),
        (PHOTO, files.pdf(), None, "photo", "pdf"),
        (VOICE, files.jpeg_photo(), None, "voice", "jpg"),
        (AUDIO, files.docx(), None, "audio", "docx"),
        (PHOTO, b"just words", None, "photo", "txt"),
    ],
)
def test_a_mislabelled_file_is_refused_with_what_it_says_and_what_it_is(
    kind: PartKind, content: bytes, name: str | None, claimed: str, found: str
) -> None:
    refused = refusal(kind, content, name)

    assert refused.code == FileRefusal.MISLABELLED
    assert refused.params == {"claimed": claimed, "found": found}


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (files.mp4_video(), "lesson.mp4", "video"),
        (files.mp4_video(), None, "video"),
        (files.ogg_video(), "lesson.ogg", "video"),
        (b"<svg xmlns='x'><script/></svg>", "drawing.svg", "svg"),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", "page.html", "html"),
        (b"<?xml version='1.0'?><a/>", None, "xml"),
        (b"{\\rtf1 words}", "essay.rtf", "rtf"),
        (b"print('hello')\n", "homework.py", "py"),
        (b"BM" + bytes(60), "drawing.bmp", "bmp"),
        (files.avif_head() + bytes(60), "photo.avif", "avif"),
        (files.mp3(tagged=False)[:417] + b"no frame", None, "unknown"),
        (b"fLaC" + bytes(60), "memo.flac", "flac"),
        (files.outlook_message(), "mail.msg", "unknown"),
        (b"\x00\x01\x02\x03", None, "unknown"),
    ],
)
def test_a_type_that_is_on_no_list_is_refused_by_its_name(
    content: bytes, name: str | None, found: str
) -> None:
    refused = refusal(DOCUMENT, content, name)

    assert (refused.code, refused.params) == (FileRefusal.TYPE_NOT_ALLOWED, {"found": found})


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (files.zip_of({"a.txt": b"a"}), "homework.zip", "zip"),
        (files.zip_of({"a.txt": b"a"}), None, "zip"),
        (files.zip_of({}), "homework.zip", "zip"),
        (b"Rar!\x1a\x07\x00" + bytes(64), "homework.rar", "rar"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(64), "homework.7z", "7z"),
        (b"\x1f\x8b\x08" + bytes(64), "homework.tgz", "gz"),
    ],
)
def test_an_archive_is_refused_as_one(content: bytes, name: str | None, found: str) -> None:
    refused = refusal(DOCUMENT, content, name)

    assert (refused.code, refused.params) == (FileRefusal.ARCHIVE, {"found": found})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.pdf()[:300], "cut.pdf"),
        (files.docx()[:-30], "cut.docx"),
        (files.legacy_office("WordDocument")[:512], "cut.doc"),
        (files.ogg_voice()[:40], "cut.ogg"),
        (files.wav()[:14], "cut.wav"),
        (files.mp3()[:24], "cut.mp3"),
    ],
)
def test_a_file_that_was_cut_short_is_refused_as_damaged(content: bytes, name: str) -> None:
    assert refusal(DOCUMENT, content, name).code == FileRefusal.DAMAGED


def test_a_refusal_reads_well_in_a_log_and_names_no_file() -> None:
    assert str(refusal(DOCUMENT, files.png(), "Aisha.pdf")) == "mislabelled(claimed=pdf, found=png)"


def test_content_is_never_shown_by_an_inspected_file() -> None:
    assert "necessary" not in repr(inspect_file(DOCUMENT, b"necessary", "a.txt"))
