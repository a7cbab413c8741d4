"""Media store in a folder on disk, used where no object storage is configured (SPEC 4)."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from services.media.names import check_key
from services.ports import LocalFile, MediaMissingError, MediaUnavailableError, Presentation

_INCOMING = ".incoming"  # no key begins with a dot
_LEFTOVER_SECONDS = 3600


class DiskMediaStore:
    """Files below one folder (`MEDIA_DIR`), readable only by their owner.

    An object appears under its key as a whole or not at all, and is on disk when `put` returns.
    Raises ValueError for a key that `check_key` refuses.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: bytes, media_type: str) -> None:  # noqa: ARG002
        """Store `content`. The disk keeps no `media_type`: the note part has it."""
        await asyncio.to_thread(self._put, self._path(key), content)

    async def get(self, key: str) -> bytes:
        return await asyncio.to_thread(self._get, self._path(key))

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self._exists, self._path(key))

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._delete, self._path(key))

    async def give(self, key: str, presentation: Presentation, lasts: timedelta) -> LocalFile:  # noqa: ARG002
        """The file itself; a local file needs no link that expires."""
        path = self._path(key)
        if not await asyncio.to_thread(self._exists, path):
            raise MediaMissingError
        return LocalFile(path)

    def _path(self, key: str) -> Path:
        return self._folder.joinpath(*check_key(key).split("/"))

    def _put(self, path: Path, content: bytes) -> None:
        incoming = self._folder / _INCOMING
        with _disk_errors("write"):
            _make_folder(path.parent)
            _make_folder(incoming)
            _write(incoming, path, content)

    def _get(self, path: Path) -> bytes:
        with _disk_errors("read"):
            try:
                return path.read_bytes()
            except FileNotFoundError as error:
                raise MediaMissingError from error

    def _exists(self, path: Path) -> bool:
        with _disk_errors("look"):
            return path.is_file()

    def _delete(self, path: Path) -> None:
        with _disk_errors("delete"):
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _sync_folder(path.parent)


@contextlib.contextmanager
def _disk_errors(action: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # its own text names the file
        raise MediaUnavailableError(f"the disk cannot {action}: {error.strerror}") from error


def _write(incoming: Path, path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=incoming)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            written_at = os.fstat(file.fileno()).st_mtime
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sweep(incoming, older_than=written_at - _LEFTOVER_SECONDS)


def _make_folder(folder: Path) -> None:
    """Make `folder` and its parents; each name is on disk before it is used."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Write a folder's list of names to disk, without which a rename is not durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(incoming: Path, older_than: float) -> None:
    """Delete half-written files of a killed process. `older_than` is in the disk's own time."""
    for leftover in incoming.iterdir():
        with contextlib.suppress(OSError):  # another process may be sweeping too
            if leftover.stat().st_mtime < older_than:
                leftover.unlink()
