"""Office files: bombs, programs, macros and encryption are kept out of them (SPEC 4)."""

import struct
import zipfile
from io import BytesIO
from random import Random

import pytest

from models.enums import PartKind
from services.media.archives import MAX_DEPTH, MAX_ENTRIES
from services.media.inspection import inspect_file
from services.media.refusals import FileRefusal, FileRefused
from tests import files


def verdict(content: bytes, name: str = "homework.docx") -> FileRefusal | None:
    """Why the file is refused; None where it passes."""
    try:
        inspect_file(PartKind.DOCUMENT, content, name)
    except FileRefused as refused:
        return refused.code
    return None


def with_overlapping_entries() -> bytes:
    """A zip whose directory names the same bytes many times over."""
    content = files.docx(extra={"word/media/noise.bmp": bytes(range(256)) * 64})
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", content[end + 16 : end + 20])[0]
    directory = content[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"noise", b"%05d" % number) for number in range(900))
    count = 4 + 900
    tail = struct.pack("<HHII", count, count, len(directory + copies), start)
    return content[:start] + directory + copies + content[end : end + 8] + tail + b"\x00\x00"


def with_encrypted_flag() -> bytes:
    content = bytearray(files.docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature)
        content[at + offset] |= 1
    return bytes(content)


def with_lying_sizes() -> bytes:
    """A bomb whose directory says that its entry is a few bytes long."""
    content = bytearray(files.zip_bomb(20))
    true_size = struct.pack("<I", 20 * 1024 * 1024)
    return bytes(content.replace(true_size, struct.pack("<I", 20)))


def packed(method: int) -> bytes:
    stored = BytesIO(files.docx())
    with zipfile.ZipFile(stored, "a", method) as archive:
        archive.writestr("word/media/noise.bmp", bytes(5000))
    return stored.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.zip_bomb(), "homework.docx"),
        (files.zip_of({"zeros.txt": bytes(20 * 1024 * 1024)}), "homework.zip"),
        (files.many_entries(MAX_ENTRIES), "homework.docx"),
        (files.nested_documents(MAX_DEPTH + 1), "homework.docx"),
        (files.docx(extra={"word/embeddings/a.docx": files.zip_bomb()}), "homework.docx"),
        (with_overlapping_entries(), "homework.docx"),
        (
            files.docx(extra={"word/a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
            "homework.docx",
        ),
    ],
)
def test_an_archive_bomb_is_refused(content: bytes, name: str) -> None:
    assert verdict(content, name) == FileRefusal.ARCHIVE_BOMB


@pytest.mark.parametrize(("tables", "expected"), [(45, FileRefusal.ARCHIVE_BOMB), (5, None)])
def test_entries_that_are_fine_alone_may_not_unpack_to_too_much_together(
    tables: int, expected: FileRefusal | None
) -> None:
    table = Random(1).randbytes(60_000) + bytes(3 * 1024 * 1024)
    extra = {f"word/embeddings/{number}.bmp": table for number in range(tables)}

    assert verdict(files.docx(extra=extra)) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.docx(extra={"word/vbaProject.bin": b"macro"}), "homework.docx"),
        (files.docx(extra={"word/vbaProject.bin": b"macro"}), "homework.docm"),
        (
            files.docx(main_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "homework.docx",
        ),
        (files.docx(extra={"xl/macrosheets/sheet1.xml": b"<a/>"}), "homework.docx"),
        (files.open_document(extra={"Basic/Standard/Module1.xml": b"<a/>"}), "homework.odt"),
        (files.open_document(extra={"Scripts/python/run.py": b"pass"}), "homework.odt"),
        (files.legacy_office("WordDocument", "Macros"), "homework.doc"),
        (files.legacy_office("Workbook", "_VBA_PROJECT_CUR"), "homework.xls"),
        (
            files.docx(extra={"word/embeddings/oleObject1.bin": files.legacy_office("VBA")}),
            "homework.docx",
        ),
    ],
)
def test_macros_are_refused(content: bytes, name: str) -> None:
    assert verdict(content, name) == FileRefusal.MACROS


