"""The loop that looks for work: at once when it is woken, and not for every wake of a burst."""

import asyncio
import time

from jobs.poll_loop import REST_SECONDS, PollLoop
from tests.running import until

NEVER = 3_600.0


class Looks:
    """Looks of a loop, with the times when they began."""

    def __init__(self) -> None:
        self.began: list[float] = []

    async def look(self) -> None:
        self.began.append(time.monotonic())
        if len(self.began) == 1:
            raise RuntimeError("a look that fails ends no loop")


async def test_a_loop_at_rest_looks_when_it_is_woken() -> None:
    looks = Looks()
    loop = PollLoop(looks.look, NEVER)
    loop.start()
    await until(lambda: len(looks.began) == 1)

    loop.wake()
    await until(lambda: len(looks.began) == 2)

    await loop.stop()


async def test_the_wakes_of_a_burst_share_looks_and_the_last_one_is_heard() -> None:
    looks = Looks()
    loop = PollLoop(looks.look, NEVER)
    loop.start()
    await until(lambda: len(looks.began) == 1)

    for _ in range(100):
        loop.wake()
        await asyncio.sleep(0.001)
    last_wake = time.monotonic()
    await until(lambda: looks.began[-1] >= last_wake - REST_SECONDS and len(looks.began) > 1)
    await loop.stop()

    assert len(looks.began) <= (looks.began[-1] - looks.began[0]) / REST_SECONDS + 1
