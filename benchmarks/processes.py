"""Programs that a benchmark starts: the product, a stub of the Bot API, and load generators."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.families import GROUP, quiet_zone
from benchmarks.places import ROOT
from benchmarks.stub_request import TOKEN

WEBHOOK_SECRET = "benchmarks"
SECRET_KEY = "0123456789abcdef0123456789abcdef"
START_SECONDS = 120.0
STOP_SECONDS = 30.0


def environment(**settings: str) -> dict[str, str]:
    """This environment, with only these settings of the program."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT)} | settings


@dataclass(frozen=True)
class Running:
    """Program that has reported that it is ready."""

    process: subprocess.Popen[str]
    address: str
    """Address of its HTTP server."""
    seconds: float
    """Seconds from its start until it was ready."""

    def memory_bytes(self) -> int:
        """Its memory now (resident set size)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def running(
    command: Sequence[str], ready: str, address: str = "", **settings: str
) -> Iterator[Running]:
    """Run a command from when it writes `ready` to standard output until the block ends.

    Without `address`, the program writes it at the end of that line.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(**settings), stdout=subprocess.PIPE, text=True
    )
    try:
        line = _wait_for(process, ready)
        seconds = time.perf_counter() - began
        yield Running(process, address or line.split()[-1], seconds)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[str], ready: str) -> str:
    """Line that reports it. A program that is silent for too long is ended."""
    if process.stdout is None:
        raise RuntimeError("no standard output to read")
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        for line in process.stdout:
            if ready in line:
                return line
    finally:
        timer.cancel()
    raise RuntimeError(f"{process.args!r} ended, or said nothing, before it was ready")


def free_port() -> int:
    """Port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bot_api(delay_seconds: float) -> contextlib.AbstractContextManager[Running]:
    """Stub of the Bot API that answers every call after this delay."""
    command = [sys.executable, "-m", "benchmarks.bot_api", str(delay_seconds)]
    return running(command, "ready")


def product(
    url: str, api: str, *, by_webhook: bool = True
) -> contextlib.AbstractContextManager[Running]:
    """`python bot.py` on a database and a Bot API."""
    address = f"http://127.0.0.1:{free_port()}"
    settings = {
        "DATABASE_URL": url,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api,
        "COORDINATOR_CHAT_ID": str(GROUP),
        "SECRET_KEY": SECRET_KEY,
        "AGENCY_TIME_ZONE": quiet_zone(),
        "WEB_PORT": address.rpartition(":")[2],
        "LOG_LEVEL": "ERROR",
    }
    if by_webhook:
        settings |= {
            "TELEGRAM_MODE": "webhook",
            "WEBHOOK_URL": "https://bot.example.org/telegram",
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
        }
    return running([sys.executable, str(ROOT / "bot.py")], "at work", address, **settings)


@dataclass(frozen=True)
class Delivered:
    """Results of updates that were sent to a webhook; times in seconds."""

    seconds: float
    """Seconds from the first update sent until the last first answer."""
    acknowledged: list[float]
    """Seconds from when an update was to be sent until the webhook answered."""
    answered: list[float]
    """Seconds from then until the first call of the Bot API for its chat."""

    @property
    def per_second(self) -> float:
        return len(self.answered) / self.seconds


def deliver(
    webhook: str,
    api: str,
    text: str,
    *,
    first_user: int,
    count: int,
    per_second: float = 0.0,
    wait_seconds: float = 300.0,
) -> Delivered:
    """Send one text from each of `count` users, in a process of its own.

    `per_second` 0: as fast as possible.
    """
    given = {
        "webhook": webhook,
        "api": api,
        "text": text,
        "first_user": first_user,
        "count": count,
        "per_second": per_second,
        "wait_seconds": wait_seconds,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", json.dumps(given)],
        check=True,
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    return Delivered(**json.loads(done.stdout))