@pytest.mark.parametrize(("flag", "expected"), [(1, FileRefusal.MACROS), (0, None)])
def test_slides_before_2007_say_whether_they_have_macros(
    flag: int, expected: FileRefusal | None
) -> None:
    container = struct.pack("<HHI", 0x1F, 0x03FF, 0x14)
    atom = struct.pack("<HHIIII", 0x2, 0x0400, 0xC, 7, flag, 2)

    content = files.legacy_office("PowerPoint Document", body=container + atom)

    assert verdict(content, "slides.ppt") == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (with_encrypted_flag(), "homework.docx"),
        (files.legacy_office("EncryptionInfo", "EncryptedPackage"), "homework.docx"),
        (
            files.open_document(extra={"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
            "homework.odt",
        ),
    ],
)
def test_what_is_locked_with_a_password_cannot_be_checked_and_is_refused(
    content: bytes, name: str
) -> None:
    assert verdict(content, name) == FileRefusal.ENCRYPTED


@pytest.mark.parametrize(
    "content",
    [
        with_lying_sizes(),
        packed(zipfile.ZIP_LZMA),
        packed(zipfile.ZIP_BZIP2),
        files.docx(extra={"../../outside.xml": b"<a/>"}),
        files.docx(extra={"/etc/passwd": b"<a/>"}),
        files.docx(extra={"word\\..\\a.xml": b"<a/>"}),
    ],
)
def test_a_zip_that_no_office_program_writes_is_refused_as_damaged(content: bytes) -> None:
    assert verdict(content) == FileRefusal.DAMAGED


@pytest.mark.parametrize("name", ["inner.zip", "inner.rar"])
def test_an_archive_inside_a_document_is_refused(name: str) -> None:
    inner = files.zip_of({"a.txt": b"a"}) if name.endswith("zip") else b"Rar!\x1a\x07\x00"

    assert verdict(files.docx(extra={f"word/embeddings/{name}": inner})) == FileRefusal.ARCHIVE


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.nested_documents(1), "with an embedded document.docx"),
        (files.nested_documents(MAX_DEPTH), "with one in another.docx"),
        (files.docx(extra={"word/media/photo.jpg": files.jpeg_photo()}), "with a photo.docx"),
        (
            files.docx(extra={"word/embeddings/o.bin": files.legacy_office("Workbook")}),
            "with an old table.docx",
        ),
        (files.open_document(extra={"Basic/script-lc.xml": b"<a/>"}), "with no macros.odt"),
        (files.docx(extra={"word/a.xml": b"<a/>" * 200_000}), "of equal rows.docx"),
        (files.legacy_office("WordDocument", sector_bytes=4096), "in large sectors.doc"),
        (files.legacy_office("WordDocument", body=bytes(1_000_000)), "long.doc"),
        (files.legacy_office("WordDocument", body=bytes(10_000_000)), "very long.doc"),
    ],
)
def test_ordinary_office_files_pass(content: bytes, name: str) -> None:
    assert verdict(content, name) is None


def test_images_inside_a_document_are_left_as_they_are() -> None:
    photo = files.jpeg_photo(with_gps=True)
    content = files.docx(extra={"word/media/photo.jpg": photo})

    kept = inspect_file(PartKind.DOCUMENT, content, "homework.docx").content

    with zipfile.ZipFile(BytesIO(kept)) as archive:
        assert archive.read("word/media/photo.jpg") == photo


def test_an_old_document_is_known_by_its_root_and_not_by_what_is_embedded() -> None:
    mail = files.legacy_office("__properties", embedded="WordDocument")
    document = files.legacy_office("1Table", "WordDocument", embedded="Workbook")

    assert verdict(mail, "homework.doc") == FileRefusal.MISLABELLED
    assert verdict(document, "homework.doc") is None


def test_a_zip_that_names_an_entry_twice_is_refused_as_damaged() -> None:
    content = files.docx(extra={"word/a.xml": b"<a/>", "word/b.xml": b"<b/>"})

    assert verdict(content.replace(b"word/b.xml", b"word/a.xml")) == FileRefusal.DAMAGED
