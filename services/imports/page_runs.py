"""Imports that run for a page, one after the other, while it shows how far they are (SPEC 7).

The files are kept in the store under a reserved key, which is swept some hours later: any process
can check them again, and what was checked is what is saved.
"""

import asyncio
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import structlog

from services.db import Database
from services.error_place import place_of
from services.imports.progress import Progress
from services.media.names import media_key
from services.media.reservations import reserve
from services.ports import MediaStore
from services.rules.agency import Agency

if TYPE_CHECKING:
    from services.imports.importing import ImportReport

logger = structlog.get_logger(__name__)

SUFFIXES = (".csv", ".xlsx")
MOST_BYTES = 32 * 1024 * 1024
"""Most bytes of all files of an import."""
KEPT = 20
"""Runs whose report is kept."""


class NotImportableError(Exception):
    """No file, one of another kind, two of one name, or too many bytes."""


@dataclass(frozen=True)
class Wanted:
    """What is to be done with the files of an import."""

    database: Database
    agency: Agency
    now: datetime
    by: int | None = None
    """The coordinator who imports; None for a check."""


@dataclass
class ImportRun:
    """One check, or one import, of the files under a token."""

    progress: Progress
    is_dry: bool
    report: "ImportReport | None" = None
    """None while it runs, or where it failed."""
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def is_running(self) -> bool:
        return self.task is not None and not self.task.done()


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The files as one archive, the same for the same files. Raises NotImportableError."""
    named = {_plain_name(name): content for name, content in files}
    size = sum(len(content) for content in named.values())
    is_known = all(name.lower().endswith(SUFFIXES) for name in named)
    if not named or len(named) < len(files) or not is_known or size > MOST_BYTES:
        raise NotImportableError
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as into:
        for name, content in sorted(named.items()):
            into.writestr(zipfile.ZipInfo(name), content)
    return archive.getvalue()


@contextmanager
def unpacked(archive: bytes) -> Iterator[list[Path]]:
    """The files of an archive on disk, as long as the block lasts."""
    with TemporaryDirectory(prefix="tutorline-import-") as folder:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed_files:
            paths = []
            for entry in packed_files.infolist():
                path = Path(folder) / _plain_name(entry.filename)
                path.write_bytes(packed_files.read(entry))
                paths.append(path)
        yield paths


def _plain_name(name: str) -> str:
    """Name of a file without folders, as a browser on any system may send them."""
    return PurePosixPath(PureWindowsPath(name).as_posix()).name[-100:]


@dataclass
class ImportRuns:
    """Runs in this process, by token and by whether they save."""

    runs: dict[tuple[str, bool], ImportRun] = field(default_factory=dict)
    after_import: Callable[[], None] = lambda: None
    """Called after an import: messages are sent at once."""
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def keep(
        self, database: Database, store: MediaStore, archive: bytes, now: datetime
    ) -> str:
        """Store an archive; its token. Raises MediaUnavailableError."""
        token = sha256(archive).hexdigest()
        key = _key(token)
        await database.write(reserve, key, now)
        await store.put(key, archive, "application/zip")
        return token

    async def archive(self, store: MediaStore, token: str) -> bytes:
        """What was stored. Raises MediaMissingError, MediaUnavailableError."""
        return await store.get(_key(token))

    def of(self, token: str) -> ImportRun | None:
        """The import of these files if it was begun in this process, else their check."""
        return self.runs.get((token, False)) or self.runs.get((token, True))

    def forget(self, token: str) -> None:
        """Forget what was done with these files, so that they are checked anew."""
        for key in ((token, False), (token, True)):
            if key in self.runs and not self.runs[key].is_running:
                del self.runs[key]

    def start(self, token: str, archive: bytes, what: Wanted) -> ImportRun:
        """Begin a check or an import; the one that runs, if one does."""
        key = (token, what.by is None)
        earlier = self.runs.get(key)
        if earlier is not None and earlier.is_running:
            return earlier
        run = ImportRun(Progress(), is_dry=what.by is None)
        self.runs[key] = run
        for old in [one for one, its in self.runs.items() if not its.is_running][:-KEPT]:
            del self.runs[old]
        run.task = asyncio.create_task(self._run(run, archive, what))
        return run

    async def _run(self, run: ImportRun, archive: bytes, what: Wanted) -> None:
        from services.imports.importing import import_paths  # noqa: PLC0415 - seldom needed

        try:
            async with self._one_at_a_time:
                with unpacked(archive) as paths:
                    run.report = await import_paths(
                        what.database,
                        paths,
                        what.agency,
                        what.now,
                        dry_run=run.is_dry,
                        by=what.by,
                        progress=run.progress,
                    )
        except Exception as error:  # noqa: BLE001 - the page says that it failed
            logger.warning("import_failed", error=place_of(error))
        if not run.is_dry:
            self.after_import()


def _key(token: str) -> str:
    return media_key(token, "zip", "imports")
