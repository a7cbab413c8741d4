"""Files sent in chats: their bytes, ids and stated sizes."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from sandbox.wire import ApiError, Json

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024
StatedSize = int | Literal["true", "absent"]

_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "video": "videos"}
_PREFIXES = {"photo": "AgACAgUAAxk", "voice": "AwACAgUAAxk", "document": "BQACAgUAAxk"}


@dataclass
class StoredFile:
    """One file. `stated_size` is what Telegram says, in bytes: tests may make it lie or be absent.

    `content` is the part of a message that shows the file, for sending it again by its id.
    """

    file_id: str
    file_unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    path: str
    stated_size: int | None
    content: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        """The fields that every file object has."""
        fields: Json = {"file_id": self.file_id, "file_unique_id": self.file_unique_id}
        if self.stated_size is not None:
            fields["file_size"] = self.stated_size
        return fields


class FileStore:
    """Files in memory, or in a folder where one is given."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._data: dict[str, bytes] = {}
        self._files: dict[str, StoredFile] = {}
        self._by_path: dict[str, str] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def add(
        self,
        data: bytes,
        kind: str,
        *,
        name: str = "",
        mime: str = "application/octet-stream",
        stated_size: StatedSize = "true",
    ) -> StoredFile:
        unique_id = secrets.token_urlsafe(12)[:15]
        file_id = f"{_PREFIXES.get(kind, 'CAACAgUAAxk')}{secrets.token_urlsafe(42)}"
        ending = PurePosixPath(name).suffix or mimetypes.guess_extension(mime) or ""
        number = len(self._files)
        stated = None if stated_size == "absent" else stated_size
        stored = StoredFile(
            file_id=file_id,
            file_unique_id=unique_id,
            kind=kind,
            name=name,
            mime=mime,
            size=len(data),
            path=f"{_FOLDERS.get(kind, 'documents')}/file_{number}{ending}",
            stated_size=len(data) if stated == "true" else stated,
        )
        self._remember(stored)
        if self._folder is None:
            self._data[file_id] = data
        else:
            (self._folder / unique_id).write_bytes(data)
        return stored

    def _remember(self, stored: StoredFile) -> None:
        self._files[stored.file_id] = stored
        self._by_path[stored.path] = stored.file_id

    def describe(self, file_id: str, content: Json) -> None:
        """Store the part of a message that shows the file."""
        self._files[file_id].content = content

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def at_path(self, path: str) -> StoredFile | None:
        """The file that `getFile` named by this path."""
        return self._files.get(self._by_path.get(path, ""))

    def read(self, stored: StoredFile) -> bytes:
        if self._folder is None:
            return self._data[stored.file_id]
        return (self._folder / stored.file_unique_id).read_bytes()

    def downloadable(self, file_id: str) -> StoredFile:
        """The file for `getFile`; raises ApiError where its stated size is over the limit."""
        if not file_id:
            raise ApiError("file_id not specified")
        stored = self._files.get(file_id)
        if stored is None:
            raise ApiError("wrong file_id or the file is temporarily unavailable")
        known = stored.size if stored.stated_size is None else stored.stated_size
        if known > MAX_DOWNLOAD_BYTES:
            raise ApiError("file is too big")
        return stored

    def as_json(self) -> list[Json]:
        return [dict(vars(stored)) for stored in self._files.values()]

    def restore(self, saved: list[Json]) -> None:
        for item in saved:
            self._remember(StoredFile(**item))
