"""The sandbox as somebody starts it, in a process of its own."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot_process import start_bot


@asynccontextmanager
async def sandbox(folder: Path, **settings: str) -> AsyncIterator[str]:
    """The one address that `python bot.py` prints when it has no token."""
    process = await start_bot(
        "run", "--sandbox", str(folder / "sandbox"), env={"WEB_PORT": "0"} | settings
    )
    try:
        found = re.search(r"http://\S+", (await process.stdout.readline()).decode())
        assert found
        yield found.group()
    finally:
        process.terminate()
        status = await process.wait()
    assert status == 0
