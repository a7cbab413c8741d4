"""The lock by which one program at a time runs on an SQLite database (SPEC 11).

It is the system's lock on a file beside the database, which ends with the process that holds it,
however that ends; the file itself stays, and means nothing.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.database_file import sqlite_path
from services.settings import SettingsError


class HeldError(SettingsError):
    """Another program runs on the database."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"DATABASE_URL: {holder} runs on {path} already")


@contextmanager
def held(url: str) -> Iterator[None]:
    """Hold the lock of an SQLite database. Raises `HeldError`; does nothing for another engine."""
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock_file(path).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise HeldError(path, file.read().strip() or "another program") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")
