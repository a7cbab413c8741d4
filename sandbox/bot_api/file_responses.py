"""Responses with a file's bytes, whole or the part that a Range header asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.bot_api.files import FileStore, StoredFile

PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
# What a browser may show as it is; anything else from a chat is only ever downloaded.
_SHOWN = re.compile(r"(image/(?!svg)|audio/|video/|application/pdf$|text/plain$)")


def file_response(files: FileStore, stored: StoredFile, request: Request) -> Response:
    """The response; it has no Content-Length where the stated size is not the true one."""
    data = files.read(stored)
    headers = {
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline" if _SHOWN.match(stored.mime) else "attachment",
    }
    status, part = 200, data
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is not None and (match[1] or match[2]):
        first, last = _span(match, len(data))
        if first > last:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
        status, part = 206, data[first : last + 1]
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    if stored.stated_size == stored.size:
        headers["Content-Length"] = str(len(part))
    return StreamingResponse(_pieces(part), status, headers, stored.mime)


def _span(match: re.Match[str], size: int) -> tuple[int, int]:
    if not match[1]:
        return max(size - int(match[2]), 0), size - 1
    return int(match[1]), min(int(match[2] or size - 1), size - 1)


def _pieces(data: bytes) -> Iterator[bytes]:
    for begin in range(0, len(data), PIECE_BYTES):
        yield data[begin : begin + PIECE_BYTES]
