"""A second `python bot.py` on an SQLite database ends at once, and harms nothing (SPEC 11)."""

import os
import signal
import socket
from pathlib import Path

import pytest

from sandbox.demo import GRACE
from sandbox.server import serving
from sandbox.world import World
from services import database_lock
from services.database_lock import HeldError
from tests.test_bot import SECRET, TOKEN, Running, bot
from tests.test_lost_database import started

HERE = socket.gethostname()


async def test_it_says_who_runs_there_and_ends_with_status_2(tmp_path: Path) -> None:
    async with serving(World(TOKEN)) as telegram, started(telegram, tmp_path) as first:
        status, said, complained = await bot(
            "run",
            folder=tmp_path,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
        )
        holder = f"process {first.pid} on {HERE}"
        assert (status, said) == (2, "")
        assert complained == (
            f"DATABASE_URL: {holder} runs on {tmp_path / 'agency.sqlite'} already\n"
        )


async def test_other_verbs_work_beside_a_running_program(tmp_path: Path) -> None:
    async with serving(World(TOKEN)) as telegram, started(telegram, tmp_path):
        for verb in (["migrate"], ["invite", "--coordinator", "Priya Nair"]):
            status, _, complained = await bot(*verb, folder=tmp_path)
            assert (status, complained) == (0, "")


async def test_a_second_sandbox_ends_and_the_lock_dies_with_the_first(tmp_path: Path) -> None:
    running = await Running.start(tmp_path)
    status, _, complained = await bot("run", "--sandbox", str(tmp_path), folder=tmp_path)
    assert status == 2
    assert complained.startswith(f"DATABASE_URL: process {running.process.pid} on {HERE} runs on")

    await running.stop(signal.SIGKILL)
    running = await Running.start(tmp_path)
    await running.reads(GRACE, "Hello Grace Tan")
    assert await running.stop() == 0


def test_the_lock_can_be_taken_again_once_it_is_let_go(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'agency.sqlite'}"
    with database_lock.held(url):
        me = f"process {os.getpid()} on {HERE} runs on"
        with pytest.raises(HeldError, match=me), database_lock.held(url):
            pass
    with database_lock.held(url):
        pass
