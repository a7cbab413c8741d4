"""Two processes under load, of which the active one is killed or frozen (SPEC 11).

`TAKEOVERS=100` in the environment makes it a hundred times, as `make soak-takeovers` does.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import Lease, OutboxMessage, Person
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from services.messaging import conversation_state, inbox
from tests.bot_process import forks
from tests.builders import NOW
from tests.databases import PostgresDatabases
from tests.jobs import leased_bot
from tests.jobs.test_kills import answers_in
from tests.open_database import OpenDatabase
from tests.running import TOKEN, until

CHATS = 5
TAKEOVERS = int(os.environ.get("TAKEOVERS", "2"))
WITHIN_SECONDS = 10.0
LATE_SECONDS = 60.0


@dataclass
class Two:
    """Two processes on one database: each that ends is followed by a new one."""

    database: OpenDatabase
    address: str
    folder: Path
    running: dict[int, ForkServerProcess] = field(default_factory=dict)
    starved: int = 0
    """How many lost the lease by themselves, since others had all the CPU, and ended."""

    def start_another(self) -> None:
        said = self.folder / f"said-{time.monotonic_ns()}.txt"
        process = forks.Process(
            target=leased_bot.serve, args=(self.database.url, self.address, said), name=str(said)
        )
        process.start()
        assert process.pid
        self.running[process.pid] = process

    def owner(self) -> int | None:
        """The process that holds the lease, by the row."""
        with self.database.reading() as session:
            holder = session.exec(select(Lease.holder)).first()
        return int(holder.split(":")[1]) if holder else None

    def tend(self, count: int) -> None:
        """Let at least so many run: one that was starved has ended with its words."""
        for number, process in list(self.running.items()):
            if not process.is_alive():
                del self.running[number]
                require_ended(process)
                self.starved += 1
        while len(self.running) < count:
            self.start_another()

    async def working(self) -> int:
        """The owner, once it is one of the two that run."""

        def works() -> bool:
            self.tend(2)
            return self.owner() in self.running

        await until(works, LATE_SECONDS)
        owner = self.owner()
        assert owner
        return owner

    async def takes_over(self, before: int) -> float:
        """The seconds until another than the one before is the owner."""
        began = time.monotonic()

        def has_another() -> bool:
            self.tend(1)
            return self.owner() != before

        await until(has_another, LATE_SECONDS)
        return time.monotonic() - began

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.join()


@dataclass
class Load:
    """People who go on writing through one takeover, and what each wrote.

    A takeover is judged by its own messages, since the sandbox forgets what is long ago.
    """

    phones: list[Phone]
    chance: random.Random
    number: int
    written: list[str] = field(default_factory=list)

    async def write(self) -> None:
        while True:
            text = f"{self.number}.{len(self.written)}"
            self.written.append(text)
            for phone in self.phones:
                phone.send_text(text)
            await asyncio.sleep(self.chance.uniform(0.05, 0.3))

    def answers(self, phone: Phone) -> list[str]:
        return [text for text in answers_in(phone) if text.startswith(f"heard {self.number}.")]

    async def require_answered(self, meanwhile: Callable[[], None]) -> None:
        """Wait until each of them is answered, in order."""
        wanted = [f"heard {text}" for text in self.written]
        deadline = time.monotonic() + LATE_SECONDS
        while any(set(self.answers(phone)) != set(wanted) for phone in self.phones):
            meanwhile()
            assert time.monotonic() < deadline, [self.answers(phone) for phone in self.phones]
            await asyncio.sleep(0.2)
        for phone in self.phones:
            assert list(dict.fromkeys(self.answers(phone))) == wanted

    def doubled(self) -> int:
        """How many of a chat are answered twice, at most."""
        return max(len(self.answers(phone)) for phone in self.phones) - len(self.written)


@asynccontextmanager
async def under_load(load: Load) -> AsyncIterator[None]:
    writing = asyncio.create_task(load.write())
    try:
        yield
    finally:
        writing.cancel()


@pytest.fixture
def database(postgresql: PostgresDatabases) -> Iterator[OpenDatabase]:
    with postgresql.fresh() as url:
        yield OpenDatabase(url)


@contextmanager
def two(database: OpenDatabase, address: str, folder: Path) -> Iterator[Two]:
    with ExitStack() as stack:
        both = Two(database, address, folder)
        stack.callback(both.end)
        both.start_another()
        both.start_another()
        yield both


async def kill(both: Two, owner: int) -> float:
    process = both.running.pop(owner)
    process.kill()
    process.join()
    return await both.takes_over(owner)


async def freeze(both: Two, owner: int) -> float:
    """Wake it only when another has taken over: it finds itself fenced, and ends."""
    process = both.running.pop(owner)
    os.kill(owner, signal.SIGSTOP)
    seconds = await both.takes_over(owner)
    os.kill(owner, signal.SIGCONT)
    await until(lambda: not process.is_alive(), LATE_SECONDS)
    require_ended(process)
    return seconds


def require_ended(process: ForkServerProcess) -> None:
    """It found itself fenced: it said so, and ended."""
    process.join()
    assert process.exitcode == 1
    words = Path(process.name).read_text()
    assert words.count("\n") == 1
    assert "has taken over, so this one ends" in words


async def test_another_takes_over_within_ten_seconds_and_nothing_is_lost_or_doubled_but_once(
    database: OpenDatabase, tmp_path: Path
) -> None:
    chance = random.Random(20261129)
    world = World(TOKEN, rates=None)
    phones = [Phone(world, world.add_person(f"P{n}", started=True).id) for n in range(CHATS)]
    with database.unit_of_work() as session:
        for phone in phones:
            session.add(Person(name="P", telegram_user_id=phone.user_id, started_at=NOW))
    took, written = list[float](), 0

    async with serving(world) as address:
        with two(database, address, tmp_path) as both:
            for number in range(TAKEOVERS):
                owner, load = await both.working(), Load(phones, chance, number)
                starved = both.starved
                async with under_load(load):
                    await asyncio.sleep(chance.uniform(0.2, 1.0))
                    took.append(await (kill, freeze)[number % 2](both, owner))
                    both.tend(2)
                await load.require_answered(lambda: both.tend(2))
                assert load.doubled() <= 1 + both.starved - starved  # one for each takeover
                written += len(load.written)
            await until(lambda: all_done(database), LATE_SECONDS)

    told = f"{len(took)} takeovers, the slowest in {max(took):.1f} s; {CHATS * written} messages; "
    sys.stdout.write(f"{told}{both.starved} starved\n")
    assert max(took) < WITHIN_SECONDS
    with database.reading() as session:
        rows = conversation_state.load_all(session)
    assert [row.draft for row in rows] == [{"heard": written}] * CHATS
    await database.close()


def all_done(database: OpenDatabase) -> bool:
    with database.reading() as session:
        unsent = session.exec(select(OutboxMessage.id).where(col(OutboxMessage.sent_at).is_(None)))
        return unsent.first() is None and inbox.pending(session) == []
