"""Whole pipeline by webhook, over HTTP, against aiogram's bare echo bot."""

import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator

from benchmarks import families
from benchmarks.databases import postgres_database, postgres_server, sqlite
from benchmarks.families import TUTOR_ACCOUNT
from benchmarks.measuring import ROUNDS, Spread, by_turns, load_average
from benchmarks.places import RESULTS, ROOT
from benchmarks.processes import (
    WEBHOOK_SECRET,
    Running,
    bot_api,
    deliver,
    free_port,
    product,
    running,
)
from benchmarks.results import Result
from benchmarks.stub_request import TOKEN

API_SECONDS = 0.03
ECHO_UPDATES = 1_000
"""Updates for the echo bot in a round, which take it one to two seconds."""
GOALS = {"SQLite": ">= 0.5", "PostgreSQL": ">= 0.3"}
ENVIRONMENT = RESULTS / "aiogram-venv"


async def measure(*, quick: bool) -> list[Result]:
    """Updates a second, from the first one sent until the last one answered."""
    count = 40 if quick else 400
    results = []
    with sqlite() as url:
        results.append(await _measure("SQLite", url, count))
    with postgres_server() as server:
        async with postgres_database(server) as url:
            results.append(await _measure("PostgreSQL", url, count))
    return results


async def _measure(name: str, url: str, count: int) -> Result:
    await families.fill(url, count * (ROUNDS + 1), families.TO_CHECK_IN)
    async with _both(url) as (api, echo, subject):

        async def of_echo(_round: int) -> float:
            sent = min(ECHO_UPDATES, count * 10)
            done = deliver(
                f"{echo.address}/telegram", api.address, "hello", first_user=1, count=sent
            )
            return done.per_second

        async def of_subject(number: int) -> float:
            first = TUTOR_ACCOUNT + number * count
            done = deliver(
                f"{subject.address}/telegram",
                api.address,
                "/checkin",
                first_user=first,
                count=count,
            )
            return done.per_second

        turns = await by_turns(of_echo, of_subject)
    ours, theirs = Spread.of(turns.subject), Spread.of(turns.floor)
    return Result(
        f"pipeline by webhook, 30 ms API, {name}: updates/s over aiogram's bare echo",
        turns.ratio,
        "times",
        GOALS[name],
        f"{ours.median:.0f}/s over {theirs.median:.0f}/s",
        load_average(),
    )


@contextlib.asynccontextmanager
async def _both(url: str) -> AsyncIterator[tuple[Running, Running, Running]]:
    """Stub of the Bot API, aiogram's bot and the product, all running."""
    python = aiogram_python()
    port = free_port()
    with contextlib.ExitStack() as stack:
        api = stack.enter_context(bot_api(API_SECONDS))
        script = str(ROOT / "benchmarks" / "aiogram_echo.py")
        command = [python, script, str(port), api.address, TOKEN, WEBHOOK_SECRET]
        echo = stack.enter_context(running(command, "ready", f"http://127.0.0.1:{port}"))
        subject = stack.enter_context(product(url, api.address))
        yield api, echo, subject


def aiogram_python() -> str:
    """Interpreter of an environment with aiogram, which is made once."""
    python = ENVIRONMENT / "bin" / "python"
    done = ENVIRONMENT / ".installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "aiogram>=3,<4"]
        subprocess.run(install, check=True)
        done.touch()
    return str(python)
