"""`python bot.py` in processes of their own, forked from one that has loaded it already.

Such a process has its own environment, folder, signals and end, and starts in a tenth of the time
that a new Python needs to load everything.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

import bot

ROOT = Path(__file__).resolve().parent.parent
MOST_PRINTED = 2**24
"""Bytes that a process may print before it has to wait for somebody who reads them."""

forks = get_context("forkserver")
"""Starts processes that have loaded the program, with what it loads for PostgreSQL alone."""
forks.set_forkserver_preload(
    [
        *("bot", "services.postgres_cursor", "services.postgres_dialect"),
        *("tests.jobs.killed_bot", "tests.jobs.leased_bot", "tests.end_to_end.killed_at"),
    ]
)


class BotProcess:
    """A running `python bot.py`, with what it prints."""

    def __init__(self, process: ForkServerProcess, stdout: "_Output", stderr: "_Output") -> None:
        self.stdout = stdout.reader
        self.stderr = stderr.reader
        self._outputs = (stdout, stderr)
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it has ended; its exit status."""
        for output in self._outputs:
            await output.ended.wait()
        await asyncio.to_thread(self._process.join)
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it prints until its end, on standard output and error."""
        said, complained, _ = await asyncio.gather(
            self.stdout.read(), self.stderr.read(), self.wait()
        )
        return said, complained


async def start_bot(
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    first: Callable[[], None] | None = None,
) -> BotProcess:
    """Start `python bot.py` with these arguments and nothing else in its environment.

    `first`: a function of a module that the process calls beforehand.
    """
    (out, its_out), (err, its_err) = os.pipe(), os.pipe()
    process = forks.Process(
        target=_run,
        args=(arguments, dict(env), cwd, _Descriptor(its_out), _Descriptor(its_err), first),
    )
    process.start()
    os.close(its_out)
    os.close(its_err)
    return BotProcess(process, await _Output.of(out), await _Output.of(err))


class _Output(asyncio.StreamReaderProtocol):
    """What a process prints, held until it is read."""

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader(limit=MOST_PRINTED)
        self.ended = asyncio.Event()
        super().__init__(self.reader)

    @classmethod
    async def of(cls, descriptor: int) -> "_Output":
        made = cls()
        pipe = os.fdopen(descriptor, "rb", buffering=0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: made, pipe)
        return made

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.ended.set()


class _Descriptor:
    """An open file that becomes its number in the new process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        return _number, (DupFd(self.number),)


def _number(passed_on: Any) -> int:
    """The number that a file which was passed on has in this process."""
    number: int = passed_on.detach()
    return number


def _run(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    folder: Path,
    stdout: int,
    stderr: int,
    first: Callable[[], None] | None,
) -> None:
    """Do in the new process what Python does before and after `bot.main`."""
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(ROOT / "bot.py"), *arguments]
    if first is not None:
        first()
    gc.freeze()
    sys.exit(bot.main(arguments))
