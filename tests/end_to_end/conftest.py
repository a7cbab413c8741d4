"""One stage a test, on each kind of database, and good manners required of the product on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.manners import require_good_manners
from tests.end_to_end.stage import Stage, set_up


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The whole product, running; after the test it must have behaved as it always has to."""
    async with set_up(database_url, tmp_path) as made:
        yield made
        await require_good_manners(made)
