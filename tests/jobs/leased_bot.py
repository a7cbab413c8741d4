"""A `CountingBot` that works while it holds the lease, and stands by for it otherwise."""

import asyncio
import sys
from pathlib import Path

from jobs.ending import asked_to_end, end_signal
from jobs.owner_loop import OwnerLoop
from services.ending import MustEndError
from services.ownership import Ownership
from tests.jobs.killed_bot import CountingBot
from tests.running import make_app_context


def serve(database_url: str, address: str, said: Path) -> None:
    """Run until it is killed; where it has to end, write why to `said` and exit with status 1."""
    try:
        asyncio.run(_serve(database_url, address))
    except MustEndError as error:
        said.write_text(f"{error}\n")
        sys.exit(1)


async def _serve(database_url: str, address: str) -> None:
    app = make_app_context(database_url)
    ownership = Ownership(app.database)
    app.database = ownership.database
    bot = CountingBot(app, address, ownership.may_call)
    async with bot.application:
        await OwnerLoop(ownership).start(bot.begin)
        await asked_to_end(end_signal(), app.database.ending)
