"""Which tests of imports can be run here."""

import asyncio
import subprocess
import tempfile
from collections.abc import Iterator

import pytest

from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase


@pytest.fixture
def one_database(sqlite: SqliteDatabases) -> Iterator[OpenDatabase]:
    """A fresh one for rows that never get to the database."""
    with sqlite.fresh() as url:
        opened = OpenDatabase(url)
        yield opened
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(opened.close())


def _can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = subprocess.run(
                ["mount", "-t", "tmpfs", "none", folder], capture_output=True, check=False
            )
        except FileNotFoundError:
            return False
        if made.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return made.returncode == 0


collect_ignore = [] if _can_mount() else ["test_small_disk.py"]
