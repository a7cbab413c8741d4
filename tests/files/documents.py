"""PDF, Office and OpenDocument files."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

import openpyxl


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
