"""The command line: `python bot.py` and its verbs (SPEC 11), each in a process of its own."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sandbox.demo import GRACE, write_tables
from sandbox.faults import Fault
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.bot_process import BotProcess, start_bot
from tests.descriptors import soft_limit

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKKllMMnnOO"
SECRET = "0123456789abcdef0123456789abcdef"
STARTED_WITHIN = 60.0


def environment(**settings: str) -> Mapping[str, str]:
    """This environment without any setting of the program's but these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | settings


async def bot(*arguments: str, folder: Path, **settings: str) -> tuple[int, str, str]:
    """Run a verb; its exit status, and what it said on standard output and error."""
    database = f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}"
    settings = {"DATABASE_URL": database, "AGENCY_CURRENCY": "SGD"} | settings
    process = await start_bot(*arguments, cwd=folder, env=environment(**settings))
    said, complained = await process.communicate()
    return await process.wait(), said.decode(), complained.decode()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"AGENCY_TIME_ZONE": "Mars/Olympus"}, "AGENCY_TIME_ZONE"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, "COORDINATOR_CHAT_ID"),
        ({"WEB_PORT": "eighty"}, "WEB_PORT"),
    ],
)
async def test_a_wrong_setting_is_one_line_that_names_it_and_exit_status_2(
    settings: dict[str, str], named: str, tmp_path: Path
) -> None:
    status, said, complained = await bot("check", folder=tmp_path, **settings)
    assert (status, said) == (2, "")
    assert named in complained
    assert complained.count("\n") == 1
    assert TOKEN not in complained


def test_help_tells_the_verbs(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "bot.py"), "--help"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    said = done.stdout
    verbs = ("migrate", "import", "invite", "check", "backup", "restore", "move", "erase")
    assert all(f"    {verb} " in said for verb in verbs)


