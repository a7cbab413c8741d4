"""The program ends within ten seconds, whatever hangs (SPEC 11). Each in a process of its own."""

import asyncio
import contextlib
import re
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import NotePart
from models.enums import Status
from sandbox.faults import Fault
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from services import schema
from tests import builders
from tests.bot_process import BotProcess, start_bot
from tests.files.images import jpeg_photo
from tests.open_database import OpenDatabase
from tests.postgres_server import running_postgres
from tests.running import until

TOKEN = "4200000001:AAbbCCddEEff-GGhhIIjjKKllMMnnOO"
SECRET = "0123456789abcdef0123456789abcdef"
TUTOR, PARENT, GROUP = 5_000_000_001, 5_000_000_002, -4_000_000_001
NOTES = (
    "We revised fractions, and Emily added and compared unlike ones without any help from me. She "
    "was tired towards the end, and needs more practice with mixed numbers before the test."
)
STARTED_WITHIN = 90.0
ENDS_WITHIN = 10.0


@asynccontextmanager
async def hanging_server() -> AsyncIterator["Hanging"]:
    """A server that takes every connection, reads, and never answers."""
    hanging = Hanging()
    server = await asyncio.start_server(hanging.take, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    hanging.address = f"http://{host}:{port}"
    try:
        yield hanging
    finally:
        for task in hanging.tasks:
            task.cancel()
        server.close()


class Hanging:
    def __init__(self) -> None:
        self.address = ""
        self.calls = 0
        self.tasks: set[asyncio.Task[None]] = set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            self.calls += 1
            await asyncio.Event().wait()
        writer.close()


class Line:
    """A line to a server, through which nothing comes any more once it is frozen."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_up = asyncio.Event()
        self._is_up.set()
        self._ends: set[asyncio.Task[None]] = set()

    def freeze(self) -> None:
        self._is_up.clear()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """The port at which it begins."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        yield server.sockets[0].getsockname()[1]
        server.close()
        for end in self._ends:
            end.cancel()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        for source, to in ((reader, far_writer), (far_reader, writer)):
            self._ends.add(asyncio.create_task(self._carry(source, to)))

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while piece := await source.read(65536):
                await self._is_up.wait()
                to.write(piece)
        to.close()


@dataclass
class Agency:
    """A tutor who has checked in, and the program that serves her."""

    folder: Path
    world: World
    telegram: str
    settings: dict[str, str]
    database_url: str

    @property
    def grace(self) -> Phone:
        return Phone(self.world, TUTOR)

    async def made(self) -> None:
        await schema.upgrade(self.database_url)
        database = OpenDatabase(self.database_url)
        with database.unit_of_work() as session:
            tutor = builders.tutor(session, name="Grace Tan", telegram_user_id=TUTOR)
            parent = builders.parent(session, name="Mei Lim", telegram_user_id=PARENT)
            builders.appointment(
                session,
                tutor=tutor,
                student=builders.student(session, guardians=[parent]),
                starts_at=datetime.now(UTC) - timedelta(minutes=80),
                status=Status.CHECKED_IN,
            )
        await database.close()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[BotProcess]:
        process = await start_bot(
            cwd=self.folder,
            env={
                "DATABASE_URL": self.database_url,
                "MEDIA_DIR": str(self.folder / "media"),
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": self.telegram,
                "COORDINATOR_CHAT_ID": str(GROUP),
                "SECRET_KEY": SECRET,
                "WEB_PORT": "0",
                **self.settings,
            },
        )
        try:
            yield process
        finally:
            process.kill()
            await process.wait()

    async def begins_notes(self) -> None:
        self.grace.send_text("/checkout")
        await until(lambda: "Send text, photos" in str(self.grace.messages()), 30)


@asynccontextmanager
async def agency(
    folder: Path, database_url: str | None = None, **settings: str
) -> AsyncIterator[Agency]:
    world = World(TOKEN, rates=None)
    for user_id, name in ((TUTOR, "Grace"), (PARENT, "Mei")):
        world.add_person(name, user_id=user_id, started=True)
    world.add_group("Coordinators", [TUTOR], group_id=GROUP)
    async with serving(world) as telegram:
        url = database_url or f"sqlite+aiosqlite:///{folder / 'agency.sqlite'}"
        made = Agency(folder, world, telegram, settings, url)
        await made.made()
        yield made


async def line_of(process: BotProcess) -> str:
    async with asyncio.timeout(STARTED_WITHIN):
        return (await process.stdout.readline()).decode()


async def ends(process: BotProcess, how: signal.Signals = signal.SIGTERM) -> int:
    """End it as a service manager does; the exit status. Fails where it takes too long."""
    process.send_signal(how)
    began = time.monotonic()
    status = await asyncio.wait_for(process.wait(), 60)
    assert time.monotonic() - began < ENDS_WITHIN
    return status


def stored(made: Agency) -> list[bool]:
    database = OpenDatabase(made.database_url)
    with database.reading() as session:
        return [one.stored_at is not None for one in session.exec(select(NotePart)).all()]


async def test_with_a_store_that_hangs(tmp_path: Path) -> None:
    async with hanging_server() as store:
        r2 = {
            "R2_ENDPOINT_URL": store.address,
            "R2_BUCKET": "bucket",
            "R2_ACCESS_KEY_ID": "id",
            "R2_SECRET_ACCESS_KEY": "secret",
        }
        async with agency(tmp_path, **r2) as made:
            async with made.at_work() as process:
                assert "at work" in await line_of(process)
                await made.begins_notes()
                for _ in range(3):
                    made.grace.send_photo(jpeg_photo())
                await until(lambda: store.calls > 0, 30)

                assert await ends(process) == 0

            assert stored(made) == [False, False, False]
            made.settings.clear()  # back to a folder on disk
            async with made.at_work():
                await until(lambda: stored(made) == [True, True, True], STARTED_WITHIN)


async def test_with_a_model_that_hangs(tmp_path: Path) -> None:
    async with hanging_server() as model:
        address = {"OPENAI_BASE_URL": f"{model.address}/v1"}
        async with agency(tmp_path, **address) as made, made.at_work() as process:
            assert "at work" in await line_of(process)
            await made.begins_notes()
            made.grace.send_text(NOTES)
            await until(lambda: "So far" in str(made.grace.messages()), 30)
            made.grace.press("Done")
            await until(lambda: model.calls > 0, 60)

            assert await ends(process) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_with_a_telegram_that_hangs_and_what_it_kept_is_said_later(
    tmp_path: Path, how: signal.Signals
) -> None:
    async with agency(tmp_path) as made:
        async with made.at_work() as process:
            assert "at work" in await line_of(process)
            hangs = Fault("*", "timeout_before", 1_000, seconds=120)
            made.world.faults.plan(hangs)
            made.grace.send_text("/checkout")
            await until(lambda: hangs.times < 999, 30)

            assert await ends(process, how) == 0

        made.world.faults.clear()
        async with made.at_work():
            await until(lambda: "Send text, photos" in str(made.grace.messages()), STARTED_WITHIN)


async def test_while_it_waits_for_a_telegram_that_hangs_at_the_start(tmp_path: Path) -> None:
    async with hanging_server() as telegram, agency(tmp_path) as made:
        made.telegram = telegram.address
        async with made.at_work() as process:
            await until(lambda: telegram.calls > 0, STARTED_WITHIN)

            await ends(process, signal.SIGINT)


async def test_with_browsers_that_hang(tmp_path: Path) -> None:
    async with agency(tmp_path) as made, made.at_work() as process:
        started = await line_of(process)
        found = re.search(r"http://127\.0\.0\.1:(\d+)", started)
        assert found
        port = int(found[1])
        with contextlib.ExitStack() as stack:
            for request in (b"", b"GET / HTTP/1.1\r\nHost: x", b"POST /sign-in/x HTTP/1.1\r\n"):
                for _ in range(20):
                    browser = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                    browser.sendall(request)

            assert await ends(process) == 0


async def test_with_a_database_that_hangs(tmp_path: Path) -> None:
    with running_postgres() as server:
        line = Line(server.port)
        async with line.open() as port:
            direct = server.url("postgres")
            by_line = {"DATABASE_URL": direct.replace(f":{server.port}/", f":{port}/")}
            async with agency(tmp_path, direct, **by_line) as made, made.at_work() as process:
                assert "at work" in await line_of(process)
                line.freeze()
                made.grace.send_text("/checkout")
                await asyncio.sleep(1)

                assert await ends(process) == 0
