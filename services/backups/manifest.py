"""Manifest of a backup: what belongs to it, with hashes (SPEC 11)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from services.backups.errors import BackupError

MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
FILES = "files"
FORM = 1
"""Version of the manifest's own form."""
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """Size in bytes and SHA-256, hexadecimal, of a file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Contents of a backup."""

    made_at: datetime
    database: StoredFile
    tables: Mapping[str, int]
    """Number of rows of each table."""
    files: Mapping[str, StoredFile]
    """Files of notes, by their keys in the media store."""
    missing: tuple[str, ...] = ()
    """Keys that the database names and the media store does not have."""

    def write(self, folder: Path) -> None:
        """Write it into the folder of the backup."""
        document = asdict(self) | {"form": FORM, "made_at": self.made_at.isoformat()}
        text = json.dumps(document, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest in a folder. Raises `BackupError` where there is none that can be read."""
        try:
            document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if document["form"] != FORM:
                raise BackupError(f"{folder}: a backup of a newer version of Tutorline")
            return cls(
                datetime.fromisoformat(document["made_at"]),
                StoredFile(**document["database"]),
                document["tables"],
                {key: StoredFile(**file) for key, file in document["files"].items()},
                tuple(document["missing"]),
            )
        except FileNotFoundError:
            raise BackupError(f"{folder}: no backup, {MANIFEST} is missing") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise BackupError(f"{folder}: {MANIFEST} cannot be read") from None

    def verify(self, folder: Path) -> None:
        """Read every file of the backup. Raises `BackupError` for the first that is not right."""
        _require(folder / DATABASE, self.database)
        for key, expected in self.files.items():
            _require(path_of(folder, key), expected)


def path_of(folder: Path, key: str) -> Path:
    """Place of a file of notes in the folder of a backup."""
    return folder.joinpath(FILES, *key.split("/"))


def described(path: Path) -> StoredFile:
    """Size and hash of a file, read in pieces."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return StoredFile(size, digest.hexdigest())


def _require(path: Path, expected: StoredFile) -> None:
    try:
        found = described(path)
    except OSError as error:
        raise BackupError(f"the backup is not whole: {path}: {error.strerror}") from None
    if found != expected:
        raise BackupError(f"the backup is not whole: {path} is not what was written")
