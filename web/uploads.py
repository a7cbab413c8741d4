"""Files of forms: checked and stored like those of the chat (SPEC 4, 5)."""

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from locales.file_refusals import file_refusal_text
from locales.reader import Reader
from services.media.limits import check_size, limit_for
from services.media.refusals import FileRefused
from services.media.storing import StoredFile, Upload, kind_of, store_upload
from services.ports import MediaUnavailableError
from web.forms import Form
from web.site import Site

UPLOAD_LIMIT = 64 * 1024 * 1024
"""The most bytes of a form with files."""

WITH_FILES = [Middleware(RequestBodyLimitMiddleware, UPLOAD_LIMIT)]
"""Middleware of routes that take files, in place of the limit of all other forms."""


async def receive_files(
    site: Site, reader: Reader, form: Form, cannot_now: str
) -> list[StoredFile]:
    """Check and store the files of a form.

    Beside its field stands why one was refused; `cannot_now`, where none can be kept now.
    """
    stored, refused = [], []
    for file in form.files:
        name = file.filename or ""
        try:
            async with site.uploading:  # to re-encode a large photo takes half a gigabyte
                stored.append(await _store(site, name, file))
        except FileRefused as refusal:
            refused.append(file_refusal_text(reader, refusal.code, name, refusal.params))
        except MediaUnavailableError:
            form.errors["files"] = cannot_now
            return []
    if refused:
        form.errors["files"] = " ".join(refused)
    return stored


async def _store(site: Site, name: str, file: UploadFile) -> StoredFile:
    media_type = file.content_type or ""
    check_size(file.size or 0, limit_for(kind_of(media_type)))
    upload = Upload(name, media_type, await file.read())
    return await store_upload(site.database, site.media, upload, site.clock.now())
