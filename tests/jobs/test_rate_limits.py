"""Telegram's limits are never exceeded, and no message waits longer than it must (DESIGN 2, 6)."""

import asyncio
import heapq
from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from jobs.rate_limits import RateLimiter, RateLimits
from services.rules.quiet_hours import is_quiet

GROUP = -50


class FakeTime:
    """Seconds that pass only when everybody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = 0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._sleepers, (self.seconds + seconds, self._number, woken))
        await woken

    async def run(self, *tasks: asyncio.Task[None]) -> None:
        """Let time pass until the tasks are done."""
        while not all(task.done() for task in tasks):
            for _ in range(3):
                await asyncio.sleep(0)
            if self._sleepers:
                self.seconds, _, woken = heapq.heappop(self._sleepers)
                woken.set_result(None)
        await asyncio.gather(*tasks)


async def send_all(
    chats: dict[int, int],
    pacing: RateLimits = RateLimits(),  # noqa: B008
) -> dict[int, list[float]]:
    """The times of sending, by chat, of so many messages to each chat one after the other."""
    time = FakeTime()
    pacer = RateLimiter(pacing, now=time.now, sleep=time.sleep)
    sent: dict[int, list[float]] = defaultdict(list)

    async def send(chat_id: int, count: int) -> None:
        for _ in range(count):
            await pacer.admit(chat_id)
            sent[chat_id].append(time.now())

    await time.run(*(asyncio.create_task(send(chat, count)) for chat, count in chats.items()))
    return sent


def most_within(times: list[float], seconds: float) -> int:
    """The most that went out within any such span."""
    return max(sum(1 for t in times if start <= t < start + seconds) for start in times)


async def test_one_message_a_second_goes_to_a_chat() -> None:
    sent = await send_all({7: 5})

    assert sent[7] == [0.0, 1.0, 2.0, 3.0, 4.0]


async def test_no_second_sees_more_than_thirty_messages_overall() -> None:
    sent = await send_all(dict.fromkeys(range(1, 101), 3))

    times = sorted(t for chat in sent.values() for t in chat)
    assert most_within(times, 1.0) == 30
    assert len(times) == 300


async def test_a_burst_to_many_chats_takes_no_longer_than_thirty_a_second_allow() -> None:
    sent = await send_all(dict.fromkeys(range(1, 601), 1))

    assert max(t for chat in sent.values() for t in chat) == pytest.approx(19.0)


async def test_a_group_gets_twenty_messages_a_minute() -> None:
    sent = await send_all({GROUP: 45})

    assert most_within(sent[GROUP], 60.0) == 20
    assert sent[GROUP][20] == 60.0
    assert sent[GROUP][40] == 120.0


async def test_a_busy_group_holds_up_nobody_else() -> None:
    sent = await send_all({GROUP: 30, 7: 3})

    assert sent[7] == [0.0, 1.0, 2.0]


async def test_each_file_of_an_album_counts_overall_and_in_a_group() -> None:
    time = FakeTime()
    pacer = RateLimiter(RateLimits(), now=time.now, sleep=time.sleep)

    async def send() -> None:
        await pacer.admit(GROUP, 10)
        await pacer.admit(GROUP, 10)
        await pacer.admit(GROUP)

    await time.run(asyncio.create_task(send()))

    assert time.seconds == 60.0


@pytest.mark.parametrize(
    ("clock", "zone", "quiet"),
    [
        ("2026-11-25T21:29:59+08:00", "Asia/Singapore", False),
        ("2026-11-25T21:30:00+08:00", "Asia/Singapore", True),
        ("2026-11-26T00:00:00+08:00", "Asia/Singapore", True),
        ("2026-11-26T07:29:59+08:00", "Asia/Singapore", True),
        ("2026-11-26T07:30:00+08:00", "Asia/Singapore", False),
        ("2026-11-25T21:30:00+08:00", "Europe/London", False),
        ("2026-11-25T12:00:00+08:00", "Europe/London", True),
    ],
)
def test_quiet_hours_are_from_half_past_nine_to_half_past_seven_where_the_reader_is(
    clock: str, zone: str, quiet: bool
) -> None:
    assert is_quiet(datetime.fromisoformat(clock), ZoneInfo(zone)) is quiet
