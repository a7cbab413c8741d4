"""`python bot.py` whose database is taken from under it: it ends, and loses nothing (SPEC 11)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.bot_process import BotProcess, start_bot
from tests.test_bot import SECRET, STARTED_WITHIN, TOKEN, bot, environment

WRITTEN = 20


@contextlib.asynccontextmanager
async def started(telegram: str, folder: Path) -> AsyncIterator[BotProcess]:
    """The program at work; killed at the end, unless it has ended."""
    process = await start_bot(
        env=environment(
            DATABASE_URL=f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}",
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
            LOG_LEVEL="ERROR",
        )
    )
    try:
        async with asyncio.timeout(STARTED_WITHIN):
            assert b"at work" in await process.stdout.readline()
        yield process
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_it_ends_with_one_line_and_acknowledges_nothing(
    tmp_path: Path, is_replaced: bool
) -> None:
    world = World(TOKEN)
    somebody = Phone(world, world.add_person("Sam", "Stranger", started=True).id)
    path = tmp_path / "agency.sqlite"
    async with serving(world) as telegram:
        async with started(telegram, tmp_path) as process:
            if is_replaced:
                path.rename(tmp_path / "elsewhere.sqlite")
                path.write_bytes((tmp_path / "elsewhere.sqlite").read_bytes())
            else:
                path.unlink()
            for number in range(WRITTEN):
                somebody.send_text(f"note {number}")
            async with asyncio.timeout(STARTED_WITHIN):
                _, complained = await process.communicate()

        assert process.returncode == 1
        assert complained.decode().count("\n") == 1
        assert f"{path} was removed or replaced" in complained.decode()
        with world.turn():
            assert len(world.updates.waiting(world.now())) == WRITTEN


async def test_the_next_start_makes_no_empty_one_in_its_place(tmp_path: Path) -> None:
    await bot("migrate", folder=tmp_path)
    path = tmp_path / "agency.sqlite"
    path.unlink()

    for verb in (["run"], ["invite", "--coordinator", "Priya Nair"]):
        status, _, complained = await bot(
            *verb,
            folder=tmp_path,
            TELEGRAM_BOT_TOKEN=TOKEN,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
        )
        assert (status, path.exists()) == (2, False)
        assert complained.startswith(f"DATABASE_URL: {path} is missing, though there was")
        assert complained.count("\n") == 1

    _, said, _ = await bot("check", folder=tmp_path)
    assert f"database: DATABASE_URL: {path} is missing" in said
    assert (await bot("migrate", folder=tmp_path))[0] == 0
    assert path.exists()
