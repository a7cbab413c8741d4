"""Taps of others while every call for a hundred chats hangs."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.databases import sqlite
from benchmarks.families import GROUP, quiet_zone
from benchmarks.measuring import Spread, load_average, percentile
from benchmarks.processes import SECRET_KEY
from benchmarks.product import NO_RATE_LIMITS
from benchmarks.results import Result
from bot import Tutorline
from jobs.telegram import Telegram
from sandbox.faults import Fault
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import DEFAULT_TOKEN, World
from services.adapters.disk_media import DiskMediaStore
from services.adapters.factory import Outside
from services.adapters.logs import set_up_logs
from services.adapters.offline_extractor import OfflineExtractor
from services.adapters.system_clock import SystemClock
from services.db import Database
from services.people.sign_in import SignIn
from services.rules.agency import Agency
from services.sessions.penalty_sheet import Penalties

HANGING = 100
OTHERS = 100
EVERY = 0.1
"""Seconds from one message of the others to the next."""
LOOK_EVERY = 0.005
HANGS_FOR = 300.0


async def measure(*, quick: bool) -> list[Result]:
    """How long the others wait for their answer; a quick run has fewer of them."""
    set_up_logs("ERROR")
    world = World(DEFAULT_TOKEN, rates=None)
    people = [
        world.add_person(f"P{number}", started=True).id
        for number in range(HANGING + (OTHERS // 4 if quick else OTHERS))
    ]
    hanging, others = people[:HANGING], people[HANGING:]
    for chat_id in hanging:
        fault = Fault("*", "timeout_before", times=1_000, seconds=HANGS_FOR, chat_id=chat_id)
        world.faults.plan(fault)
    with sqlite() as url, tempfile.TemporaryDirectory() as folder:
        async with serving(world) as address:
            tutorline = _product(url, Path(folder), address)
            await tutorline.start()
            try:
                for chat_id in hanging:
                    Phone(world, chat_id).send_text("/help")
                waits = await _waits(world, others)
            finally:
                await tutorline.stop()
    about = f"{len(others)} people, {1 / EVERY:.0f} a second, beside {HANGING} chats that hang"
    return [
        Result(
            f"others' answers beside hanging chats: p{percent}",
            Spread.of([percentile(waits, percent)]),
            "s",
            goal,
            about,
            load_average(),
        )
        for percent, goal in ((50, ""), (99, "<= 1 s"))
    ]


def _product(url: str, folder: Path, address: str) -> Tutorline:
    return Tutorline(
        Telegram(DEFAULT_TOKEN, GROUP, address, NO_RATE_LIMITS, poll_seconds=1),
        Database(url),
        SystemClock(),
        Agency("Tutorline", ZoneInfo(quiet_zone())),
        Outside(DiskMediaStore(folder / "media"), Penalties(), OfflineExtractor()),
        SignIn(SECRET_KEY),
    )


async def _waits(world: World, others: Sequence[int]) -> list[float]:
    """Seconds until each of the others is answered."""
    asked = []
    for chat_id in others:
        asked.append(asyncio.create_task(_wait(Phone(world, chat_id))))
        await asyncio.sleep(EVERY)
    return await asyncio.gather(*asked)


async def _wait(phone: Phone) -> float:
    began, before = time.perf_counter(), len(phone.messages())
    phone.send_text("/help")
    async with asyncio.timeout(HANGS_FOR / 2):
        while len(phone.messages()) < before + 2:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began
