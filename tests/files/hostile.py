"""What nobody should send."""

from tests.files.documents import docx


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
