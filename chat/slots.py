"""Slots: a limit on how much is worked on at once, which does not count what only waits."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar, Token


class Slots:
    """So many slots, given out in the order in which they are asked for."""

    def __init__(self, width: int) -> None:
        self._free = width
        self._waiting: deque[asyncio.Future[None]] = deque()

    def held(self) -> "_Slot":
        """Wait for a slot, and hold it; `outside_slots` gives it back for a while."""
        return _Slot(self)

    def give_back(self) -> None:
        """Free a slot, for the first who waits."""
        self._free += 1
        while self._free > 0 and self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                self._free -= 1
                first.set_result(None)

    def take_again(self) -> None:
        """Take a slot back at once, even if that is one too many: what has begun goes first."""
        self._free -= 1

    async def take(self) -> None:
        """Wait for a slot, and take it."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise


class _Slot:
    """A slot that is held, and by how many of its holder's calls it is given back."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._waits = 0
        self._outer: Token[_Slot | None] | None = None

    async def __aenter__(self) -> None:
        await self._slots.take()
        self._outer = _own.set(self)

    async def __aexit__(self, *_error: object) -> None:
        if self._outer is not None:
            _own.reset(self._outer)
        self._slots.give_back()

    def step_out(self) -> None:
        self._waits += 1
        if self._waits == 1:
            self._slots.give_back()

    def step_in(self) -> None:
        self._waits -= 1
        if self._waits == 0:
            self._slots.take_again()


_own: ContextVar[_Slot | None] = ContextVar("slot", default=None)


@contextlib.contextmanager
def outside_slots() -> Iterator[None]:
    """Give back the slot that is held, if any, during a wait for somebody else."""
    slot = _own.get()
    if slot is None:
        yield
        return
    slot.step_out()
    try:
        yield
    finally:
        slot.step_in()
