"""Answers that give a stored file to a browser (SPEC 4)."""

from datetime import timedelta

from starlette.responses import FileResponse, RedirectResponse, Response

from services.ports import LocalFile, SignedLink
from services.queries.files import NoteFile
from web.site import Site

LINK_LASTS = timedelta(minutes=5)
"""How long a signed link works; the right to the file is checked when the link is made."""


async def give(site: Site, file: NoteFile) -> Response:
    """A redirect to a signed link of the store, or the content itself.

    The caller has checked the right to read it.
    """
    match await site.media.give(file.key, file.presentation, LINK_LASTS):
        case SignedLink(url):
            return RedirectResponse(url, 302)
        case LocalFile(path):
            return FileResponse(
                path,
                media_type=file.presentation.media_type,
                headers={
                    "Content-Disposition": file.presentation.disposition,
                    "Content-Security-Policy": "default-src 'none'; sandbox",
                },
            )
