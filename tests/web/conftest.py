"""What tests of pages share."""

from collections.abc import AsyncIterator

import pytest

from tests.web.visiting import Pages, opened_pages


@pytest.fixture
async def pages(database_url: str) -> AsyncIterator[Pages]:
    """A site with a session, on each kind of database in turn."""
    async with opened_pages(database_url) as opened:
        yield opened
