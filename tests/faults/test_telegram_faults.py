"""Every call of Telegram in twelve flows, times every fault of Telegram or of the way to it."""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.faults import Fault, FaultKind
from sandbox.wire import Json
from tests.databases import Databases
from tests.end_to_end.stage import Stage, set_up
from tests.faults.casts import Cast, Casting, Flow, hurry, open_agency, quiet, steps_before
from tests.faults.flows import FLOWS
from tests.faults.verdicts import (
    CALL,
    Heard,
    Records,
    chat_of,
    heard_by,
    records_of,
    require_reachable,
    text_of_call,
    troubles,
    unstored_files,
)
from tests.running import until

ONE_IN = 1 if "SOAK" in os.environ else 13
"""The test run goes through one in so many cells, others on each database; `make soak` through all.
"""
FOR_EVER = 30
"""More often than anything is tried."""
HELD = 30.0
SECONDS_TO_GIVE_UP = 60.0
QUESTIONS = 3
"""So often somebody else asks for something while the cells of a flow are played."""
SECONDS_FOR_OTHERS = 1.0
"""In which half of these questions are answered, however busy the machine is; the 99th of a hundred
is measured in `tests/jobs/test_slow_chats.py`, with nothing else at work."""


@dataclass(frozen=True)
class Failure:
    """A fault of the matrix."""

    name: str
    kind: FaultKind
    status: int = 502
    description: str = ""
    seconds: float = HELD
    blocks: bool = False
    """Whether it says that this chat takes nothing from the bot."""

    def planned(self, method: str, chat_id: int, times: int) -> Fault:
        if self.kind == "retry_after":
            times = min(times, 2)  # each is waited for, in real seconds
        return Fault(
            *(method, self.kind, times),
            status=self.status,
            seconds=self.seconds,
            chat_id=chat_id,
            description=self.description,
        )


FAILURES = (
    *(
        Failure(f"says {status}", "status", status)
        for status in (401, 404, 409, 413, 500, 502, 503, 504)
    ),
    Failure("says 400 of the message", "status", 400, "can't parse entities"),
    Failure("says 400 of the chat", "status", 400, "chat not found", blocks=True),
    Failure("says 403", "status", 403, "bot was blocked by the user", blocks=True),
    Failure("says 429", "retry_after"),
    *(Failure(f"page with {status}", "page", status) for status in (200, 403, 502)),
    Failure("half an answer", "unreadable"),
    Failure("an answer of another form", "other"),
    Failure("cut off before", "dropped_before"),
    Failure("cut off after", "dropped_after"),
    Failure("held before", "timeout_before"),
    Failure("held after", "timeout_after"),
    Failure("slow", "delay", seconds=0.3),
    Failure("too slow", "delay", seconds=3.0),
)


@dataclass(frozen=True)
class Cell:
    """One call of a flow, and what happens to it."""

    flow: Flow
    method: str
    role: str
    failure: Failure
    times: int

    def __str__(self) -> str:
        often = "once" if self.times == 1 else "again and again"
        return f"{self.flow}: {self.method} to the {self.role}, {self.failure.name} {often}"


def cells_of(flow: Flow, places: Sequence[tuple[str, str]], first: int) -> list[Cell]:
    every = [
        Cell(flow, *place, failure, times)
        for place in places
        for failure in FAILURES
        for times in (1, FOR_EVER)
    ]
    return every[(FLOWS.index(flow) + first) % ONE_IN :: ONE_IN]


@dataclass(frozen=True)
class Usual:
    """How a flow goes without a fault."""

    places: Sequence[tuple[str, str]]
    heard: Heard
    records: Records


class Matrix:
    """A stage on which cells are played, those of one flow at once."""

    def __init__(self, stage: Stage, casting: Casting) -> None:
        self.stage = stage
        self.casting = casting
        self.first = 0 if stage.database.is_sqlite else ONE_IN // 2
        self.waits: list[float] = []
        """Seconds that others waited for an answer."""
        [self._other] = casting.make(FLOWS[0], 1)

    async def usual(self, flow: Flow) -> Usual:
        """Play a flow without a fault."""
        [cast] = self.casting.make(flow, 1)
        calls = await self._play(flow, [cast])
        taps = self._taps()
        found = {
            (call["method"], cast.chats[chat_of(call, taps)]): None
            for call in calls
            if chat_of(call, taps) in cast.chats
        }
        heard = heard_by(cast, calls, taps)
        assert any(text_of_call(call) for call in calls)
        return Usual(list(found), heard, self._records(cast))

    async def play(self, flow: Flow) -> tuple[int, list[str]]:
        """Play every cell of a flow; how many there are, and what is wrong."""
        usual = await self.usual(flow)
        cells = cells_of(flow, usual.places, self.first)
        casts = self.casting.make(flow, len(cells))
        calls = await self._play(flow, casts, cells)
        taps = self._taps()
        wrong = [
            f"{cell}: {trouble}"
            for cell, cast in zip(cells, casts, strict=True)
            for trouble in troubles(
                usual.heard,
                usual.records.deeds,
                heard_by(cast, calls, taps),
                self._records(cast),
                cell.role if cell.failure.blocks else "",
            )
        ]
        named = [(str(cell), cast) for cell, cast in zip(cells, casts, strict=True)]
        return len(cells), wrong + await require_reachable(self.stage, named)

    async def _play(
        self, flow: Flow, casts: Sequence[Cast], cells: Sequence[Cell] = ()
    ) -> list[Json]:
        """The calls of the last step."""
        world = self.stage.world
        await steps_before(self.stage, flow, casts)
        first = world.calls.all()[-1]["id"] if world.calls.all() else 0
        for cell, cast in zip(cells, casts, strict=False):
            chat_id = next(chat for chat, role in cast.chats.items() if role == cell.role)
            world.faults.plan(cell.failure.planned(cell.method, chat_id, cell.times))
        for cast in casts:
            flow.act(cast)
        for _ in range(QUESTIONS if cells else 0):
            self.waits.append(await self._wait_of_another())
        await quiet(self.stage)
        world.faults.clear()
        await quiet(self.stage)
        return [call for call in world.calls.all() if call["id"] > first]

    async def _wait_of_another(self) -> float:
        """Seconds until somebody without any fault has an answer."""
        phone, began = self._other.tutor, time.monotonic()
        asked = phone.send_text(CALL)["message_id"]
        await until(lambda: phone.last()["message_id"] > asked, SECONDS_TO_GIVE_UP)
        return time.monotonic() - began

    def _taps(self) -> dict[str, int]:
        return {tap.id: tap.chat_id for tap in self.stage.world.taps._taps.values()}

    def _records(self, cast: Cast) -> Records:
        with self.stage.database.reading() as session:
            return records_of(session, cast, self.stage.now)


async def test_a_fault_of_telegram_is_told_or_alerted_and_leaves_nobody_behind(
    databases: Databases, tmp_path: Path
) -> None:
    played, wrong = 0, []
    with databases.fresh() as url:
        async with set_up(url, tmp_path) as stage:
            matrix = Matrix(stage, await open_agency(stage))
            hurry(stage)
            for flow in FLOWS:
                count, found = await matrix.play(flow)
                played += count
                wrong += found
            wrong += await unstored_files(stage)
    sys.stdout.write(f"{played} cells of Telegram\n")
    assert wrong == [], "\n".join(wrong)
    assert played * ONE_IN > 1000
    assert statistics.median(matrix.waits) < SECONDS_FOR_OTHERS