async def test_import_saves_nothing_in_a_dry_run_and_everything_without(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables", datetime.now(UTC))
    dry = await bot("import", str(tmp_path / "tables"), "--dry-run", folder=tmp_path)
    assert dry[0] == 0
    assert "people: 7 new" in dry[1]
    first = await bot("import", str(tmp_path / "tables"), folder=tmp_path)
    assert "people: 7 new" in first[1]
    again = await bot("import", str(tmp_path / "tables"), folder=tmp_path)
    assert "people: 0 new, 0 changed, 7 unchanged" in again[1]


async def test_a_bad_row_is_told_and_nothing_is_saved(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    write_tables(tables, datetime.now(UTC))
    people = tables / "people.csv"
    people.write_text(people.read_text().replace("c-priya,Priya Nair,coordinator", "c-priya,,boss"))
    status, said, _ = await bot("import", str(tables), folder=tmp_path)
    assert status == 1
    assert "people.csv, row 5" in said
    assert "Nothing was saved" in said


async def test_the_first_coordinator_gets_an_invitation(tmp_path: Path) -> None:
    status, said, _ = await bot("invite", "--coordinator", "Priya Nair", folder=tmp_path)
    assert status == 0
    assert re.search(r"/start [\w-]{22}\n", said)


async def test_a_port_that_is_taken_is_a_wrong_setting(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        status, _, complained = await bot(
            "run", "--sandbox", str(tmp_path / "sandbox"), folder=tmp_path, WEB_PORT=port
        )
    assert status == 2
    assert complained == f"WEB_PORT: {port} is taken; set another\n"


async def test_a_token_that_telegram_does_not_know_is_a_wrong_setting(tmp_path: Path) -> None:
    async with serving(World()) as telegram:
        status, _, complained = await bot(
            "run",
            folder=tmp_path,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
        )
    assert status == 2
    assert complained == "TELEGRAM_BOT_TOKEN: Telegram does not know it\n"


async def test_a_penalty_sheet_that_cannot_be_used_is_a_wrong_setting(tmp_path: Path) -> None:
    sheet = tmp_path / "penalties.csv"
    sheet.write_text("role,penalty\n", encoding="utf-8")
    for path, why in ((sheet, "line 1: the column"), (tmp_path / "none.csv", "No such file")):
        status, _, complained = await bot(
            "run",
            folder=tmp_path,
            TELEGRAM_BOT_TOKEN=TOKEN,
            COORDINATOR_CHAT_ID="-1",
            SECRET_KEY=SECRET,
            WEB_PORT="0",
            PENALTY_SHEET=str(path),
        )
        assert status == 2
        assert complained.startswith(f"PENALTY_SHEET: {why}")
        assert complained.count("\n") == 1


@asynccontextmanager
async def at_work(world: World, folder: Path) -> AsyncIterator[str]:
    """`python bot.py` on a stand-in for Telegram, from when it says so; yields the line."""
    async with serving(world) as telegram:
        process = await start_bot(
            env=environment(
                DATABASE_URL=f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}",
                TELEGRAM_BOT_TOKEN=TOKEN,
                TELEGRAM_API_URL=telegram,
                COORDINATOR_CHAT_ID="-1",
                SECRET_KEY=SECRET,
                WEB_PORT="0",
            )
        )
        try:
            async with asyncio.timeout(STARTED_WITHIN):
                yield (await process.stdout.readline()).decode()
        finally:
            process.terminate()
            status = await process.wait()
        assert status == 0


async def test_with_a_token_the_same_command_talks_to_telegram(tmp_path: Path) -> None:
    world = World(TOKEN)
    world.faults.plan(Fault("getMe", "status", times=2, status=502))
    somebody = Phone(world, world.add_person("Sam", "Stranger").id)
    async with at_work(world, tmp_path) as started:
        assert "at work" in started
        somebody.start()
        while len(somebody.messages()) < 2:
            await asyncio.sleep(0.05)
    assert "invitation link" in somebody.last()["text"]


async def test_eleven_hundred_idle_connections_stop_neither_bot_nor_pages(tmp_path: Path) -> None:
    world = World(TOKEN)
    somebody = Phone(world, world.add_person("Sam", "Stranger").id)
    async with AsyncExitStack() as stack:
        with soft_limit(256):
            started = await stack.enter_async_context(at_work(world, tmp_path))
        host, port = re.findall(r"http://([\d.]+):(\d+)", started)[0]
        for _ in range(1_100):
            _, writer = await asyncio.open_connection(host, port)
            stack.callback(writer.close)

        somebody.start()
        async with httpx.AsyncClient() as browser:
            page = await browser.get(f"http://{host}:{port}/notes")
        async with asyncio.timeout(5):
            while len(somebody.messages()) < 2:
                await asyncio.sleep(0.05)
    assert page.status_code == 401
    assert "invitation link" in somebody.last()["text"]


async def test_with_a_token_the_pages_are_served_beside_the_bot(tmp_path: Path) -> None:
    world = World(TOKEN)
    priya = Phone(world, world.add_person("Priya", "Nair").id)
    _, said, _ = await bot("invite", "--coordinator", "Priya Nair", folder=tmp_path)
    invitation = re.search(r"/start ([\w-]{22})", said)
    assert invitation
    async with at_work(world, tmp_path) as started, httpx.AsyncClient() as browser:
        address = re.search(r"http://[\d.]+:\d+", started)
        assert address, started
        priya.start(invitation[1])
        priya.send_text("/web")
        while not (link := re.search(rf"{address[0]}/sign-in/[\w-]+", str(priya.messages()))):
            await asyncio.sleep(0.05)
        opened = await browser.get(link[0])
        stranger = await browser.get(f"{address[0]}/notes")
    assert (opened.status_code, stranger.status_code) == (200, 401)
    assert "Hello Priya Nair" in opened.text


async def test_check_tells_of_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    status, said, _ = await bot("check", folder=tmp_path, MEDIA_DIR=str(tmp_path / "media"))
    assert status == 1
    assert "database: not up to date; python bot.py migrate brings it there\n" in said


async def test_check_tells_of_each_connection(tmp_path: Path) -> None:
    await bot("migrate", folder=tmp_path)
    status, said, _ = await bot("check", folder=tmp_path, MEDIA_DIR=str(tmp_path / "media"))
    assert status == 0
    assert said == "settings: fine\ndatabase: fine\nfiles: fine\n"


class Running:
    """`python bot.py` with no token: the sandbox, as `make run` starts it."""

    def __init__(self, process: BotProcess, address: str) -> None:
        self.process = process
        self.address = address

    @classmethod
    async def start(cls, folder: Path) -> "Running":
        process = await start_bot("run", "--sandbox", str(folder), env=environment(WEB_PORT="0"))
        async with asyncio.timeout(STARTED_WITHIN):
            line = (await process.stdout.readline()).decode()
        found = re.search(r"http://\S+/", line)
        assert found, line
        return cls(process, found.group())

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        async with asyncio.timeout(STARTED_WITHIN):
            return await self.process.wait()

    async def texts(self, user_id: int) -> list[str]:
        """What stands in somebody's chat with the bot."""
        async with httpx.AsyncClient(timeout=20) as client:
            state = (await client.get(f"{self.address}api/state")).json()
        return [one.get("text", "") for one in state["chats"][f"{user_id}:{user_id}"]["messages"]]

    async def write(self, text: str) -> None:
        body = {"user_id": GRACE, "chat_id": GRACE, "text": text}
        async with httpx.AsyncClient(timeout=20) as client:
            (await client.post(f"{self.address}api/message", json=body)).raise_for_status()

    async def reads(self, user_id: int, expected: str) -> None:
        """Wait until somebody reads this."""
        async with asyncio.timeout(STARTED_WITHIN):
            while not any(expected in text for text in await self.texts(user_id)):
                await asyncio.sleep(0.1)


async def test_without_a_token_the_sandbox_starts_and_something_can_be_done_at_once(
    tmp_path: Path,
) -> None:
    running = await Running.start(tmp_path)
    try:
        await running.reads(GRACE, "Hello Grace Tan")
        await running.write("/checkout")
        await running.reads(GRACE, "Awaiting acknowledgement")
    finally:
        status = await running.stop()
    assert status == 0


async def test_the_sandbox_is_alive_ready_and_counts_as_the_program_on_telegram_does(
    tmp_path: Path,
) -> None:
    running = await Running.start(tmp_path)
    try:
        async with httpx.AsyncClient(timeout=20) as machine:
            alive, ready, metrics = [
                await machine.get(f"{running.address}{page}")
                for page in ("healthz", "readyz", "metrics")
            ]
    finally:
        await running.stop()

    assert (alive.status_code, alive.text) == (200, "alive\n")
    assert (ready.status_code, ready.json()["database"]) == (200, "fine")
    assert 'tutorline_telegram_calls_total{method="getMe",status="200"}' in metrics.text


async def test_what_was_begun_goes_on_after_a_kill_and_a_new_start(tmp_path: Path) -> None:
    running = await Running.start(tmp_path)
    await running.reads(GRACE, "Hello Grace Tan")
    await running.write("/checkout")
    await running.reads(GRACE, "Send text, photos")
    await running.stop(signal.SIGKILL)
    running = await Running.start(tmp_path)
    try:
        await running.write("Fractions went well.")
        await running.reads(GRACE, "1 text")
        assert sum("Hello Grace Tan" in text for text in await running.texts(GRACE)) == 1
    finally:
        await running.stop()
