"""The running product for each test, and the check of its invariants afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.stage import Stage, set_up
from tests.end_to_end.started_sandbox import sandbox


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The whole product, running; after the test its invariants are checked."""
    async with set_up(database_url, tmp_path) as made:
        yield made
        await require_invariants(made)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a sandbox that was just started for the first time."""
    async with sandbox(tmp_path) as found:
        yield found
