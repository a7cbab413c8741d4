"""The end of the process in bounded time (SPEC 11)."""

import asyncio
import sys
import time

from services.settings import ROOT

HANGING = """
import time
from concurrent.futures import ThreadPoolExecutor
from jobs.stopping import end_within

ThreadPoolExecutor(1).submit(time.sleep, 60)
end_within(0.5)
"""
"""A program that is done, but for a thread that nobody can stop: an upload to a store, say."""


async def test_a_thread_that_hangs_does_not_keep_the_process_alive() -> None:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANGING, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, complained = await process.communicate()

    assert process.returncode == 0
    assert time.monotonic() - began < 30
    assert complained.count(b"\n") == 1
