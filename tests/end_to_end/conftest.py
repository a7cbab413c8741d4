"""The running product for each test, and the check of its invariants afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.end_to_end.invariants import require_invariants
from tests.end_to_end.stage import Stage, set_up
from tests.end_to_end.started_sandbox import sandbox


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The whole product, running; after the test its invariants are checked."""
    async with set_up(database_url, tmp_path) as made:
        yield made
        await require_invariants(made)


@pytest_asyncio.fixture(loop_scope="session")
async def shown(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The same in the loop of the browser, in which its pages are shown."""
    async with set_up(database_url, tmp_path) as made:
        yield made
        await require_invariants(made)


@pytest_asyncio.fixture(loop_scope="session")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a sandbox that was just started for the first time, for the browser's loop."""
    async with sandbox(tmp_path) as found:
        yield found
