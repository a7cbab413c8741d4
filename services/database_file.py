"""The file of an SQLite database: that it is still the same, and that there was one (SPEC 11).

`X.made` beside the database `X` says that there was one, so that a start does not replace a lost
database by an empty one. `X-wal` is SQLite's own: what was committed last and is not in `X` yet.
"""

import os
from pathlib import Path

from sqlalchemy.engine import make_url

from services.ending import MustEndError

MARKER = """A database of Tutorline's belongs beside this file. If it is missing, restore it from a
backup. To begin with an empty one, run `python bot.py migrate`.
"""

Identity = tuple[int, int]


class DatabaseLostError(MustEndError):
    """The file was removed or replaced while it was open."""

    def __init__(self, path: Path, kept: Path | None) -> None:
        rest = f" What was written last is kept in {kept}." if kept else ""
        super().__init__(
            f"DATABASE_URL: {path} was removed or replaced while the program was running, so it "
            f"ends; nothing is taken in that would be lost.{rest}"
        )


class DatabaseFile:
    """The file behind several connections, which all have to have opened the same one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._wal = Path(f"{path.resolve()}-wal")
        self._identity: Identity | None = None
        self._wal_identity: Identity | None = None

    @property
    def uri(self) -> str:
        """Address for `sqlite3.connect` that opens the file and never makes one."""
        return f"{self.path.absolute().as_uri()}?mode=rw"

    def opened(self) -> None:
        """Remember the file, which a first connection has just opened; raise as `require_same`."""
        self.require_same()
        self._identity = self._identity or _identity(self.path)

    def require_same(self) -> None:
        """Raise `DatabaseLostError` unless the file at the path is the one opened at first."""
        found = _identity(self.path)
        if found is None or found != (self._identity or found):
            raise DatabaseLostError(self.path, self._set_wal_aside())
        if self._wal_identity is None:  # SQLite makes it when the database is first used
            self._wal_identity = _identity(self._wal)

    def _set_wal_aside(self) -> Path | None:
        """Rename the lost file's WAL, since SQLite would write its content into another database
        at this path; the new name, None where there is none any more.
        """
        aside = Path(f"{self._wal}.lost")
        if self._wal_identity is not None and _identity(self._wal) == self._wal_identity:
            self._wal.replace(aside)
        is_there = self._wal_identity is not None and _identity(aside) == self._wal_identity
        return aside if is_there else None


def sqlite_path(url: str) -> Path | None:
    """File of an SQLite database; None for another engine."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def is_lost(path: Path) -> bool:
    """Whether there was a database that is missing now. An empty file is none."""
    return _marker(path).exists() and not (path.exists() and path.stat().st_size > 0)


def mark(path: Path) -> None:
    """Say beside the database that there is one."""
    if not _marker(path).exists():
        _marker(path).write_text(MARKER, encoding="utf-8")


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.made")


def _identity(path: Path) -> Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - with each commit; a path of text is quicker
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
