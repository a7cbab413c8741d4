"""Where the tests keep what they write and throw away again."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 1024**3
"""Bytes that must be free there: databases come and go by thousands, but a few at a time."""


def system_folder() -> Path:
    """Where temporary files go, on this system."""
    return Path(tempfile.gettempdir())


def fastest_folder() -> Path:
    """Memory that looks like a disk, where there is enough of it; else the folder of the system.

    A new database is some seven megabytes, and every commit waits for its disk.
    """
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free >= ROOM:
            return MEMORY
    return system_folder()


@contextlib.contextmanager
def folder_of_its_own(prefix: str, parent: Path) -> Iterator[Path]:
    """A new folder, locked while in use; those of killed runs are removed."""
    for left_over in parent.glob(f"{prefix}*"):
        with contextlib.suppress(OSError), _locked(left_over):
            shutil.rmtree(left_over)
    unlocked = Path(tempfile.mkdtemp(prefix=f".{prefix}", dir=parent))
    with _locked(unlocked):
        folder = unlocked.rename(unlocked.with_name(unlocked.name.removeprefix(".")))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder; raises OSError when somebody else does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
