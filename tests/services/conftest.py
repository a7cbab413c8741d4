"""The database as the use cases have it."""

from collections.abc import AsyncIterator

import pytest

from services.db import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh one of each kind in turn, with the newest schema."""
    opened = Database(database_url)
    yield opened
    await opened.close()
