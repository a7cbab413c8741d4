"""The database as the use cases have it."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.open_database import OpenDatabase


@pytest.fixture
def database(database_url: str) -> Iterator[OpenDatabase]:
    """A fresh one of each kind in turn, with the newest schema."""
    opened = OpenDatabase(database_url)
    yield opened
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(opened.close())
