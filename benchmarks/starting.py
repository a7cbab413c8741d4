"""Time from start to ready, and memory then, over a process that only imports the libraries."""

import sys

from benchmarks.databases import sqlite
from benchmarks.measuring import Spread, by_turns, load_average
from benchmarks.processes import bot_api, product, running
from benchmarks.results import Result

READY = 'print("ready", flush=True); asyncio.run(asyncio.sleep(3600))'
BARE_BOT = f"import asyncio, sqlite3, telegram.ext; {READY}"
"""Imports of a bare bot: python-telegram-bot and sqlite3."""
LIBRARIES = f"""\
import asyncio, sqlite3
import aiosqlite, alembic, apscheduler.schedulers.asyncio, babel, jinja2, pydantic_settings
import sqlalchemy.ext.asyncio, sqlmodel, starlette.applications, structlog, telegram.ext, uvicorn
{READY}
"""
"""Libraries that the product always imports.

Libraries for some calls only (OpenAI, S3, pictures, workbooks) are left out.
"""
FLOORS = (
    ("what a bare bot imports", BARE_BOT, "<= 3.5", "<= 2.2"),
    ("all libraries that are needed", LIBRARIES, "", ""),
)


async def measure(*, quick: bool) -> list[Result]:
    """Time Python until its ready line, on a current database, over both floors."""
    rounds = 3 if quick else 7
    results = []
    with sqlite() as url, bot_api(0.0) as api:
        for floor in FLOORS:
            results += await _measure(url, api.address, floor, rounds)
    return results


async def _measure(
    url: str, api: str, over: tuple[str, str, str, str], rounds: int
) -> list[Result]:
    name, imports, time_goal, memory_goal = over
    memory: dict[str, list[float]] = {"floor": [], "subject": []}

    async def floor(_round: int) -> float:
        with running([sys.executable, "-c", imports], "ready") as started:
            memory["floor"].append(started.memory_bytes())
            return started.seconds

    async def subject(_round: int) -> float:
        with product(url, api) as started:
            memory["subject"].append(started.memory_bytes())
            return started.seconds

    turns = await by_turns(floor, subject, rounds)
    ours, theirs = Spread.of(turns.subject).median, Spread.of(turns.floor).median
    pairs = list(zip(memory["floor"], memory["subject"], strict=True))[1:]
    ours_mb, theirs_mb = (Spread.of(memory[of]).median / 2**20 for of in ("subject", "floor"))
    return [
        Result(
            f"start to ready over {name}",
            turns.ratio,
            "times",
            time_goal,
            f"{ours:.2f} s over {theirs:.2f} s",
            load_average(),
        ),
        Result(
            f"memory when ready over {name}",
            Spread.of([subject / floor for floor, subject in pairs]),
            "times",
            memory_goal,
            f"{ours_mb:.0f} MB over {theirs_mb:.0f} MB",
            load_average(),
        ),
    ]
