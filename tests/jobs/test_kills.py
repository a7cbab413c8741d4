"""SIGKILL at random moments: nothing is lost, and hardly anything sent twice (DESIGN 2, 5 to 7)."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

from sqlmodel import col, select

from models import OutboxMessage, Person
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from services.messaging import conversation_state, inbox
from tests.bot_process import forks
from tests.builders import NOW
from tests.jobs import killed_bot
from tests.open_database import OpenDatabase
from tests.running import TOKEN, until

CHATS = 5
KILLS = 7
A_ROUND = 6
"""So many messages each person sends before each kill."""


@contextmanager
def bot(database_url: str, address: str) -> Iterator[None]:
    """A bot in a process of its own, killed at the end."""
    process = forks.Process(target=killed_bot.serve, args=(database_url, address))
    process.start()
    try:
        yield
    finally:
        assert process.is_alive(), "it ended by itself"
        process.kill()
        process.join()


async def test_kills_at_random_moments_lose_nothing_and_double_at_most_one_message_a_chat(
    database_url: str,
) -> None:
    chance = random.Random(20261125)
    world = World(TOKEN, rates=None)
    phones = [Phone(world, world.add_person(f"P{n}", started=True).id) for n in range(CHATS)]
    database = OpenDatabase(database_url)
    with database.unit_of_work() as session:
        for phone in phones:
            session.add(Person(name="P", telegram_user_id=phone.user_id, started_at=NOW))

    lives: list[list[int]] = []
    async with serving(world) as address:
        for kill in range(KILLS):
            for number in range(A_ROUND):
                for phone in phones:
                    phone.send_text(f"{kill}.{number}")
            calls = len(world.calls.all()) + chance.randrange(2, CHATS * A_ROUND)
            with bot(database_url, address):
                await until(partial(has_called, world, calls), seconds=60)
                await asyncio.sleep(chance.uniform(0.0, 0.05))
            lives.append([repeats_in(phone) for phone in phones])
        with bot(database_url, address):
            await until(lambda: all(is_complete(phone) for phone in phones), seconds=60)
            await until(lambda: all_sent(database))
        lives.append([repeats_in(phone) for phone in phones])

    expected = [f"heard {kill}.{number}" for kill in range(KILLS) for number in range(A_ROUND)]
    for phone in phones:
        assert list(dict.fromkeys(answers_in(phone))) == expected
    for before, after in pairwise(lives):
        assert all(0 <= now - then <= 1 for then, now in zip(before, after, strict=True)), lives
    with database.reading() as session:
        rows = conversation_state.load_all(session)
    assert [row.draft for row in rows] == [{"heard": KILLS * A_ROUND}] * CHATS
    await database.close()


def all_sent(database: OpenDatabase) -> bool:
    with database.reading() as session:
        unsent = session.exec(select(OutboxMessage.id).where(col(OutboxMessage.sent_at).is_(None)))
        return unsent.first() is None and inbox.pending(session) == []


def answers_in(phone: Phone) -> list[str]:
    return [text for m in phone.messages() if (text := m.get("text", "")).startswith("heard")]


def repeats_in(phone: Phone) -> int:
    answers = answers_in(phone)
    return len(answers) - len(set(answers))


def has_called(world: World, times: int) -> bool:
    return len(world.calls.all()) >= times


def is_complete(phone: Phone) -> bool:
    return len(set(answers_in(phone))) == KILLS * A_ROUND
